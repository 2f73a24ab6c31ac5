//! Keys: the hash of everything that could change an exercise's result.
//!
//! The grader's own program, the sandbox's layers, the manifests and support crates, the exercise's tests and brief, the
//! tools that are missing, and the submission. Time, order and neighbours are no part of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::catalogue::{Course, Exercise};
use crate::sandbox::Layer;
use crate::score::SOURCES_DIGITS;
use crate::stage::{base_hash, hash_file, pristine_files};
use crate::submission::Submission;

/// Files of an exercise, by their path in the workspace.
pub type Files = Vec<(PathBuf, Vec<u8>)>;

/// The start of the hash of a submission's files, in hex; nothing of the course or the grader is part of it.
pub fn sources(submission: &Submission) -> String {
    let mut hasher = blake3::Hasher::new();
    for (name, bytes) in &submission.files {
        hash_file(&mut hasher, Path::new(name), bytes);
    }
    hasher.finalize().to_hex()[..SOURCES_DIGITS].to_owned()
}

/// The keys of one course on one machine.
pub struct Keys {
    root: PathBuf,
    /// Hash of the grader itself and of what all exercises share.
    shared: blake3::Hash,
    /// Each exercise's directory and pristine files.
    exercises: BTreeMap<String, (PathBuf, Files)>,
}

impl Keys {
    /// The keys of `course` where these layers hold.
    ///
    /// # Errors
    /// When a shared file cannot be read.
    pub fn new(course: &Course, layers: &[Layer]) -> Result<Self> {
        let mut hasher = blake3::Hasher::new();
        let own = std::env::current_exe().context("cannot tell this program's path")?;
        hasher
            .update_mmap(&own)
            .with_context(|| format!("cannot read {}", own.display()))?;
        hasher.update(base_hash(course)?.as_bytes());
        for layer in layers {
            hasher.update(layer.to_string().as_bytes());
        }
        let mut exercises = BTreeMap::new();
        for exercise in course.exercises() {
            let files = pristine_files(course, exercise)?.into_iter().collect();
            exercises.insert(exercise.name.clone(), (exercise.dir.clone(), files));
        }
        Ok(Self {
            root: course.root.clone(),
            shared: hasher.finalize(),
            exercises,
        })
    }

    /// The exercise's files that the grader owns.
    ///
    /// # Errors
    /// When the exercise is none of this course's.
    pub fn pristine(&self, exercise: &Exercise) -> Result<&Files> {
        let found = self.exercises.get(&exercise.name).map(|(_, files)| files);
        found.with_context(|| format!("{} is no exercise of this course", exercise.name))
    }

    /// The key of a submission's result.
    ///
    /// # Errors
    /// When the exercise is none of this course's.
    pub fn of(
        &self,
        exercise: &Exercise,
        submission: &Submission,
        missing: &BTreeMap<String, String>,
    ) -> Result<String> {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.shared.as_bytes());
        self.exercise(&mut hasher, &exercise.dir, self.pristine(exercise)?);
        for (name, bytes) in &submission.files {
            hash_file(&mut hasher, Path::new(name), bytes);
        }
        hasher.update(submission.refusal.as_deref().unwrap_or_default().as_bytes());
        for tool in exercise.tests.iter().flat_map(|test| &test.needs) {
            hasher.update(missing.get(tool).map_or("", String::as_str).as_bytes());
        }
        Ok(hasher.finalize().to_string())
    }

    /// Adds the exercise as the course has it; its rules are quoted in results.
    fn exercise(&self, hasher: &mut blake3::Hasher, dir: &Path, files: &Files) {
        for (path, bytes) in files {
            hash_file(hasher, path, bytes);
        }
        let brief = self.root.join(dir).join("README.md");
        hash_file(
            hasher,
            Path::new("README.md"),
            &std::fs::read(&brief).unwrap_or_default(),
        );
    }

    /// The hash of the whole course and of the grader: what two results must have in common to be compared.
    pub fn course(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.shared.as_bytes());
        for (dir, files) in self.exercises.values() {
            self.exercise(&mut hasher, dir, files);
        }
        hasher.finalize().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(files: &[(&str, &str)]) -> String {
        let files = files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()));
        sources(&Submission {
            files: files.collect(),
            refusal: None,
        })
    }

    #[test]
    fn sources_are_told_apart_by_names_and_bytes() {
        let one = of(&[("src/lib.rs", "a"), ("src/b.rs", "c")]);
        assert_eq!(one.len(), SOURCES_DIGITS);
        assert!(one.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')));
        assert_eq!(one, of(&[("src/b.rs", "c"), ("src/lib.rs", "a")]));
        for other in [
            of(&[("src/lib.rs", "a")]),
            of(&[("src/lib.rs", "a "), ("src/b.rs", "c")]),
            of(&[("src/lib.rs", "c"), ("src/b.rs", "a")]),
            of(&[("src/lib.rs", "a"), ("src/c.rs", "c")]),
        ] {
            assert_ne!(one, other);
        }
    }
}
