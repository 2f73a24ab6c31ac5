//! `mutants`: how strong an exercise's tests are.

use std::io::Write;

use anyhow::{Context, Result, ensure};
use ignore::overrides::OverrideBuilder;

use crate::Ended;
use crate::catalogue::Course;
use crate::cli::{Mutants, OutputFormat};
use crate::mutants::judge::{Options, judge};
use crate::mutants::report::Report;
use crate::mutants::survivor::{self, explain};
use crate::mutants::{Mutant, find};

/// Runs the exercise's tests on every mutant of its reference, and prints what they miss.
///
/// # Errors
/// When cargo-mutants is not installed, or the grader cannot do its work.
pub fn run(arguments: &Mutants) -> Result<Ended> {
    let course = Course::here()?;
    let exercise = course.exercise(&arguments.name)?;
    let mutants = find::mutants(&course, exercise)?;
    let wanted = selected(&mutants, arguments.file.as_deref())?;
    let survivors = survivor::load(&course.root.join(&exercise.dir))?;
    super::setup::provide(&course)?;
    let options = Options {
        fresh: arguments.fresh,
        limit: arguments.limit,
    };
    let judged = judge(&course, exercise, &mutants, &wanted, options)?;
    let explained = explain(&survivors, &mutants, &judged.fates);
    let report = Report {
        dir: &exercise.dir,
        mutants: &mutants,
        wanted: &wanted,
        judged: &judged,
        explained: &explained,
    };
    let mut out = anstream::stdout().lock();
    match arguments.format.format {
        OutputFormat::Text => report.write(&mut out)?,
        OutputFormat::Json => {
            writeln!(
                out,
                "{}",
                serde_json::to_string_pretty(&report.json(&exercise.name))?
            )?;
        }
    }
    Ok(if report.holds() {
        Ended::Holds
    } else {
        Ended::FallsShort
    })
}

/// The mutants in files that `glob` matches, by their index.
fn selected(mutants: &[Mutant], glob: Option<&str>) -> Result<Vec<usize>> {
    let Some(glob) = glob else {
        return Ok((0..mutants.len()).collect());
    };
    let bad = || format!("--file: {glob:?} is no pattern");
    let mut builder = OverrideBuilder::new("");
    builder.add(glob).with_context(bad)?;
    let pattern = builder.build().with_context(bad)?;
    let matches = |index: &usize| pattern.matched(&mutants[*index].file, false).is_whitelist();
    let found: Vec<_> = (0..mutants.len()).filter(matches).collect();
    ensure!(
        !found.is_empty(),
        "--file: no mutant lies in a file that {glob:?} matches"
    );
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_names_files_as_git_does() {
        let mutants: Vec<_> = ["src/a.rs", "src/b/a.rs", "src/c.rs"]
            .map(|file| Mutant {
                file: file.to_owned(),
                line: 1,
                change: String::new(),
                diff: String::new(),
            })
            .into();
        assert_eq!(selected(&mutants, None).unwrap(), [0, 1, 2]);
        assert_eq!(selected(&mutants, Some("a.rs")).unwrap(), [0, 1]);
        assert_eq!(selected(&mutants, Some("src/*.rs")).unwrap(), [0, 2]);
        assert!(selected(&mutants, Some("main.rs")).is_err());
    }
}
