//! A viewer of logs: any size, any mixture of formats, several files as one.
//!
//! From bytes to the program: each module knows only those before it.
//!
//! ```text
//! level, time → record, formats → split, skim → reader → merge          records, one after another
//! input, follow                                                    files, pipes, compressed, rotated
//! index → filter → histogram → scan → worker                      what is known of a file, in the background
//! source → walk → view → tui                                       what is on the screen
//! cli → options, output → pipe                                     the filter without a screen
//! ```

pub mod level;
pub mod time;

pub mod formats;
pub mod record;

pub mod skim;
pub mod split;

pub mod reader;

pub mod merge;

pub mod follow;
pub mod input;

pub mod filter;
pub mod histogram;
pub mod index;
pub mod scan;
pub mod worker;

pub mod source;
pub mod view;
pub mod walk;

pub mod cli;
pub mod diagnostics;
pub mod options;
pub mod output;
pub mod pipe;
pub mod tui;

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal};
use std::os::fd::AsFd;
use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;

/// Printed records that are written at once.
const OUTPUT_BYTES: usize = 128 << 10;

/// What the program failed at as a whole.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Options(#[from] options::OptionsError),
    #[error(transparent)]
    Tui(#[from] tui::TuiError),
    #[error("standard output: {}", diagnostics::reason(.0))]
    Output(#[from] io::Error),
}

/// The program: 0 when a record was shown, 1 when none was, 2 when something failed.
pub fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(code) => code,
        // Whoever reads has seen enough, as `head` does.
        Err(Error::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            diagnostics::report(error);
            ExitCode::from(2)
        }
    }
}

fn run(cli: &Cli) -> Result<ExitCode, Error> {
    let clock = options::clock(cli)?;
    let filter = options::filter(cli, &clock)?;
    let wants_screen = !cli.no_tui && cli.histogram.is_none() && io::stdout().is_terminal();
    if wants_screen {
        let signal = tui::run(cli, clock, filter)?;
        return Ok(match signal {
            // As a shell tells it.
            Some(number) => ExitCode::from(128 + number as u8),
            None => ExitCode::SUCCESS,
        });
    }
    // `Stdout` writes at every line; this waits until there is something worth writing.
    let stdout = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    let out = BufWriter::with_capacity(OUTPUT_BYTES, stdout);
    let outcome = pipe::run(cli, &clock, &filter, out)?;
    Ok(match (outcome.failed, outcome.selected) {
        (true, _) => ExitCode::from(2),
        (false, true) => ExitCode::SUCCESS,
        (false, false) => ExitCode::from(1),
    })
}
