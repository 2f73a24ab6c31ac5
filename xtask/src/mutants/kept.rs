//! What is known of mutants from earlier runs, by the hash of their sources.
//!
//! ```text
//! target/grade/mutants/NAME.json     {"fates": {HASH: {"fate": "caught", "test": …, "proof": …}, …}}
//! ```
//!
//! A catch is believed as long as the test that made it reads as it did then, whatever other tests do: a new test makes
//! only the survivors run again. A miss is believed as long as nothing at all has changed. `--fresh` believes nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::Fate;
use crate::catalogue::{Exercise, Test};
use crate::store::write_whole;
use crate::submission::Submission;

/// The fates of one exercise's mutants.
pub struct Kept {
    path: PathBuf,
    file: File,
    /// Each test's source, as a hash, by full name.
    tests: BTreeMap<String, String>,
}

#[derive(Default, Serialize, Deserialize)]
struct File {
    fates: BTreeMap<String, Entry>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Entry {
    #[serde(flatten)]
    fate: Fate,
    /// What must be the same for it to hold still: of a catch the test, of a miss everything.
    proof: String,
}

impl Kept {
    /// What is kept in `directory` about `exercise`, whose files are below `root`. A damaged file is as good as none.
    ///
    /// # Errors
    /// When a test cannot be read.
    pub fn load(directory: &Path, root: &Path, exercise: &Exercise) -> Result<Self> {
        let path = directory.join(format!("{}.json", exercise.name));
        let bytes = std::fs::read(&path).unwrap_or_default();
        let tests = exercise
            .tests
            .iter()
            .map(|test| Ok((test.full_name(), source_hash(&root.join(&exercise.dir), test)?)))
            .collect::<Result<_>>()?;
        Ok(Self {
            path,
            file: serde_json::from_slice(&bytes).unwrap_or_default(),
            tests,
        })
    }

    /// The fate of the mutant with this hash, if it still holds; `key` is the hash of everything.
    pub fn find(&self, hash: &str, key: &str) -> Option<Fate> {
        let entry = self.file.fates.get(hash)?;
        (self.proof(&entry.fate, key)? == entry.proof).then(|| entry.fate.clone())
    }

    /// Whether the mutant had been missed, under whatever tests.
    pub fn was_missed(&self, hash: &str) -> bool {
        let entry = self.file.fates.get(hash);
        entry.is_some_and(|entry| entry.fate == Fate::Missed)
    }

    /// Keeps a fate, on disk too.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&mut self, hash: &str, key: &str, fate: &Fate) -> Result<()> {
        let proof = self.proof(fate, key).unwrap_or_default().to_owned();
        let fate = fate.clone();
        self.file.fates.insert(hash.to_owned(), Entry { fate, proof });
        self.write()
    }

    /// Forgets all but these.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn retain(&mut self, hashes: &[String]) -> Result<()> {
        self.file.fates.retain(|hash, _| hashes.contains(hash));
        self.write()
    }

    fn proof<'a>(&'a self, fate: &Fate, key: &'a str) -> Option<&'a str> {
        match fate {
            Fate::Caught { test } => self.tests.get(test).map(String::as_str),
            Fate::Missed => Some(key),
            // The same sources do not compile the next time either.
            Fate::Unviable => Some(""),
        }
    }

    fn write(&self) -> Result<()> {
        let text = serde_json::to_vec(&self.file).context("fates are JSON")?;
        write_whole(&self.path, &text)
    }
}

/// The hash that a mutant is known by: that of its sources.
pub fn hash(submission: &Submission) -> String {
    let mut hasher = blake3::Hasher::new();
    for (name, bytes) in &submission.files {
        crate::stage::hash_file(&mut hasher, Path::new(name), bytes);
    }
    hasher.finalize().to_string()
}

/// The hash of a test's lines: from the one with its name to the brace below it.
fn source_hash(directory: &Path, test: &Test) -> Result<String> {
    let text = crate::catalogue::read(&directory.join(&test.file))?;
    let mut lines = text.lines().skip(test.line.saturating_sub(1));
    let first = lines.next().unwrap_or_default();
    let indent = &first[..first.len() - first.trim_start().len()];
    let end = format!("{indent}}}");
    let mut hasher = blake3::Hasher::new();
    hasher.update(first.as_bytes());
    for line in lines.take_while(|line| *line != end) {
        hasher.update(b"\n").update(line.as_bytes());
    }
    Ok(hasher.finalize().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::inventory;

    fn source(text: &str) -> Vec<String> {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir(directory.path().join("tests")).unwrap();
        std::fs::write(directory.path().join("tests/open.rs"), text).unwrap();
        let tests = inventory::load(directory.path()).unwrap();
        let hashes = tests
            .iter()
            .map(|test| source_hash(directory.path(), test).unwrap());
        hashes.collect()
    }

    #[test]
    fn only_the_test_that_changed_has_another_hash() {
        let text = "#[phase7::test(points = 1, rule = 1)]\nfn a() {\n    one();\n}\n\n#[phase7::test(points = 1, rule = 1)]\nfn b() {\n    two();\n}\n";
        let before = source(text);
        let after = source(&text.replace("two", "three"));
        assert_eq!(before[0], after[0]);
        assert_ne!(before[1], after[1]);
        let moved = source(&format!("// A line above.\n{text}"));
        assert_eq!(before, moved);
    }

    #[test]
    fn a_catch_outlives_other_tests_and_a_miss_does_not() {
        let directory = tempfile::tempdir().unwrap();
        let mut kept = Kept {
            path: directory.path().join("a.json"),
            file: File::default(),
            tests: [("open::t".to_owned(), "1".to_owned())].into(),
        };
        let caught = Fate::Caught {
            test: "open::t".to_owned(),
        };
        kept.keep("m1", "before", &caught).unwrap();
        kept.keep("m2", "before", &Fate::Missed).unwrap();
        assert_eq!(kept.find("m1", "after"), Some(caught));
        assert_eq!(kept.find("m2", "before"), Some(Fate::Missed));
        assert_eq!(kept.find("m2", "after"), None);
        assert!(kept.was_missed("m2"));
        kept.tests.insert("open::t".to_owned(), "2".to_owned());
        assert_eq!(kept.find("m1", "after"), None);
    }
}
