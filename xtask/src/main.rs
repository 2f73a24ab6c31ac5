//! The runner and the grader of the course: `cargo xtask …`.
//!
//! Data flows one way, and each module knows only the ones before it:
//!
//! ```text
//! catalogue → submission → stage → compile → run → score → report
//! ```
//!
//! Around it stand [`checklist`] (what the points add up to), [`store`] (results and history on disk),
//! [`tools`] (what the machine has) and [`commands`] (one file per subcommand).

mod audit;
mod base;
mod batch;
mod broom;
mod catalogue;
mod checklist;

mod class;
mod cli;
mod commands;
mod compile;
mod console;
mod grader;
mod hostile;
mod incremental;
mod intake;
mod mutants;
mod recipe;
mod report;
mod room;
mod run;
mod sandbox;
mod score;
mod stage;
mod store;
mod submission;
mod tools;
mod tree;
mod unit;
mod wrapper;

use std::process::ExitCode;

use clap::Parser;

/// How a command ended; an error is the third way, exit code 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// All that was asked holds: exit code 0.
    Holds,
    /// Something falls short: exit code 1.
    FallsShort,
}

fn main() -> ExitCode {
    if sandbox::is_asked_for() {
        return sandbox::run_jail();
    }
    if wrapper::is_asked_for() {
        return wrapper::run();
    }
    let arguments = cli::Arguments::parse();
    match commands::dispatch(arguments) {
        Ok(Ended::Holds) => ExitCode::SUCCESS,
        Ok(Ended::FallsShort) => ExitCode::from(1),
        Err(error) if console::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            console::error(&error);
            ExitCode::from(2)
        }
    }
}
