//! A terminal monitor that reads `/proc` itself.
//!
//! From bytes to the program: each module knows only those before it, and all up to `draw` are pure but for `reader`
//! and `kill`.
//!
//! ```text
//! parse → sample → rates → view → keys → draw, json       values
//!    └──▶ files, reader (from /proc) └──▶ kill            the system
//! figures, users                                          how values are shown
//! monitor → once; terminal, events → app                  the program
//! ```

pub mod parse;
pub mod sample;

pub mod files;
pub mod rates;
pub mod reader;
pub mod view;

pub mod keys;
pub mod kill;

pub mod draw;
pub mod figures;
pub mod json;
pub mod users;

pub mod app;
pub mod cli;
pub mod events;
pub mod monitor;
pub mod once;
pub mod terminal;

use std::io::{self, IsTerminal};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;

use crate::cli::Cli;
use crate::keys::State;
use crate::monitor::Monitor;
use crate::reader::{Reader, reason};
use crate::users::Users;

/// The program: 0 when all is well, 1 when `--once` could not read something, 2 when nothing could be done.
pub fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("system-monitor: {error}");
            ExitCode::from(2)
        }
    }
}

/// Does what the command line says; whether everything could be read.
fn run(cli: &Cli) -> Result<bool, String> {
    let is_on_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
    if !cli.once && !is_on_terminal {
        return Err("not on a terminal: use --once".to_owned());
    }
    let page_bytes = rustix::param::page_size() as u64;
    let reader = Reader::new(&cli.proc, page_bytes)
        .map_err(|error| format!("{}: {}", cli.proc.display(), reason(&error)))?;
    // Where the file is missing, users have numbers.
    let users = Users::parse(&std::fs::read("/etc/passwd").unwrap_or_default());
    let state = State {
        order: cli.order(),
        ..State::default()
    };
    let started = Instant::now();
    let ticks_per_s = rustix::param::clock_ticks_per_second();
    let monitor = Monitor::new(reader, ticks_per_s, users, state, started.elapsed());
    let done = if cli.once {
        once::once(cli, monitor, started)
    } else {
        app::run(cli, monitor, started).map(|()| true)
    };
    match done {
        // Whoever reads has seen enough, as `head` does.
        Err(error) if cli.once && error.kind() == io::ErrorKind::BrokenPipe => Ok(true),
        Err(error) => Err(format!("standard output: {}", reason(&error))),
        Ok(is_complete) => Ok(is_complete),
    }
}
