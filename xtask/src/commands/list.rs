//! `list`: the modules and exercises in course order.

use std::io::Write;

use anyhow::Result;
use serde_json::json;

use crate::Ended;
use crate::catalogue::{Course, Kind};
use crate::cli::OutputFormat;

/// Prints the course.
///
/// # Errors
/// When the course cannot be read.
pub fn run(format: OutputFormat) -> Result<Ended> {
    let course = Course::here()?;
    let mut out = anstream::stdout().lock();
    if format == OutputFormat::Json {
        let exercises: Vec<_> = course
            .modules
            .iter()
            .flat_map(|module| module.exercises.iter().map(move |exercise| (module, exercise)))
            .map(|(module, exercise)| {
                let count = |kind| exercise.tests.iter().filter(|test| test.kind == kind).count();
                json!({
                    "module": module.name, "name": exercise.name, "dir": exercise.dir, "title": exercise.brief.title,
                    "summary": exercise.brief.summary, "hours": exercise.manifest.hours, "points": exercise.possible(),
                    "rules": exercise.brief.rules.len(), "open": count(Kind::Open), "hidden": count(Kind::Hidden),
                })
            })
            .collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&exercises)?)?;
        return Ok(Ended::Holds);
    }
    for module in course
        .modules
        .iter()
        .filter(|module| !module.exercises.is_empty())
    {
        let number = module
            .number()
            .map_or(String::new(), |number| format!("{number} "));
        writeln!(
            out,
            "\n{}",
            crate::report::style::heading(&format!("{number}{}", module.title))
        )?;
        for exercise in &module.exercises {
            writeln!(
                out,
                "  {} {:<22} {:>3} points, {:>2} rules, {:>5} h   {}",
                exercise.number(),
                exercise.name,
                exercise.possible(),
                exercise.brief.rules.len(),
                exercise.manifest.hours,
                exercise.brief.summary,
            )?;
        }
    }
    writeln!(out)?;
    Ok(Ended::Holds)
}
