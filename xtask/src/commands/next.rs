//! `next`: what to do next, in one line and one command.

use std::io::Write;

use anyhow::Result;

use crate::Ended;
use crate::cli::OutputFormat;

/// Grades what changed and prints the next step.
///
/// # Errors
/// When the grader cannot do its work.
pub fn run(format: OutputFormat) -> Result<Ended> {
    let report = super::grade::report(&[], false)?;
    let mut out = anstream::stdout().lock();
    match (format, &report.next) {
        (OutputFormat::Json, next) => writeln!(out, "{}", serde_json::to_string_pretty(next)?)?,
        (OutputFormat::Text, Some(next)) => {
            writeln!(out, "{}: {}\n  {}", next.exercise, next.why, next.command)?;
        }
        (OutputFormat::Text, None) => writeln!(out, "Everything is earned.")?,
    }
    Ok(if report.next.is_some() {
        Ended::FallsShort
    } else {
        Ended::Holds
    })
}
