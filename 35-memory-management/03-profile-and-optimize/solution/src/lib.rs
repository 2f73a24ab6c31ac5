//! Reads the access log of a web server and prints a report.
//!
//! - [`main`]: the program behind its arguments
//! - [`report_file`], [`report_stream`]: a log in, a report out
//!
//! ```text
//! line     2026-03-14T09:26:53.589Z 203.0.113.7 GET /api/items/42?page=2 200 5123 0.037
//!          time                     client      method target         status bytes duration
//!
//! map or blocks ──lines──▶ record ──fields──▶ tally ──figures──▶ print
//!    (input)             (time, cursor)        ├── route ──▶ names ──▶ index
//!                                              ├── clients ──▶ index
//!                                              ├── histogram   an hour's durations
//!                                              └── slowest     the ten longest requests
//! ```
//!
//! A line is looked at once and nothing of it is kept but what the figures need, so memory grows with the number of
//! clients and routes and not with the number of lines.

mod bytes;
mod clients;
mod cursor;
mod decimal;
mod histogram;
mod index;
mod input;
mod names;
mod print;
mod record;
mod route;
mod slowest;
mod tally;
mod time;

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::process::ExitCode;

use tally::Tally;

/// Runs the program: reports on the file that the one argument names, or on standard input when there is none.
///
/// Exit codes: 0, also when nobody reads the report any more; 1 when reading or writing fails; 2 for more arguments.
pub fn main(arguments: &[OsString]) -> ExitCode {
    let mut out = io::stdout();
    let result = match arguments {
        [] => report_stream(&mut io::stdin(), &mut out),
        [path] => report_file(Path::new(path), &mut out),
        _ => {
            eprintln!("profile-and-optimize: expected one file at most");
            return ExitCode::from(2);
        }
    };
    match result.and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            eprintln!("profile-and-optimize: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

/// Writes the report on the log in the file at `path`, whatever kind of file that is.
///
/// Nobody may change the file meanwhile.
///
/// # Errors
/// When the file cannot be read, before anything is written; when `out` fails.
pub fn report_file(path: &Path, out: &mut dyn Write) -> io::Result<()> {
    let mut file = File::open(path)?;
    match input::map(&file) {
        Some(map) => {
            let mut tally = Tally::new();
            tally.add_lines(&map);
            print::print(tally, out)
        }
        None => report_stream(&mut file, out),
    }
}

/// Writes the report on the log that `input` yields up to its end.
///
/// # Errors
/// When reading fails, before anything is written; when `out` fails.
pub fn report_stream(input: &mut dyn Read, out: &mut dyn Write) -> io::Result<()> {
    let mut tally = Tally::new();
    input::blocks(input, |block| tally.add_lines(block))?;
    print::print(tally, out)
}
