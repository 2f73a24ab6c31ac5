//! A task list whose store survives `kill -9`, two writers and damage.
//!
//! From a date to the program: each module knows only those before it.
//!
//! ```text
//! calendar → date, recur → task → filter      what people say, and what it means
//! token, test_field → parser → filter
//! log → state → store, writer                what stands on the disk
//! cli → config → fields, prompt, import, table → commands → change, exchange
//! ```

pub mod calendar;
pub mod date;
pub mod recur;
pub mod task;

pub mod filter;
pub mod parser;
pub mod test_field;
pub mod token;

pub mod log;
pub mod state;
pub mod store;
pub mod writer;

pub mod cli;
pub mod config;
pub mod error;

pub mod fields;
pub mod import;
pub mod prompt;
pub mod table;

pub mod change;
pub mod commands;
pub mod exchange;

use std::fmt::Display;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use jiff::{Timestamp, Zoned};

use crate::cli::{Cli, Command};
use crate::commands::{Answer, Context};
use crate::config::Settings;
use crate::error::Error;
use crate::store::Store;

/// The variable that says what time it is.
const NOW_VARIABLE: &str = "TASK_MANAGER_NOW";

/// The program: 0 when it is done, 1 when no task is meant, 2 when a word is wrong, 3 when the store fails.
pub fn main() -> ExitCode {
    let result = run(Cli::parse()).and_then(|(text, code)| {
        print(&text).map_err(Error::Output)?;
        Ok(code)
    });
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            if !matches!(error.code(), 0 | 130) {
                report(&error);
            }
            ExitCode::from(error.code())
        }
    }
}

fn run(cli: Cli) -> Answer {
    if let Command::Completions { shell } = cli.command {
        // The generator panics when it cannot write, so it writes to memory.
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Cli::command(), "task-manager", &mut script);
        return Ok((String::from_utf8_lossy(&script).into_owned(), 0));
    }
    let settings = Settings::resolve(&cli)?;
    let context = Context {
        store: Store::new(&settings.file),
        settings,
        now: now()?,
    };
    match cli.command {
        Command::Add { text, fields } => context.add(&text, fields),
        Command::List { filter, sort, .. } => context.list(&filter, sort),
        Command::Done { filter } => context.done(&filter),
        Command::Edit {
            filter,
            description,
            fields,
            untag,
        } => context.edit(&filter, description, fields, &untag),
        Command::Remove { filter, .. } => context.remove(&filter),
        Command::Undo => context.undo(),
        Command::Import { path } => context.import(&path),
        Command::Export { filter, salvage } => context.export(&filter, salvage),
        Command::Projects => context.projects(),
        Command::Completions { .. } => unreachable!("answered above"),
    }
}

/// The present, to the second, in the user's time zone.
fn now() -> Result<Zoned, Error> {
    let present = Zoned::now();
    let now = match std::env::var(NOW_VARIABLE) {
        Ok(text) if !text.is_empty() => {
            let when = date::parse(&text, &present)
                .map_err(|error| Error::Usage(format!("{NOW_VARIABLE}: {error}")))?;
            when.first
        }
        _ => Timestamp::from_second(present.timestamp().as_second())
            .expect("a timestamp's second is a timestamp"),
    };
    Ok(now.to_zoned(present.time_zone().clone()))
}

/// One write of everything: `println!` flushes at each line, and panics at a closed pipe.
fn print(text: &str) -> io::Result<()> {
    File::from(io::stdout().as_fd().try_clone_to_owned()?).write_all(text.as_bytes())
}

/// Prints messages on standard error, each line with the program's name. Nothing can be said about a standard error
/// that takes none.
fn report(message: impl Display) {
    let lines: String = message
        .to_string()
        .lines()
        .map(|line| format!("task-manager: {line}\n"))
        .collect();
    let _ = io::stderr().write_all(lines.as_bytes());
}

/// What went wrong, without the number that [`io::Error`] prints behind it.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}
