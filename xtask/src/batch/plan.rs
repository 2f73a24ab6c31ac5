//! What was asked for, kept beside the results: the plan that `--resume` goes on with.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use super::Shard;
use crate::store::write_whole;

/// The file within the output directory.
const FILE: &str = "batch.json";

/// One call of `grade --submissions` or `grade --repositories`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The folder or the archive.
    pub submissions: Option<PathBuf>,
    /// The list of repositories.
    pub repositories: Option<PathBuf>,
    /// The class list.
    pub roster: Option<PathBuf>,
    /// Deadlines, extensions, visibility.
    pub policy: Option<PathBuf>,
    /// Exercises or modules; all when empty.
    pub names: Vec<String>,
    /// The part of the class that this call grades.
    pub shard: Option<Shard>,
}

impl Plan {
    /// Keeps the plan in `directory`, which must be new, or empty, or hold results of the same class.
    ///
    /// # Errors
    /// When it holds something else, or cannot be written.
    pub fn keep(&self, directory: &Path) -> Result<()> {
        let plan = Self {
            submissions: absolute(&self.submissions)?,
            repositories: absolute(&self.repositories)?,
            roster: absolute(&self.roster)?,
            policy: absolute(&self.policy)?,
            ..self.clone()
        };
        match Self::load(directory) {
            Ok(kept) if kept.submissions != plan.submissions || kept.repositories != plan.repositories => {
                bail!(
                    "{} holds the results of another class: name another directory with --out",
                    directory.display()
                )
            }
            Ok(_) => {}
            Err(_) if is_empty(directory) => {}
            Err(_) => bail!(
                "{} is not empty and holds no results of a class: name another directory with --out",
                directory.display()
            ),
        }
        let text = serde_json::to_vec_pretty(&plan).context("a plan is JSON")?;
        write_whole(&directory.join(FILE), &text)
    }

    /// The plan of the results in `directory`.
    ///
    /// # Errors
    /// When there is none.
    pub fn load(directory: &Path) -> Result<Self> {
        let path = directory.join(FILE);
        let bytes = std::fs::read(&path).with_context(|| {
            format!(
                "{} holds no results of a class: cannot read {FILE}",
                directory.display()
            )
        })?;
        serde_json::from_slice(&bytes).with_context(|| format!("{} is no plan", path.display()))
    }

    /// Where results go when nobody says: beside what is graded.
    pub fn default_directory(&self) -> PathBuf {
        let source = self.submissions.as_ref().or(self.repositories.as_ref());
        let source = source.map_or_else(|| Path::new("class"), PathBuf::as_path);
        let name = source.file_name().unwrap_or("class".as_ref()).to_string_lossy();
        let stem = [".zip", ".tar", ".tar.gz", ".tgz", ".tar.zst", ".csv"]
            .iter()
            .filter_map(|end| name.strip_suffix(end))
            .min_by_key(|stem| stem.len());
        source.with_file_name(format!("{}-graded", stem.unwrap_or(&name)))
    }
}

fn absolute(path: &Option<PathBuf>) -> Result<Option<PathBuf>> {
    path.as_ref()
        .map(|path| {
            std::path::absolute(path).with_context(|| format!("cannot tell where {} is", path.display()))
        })
        .transpose()
}

fn is_empty(directory: &Path) -> bool {
    std::fs::read_dir(directory).map_or(true, |mut entries| entries.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(submissions: &str) -> Plan {
        Plan {
            submissions: Some(submissions.into()),
            repositories: None,
            roster: None,
            policy: None,
            names: Vec::new(),
            shard: None,
        }
    }

    #[test]
    fn results_stand_beside_what_is_graded() {
        for (source, directory) in [
            ("hw/one", "hw/one-graded"),
            ("hw/one.tar.gz", "hw/one-graded"),
            ("one.zip", "one-graded"),
        ] {
            assert_eq!(plan(source).default_directory(), Path::new(directory));
        }
    }

    #[test]
    fn nothing_of_anybody_elses_is_written_over() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().join("out");
        plan("/a").keep(&out).unwrap();
        plan("/a").keep(&out).unwrap();
        assert_eq!(Plan::load(&out).unwrap(), plan("/a"));
        let error = plan("/b").keep(&out).unwrap_err().to_string();
        assert!(error.contains("another class"), "{error}");
        std::fs::write(directory.path().join("thesis.txt"), "").unwrap();
        let error = plan("/a").keep(directory.path()).unwrap_err().to_string();
        assert!(error.contains("is not empty"), "{error}");
    }
}
