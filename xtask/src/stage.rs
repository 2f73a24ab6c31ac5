//! Staging: the grader's own copies of the course's files, and what is in them.
//!
//! ```text
//! the base's stage     Cargo.toml (members rewritten)  Cargo.lock  rust-toolchain.toml  clippy.toml  phase7/
//!                      31-cli-tools/01-file-search/    the manifest, and an empty file for each source and test
//! a unit's course      31-cli-tools/01-file-search/    everything but src/, solution/, wrong/: pristine
//!                                                      src/: the submission
//! ```
//!
//! In the base's stage a file is written only when its content differs, so that Cargo builds what changed and nothing
//! else. The editor's target directory and its lock are never touched.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use toml_edit::{Array, DocumentMut, TableLike};
use walkdir::WalkDir;

use crate::catalogue::{Course, Exercise};

/// Parts of an exercise that never reach a unit: the submission has its own, or no test may see them.
const LEFT_OUT: [&str; 7] = [
    "src",
    "solution",
    "wrong",
    "mutants.toml",
    "benches",
    "target",
    "README.md",
];

/// The version of what a base is made of; a new one makes every base anew.
const BASE_FORMAT: &str = "3";

/// Files that a manifest names, or that Cargo finds by itself: in a base they are empty.
const PLACEHOLDERS: [&str; 4] = ["src/lib.rs", "main.rs", "tests/open.rs", "hidden/hidden.rs"];

/// Brings the stage of a base in step with the course.
///
/// # Errors
/// When a file cannot be read or written (a full disk, say); the message names it.
pub fn fill(course: &Course, root: &Path) -> Result<()> {
    let mut wanted = BTreeSet::new();
    for (path, bytes) in base_files(course)? {
        let path = root.join(path);
        if std::fs::read(&path).ok().as_deref() != Some(&bytes) {
            write(&path, &bytes)?;
        }
        wanted.insert(path);
    }
    for entry in WalkDir::new(root) {
        let entry = entry.with_context(|| format!("cannot read {}", root.display()))?;
        if !entry.file_type().is_dir() && !wanted.contains(entry.path()) {
            let path = entry.path();
            std::fs::remove_file(path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    // Cargo prunes it to the staged packages; versions stay as they are.
    let lock = course.root.join("Cargo.lock");
    let bytes = std::fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    write(&root.join("Cargo.lock"), &bytes)
}

/// The hash of everything that a base is made from.
///
/// # Errors
/// When a file cannot be read.
pub fn base_hash(course: &Course) -> Result<blake3::Hash> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(BASE_FORMAT.as_bytes());
    for (path, bytes) in base_files(course)? {
        hash_file(&mut hasher, &path, &bytes);
    }
    let lock = course.root.join("Cargo.lock");
    let bytes = std::fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    hash_file(&mut hasher, Path::new("Cargo.lock"), &bytes);
    Ok(hasher.finalize())
}

fn base_files(course: &Course) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut files = shared_files(course)?;
    for exercise in course.exercises() {
        for (path, bytes) in pristine_files(course, exercise)? {
            let relative = path.strip_prefix(&exercise.dir).unwrap_or(&path);
            if relative == Path::new("Cargo.toml") {
                files.insert(path, bytes);
            } else if PLACEHOLDERS.iter().any(|name| relative == Path::new(name)) {
                files.insert(path, Vec::new());
            }
        }
        files.insert(exercise.dir.join("src/lib.rs"), Vec::new());
    }
    Ok(files)
}

/// Adds a file so that no two sets of files hash alike.
pub fn hash_file(hasher: &mut blake3::Hasher, path: &Path, bytes: &[u8]) {
    let name = path.as_os_str().as_encoded_bytes();
    hasher.update(&(name.len() as u64).to_le_bytes());
    hasher.update(name);
    hasher.update(&(bytes.len() as u64).to_le_bytes());
    hasher.update(bytes);
}

/// Writes a file, making the directories above it.
///
/// # Errors
/// Names the file.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let parent = path.parent().context("a staged file has a parent")?;
    std::fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
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
        if let Some(packages) = profile
            .get_mut("package")
            .and_then(|packages| packages.as_table_like_mut())
        {
            keep_staged(packages, course)?;
        }
        // Half the linking time, and panics still name file and line.
        profile["debug"] = toml_edit::value(false);
        profile["incremental"] = toml_edit::value(false);
    }
    Ok(document.to_string())
}

/// Keeps the profiles of exercises and of what they depend on. Cargo warns of one whose package is not there.
fn keep_staged(packages: &mut dyn TableLike, course: &Course) -> Result<()> {
    let mut staged = BTreeSet::new();
    for exercise in course.exercises() {
        let path = course.root.join(&exercise.dir).join("Cargo.toml");
        let text = crate::catalogue::read(&path)?;
        let document: DocumentMut = text
            .parse()
            .with_context(|| format!("{} cannot be parsed", path.display()))?;
        let dependencies = document
            .get("dependencies")
            .and_then(|table| table.as_table_like());
        staged.extend(
            dependencies
                .iter()
                .flat_map(|table| table.iter())
                .map(|(name, _)| name.to_owned()),
        );
        staged.insert(exercise.name.clone());
    }
    let names: Vec<String> = packages.iter().map(|(name, _)| name.to_owned()).collect();
    for name in names.iter().filter(|name| !staged.contains(*name)) {
        packages.remove(name);
    }
    Ok(())
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
