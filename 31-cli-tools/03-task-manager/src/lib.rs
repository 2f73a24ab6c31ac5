//! A task list whose store survives `kill -9`, two writers and damage.
//!
//! From a date to the program: each module knows only those before it. The tests call the modules that are here; those
//! in brackets are a proposal.
//!
//! ```text
//! date, recur → task → parser → filter        what people say, and what it means
//! log → state → store, writer                 what stands on the disk
//! cli → config → [fields, prompt, import, table] → [commands]
//! ```

pub mod date;
pub mod recur;
pub mod task;

pub mod filter;
pub mod parser;

pub mod log;
pub mod state;
pub mod store;
pub mod writer;

pub mod cli;
pub mod config;

use std::io;
use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;

/// The program: 0 when it is done, 1 when no task is meant, 2 when a word is wrong, 3 when the store fails.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    todo!("do what {cli:?} says")
}

/// What went wrong, without the number that [`io::Error`] prints behind it.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}
