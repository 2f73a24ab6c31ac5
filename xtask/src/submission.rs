//! A submission: the `src/**/*.rs` of one exercise, what its manifest further asks for, and nothing else.
//!
//! The grader owns manifest, lock file, tests and configuration; whatever else a learner's folder holds is not
//! looked at. What cannot be taken is refused by name, and refuses that exercise alone.

mod allowed;
mod disk;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;

pub use allowed::Allowed;
pub use disk::{kind_name, open};

use crate::run::failure::clean;

/// Bytes of the largest source file.
pub const FILE_MAX: u64 = 1 << 20;

/// Source files of one exercise.
pub const FILES_MAX: usize = 200;

/// Directories below `src/`.
pub const DEPTH_MAX: usize = 8;

/// Bytes of a file's name: Linux, macOS and Windows all end there.
pub const NAME_MAX: usize = 255;

/// Characters of a path that are shown.
const SHOWN_MAX: usize = 160;

/// What a learner hands in for one exercise.
#[derive(Debug, Clone, Default)]
pub struct Submission {
    /// The files, by their path with `/`: `src/lib.rs`.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Why it is not taken, if it is not.
    pub refusal: Option<String>,
}

/// What stands at a path that a submission may contain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A regular file.
    File(Vec<u8>),
    /// A regular file of more than [`FILE_MAX`] bytes.
    TooLarge,
    /// Something else, by name: `a symbolic link`.
    NotRegular(&'static str),
    /// More than one file: an archive can hold two of one name.
    Twice,
}

impl Submission {
    /// Takes the sources in `directory/src`, and whatever else is `allowed`.
    ///
    /// # Errors
    /// When the machine cannot read them; what the learner is to blame for becomes the refusal.
    pub fn take(directory: &Path, allowed: &Allowed) -> Result<Self> {
        let mut found = BTreeMap::new();
        disk::collect(directory, "src", allowed, &mut found)?;
        for root in allowed.roots() {
            if directory.join(root).symlink_metadata().is_ok() {
                disk::collect(directory, root, allowed, &mut found)?;
            }
        }
        Ok(Self::from_found(found))
    }

    /// A submission of what was found, by path relative to the exercise; refused if any of it cannot be taken.
    pub fn from_found(found: impl IntoIterator<Item = (String, Found)>) -> Self {
        let mut submission = Self::default();
        for (path, found) in found {
            if let Err(why) = submission.add(&path, found) {
                submission.refuse(&why);
            }
        }
        if let Some(why) = collision(submission.files.keys()) {
            submission.refuse(&why);
        }
        // Nothing of it is ever used: what is refused takes no memory.
        if submission.refusal.is_some() {
            submission.files.clear();
        }
        submission
    }

    /// A submission of which nothing is taken.
    pub fn refused(why: &str) -> Self {
        Self {
            refusal: Some(why.to_owned()),
            ..Self::default()
        }
    }

    /// Refuses the submission; the first reason stands.
    fn refuse(&mut self, why: &str) {
        self.refusal.get_or_insert_with(|| why.to_owned());
    }

    fn add(&mut self, path: &str, found: Found) -> Result<(), String> {
        let name = shown(path);
        if let Found::NotRegular(what) = found {
            return Err(format!("{name} is {what}"));
        }
        let parts: Vec<_> = path.split('/').collect();
        if !parts.iter().all(|part| is_plain(part)) {
            return Err(format!("{name} has a name that no module has"));
        }
        // A directory in a source's place would stand in the way of the next learner's source.
        if parts[..parts.len() - 1].iter().any(|part| part.ends_with(".rs")) {
            return Err(format!("{name} lies in a directory that is named like a source"));
        }
        if parts.len() > DEPTH_MAX + 2 {
            return Err(format!("{name} lies too deep"));
        }
        let bytes = match found {
            Found::File(bytes) => bytes,
            Found::TooLarge => return Err(format!("{name} is larger than {} KiB", FILE_MAX >> 10)),
            Found::Twice => return Err(format!("{name} is there twice")),
            Found::NotRegular(_) => return Ok(()),
        };
        if path.ends_with(".rs") && std::str::from_utf8(&bytes).is_err() {
            return Err(format!("{name} is not UTF-8 text"));
        }
        if self.files.len() == FILES_MAX {
            return Err(format!("more than {FILES_MAX} source files"));
        }
        self.files.insert(path.to_owned(), bytes);
        Ok(())
    }
}

/// Two names that are one on a file system without case, or a file that is also a directory.
fn collision<'a>(paths: impl Iterator<Item = &'a String> + Clone) -> Option<String> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let files: BTreeSet<&str> = paths.clone().map(String::as_str).collect();
    for path in paths {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        for name in ends.map(|end| &path[..end]) {
            if name.len() < path.len() && files.contains(name) {
                return Some(format!("{} is both a file and a directory", shown(name)));
            }
            let first = *seen.entry(name.to_ascii_lowercase()).or_insert(name);
            if first != name {
                return Some(format!(
                    "{} and {} differ only in case",
                    shown(first),
                    shown(name)
                ));
            }
        }
    }
    None
}

/// Whether a file is what an editor or a desktop leaves behind, and nobody means to hand in.
pub fn is_litter(name: &str) -> bool {
    let left = [".DS_Store", "Thumbs.db", "desktop.ini"].contains(&name);
    left || name.starts_with("._") || name.starts_with(".#") || name.ends_with('~')
}

/// Whether a part of a path is one that every file system and every tool takes as it is.
fn is_plain(part: &str) -> bool {
    let plain = |character: char| character.is_ascii_alphanumeric() || "_-.".contains(character);
    !part.is_empty() && part.len() <= NAME_MAX && part != "." && part != ".." && part.chars().all(plain)
}

/// A path for people: nothing in it can speak to the terminal, and it is never long.
pub fn shown(path: &str) -> String {
    let short: String = path.chars().take(SHOWN_MAX).collect();
    let cut = if short.len() < path.len() { "…" } else { "" };
    format!("{}{cut}", clean(&short).replace('\n', "\\n").replace('\t', "\\t"))
}

#[cfg(test)]
mod tests;
