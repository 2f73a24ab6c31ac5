//! Installations that failed, in `target/grade/setup-failed.json`: the next `grade` does not try them again at once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::store;

/// How long a failure is taken for the state of the machine, in seconds.
const REMEMBERED_S: i64 = 3600;

/// What failed, by the tool's name.
#[derive(Debug)]
pub struct Failures {
    path: PathBuf,
    failed: BTreeMap<String, Failure>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Failure {
    /// When, in seconds since 1970.
    at_s: i64,
    why: String,
}

impl Failures {
    /// What is remembered in the workspace; a damaged file is as good as none.
    pub fn load(root: &Path) -> Self {
        let path = root.join("target/grade/setup-failed.json");
        let bytes = std::fs::read(&path).unwrap_or_default();
        Self {
            path,
            failed: serde_json::from_slice(&bytes).unwrap_or_default(),
        }
    }

    /// Whether `tool` failed less than an hour before `now_s`.
    pub fn is_recent(&self, tool: &str, now_s: i64) -> bool {
        let age_s = self.failed.get(tool).map(|failure| now_s - failure.at_s);
        age_s.is_some_and(|age_s| (0..REMEMBERED_S).contains(&age_s))
    }

    /// Remembers how the installation of `tool` ended.
    pub fn note(&mut self, tool: &str, error: Option<&anyhow::Error>, now_s: i64) {
        match error {
            None => {
                self.failed.remove(tool);
            }
            Some(error) => {
                let why = format!("{error:#}");
                self.failed.insert(tool.to_owned(), Failure { at_s: now_s, why });
            }
        }
        let text = serde_json::to_vec_pretty(&self.failed).unwrap_or_default();
        // Only the memory is lost: the next run tries again.
        let _ = store::write_whole(&self.path, &text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_remembered_for_an_hour() {
        let root = tempfile::tempdir().unwrap();
        let mut failures = Failures::load(root.path());
        failures.note("qemu", Some(&anyhow::anyhow!("offline")), 1000);
        let failures = Failures::load(root.path());
        assert!(failures.is_recent("qemu", 1000 + REMEMBERED_S - 1));
        assert!(!failures.is_recent("qemu", 1000 + REMEMBERED_S));
        assert!(!failures.is_recent("qemu", 999), "a clock that was set back");
        assert!(!failures.is_recent("miri", 1001));
    }

    #[test]
    fn success_is_forgotten() {
        let root = tempfile::tempdir().unwrap();
        let mut failures = Failures::load(root.path());
        failures.note("qemu", Some(&anyhow::anyhow!("offline")), 1000);
        failures.note("qemu", None, 1001);
        assert!(!Failures::load(root.path()).is_recent("qemu", 1002));
    }
}
