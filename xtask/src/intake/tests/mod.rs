//! The intake as a whole: classes made here, and what becomes of each learner.

mod attempts;
mod forms;
mod hostile;

use std::collections::BTreeMap;

use super::sample::{self, folder, zip};
use super::*;

/// A class in a directory of its own, taken in.
struct Class {
    directory: tempfile::TempDir,
    only: Option<&'static str>,
    roster: Option<String>,
}

impl Class {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir(directory.path().join("class")).unwrap();
        Self {
            directory,
            only: None,
            roster: None,
        }
    }

    fn folder(self, name: &str, files: &[(&str, &str)]) -> Self {
        folder(&self.directory.path().join("class").join(name), files);
        self
    }

    fn file(self, name: &str, bytes: &[u8]) -> Self {
        std::fs::write(self.directory.path().join("class").join(name), bytes).unwrap();
        self
    }

    fn roster(mut self, text: &str) -> Self {
        self.roster = Some(text.to_owned());
        self
    }

    fn only(mut self, name: &'static str) -> Self {
        self.only = Some(name);
        self
    }

    fn take_at(&self, submissions: &Path) -> Result<Vec<Entry>> {
        let (_course_directory, course) = sample::course();
        let roster = self.directory.path().join("roster.csv");
        if let Some(text) = &self.roster {
            std::fs::write(&roster, text).unwrap();
        }
        let sources = Sources {
            submissions: Some(submissions),
            repositories: None,
            roster: self.roster.is_some().then_some(&roster),
            only: self.only,
            scratch: &self.directory.path().join("scratch"),
        };
        take(&course, &sources)
    }

    fn take(&self) -> BTreeMap<String, Entry> {
        let entries = self.take_at(&self.directory.path().join("class")).unwrap();
        entries
            .into_iter()
            .map(|entry| (entry.learner.id.clone(), entry))
            .collect()
    }
}

/// What became of one learner: the files of each exercise, or why not.
fn told(entry: &Entry) -> String {
    if let Some(why) = &entry.refusal {
        return why.clone();
    }
    let exercises = entry
        .exercises
        .iter()
        .map(|(name, submission)| match &submission.refusal {
            Some(why) => format!("{name}: {why}"),
            None => format!(
                "{name}: {}",
                submission.files.keys().cloned().collect::<Vec<_>>().join(" ")
            ),
        });
    exercises.collect::<Vec<_>>().join("; ")
}

/// What becomes of one learner's zip.
fn zipped(files: &[(&str, &[u8])]) -> String {
    told(&Class::new().file("s1.zip", &zip(files)).take()["s1"])
}
