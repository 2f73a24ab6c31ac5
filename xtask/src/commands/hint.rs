//! `hint`: the folded hints of a brief, one at a time.

use std::io::Write;

use anyhow::{Context, Result};

use crate::Ended;
use crate::catalogue::Course;
use crate::cli::Hint;
use crate::report::style;

/// Prints one hint, or the list of them.
///
/// # Errors
/// When the exercise has no such hint.
pub fn run(arguments: &Hint) -> Result<Ended> {
    let course = Course::here()?;
    let exercise = course.exercise(&arguments.name)?;
    let hints = &exercise.brief.hints;
    let mut out = anstream::stdout().lock();
    let Some(number) = arguments.number else {
        for (index, hint) in hints.iter().enumerate() {
            let rules = hint
                .rules
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ");
            let rules = if rules.is_empty() {
                String::new()
            } else {
                let word = if hint.rules.len() == 1 { "rule" } else { "rules" };
                style::dim(&format!("  ({word} {rules})"))
            };
            writeln!(out, "  {} {}{rules}", index + 1, hint.title)?;
        }
        writeln!(out, "\nShow one: cargo xtask hint {} 1", exercise.name)?;
        return Ok(Ended::Holds);
    };
    let hint = number
        .checked_sub(1)
        .and_then(|index| hints.get(index))
        .with_context(|| {
            format!(
                "{} has hints 1 to {}, and no hint {number}",
                exercise.name,
                hints.len()
            )
        })?;
    writeln!(
        out,
        "{}\n\n{}",
        style::heading(&format!("Hint {number}: {}", hint.title)),
        hint.body
    )?;
    if number < hints.len() {
        writeln!(
            out,
            "\nThe next one says more: cargo xtask hint {} {}",
            exercise.name,
            number + 1
        )?;
    }
    Ok(Ended::Holds)
}
