//! The rest of the repository: what the compiler, clippy, rustfmt, rustdoc and the unit tests say.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{Tally, Verified};
use crate::catalogue::{Course, Exercise};
use crate::run::failure::clean;

/// Lines of a failing command's output that are shown.
const LINES_MAX: usize = 60;

/// Lints, plain tests and tidy for the selected exercises; with `whole`, the rest of the repository too.
///
/// # Errors
/// When a command cannot be started, or tidy cannot read the tree.
pub fn verify(course: &Course, exercises: &[&Exercise], whole: bool, tally: &mut Tally) -> Result<()> {
    let root = &course.root;
    let twins: Vec<_> = exercises
        .iter()
        .flat_map(|exercise| [exercise.name.clone(), format!("{}-solution", exercise.name)])
        .collect();
    let features: Vec<_> = exercises
        .iter()
        .map(|exercise| format!("{}/hidden", exercise.name))
        .collect();

    let mut clippy = cargo(
        root,
        [
            "clippy",
            "--quiet",
            "--all-targets",
            "--features",
            &features.join(","),
        ],
    );
    if whole {
        clippy.arg("--workspace");
    } else {
        packages(&mut clippy, twins.iter());
    }
    clippy.args(["--", "-D", "warnings"]);
    tally.add("clippy", &command(clippy)?);

    tally.add("cargo test", &tests(root, exercises, whole)?);
    let problems = crate::commands::tidy::problems(course, exercises, whole)?;
    let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
    let tidy = if problems.is_empty() {
        Verified::Holds(String::new())
    } else {
        Verified::Falls(problems)
    };
    tally.add("tidy", &tidy);
    if !whole {
        return Ok(());
    }
    tally.add("rustfmt", &command(cargo(root, ["fmt", "--all", "--check"]))?);
    let mut docs = cargo(
        root,
        [
            "doc",
            "--quiet",
            "--no-deps",
            "--workspace",
            "--document-private-items",
        ],
    );
    docs.env("RUSTDOCFLAGS", "-D warnings");
    tally.add("cargo doc", &command(docs)?);
    tally.add(
        "book",
        &command(cargo(root, ["run", "--quiet", "-p", "phase7-book"]))?,
    );
    tally.add("export", &export(course)?);
    Ok(())
}

/// The plain tests of the solutions; with `whole`, of the project's own packages too.
///
/// One call for all: what features a dependency has is the same for each then, and it is compiled once. With `whole` the
/// exercises' own tests are left out, which the grader has just run on each solution: they are half of the work.
fn tests(root: &Path, exercises: &[&Exercise], whole: bool) -> Result<Verified> {
    if !whole {
        let mut test = cargo(root, ["test", "--quiet", "--no-fail-fast"]);
        let names = exercises
            .iter()
            .map(|exercise| format!("{}-solution", exercise.name));
        packages(&mut test, names);
        return command(test);
    }
    let of_all = |kinds: &[&str]| {
        let mut test = cargo(root, ["test", "--quiet", "--no-fail-fast", "--workspace"]);
        for exercise in exercises {
            test.args(["--exclude", &exercise.name]);
        }
        test.args(kinds);
        test
    };
    let mut test = of_all(&["--lib", "--bins"]);
    for name in test_targets(root, exercises)? {
        test.args(["--test", &name]);
    }
    Ok(match command(test)? {
        Verified::Holds(_) => command(of_all(&["--doc"]))?,
        falls => falls,
    })
}

/// The target by which a solution runs its exercise's tests.
const COURSE: &str = "course";

/// The names of the test targets in the workspace, but for those of the exercises and [`COURSE`].
fn test_targets(root: &Path, exercises: &[&Exercise]) -> Result<BTreeSet<String>> {
    let output = cargo(root, ["metadata", "--no-deps", "--format-version", "1"])
        .output()
        .context("cannot ask Cargo for its targets")?;
    let metadata: Metadata =
        serde_json::from_slice(&output.stdout).context("cannot understand what Cargo says of its targets")?;
    let is_exercise = |package: &Package| exercises.iter().any(|exercise| exercise.name == package.name);
    let packages = metadata.packages.into_iter();
    Ok(packages
        .filter(|package| !is_exercise(package))
        .flat_map(|package| package.targets)
        .filter(|target| target.kind == ["test"] && target.name != COURSE)
        .map(|target| target.name)
        .collect())
}

/// What `cargo metadata` says, as far as it is read.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// What the test binaries say that failed: of one that passed there is a line of dots, and two about it.
fn without_passed(said: &str) -> String {
    let is_of_passed = |line: &&str| {
        let line = line.trim();
        line.is_empty()
            || line.starts_with("running ")
            || line.starts_with("test result: ok")
            || line.chars().all(|c| c.is_ascii_digit() || ".i /".contains(c))
    };
    let lines: Vec<_> = said.lines().filter(|line| !is_of_passed(line)).collect();
    lines.join("\n")
}

/// The learner's copy can be written, and nothing of what is left out is in it.
fn export(course: &Course) -> Result<Verified> {
    let directory = tempfile::tempdir().context("cannot make a temporary directory")?;
    Ok(
        match crate::commands::export::export(course, &directory.path().join("copy")) {
            Ok(copy) => Verified::Holds(format!("{} files, {} left out", copy.files, copy.left_out)),
            Err(error) => Verified::Falls(vec![format!("{error:#}")]),
        },
    )
}

fn cargo<'a>(root: &Path, arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .current_dir(root)
        .args(arguments)
        .env("CARGO_TERM_COLOR", "never")
        .env("RUST_BACKTRACE", "0");
    command
}

fn packages<S: AsRef<str>>(command: &mut Command, names: impl Iterator<Item = S>) {
    for name in names {
        command.args(["-p", name.as_ref()]);
    }
}

/// Runs a command to its end; what it printed is the problem, if there is one.
fn command(mut command: Command) -> Result<Verified> {
    let output = command
        .output()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    if output.status.success() {
        return Ok(Verified::Holds(String::new()));
    }
    let text = [output.stdout, output.stderr].concat();
    let text = without_passed(&clean(&String::from_utf8_lossy(&text)));
    let lines: Vec<_> = text.lines().collect();
    let from = lines.len().saturating_sub(LINES_MAX);
    Ok(Verified::Falls(vec![lines[from..].join("\n")]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_test_binaries_those_that_failed_are_shown() {
        let said = "\nrunning 2 tests\n..\ntest result: ok. 2 passed\n\nrunning 90 tests\n.............i.......... 87/90\n..F\n\
                    failures:\n  it is 3\ntest result: FAILED. 89 passed\nerror: test failed";
        assert_eq!(
            without_passed(said),
            "..F\nfailures:\n  it is 3\ntest result: FAILED. 89 passed\nerror: test failed"
        );
    }
}
