//! `class.json`: the graded class on disk, from which everything else can be made again.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use super::{ClassReport, FORMAT};
use crate::store;

/// The file's name in an output directory.
pub const NAME: &str = "class.json";

/// Bytes of the largest file that is read.
const SIZE_MAX: u64 = 1 << 30;

impl ClassReport {
    /// Reads a report.
    ///
    /// # Errors
    /// When it cannot be read, is of another version, or has a learner twice; the message names the file.
    pub fn read(path: &Path) -> Result<Self> {
        let read = || -> Result<Self> {
            let size = std::fs::metadata(path)?.len();
            ensure!(size <= SIZE_MAX, "it is larger than {} MiB", SIZE_MAX >> 20);
            let value: serde_json::Value = serde_json::from_slice(&std::fs::read(path)?)?;
            // The version first: what another one has is no fault of the file.
            match value["format"].as_u64() {
                Some(format) if format == u64::from(FORMAT) => {}
                Some(format) => {
                    bail!("it has format {format}, and this program reads {FORMAT}: grade the class again")
                }
                None => bail!("it is no class report: its format is missing"),
            }
            let report: Self = serde_json::from_value(value)?;
            report.check()?;
            Ok(report)
        };
        read().with_context(|| format!("cannot read {}", path.display()))
    }

    /// Writes the report, whole or not at all.
    ///
    /// # Errors
    /// Names the file.
    pub fn write(&self, path: &Path) -> Result<()> {
        let mut text = serde_json::to_vec_pretty(self).context("a class report is JSON")?;
        text.push(b'\n');
        store::write_whole(path, &text)
    }

    /// That no learner and no exercise is there twice.
    ///
    /// # Errors
    /// Names the one who is.
    pub fn check(&self) -> Result<()> {
        let mut seen = std::collections::BTreeSet::new();
        for entry in &self.entries {
            let id = &entry.learner.id;
            ensure!(seen.insert(id), "the learner {id:?} is there twice");
            let mut exercises = std::collections::BTreeSet::new();
            let twice = entry
                .results
                .iter()
                .find(|result| !exercises.insert(&result.name));
            ensure!(
                twice.is_none(),
                "the learner {id:?} has {:?} twice",
                twice.map_or("", |result| &result.name)
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::class::fixture;

    fn error(text: &str) -> String {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(NAME);
        std::fs::write(&path, text).unwrap();
        format!("{:#}", ClassReport::read(&path).unwrap_err())
    }

    #[test]
    fn what_is_written_is_read() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(NAME);
        let class = fixture::class();
        class.write(&path).unwrap();
        let read = ClassReport::read(&path).unwrap();
        assert_eq!(
            serde_json::to_value(&read).unwrap(),
            serde_json::to_value(&class).unwrap()
        );
    }

    #[test]
    fn another_version_says_so() {
        assert!(error("{\"format\": 99}").contains("it has format 99, and this program reads 1"));
        assert!(error("{}").contains("no class report"));
        assert!(error("{\"format\": 1").contains("class.json"));
    }

    #[test]
    fn nobody_is_there_twice() {
        let mut class = fixture::class();
        class.entries[1].learner.id = "s001".to_owned();
        assert!(error(&serde_json::to_string(&class).unwrap()).contains("\"s001\" is there twice"));
    }
}
