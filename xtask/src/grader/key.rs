//! Keys: the hash of everything that could change an exercise's result.
//!
//! The grader's own program, the sandbox's layers, the manifests and support crates, the exercise's tests and brief, the
//! tools that are missing, and the submission. Time, order and neighbours are no part of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};

use crate::catalogue::{Course, Exercise};
use crate::sandbox::Layer;
use crate::stage::{base_hash, hash_file, pristine_files};
use crate::submission::Submission;

/// Files of an exercise, by their path in the workspace.
pub type Files = Vec<(PathBuf, Vec<u8>)>;

/// The keys of one course on one machine.
pub struct Keys {
    root: PathBuf,
    /// Hash of the grader itself and of what all exercises share.
    shared: blake3::Hash,
    /// Each exercise's pristine files, read once.
    pristine: Mutex<BTreeMap<String, Arc<Files>>>,
    /// The exercises, for the hash of the whole course.
    exercises: BTreeMap<String, PathBuf>,
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
        let mut pristine = BTreeMap::new();
        for exercise in course.exercises() {
            let mut files: Files = pristine_files(course, exercise)?.into_iter().collect();
            files.shrink_to_fit();
            pristine.insert(exercise.name.clone(), Arc::new(files));
        }
        Ok(Self {
            root: course.root.clone(),
            shared: hasher.finalize(),
            pristine: Mutex::new(pristine),
            exercises: course
                .exercises()
                .map(|exercise| (exercise.name.clone(), exercise.dir.clone()))
                .collect(),
        })
    }

    /// The exercise's files that the grader owns.
    ///
    /// # Errors
    /// When the exercise is none of this course's.
    pub fn pristine(&self, exercise: &Exercise) -> Result<Arc<Files>> {
        let files = self.pristine.lock().expect("nobody panics with the lock held");
        let files = files.get(&exercise.name);
        files
            .map(Arc::clone)
            .with_context(|| format!("{} is no exercise of this course", exercise.name))
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
        self.exercise(&mut hasher, exercise)?;
        for (name, bytes) in &submission.files {
            hash_file(&mut hasher, Path::new(name), bytes);
        }
        hasher.update(submission.refusal.as_deref().unwrap_or_default().as_bytes());
        for tool in exercise.tests.iter().flat_map(|test| &test.needs) {
            hasher.update(missing.get(tool).map_or("", String::as_str).as_bytes());
        }
        Ok(hasher.finalize().to_string())
    }

    fn exercise(&self, hasher: &mut blake3::Hasher, exercise: &Exercise) -> Result<()> {
        hasher.update(self.shared.as_bytes());
        for (path, bytes) in self.pristine(exercise)?.iter() {
            hash_file(hasher, path, bytes);
        }
        self.brief(hasher, &exercise.dir);
        Ok(())
    }

    /// Rules are quoted in results.
    fn brief(&self, hasher: &mut blake3::Hasher, dir: &Path) {
        let brief = self.root.join(dir).join("README.md");
        hash_file(
            hasher,
            Path::new("README.md"),
            &std::fs::read(&brief).unwrap_or_default(),
        );
    }

    /// The hash of the whole course and of the grader: what two results must have in common to be compared.
    pub fn course(&self) -> Result<String> {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.shared.as_bytes());
        let pristine = self.pristine.lock().expect("nobody panics with the lock held");
        for (name, dir) in &self.exercises {
            for (path, bytes) in pristine.get(name).map_or(&[][..], |files| files) {
                hash_file(&mut hasher, path, bytes);
            }
            self.brief(&mut hasher, dir);
        }
        Ok(hasher.finalize().to_string())
    }
}
