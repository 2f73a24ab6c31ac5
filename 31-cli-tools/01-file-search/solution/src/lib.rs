//! A grep that searches trees in parallel and honours `.gitignore`.
//!
//! From a block of bytes to the program: each module knows only those before it.
//!
//! ```text
//! lines → matcher → blocks → search → printer, json        one source
//!                                      segments, output → worker → walk   many, on threads
//! cli → config → options                                   what was asked for
//! ```

pub mod lines;
pub mod matcher;

pub mod blocks;
pub mod search;

pub mod json;
pub mod printer;

pub mod cli;
pub mod config;
pub mod options;

pub mod diagnostics;
pub mod output;
pub mod segments;
pub mod signal;
pub mod walk;
pub mod worker;

pub mod generate;

use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;

use crate::cli::Cli;
use crate::options::{Options, OptionsError};
use crate::output::Output;
use crate::worker::Outcome;

/// What the program failed at as a whole.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Config(#[from] config::ConfigError),
    #[error(transparent)]
    Options(#[from] OptionsError),
    #[error("standard output: {}", diagnostics::reason(.0))]
    Output(#[from] io::Error),
}

/// The program: 0 when a line was selected, 1 when none was, 2 when something failed.
pub fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => code,
        // Whoever reads has seen enough, as `head` does.
        Err(Error::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Error::Options(OptionsError::Usage(error))) => error.exit(),
        Err(error) => {
            diagnostics::report(error);
            ExitCode::from(2)
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode, Error> {
    let mut stdout = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    if let Some(what) = cli.generate {
        generate::generate(what, &mut stdout)?;
        return Ok(ExitCode::SUCCESS);
    }
    let options = Options::resolve(cli, config::defaults()?)?;
    let output = Arc::new(Output::new(stdout, options.sources.order(), options.separator()));
    if options.is_colored() {
        signal::reset_color_on_interrupt(Arc::clone(&output))?;
    }
    let outcome = Outcome::default();
    walk::search(&options, &output, &outcome);
    if let Some(error) = output.take_error() {
        return Err(error.into());
    }
    Ok(
        match (outcome.failed.into_inner(), outcome.selected.into_inner()) {
            (true, _) => ExitCode::from(2),
            (false, true) => ExitCode::SUCCESS,
            (false, false) => ExitCode::from(1),
        },
    )
}
