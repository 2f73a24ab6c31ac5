//! A terminal monitor that reads `/proc` itself.
//!
//! From bytes to the program: each module knows only those before it, and all up to `draw` are pure but for `reader`
//! and `kill`. The tests call the modules that are here; those in brackets are a proposal.
//!
//! ```text
//! parse → sample → rates → view → keys → draw, [json]       values
//!    └──▶ reader (from /proc)        └──▶ kill              the system
//! figures, users                                            how values are shown
//! [monitor] → [terminal], [events] → [app]                  the program
//! ```

pub mod parse;
pub mod sample;

pub mod rates;
pub mod reader;
pub mod view;

pub mod keys;
pub mod kill;

pub mod draw;
pub mod figures;
pub mod users;

pub mod cli;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;

/// The program: 0 when all is well, 1 when `--once` could not read something, 2 when nothing could be done.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    todo!("monitor as {cli:?} says")
}
