//! A viewer of logs: any size, any mixture of formats, several files as one.
//!
//! From bytes to the program: each module knows only those before it. The tests call the modules that are here; those
//! in brackets are a proposal. `level`, `cli` and `diagnostics` are complete.
//!
//! ```text
//! level, time → record, [formats] → split → reader → merge        records, one after another
//! [input], follow                                                  files, pipes, compressed, rotated
//! index → filter → histogram → [scan → worker]                    what is known of a file, in the background
//! [source → walk → view] → tui                                     what is on the screen
//! cli → [options], output → [pipe]                                 the filter without a screen
//! ```

pub mod level;
pub mod time;

pub mod record;

pub mod split;

pub mod reader;

pub mod merge;

pub mod follow;

pub mod filter;
pub mod histogram;
pub mod index;

pub mod cli;
pub mod diagnostics;
pub mod output;
pub mod tui;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;

/// The program: 0 when a record was shown, 1 when none was, 2 when something failed.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    todo!("view or filter as {cli:?} says")
}
