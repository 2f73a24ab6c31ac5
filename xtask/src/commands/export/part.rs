//! Which files learners get.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::catalogue::{self, Course, Exercise};

/// What becomes of a file of the full checkout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The instructor's: it is not copied, and no line of its own may be in the copy.
    LeftOut,
    /// Of no use to learners: it is not copied.
    Dropped,
    /// Copied; a line that it shares with what is left out is a leak.
    Given,
    /// Copied, and meant to be read: what stands in it is public, wherever else it stands.
    Open,
}

/// What of an exercise is the instructor's.
const LEFT_OUT: [&str; 4] = ["solution", "hidden", "wrong", "mutants.toml"];

/// Parts of an exercise that learners are to read. Whatever else lies there may share no line with what they lack.
const OPEN: [&str; 8] = [
    "src",
    "tests",
    "benches",
    "fuzz",
    "README.md",
    "main.rs",
    "build.rs",
    "Cargo.toml",
];

/// CI and the attacks on the grader prove the full checkout; without solutions there is nothing to prove.
const DROPPED: [&str; 3] = [".ci", ".github", "xtask/hostile"];

/// The part that `file`, a path in the workspace of `course`, belongs to.
///
/// # Errors
/// When a bench cannot be read.
pub fn of(course: &Course, file: &Path) -> Result<Part> {
    if DROPPED.iter().any(|name| file.starts_with(name)) {
        return Ok(Part::Dropped);
    }
    let Some(exercise) = course
        .exercises()
        .find(|exercise| file.starts_with(&exercise.dir))
    else {
        // The tools, the book, the READMEs: written for everybody.
        return Ok(Part::Open);
    };
    let within = file.strip_prefix(&exercise.dir).unwrap_or(file);
    let first = within
        .iter()
        .next()
        .and_then(|part| part.to_str())
        .unwrap_or_default();
    if LEFT_OUT.contains(&first) {
        return Ok(Part::LeftOut);
    }
    if first == "benches" && names_what_is_left_out(exercise, &course.root.join(file))? {
        return Ok(Part::LeftOut);
    }
    Ok(if OPEN.contains(&first) {
        Part::Open
    } else {
        Part::Given
    })
}

/// The path of a starter's source among the kept starters; none for any other file.
pub fn starter<'a>(course: &Course, file: &'a Path) -> Option<&'a Path> {
    course
        .exercises()
        .any(|exercise| file.starts_with(exercise.dir.join("src")))
        .then_some(file)
}

/// The benches of `exercise` that learners do not get, by name.
///
/// # Errors
/// When one cannot be read.
pub fn dropped_benches(course: &Course, exercise: &Exercise) -> Result<Vec<String>> {
    let mut dropped = Vec::new();
    let directory = course.root.join(&exercise.dir).join("benches");
    for entry in std::fs::read_dir(&directory).into_iter().flatten().flatten() {
        let path: PathBuf = if entry.path().is_dir() {
            entry.path().join("main.rs")
        } else {
            entry.path()
        };
        if path.is_file() && names_what_is_left_out(exercise, &path)? {
            dropped.extend(
                entry
                    .path()
                    .file_stem()
                    .map(|stem| stem.to_string_lossy().into_owned()),
            );
        }
    }
    Ok(dropped)
}

/// Whether a source cannot be compiled without the solution or the hidden tests.
fn names_what_is_left_out(exercise: &Exercise, path: &Path) -> Result<bool> {
    if path.extension().is_none_or(|extension| extension != "rs") {
        return Ok(false);
    }
    let text = catalogue::read(path)?;
    let krate = format!("{}_solution", exercise.krate());
    Ok(text.contains(&krate) || text.contains("../solution/") || text.contains("../hidden/"))
}
