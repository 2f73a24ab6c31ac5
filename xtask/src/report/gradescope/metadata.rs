//! `submission_metadata.json`: who handed in, when, and until when it was to be.
//!
//! Gradescope writes the file, but names and addresses in it are what people typed, so each text is made clean, and
//! size and counts have limits. Fields that are not needed are not read.

use std::path::Path;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use serde::Deserialize;

use crate::class::{Learner, Submitted};
use crate::report::plain;
use crate::run::failure::clean;

/// Bytes of the file: the results of earlier submissions are part of it.
const FILE_MAX: u64 = 16 << 20;

/// Members of a group.
const USERS_MAX: usize = 100;

/// Characters of a name or an address.
const TEXT_MAX: usize = 200;

/// What the file says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Metadata {
    /// The submission's own number.
    pub id: Option<u64>,
    /// When it was handed in.
    pub created_at: Option<Timestamp>,
    /// What it was handed in for.
    pub assignment: Assignment,
    /// Who handed it in; several for a group.
    pub users: Vec<User>,
    /// What was handed in before, oldest first.
    pub previous_submissions: Vec<Previous>,
}

/// The assignment.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Assignment {
    /// From when it is late.
    pub due_date: Option<Timestamp>,
    /// Until when a late one is taken.
    pub late_due_date: Option<Timestamp>,
}

/// One of those who handed in.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct User {
    /// Gradescope's number.
    pub id: u64,
    /// The address.
    pub email: Option<String>,
    /// The name.
    pub name: Option<String>,
}

/// An earlier submission.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Previous {
    /// When it was handed in.
    pub submission_time: Option<Timestamp>,
}

impl Metadata {
    /// Reads the file.
    ///
    /// # Errors
    /// When it cannot be read, is too large, or is not what Gradescope writes.
    pub fn read(path: &Path) -> Result<Self> {
        let shown = path.display();
        let bytes = crate::store::read_at_most(path, FILE_MAX)?;
        let mut metadata: Self = serde_json::from_slice(&bytes)
            .with_context(|| format!("{shown} is no submission_metadata.json of Gradescope's"))?;
        if metadata.users.len() > USERS_MAX {
            bail!("{shown} names more than {USERS_MAX} users");
        }
        for user in &mut metadata.users {
            for text in [&mut user.email, &mut user.name].into_iter().flatten() {
                *text = plain::cut(&clean(text), TEXT_MAX);
            }
        }
        Ok(metadata)
    }

    /// Whose submission it is: a group is one learner, with all its members' numbers.
    pub fn learner(&self) -> Learner {
        let texts = |text: fn(&User) -> Option<&String>| -> Option<String> {
            let texts: Vec<_> = self.users.iter().filter_map(text).map(String::as_str).collect();
            (!texts.is_empty()).then(|| texts.join(", "))
        };
        let mut ids: Vec<_> = self.users.iter().map(|user| user.id).collect();
        ids.sort_unstable();
        let ids: Vec<_> = ids.iter().map(u64::to_string).collect();
        Learner {
            id: ids.join("+"),
            name: texts(|user| user.name.as_ref()),
            email: texts(|user| user.email.as_ref()),
        }
    }

    /// When it was handed in.
    pub fn submitted(&self) -> Option<Submitted> {
        self.created_at.map(|at| Submitted {
            at,
            told_by: "submission_metadata.json".to_owned(),
        })
    }

    /// Seconds after the due date, 0 when it was in time; nothing when either is not known.
    pub fn late_seconds(&self) -> Option<i64> {
        let (at, due) = (self.created_at?, self.assignment.due_date?);
        Some(at.as_second().saturating_sub(due.as_second()).max(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Result<Metadata> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("submission_metadata.json");
        std::fs::write(&path, text).unwrap();
        Metadata::read(&path)
    }

    const SAMPLE: &str = r#"{
      "id": 123456, "created_at": "2026-07-01T14:22:32.365935-07:00", "submission_method": "upload",
      "assignment": {"due_date": "2026-07-31T23:00:00.000000-07:00", "late_due_date": null, "group_size": 4,
        "group_submission": true, "id": 25828, "course_id": 1234, "title": "Modules", "total_points": "20.0"},
      "users": [{"email": "s002@example.org", "id": 12, "name": "s\u001b[31m002"},
                {"email": "s001@example.org", "id": 7, "name": "s001"}],
      "previous_submissions": [{"submission_time": "2026-06-06T14:24:48.087023-07:00", "score": 0.0,
        "autograder_error": false, "results": {"tests": []}}]
    }"#;

    #[test]
    fn a_group_is_one_learner() {
        let metadata = read(SAMPLE.as_bytes()).unwrap();
        let learner = metadata.learner();
        assert_eq!(learner.id, "7+12");
        assert_eq!(learner.name.as_deref(), Some("s\\u{1b}[31m002, s001"));
        assert_eq!(metadata.previous_submissions.len(), 1);
        let submitted = metadata.submitted().unwrap();
        assert_eq!(submitted.at.to_string(), "2026-07-01T21:22:32.365935Z");
        assert_eq!(metadata.late_seconds(), Some(0));
    }

    #[test]
    fn a_damaged_or_endless_file_is_an_error_that_names_it() {
        let damaged = read(b"{\"users\": 1}").unwrap_err();
        assert!(
            format!("{damaged:#}").contains("submission_metadata.json"),
            "{damaged:#}"
        );
        let huge = read(&vec![b' '; (FILE_MAX + 1) as usize]).unwrap_err();
        assert!(huge.to_string().contains("larger than"), "{huge:#}");
        let crowd = format!(
            "{{\"users\": [{}]}}",
            vec!["{\"id\": 1}"; USERS_MAX + 1].join(",")
        );
        assert!(read(crowd.as_bytes()).is_err());
    }
}
