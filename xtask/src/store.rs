//! What stays on disk: results by the hash of everything that could change them, and the history of scores.
//!
//! ```text
//! target/grade/results/SLOT.json        {"key": …, "result": …}: the last result of an exercise (or of its open
//!                                       tests alone), with the hash it belongs to
//! .phase7/history.jsonl                 a line per graded run of the whole course: the learner's, so not in target/
//! ```
//!
//! A file is written beside its place and renamed into it, so that a grader that dies leaves the old one or the
//! new one, never half of either.

use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::score::{ExerciseResult, Points, Report};

/// Results of one workspace's grader.
#[derive(Debug, Clone)]
pub struct Store {
    directory: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    key: String,
    result: ExerciseResult,
}

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// When, in UTC (RFC 3339).
    pub at: String,
    /// Points over the course.
    pub points: Points,
}

impl Store {
    /// The store in `directory`; nothing is made until something is kept.
    pub fn new(directory: PathBuf) -> Self {
        Self { directory }
    }

    fn path(&self, slot: &str) -> PathBuf {
        self.directory.join(format!("{slot}.json"))
    }

    /// The result that belongs to `key`. A damaged or older file is as good as none.
    pub fn find(&self, slot: &str, key: &str) -> Option<ExerciseResult> {
        let bytes = std::fs::read(self.path(slot)).ok()?;
        let kept: Kept = serde_json::from_slice(&bytes).ok()?;
        (kept.key == key).then_some(kept.result)
    }

    /// Keeps a result.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, slot: &str, key: &str, result: &ExerciseResult) -> Result<()> {
        let kept = Kept {
            key: key.to_owned(),
            result: result.clone(),
        };
        let text = serde_json::to_vec(&kept).context("a result is JSON")?;
        write_whole(&self.path(slot), &text)
    }
}

/// Reads a file that somebody else wrote, if it has no more than `max` bytes.
///
/// # Errors
/// Names the file.
pub fn read_at_most(path: &Path, max: u64) -> Result<Vec<u8>> {
    let shown = path.display();
    let file = std::fs::File::open(path).with_context(|| format!("cannot read {shown}"))?;
    let mut bytes = Vec::new();
    file.take(max + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read {shown}"))?;
    if bytes.len() as u64 > max {
        bail!("{shown} is larger than {} KiB", max >> 10);
    }
    Ok(bytes)
}

/// Writes a file so that it is there whole or not at all, as readable as it was or as any new file is.
///
/// # Errors
/// Names the file.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let directory = path.parent().context("a file stands in a directory")?;
    let write = || -> Result<()> {
        std::fs::create_dir_all(directory)?;
        // The process's mask takes from these what it takes from any new file.
        let mode = std::fs::Permissions::from_mode(0o666);
        let mut file = tempfile::Builder::new()
            .permissions(mode)
            .tempfile_in(directory)?;
        if let Ok(metadata) = path.metadata() {
            file.as_file().set_permissions(metadata.permissions())?;
        }
        file.write_all(bytes)?;
        file.persist(path)?;
        Ok(())
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

/// The history of the course in `root`, oldest first; lines that cannot be read are passed over.
pub fn history(root: &Path) -> Vec<Moment> {
    let text = std::fs::read_to_string(history_path(root)).unwrap_or_default();
    text.lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

/// Adds a run to the history, if it changed the score.
///
/// # Errors
/// When it cannot be written.
pub fn remember(root: &Path, report: &Report) -> Result<()> {
    let moment = Moment {
        at: report.graded_at.clone(),
        points: report.points,
    };
    if history(root)
        .last()
        .is_some_and(|last| last.points == moment.points)
    {
        return Ok(());
    }
    let path = history_path(root);
    let append = || -> Result<()> {
        std::fs::create_dir_all(root.join(".phase7"))?;
        let mut file = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)?;
        file.write_all(format!("{}\n", serde_json::to_string(&moment)?).as_bytes())?;
        Ok(())
    };
    append().with_context(|| format!("cannot write {}", path.display()))
}

fn history_path(root: &Path) -> PathBuf {
    root.join(".phase7/history.jsonl")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_result_is_as_good_as_none() {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::new(directory.path().to_owned());
        std::fs::write(directory.path().join("a.json"), "{\"key\": \"k\"").unwrap();
        assert!(store.find("a", "k").is_none());
    }

    #[test]
    fn a_file_is_replaced_whole() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("deep/file");
        write_whole(&path, b"one").unwrap();
        write_whole(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }
    #[test]
    fn a_file_keeps_its_mode() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        std::fs::write(&path, "one").unwrap();
        let plain = path.metadata().unwrap().permissions();
        write_whole(&path, b"two").unwrap();
        assert_eq!(path.metadata().unwrap().permissions(), plain);
        let new = directory.path().join("new");
        write_whole(&new, b"").unwrap();
        assert_eq!(new.metadata().unwrap().permissions(), plain);
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o750)).unwrap();
        write_whole(&path, b"three").unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o750);
    }
}
