//! Finding mutants: `cargo mutants --list --json`, which reads the sources and runs nothing.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use super::Mutant;
use crate::catalogue::{Course, Exercise};
use crate::run::failure::clean;
use crate::tools::{self, CARGO_MUTANTS_VERSION, Machine};

const PROGRAM: &str = "cargo-mutants";

/// Lines of its complaint that are passed on.
const LINES_MAX: usize = 8;

/// One of cargo-mutants' own, as far as it is needed here.
#[derive(Deserialize)]
struct Listed {
    /// `DIR/solution/src/search.rs:12:5: replace < with <= in f`
    name: String,
    file: String,
    span: Span,
    diff: String,
}

#[derive(Deserialize)]
struct Span {
    start: Start,
}

#[derive(Deserialize)]
struct Start {
    line: usize,
}

/// All mutants of the reference's `src/`, in its order.
///
/// # Errors
/// When cargo-mutants is not installed, or cannot read the sources.
pub fn mutants(course: &Course, exercise: &Exercise) -> Result<Vec<Mutant>> {
    let solution = exercise.dir.join("solution");
    ensure!(
        course.root.join(&solution).is_dir(),
        "{} has no solution here: mutants are made of it",
        exercise.name
    );
    ensure!(
        tools::tool(PROGRAM).is_some_and(|tool| tool.is_on(&Machine::here())),
        "{PROGRAM} is not installed: `cargo xtask setup {PROGRAM}` installs it"
    );
    let version = said(&course.root, &["--version"])?;
    let version = version.trim().trim_start_matches(PROGRAM).trim_start();
    if version != CARGO_MUTANTS_VERSION {
        // Another version names mutants otherwise, and mutants.toml names them.
        bail!(
            "{PROGRAM} is here in version {version}: cargo install --locked {PROGRAM} --version {CARGO_MUTANTS_VERSION}"
        );
    }
    let package = format!("{}-solution", exercise.name);
    let text = said(
        &course.root,
        &["--list", "--json", "--no-config", "--package", &package],
    )?;
    let listed: Vec<Listed> =
        serde_json::from_str(&text).context("cargo-mutants lists something else than JSON")?;
    Ok(listed
        .into_iter()
        .filter_map(|listed| mutant(listed, &solution))
        .collect())
}

/// A mutant of the library; none for one of the program's `main.rs`, which is no learner's.
fn mutant(listed: Listed, solution: &Path) -> Option<Mutant> {
    let file = Path::new(&listed.file).strip_prefix(solution).ok()?;
    let file = file.to_str()?.to_owned();
    let (_, change) = listed.name.split_once(": ")?;
    file.starts_with("src/").then(|| Mutant {
        file,
        line: listed.span.start.line,
        change: change.to_owned(),
        diff: listed.diff,
    })
}

/// What `cargo mutants` prints with these arguments.
fn said(root: &Path, arguments: &[&str]) -> Result<String> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let output = command
        .arg("mutants")
        .args(arguments)
        .current_dir(root)
        .env("CARGO_TERM_COLOR", "never")
        .stdin(Stdio::null())
        .output()
        .context("cannot start cargo")?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        let lines: Vec<_> = text.lines().take(LINES_MAX).collect();
        bail!("cargo mutants failed: {}", clean(&lines.join("\n")));
    }
    String::from_utf8(output.stdout).context("cargo-mutants prints something else than text")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(file: &str) -> Listed {
        Listed {
            name: format!("{file}:12:5: replace a::b -> bool with true"),
            file: file.to_owned(),
            span: Span {
                start: Start { line: 12 },
            },
            diff: String::new(),
        }
    }

    #[test]
    fn a_mutant_is_named_within_the_solution() {
        let found = mutant(
            listed("31-a/01-b/solution/src/c/d.rs"),
            Path::new("31-a/01-b/solution"),
        )
        .unwrap();
        assert_eq!(found.name(), "src/c/d.rs: replace a::b -> bool with true");
        assert_eq!(found.line, 12);
    }

    #[test]
    fn the_program_is_no_learners() {
        let solution = Path::new("31-a/01-b/solution");
        assert!(mutant(listed("31-a/01-b/solution/main.rs"), solution).is_none());
        assert!(mutant(listed("31-a/01-c/solution/src/lib.rs"), solution).is_none());
    }
}
