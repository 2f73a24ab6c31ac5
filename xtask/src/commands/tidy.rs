//! `tidy`: the repository's own rules, each one a function that returns what breaks it.
//!
//! - [`brief`]: the sections of a brief, its rules and hints
//! - [`rules`]: rules and tests name each other, wires, tools
//! - [`wrong`]: wrong solutions, and what they prove
//! - [`mutants`]: survivors that are explained
//! - [`twins`]: starter and solution are one exercise
//! - [`text`]: line ends, blanks, `//!`
//! - [`links`]: what Markdown points to
//! - [`workspace`]: names, dependencies, the checklist
//!
//! In a learner's copy there is no solution and no hidden test; what speaks of them does not apply there.

mod brief;
mod links;
mod mutants;
mod rules;
mod text;
mod twins;
mod workspace;
mod wrong;

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::Ended;
use crate::catalogue::{Course, Exercise};
use crate::tree;

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, and the line where there is one: `31-cli-tools/01-file-search/README.md:12`.
    pub place: String,
    /// What is wrong there.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.what)
    }
}

impl Problem {
    /// A problem of a file as a whole.
    fn of(file: &Path, what: impl Into<String>) -> Self {
        Self {
            place: file.display().to_string(),
            what: what.into(),
        }
    }

    /// By file, then by line as a number.
    fn order(&self) -> (String, usize, String) {
        let (file, line) = self.place.rsplit_once(':').unwrap_or((&self.place, ""));
        (file.to_owned(), line.parse().unwrap_or(0), self.what.clone())
    }

    /// A problem of a line, counted from 1.
    fn at(file: &Path, line: usize, what: impl Into<String>) -> Self {
        Self {
            place: format!("{}:{line}", file.display()),
            what: what.into(),
        }
    }
}

/// Holds the whole repository against its rules.
///
/// # Errors
/// When a file cannot be read.
pub fn run() -> Result<Ended> {
    let course = Course::here()?;
    let exercises: Vec<_> = course.exercises().collect();
    let problems = problems(&course, &exercises, true)?;
    let mut out = anstream::stdout().lock();
    for problem in &problems {
        writeln!(out, "{problem}")?;
    }
    match problems.len() {
        0 => writeln!(out, "{} exercises, no problem", exercises.len())?,
        1 => writeln!(out, "1 problem")?,
        count => writeln!(out, "{count} problems")?,
    }
    Ok(if problems.is_empty() {
        Ended::Holds
    } else {
        Ended::FallsShort
    })
}

/// What breaks a rule in `exercises`; with `whole`, in the rest of the repository too.
///
/// # Errors
/// When a file cannot be read.
pub fn problems(course: &Course, exercises: &[&Exercise], whole: bool) -> Result<Vec<Problem>> {
    let root = &course.root;
    let mut problems = Vec::new();
    for exercise in exercises {
        problems.extend(brief::problems(root, exercise)?);
        problems.extend(rules::problems(root, exercise)?);
        problems.extend(wrong::problems(root, exercise)?);
        problems.extend(mutants::problems(root, exercise));
        problems.extend(twins::problems(root, exercise)?);
    }
    let files = tree::listed(root)?;
    let within = |file: &&PathBuf| whole || exercises.iter().any(|exercise| file.starts_with(&exercise.dir));
    for file in files.iter().filter(within) {
        let Ok(text) = String::from_utf8(std::fs::read(root.join(file)).unwrap_or_default()) else {
            continue;
        };
        problems.extend(text::problems(file, &text));
        problems.extend(links::problems(root, file, &text));
    }
    if whole {
        problems.extend(workspace::problems(course, &files)?);
    }
    problems.sort_by_cached_key(Problem::order);
    problems.dedup();
    Ok(problems)
}

/// Whether a solution stands beside the exercise: in a learner's copy none does.
fn has_solution(root: &Path, exercise: &Exercise) -> bool {
    root.join(&exercise.dir).join("solution").is_dir()
}

/// The line, from 1, on which `wanted` first stands; 1 when it stands nowhere.
fn line_of(text: &str, wanted: &str) -> usize {
    text.lines()
        .position(|line| line.contains(wanted))
        .map_or(1, |index| index + 1)
}

/// An exercise in a directory of its own, for the tests of the rules.
#[cfg(test)]
mod sample {
    use super::*;

    /// A tree with these files in `31-a/01-b`, on top of a manifest and a brief that break no rule.
    pub fn exercise(files: &[(&str, &str)]) -> (tempfile::TempDir, Course) {
        let root = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = root.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("31-a/README.md", "# A\n");
        let manifest = "[package]\nname = \"b\"\n[package.metadata.phase7]\nhours = \"1\"\n";
        write("31-a/01-b/Cargo.toml", manifest);
        write("31-a/01-b/README.md", &brief());
        write(
            "31-a/01-b/tests/open.rs",
            "#[phase7::test(points = 1, rule = 1)]\nfn a() {}\n",
        );
        for (name, text) in files {
            write(&format!("31-a/01-b/{name}"), text);
        }
        let course = Course::load(root.path()).unwrap();
        (root, course)
    }

    /// A brief that breaks no rule: one rule, three hints.
    pub fn brief() -> String {
        let mut text = String::from("# B\n\nOne sentence.\n");
        for heading in brief::HEADINGS {
            text.push_str(&format!("\n## {heading}\n\n"));
            match heading {
                "Rules" => text.push_str("1. It is so.\n"),
                "Hints" => {
                    for number in 1..=3 {
                        let hint = format!(
                            "<details><summary>Hint {number} (rule 1): so</summary>\n\nText.\n\n</details>\n"
                        );
                        text.push_str(&hint);
                    }
                }
                _ => text.push_str("Words.\n"),
            }
        }
        text
    }

    /// The words of the problems.
    pub fn words(problems: &[Problem]) -> Vec<String> {
        problems.iter().map(ToString::to_string).collect()
    }
}
