//! Where in a learner's tree the exercises are.
//!
//! An exercise is found by the name of its directory, with or without module and number, below any
//! [`WRAPPERS_MAX`] folders that the learner, the platform or an archiver put around it:
//!
//! ```text
//! repo-main/31-cli-tools/01-file-search/src/lib.rs
//! └ wrapper └ place ──────────────────┘ └ path ──┘
//!           01-file-search/src/lib.rs
//!              file-search/src/lib.rs
//!                          src/lib.rs      when one exercise alone is asked for
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::limits::WRAPPERS_MAX;
use super::path::lies_in_litter;
use crate::catalogue::{Course, Exercise};

/// Folders that hold something else's `src/`, never a learner's bare one.
const NO_WRAPPER: [&str; 8] = [
    "benches", "examples", "hidden", "phase7", "solution", "tests", "wrong", "xtask",
];

/// Knows the exercises by every name that their directories go by.
pub struct Locator<'a> {
    root: &'a Path,
    exercises: Vec<&'a Exercise>,
    /// Directory and package names of all exercises, asked for or not.
    by_name: BTreeMap<&'a str, usize>,
    modules: Vec<&'a str>,
    only: Option<usize>,
}

/// What an entry of a tree is to the intake.
#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    /// What may belong to a submission.
    Wanted(Place),
    /// What somebody may have meant to matter: the course's own file, if it has one there, and what it is called.
    Notable(Vec<PathBuf>),
    /// What tools leave behind.
    Litter,
    /// Anything else.
    Other,
}

/// Where a wanted entry belongs.
#[derive(Debug, PartialEq, Eq)]
pub struct Place {
    /// The index of its exercise.
    pub exercise: usize,
    /// How many parts of the path name the exercise's directory.
    pub depth: usize,
    /// Whether they end in its name; a bare `src/` is second to that.
    pub named: bool,
}

impl<'a> Locator<'a> {
    /// A locator of all exercises of `course`, or of `only` one.
    ///
    /// # Errors
    /// When the course has no exercise of that name.
    pub fn new(course: &'a Course, only: Option<&str>) -> anyhow::Result<Self> {
        let exercises: Vec<_> = course.exercises().collect();
        let mut by_name = BTreeMap::new();
        for (index, exercise) in exercises.iter().enumerate() {
            by_name.insert(exercise.name.as_str(), index);
            by_name.insert(directory(exercise), index);
        }
        let only = only.map(|name| course.exercise(name)).transpose()?;
        let only = only.and_then(|exercise| by_name.get(exercise.name.as_str()).copied());
        Ok(Self {
            root: &course.root,
            exercises,
            by_name,
            modules: course.modules.iter().map(|module| module.name.as_str()).collect(),
            only,
        })
    }

    /// The exercise behind an index.
    pub fn exercise(&self, index: usize) -> &'a Exercise {
        self.exercises[index]
    }

    /// The exercises that are asked for, by index.
    pub fn wanted(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.exercises.len()).filter(|index| self.only.is_none_or(|only| only == *index))
    }

    /// Whether a name is a module's or an exercise's directory: a folder of these is a submission, not a class.
    pub fn is_of_course(&self, name: &str) -> bool {
        self.modules.contains(&name) || self.by_name.contains_key(name)
    }

    /// Tells what an entry is. `regular` files are wanted if their exercise takes them, anything else wherever it
    /// would stand among sources.
    pub fn part(&self, path: &str, regular: bool) -> Part {
        let parts: Vec<_> = path.split('/').collect();
        if lies_in_litter(&parts) {
            return Part::Litter;
        }
        let takes = |exercise: usize, depth: usize| {
            let path = parts[depth..].join("/");
            let allowed = &self.exercises[exercise].manifest.submit;
            match regular {
                true => allowed.has(&path),
                false => path == "src" || path.starts_with("src/") || allowed.has_further(&path),
            }
        };
        let named: Vec<_> = self.named(&parts).collect();
        for &(exercise, depth) in &named {
            if takes(exercise, depth) {
                let asked_for = self.only.is_none_or(|only| only == exercise);
                let place = Place {
                    exercise,
                    depth,
                    named: true,
                };
                return if asked_for {
                    Part::Wanted(place)
                } else {
                    Part::Other
                };
            }
        }
        let bare = self.bare_depths(&parts).zip(std::iter::repeat(self.only));
        for (depth, exercise) in bare {
            if let Some(exercise) = exercise.filter(|exercise| takes(*exercise, depth)) {
                return Part::Wanted(Place {
                    exercise,
                    depth,
                    named: false,
                });
            }
        }
        if regular && is_notable(&parts, !named.is_empty()) {
            return Part::Notable(self.own_files(&parts, &named));
        }
        Part::Other
    }

    /// Each exercise whose directory the path names, and how many parts that takes.
    fn named<'p>(&'p self, parts: &'p [&str]) -> impl Iterator<Item = (usize, usize)> + 'p {
        let last = parts.len().min(WRAPPERS_MAX + 1);
        (0..last).filter_map(move |at| {
            if let Some(exercise) = self.by_name.get(parts[at]) {
                return Some((*exercise, at + 1));
            }
            // The module is no wrapper: its exercise may stand one deeper.
            let exercise = self.by_name.get(parts.get(at + 1)?)?;
            let is_last = at + 1 == last && self.modules.contains(&parts[at]);
            is_last.then_some((*exercise, at + 2))
        })
    }

    /// How many leading parts may be wrappers around a bare `src/`.
    fn bare_depths(&self, parts: &[&str]) -> impl Iterator<Item = usize> + use<> {
        let is_wrapper =
            |part: &&&str| !NO_WRAPPER.contains(part) && !self.is_of_course(part) && **part != "src";
        let wrappers = parts.iter().take_while(is_wrapper).count();
        0..=wrappers.min(WRAPPERS_MAX).min(parts.len() - 1)
    }

    /// Where the course may have its own copy of a file. Hidden tests are not compared with: whether a note is made
    /// would tell a learner which lines are in them.
    fn own_files(&self, parts: &[&str], named: &[(usize, usize)]) -> Vec<PathBuf> {
        if parts.contains(&"hidden") {
            return Vec::new();
        }
        let of_exercise = named
            .iter()
            .map(|(exercise, depth)| self.exercises[*exercise].dir.join(parts[*depth..].join("/")));
        let last = parts.len().min(WRAPPERS_MAX + 1);
        let of_workspace = (0..last).map(|wrappers| PathBuf::from(parts[wrappers..].join("/")));
        of_exercise
            .chain(of_workspace)
            .map(|path| self.root.join(path))
            .collect()
    }
}

/// The directory's own name: `01-file-search`.
fn directory(exercise: &Exercise) -> &str {
    exercise
        .dir
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or(&exercise.name)
}

/// Whether a file would steer a build or a test, were it used.
fn is_notable(parts: &[&str], in_exercise: bool) -> bool {
    let Some((name, folders)) = parts.split_last() else {
        return false;
    };
    let steers = ["Cargo.toml", "build.rs", "rust-toolchain", "rust-toolchain.toml"].contains(name);
    let configures = folders.last() == Some(&".cargo") && ["config", "config.toml"].contains(name);
    let tests = in_exercise && folders.iter().any(|folder| ["tests", "hidden"].contains(folder));
    steers || configures || (tests && !folders.contains(&"solution"))
}

#[cfg(test)]
mod tests;
