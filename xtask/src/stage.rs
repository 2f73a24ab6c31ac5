//! The stage: a pristine copy of the workspace in a directory of the grader's own, with submissions on top.
//!
//! ```text
//! target/grade/stage/    Cargo.toml (members rewritten)  Cargo.lock  rust-toolchain.toml  phase7/
//!                        31-cli-tools/01-file-search/    everything but src/, solution/, wrong/: pristine
//!                                                        src/: the submission
//! target/grade/build/    the grader's own target directory
//! ```
//!
//! A file is written only when its content differs, so that Cargo builds what changed and nothing else; every
//! written file has a fresh modification time, so that Cargo never takes it for an older build's. The editor's
//! target directory and its lock are never touched.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use toml_edit::{Array, DocumentMut};
use walkdir::WalkDir;

use crate::catalogue::{Course, Exercise};
use crate::submission::Submission;

/// Parts of an exercise that never reach the stage: the submission has its own, or no test may see them.
const LEFT_OUT: [&str; 6] = ["src", "solution", "wrong", "benches", "target", "README.md"];

/// A stage and the target directory beside it.
#[derive(Debug, Clone)]
pub struct Stage {
    /// The staged workspace.
    pub root: PathBuf,
    /// Its target directory.
    pub target: PathBuf,
}

impl Stage {
    /// The stage in `directory`, made when it is not there.
    pub fn new(directory: &Path) -> Self {
        Self {
            root: directory.join("stage"),
            target: directory.join("build"),
        }
    }

    /// Brings the stage in step: the pristine course, and each exercise's submission.
    ///
    /// An exercise without a submission keeps its place with an empty library, so that Cargo can load it.
    ///
    /// # Errors
    /// When a file cannot be read or written (a full disk, say); the message names it.
    pub fn fill(&self, course: &Course, submissions: &BTreeMap<String, Submission>) -> Result<()> {
        let mut wanted = BTreeSet::new();
        for (path, bytes) in shared_files(course)? {
            self.write(&path, &bytes, &mut wanted)?;
        }
        for exercise in course.exercises() {
            for (path, bytes) in pristine_files(course, exercise)? {
                self.write(&path, &bytes, &mut wanted)?;
            }
            let mut has_library = false;
            if let Some(submission) = submissions.get(&exercise.name) {
                for (name, bytes) in &submission.files {
                    self.write(&exercise.dir.join(name), bytes, &mut wanted)?;
                    has_library |= name == "src/lib.rs";
                }
            }
            if !has_library {
                self.write(&exercise.dir.join("src/lib.rs"), b"", &mut wanted)?;
            }
        }
        self.remove_others(&wanted)
    }

    fn write(&self, relative: &Path, bytes: &[u8], wanted: &mut BTreeSet<PathBuf>) -> Result<()> {
        let path = self.root.join(relative);
        if std::fs::read(&path).ok().as_deref() != Some(bytes) {
            let parent = path.parent().context("a staged file has a parent")?;
            std::fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
            std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
        }
        wanted.insert(path);
        Ok(())
    }

    /// Removes what an earlier fill left. Cargo's own lock file stays: it is the pristine one, pruned.
    fn remove_others(&self, wanted: &BTreeSet<PathBuf>) -> Result<()> {
        for entry in WalkDir::new(&self.root) {
            let entry = entry.with_context(|| format!("cannot read {}", self.root.display()))?;
            if !entry.file_type().is_dir() && !wanted.contains(entry.path()) && entry.path() != self.lock() {
                let path = entry.path();
                std::fs::remove_file(path).with_context(|| format!("cannot remove {}", path.display()))?;
            }
        }
        Ok(())
    }

    fn lock(&self) -> PathBuf {
        self.root.join("Cargo.lock")
    }

    /// Puts the course's lock file in place, unless the stage's was made from the same one.
    ///
    /// Cargo prunes it to the staged packages; versions stay as they are.
    ///
    /// # Errors
    /// When it cannot be copied.
    pub fn seed_lock(&self, course: &Course) -> Result<()> {
        let pristine = course.root.join("Cargo.lock");
        let bytes =
            std::fs::read(&pristine).with_context(|| format!("cannot read {}", pristine.display()))?;
        let mark = self.root.with_file_name("lock-seed");
        let seed = blake3::hash(&bytes).to_string();
        if self.lock().exists() && std::fs::read_to_string(&mark).is_ok_and(|text| text == seed) {
            return Ok(());
        }
        std::fs::create_dir_all(&self.root)
            .with_context(|| format!("cannot make {}", self.root.display()))?;
        std::fs::write(self.lock(), bytes)
            .with_context(|| format!("cannot write {}", self.lock().display()))?;
        std::fs::write(&mark, seed).with_context(|| format!("cannot write {}", mark.display()))
    }
}

/// The files that all exercises share, by their path in the workspace.
///
/// # Errors
/// When one cannot be read.
pub fn shared_files(course: &Course) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let root = &course.root;
    let mut files = BTreeMap::new();
    let manifest = crate::catalogue::read(&root.join("Cargo.toml"))?;
    files.insert(
        "Cargo.toml".into(),
        staged_manifest(&manifest, course)?.into_bytes(),
    );
    for name in ["rust-toolchain.toml", "clippy.toml"] {
        let path = root.join(name);
        files.insert(
            name.into(),
            std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?,
        );
    }
    collect(root, Path::new("phase7"), &["book", "target"], &mut files)?;
    Ok(files)
}

/// The files of an exercise that the grader owns.
///
/// # Errors
/// When one cannot be read.
pub fn pristine_files(course: &Course, exercise: &Exercise) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut files = BTreeMap::new();
    collect(&course.root, &exercise.dir, &LEFT_OUT, &mut files)?;
    let path = exercise.dir.join("Cargo.toml");
    if let Some(manifest) = files.get_mut(&path) {
        let text = String::from_utf8_lossy(manifest);
        let tested =
            without_benches(&text).with_context(|| format!("{} cannot be parsed", path.display()))?;
        *manifest = tested.into_bytes();
    }
    Ok(files)
}

/// An exercise's manifest without its benches, and without what only they need: no test waits for that to build.
fn without_benches(text: &str) -> Result<String> {
    let mut document: DocumentMut = text.parse()?;
    document.remove("bench");
    if let Some(dependencies) = document
        .get_mut("dev-dependencies")
        .and_then(|table| table.as_table_like_mut())
    {
        dependencies.remove("criterion");
    }
    Ok(document.to_string())
}

/// Reads every regular file below `directory`, except the entries of its first level that are named in `except`.
fn collect(
    root: &Path,
    directory: &Path,
    except: &[&str],
    files: &mut BTreeMap<PathBuf, Vec<u8>>,
) -> Result<()> {
    let top = root.join(directory);
    let walk = WalkDir::new(&top).into_iter().filter_entry(|entry| {
        entry.depth() != 1
            || !entry
                .file_name()
                .to_str()
                .is_some_and(|name| except.contains(&name))
    });
    for entry in walk {
        let entry = entry.with_context(|| format!("cannot read {}", top.display()))?;
        if entry.file_type().is_file() {
            let path = entry.path();
            let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            let relative = path.strip_prefix(root).context("walked below the root")?;
            files.insert(relative.to_owned(), bytes);
        }
    }
    Ok(())
}

/// The root manifest with the staged members only.
fn staged_manifest(text: &str, course: &Course) -> Result<String> {
    let mut document: DocumentMut = text.parse().context("Cargo.toml cannot be parsed")?;
    let mut members = Array::from_iter(["phase7", "phase7/macros"]);
    members.extend(
        course
            .exercises()
            .map(|exercise| exercise.dir.to_string_lossy().into_owned()),
    );
    document["workspace"]["members"] = toml_edit::value(members);
    if let Some(profile) = document
        .get_mut("profile")
        .and_then(|profile| profile.get_mut("dev"))
    {
        if let Some(table) = profile.as_table_like_mut() {
            table.remove("package");
        }
        // Half the linking time, and panics still name file and line.
        profile["debug"] = toml_edit::value(false);
        profile["incremental"] = toml_edit::value(false);
    }
    Ok(document.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_do_not_wait_for_criterion() {
        let text = "[package]\nname = \"a\"\n\n[[bench]]\nname = \"b\"\n\n[dev-dependencies]\ncriterion.workspace = true\nphase7.workspace = true\n";
        let tested = without_benches(text).unwrap();
        assert_eq!(
            tested,
            "[package]\nname = \"a\"\n\n[dev-dependencies]\nphase7.workspace = true\n"
        );
    }
}
