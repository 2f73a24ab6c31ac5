//! A grep that searches trees in parallel and honours `.gitignore`.
//!
//! From a block of bytes to the program: each module knows only those before it. The tests call the modules that
//! are here; those in brackets are a proposal.
//!
//! ```text
//! lines → matcher → [blocks] → search → [printer, json]       one source
//!                                       [output → worker → walk]   many, on threads
//! cli → config → [options]                                    what was asked for
//! ```

pub mod lines;
pub mod matcher;
pub mod search;

pub mod cli;
pub mod config;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;

/// The program: 0 when a line was selected, 1 when none was, 2 when something failed.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    todo!("search as {cli:?} says")
}
