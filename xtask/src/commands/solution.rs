//! `solution`: where the reference is, for those who have their own, and for those who give up.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};

use crate::Ended;
use crate::catalogue::Course;
use crate::cli::Solution;
use crate::report::style;
use crate::submission::{Allowed, Submission};

/// Prints where the solution is and what each of its files is about, once the exercise has all its points.
///
/// # Errors
/// When the exercise cannot be graded.
pub fn run(arguments: &Solution) -> Result<Ended> {
    let course = Course::here()?;
    let exercise = course.exercise(&arguments.name)?;
    let directory = exercise.dir.join("solution");
    let mut out = anstream::stdout().lock();
    if !course.root.join(&directory).is_dir() {
        writeln!(
            out,
            "This copy of the course has no solutions: ask your instructor."
        )?;
        return Ok(Ended::FallsShort);
    }
    if !arguments.give_up {
        let report = super::grade::report(std::slice::from_ref(&exercise.name), false)?;
        let graded = report.exercises().next().context("the exercise was graded")?;
        let points = graded.points;
        if !points.is_full() || !graded.review.is_empty() {
            let possible = points.possible - points.not_graded;
            writeln!(
                out,
                "{} has {} of {possible} points: the solution is best read after your own.",
                exercise.name, points.earned
            )?;
            writeln!(out, "  a hint:      cargo xtask hint {}", exercise.name)?;
            writeln!(
                out,
                "  or give up:  cargo xtask solution {} --give-up",
                exercise.name
            )?;
            return Ok(Ended::FallsShort);
        }
    }
    let rows = contents(&course.root.join(&directory))?;
    let width = rows.iter().map(|(file, _)| file.len()).max().unwrap_or(0);
    writeln!(out, "{}", style::heading(&directory.display().to_string()))?;
    for (file, about) in rows {
        writeln!(out, "  {file:<width$}  {}", style::dim(&about))?;
    }
    Ok(Ended::Holds)
}

/// The files of a solution, each with what it says about itself; the design first.
fn contents(solution: &Path) -> Result<Vec<(String, String)>> {
    let mut rows = Vec::new();
    let readme = std::fs::read_to_string(solution.join("README.md")).unwrap_or_default();
    if let Some(title) = readme.lines().find_map(|line| line.strip_prefix("# ")) {
        rows.push(("README.md".to_owned(), title.to_owned()));
    }
    for (file, bytes) in Submission::take(solution, &Allowed::default())?.files {
        rows.push((file, about(&String::from_utf8_lossy(&bytes))));
    }
    Ok(rows)
}

/// The first sentence of the `//!` that a file opens with.
fn about(text: &str) -> String {
    let words: Vec<_> = text
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
        .take_while(|line| !line.is_empty())
        .collect();
    let text = words.join(" ");
    let end = text.find(". ").map_or(text.len(), |index| index + 1);
    text[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_told_by_its_first_sentence() {
        assert_eq!(
            about("//! Blocks of lines, read\n//! at once. And more.\n//!\n//! Not this.\n"),
            "Blocks of lines, read at once."
        );
        assert_eq!(about("use std::io;\n"), "");
    }

    #[test]
    fn the_design_comes_first() {
        let solution = tempfile::tempdir().unwrap();
        std::fs::create_dir(solution.path().join("src")).unwrap();
        std::fs::write(solution.path().join("README.md"), "# The design\n").unwrap();
        std::fs::write(solution.path().join("src/lib.rs"), "//! All of it.\n").unwrap();
        let rows = contents(solution.path()).unwrap();
        let rows: Vec<_> = rows
            .iter()
            .map(|(file, about)| (file.as_str(), about.as_str()))
            .collect();
        assert_eq!(rows, [("README.md", "The design"), ("src/lib.rs", "All of it.")]);
    }
}
