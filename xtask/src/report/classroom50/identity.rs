//! Whose result it is, and of which commit: what classroom50's runner knows, in a small JSON file.
//!
//! ```json
//! {
//!   "classroom": "systems-2026", "assignment": "module-31", "assignment_type": "individual", "owner": "s001",
//!   "submission": "submit/20260726T140000Z-0a1b2c3", "commit": "https://…", "release": "https://…",
//!   "review": "https://…", "datetime": "2026-07-26T14:00:00Z",
//!   "submitted_by": {"username": "s001", "id": 7}
//! }
//! ```
//!
//! `submitted_by` may be absent, and nothing else. The collector refuses a document with an empty or misshapen
//! field, and then a learner has no score: so these are refused here, before anything is graded.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::run::failure::clean;

/// Bytes of the file.
const FILE_MAX: u64 = 64 << 10;

/// Characters of one field.
const FIELD_MAX: usize = 2000;

/// What the file says; the fields are classroom50's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The classroom's short name.
    pub classroom: String,
    /// The assignment's.
    pub assignment: String,
    /// Whether one learner hands in, or a group.
    pub assignment_type: AssignmentType,
    /// The account whose repository was graded.
    pub owner: String,
    /// The tag that was graded: `submit/…`.
    pub submission: String,
    /// A link to the commit.
    pub commit: String,
    /// A link to the release.
    pub release: String,
    /// A link to the whole difference; the commit's when there is nothing to compare.
    pub review: String,
    /// When it was handed in: the commit's time, in whole seconds of UTC.
    pub datetime: String,
    /// Who pushed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submitted_by: Option<SubmittedBy>,
}

/// Whether one learner hands in, or a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AssignmentType {
    /// One learner.
    Individual,
    /// Several.
    Group,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubmittedBy {
    /// Its name.
    pub username: String,
    /// Its number.
    pub id: Option<u64>,
}

impl Identity {
    /// Reads the file.
    ///
    /// # Errors
    /// When it cannot be read, or the collector would not take what it says; names the field.
    pub fn read(path: &Path) -> Result<Self> {
        let shown = path.display();
        let bytes = crate::store::read_at_most(path, FILE_MAX)?;
        let identity: Self = serde_json::from_slice(&bytes)
            .with_context(|| format!("{shown} does not say whose result it is"))?;
        identity
            .check()
            .with_context(|| format!("{shown} does not say whose result it is"))?;
        Ok(identity)
    }

    /// Holds each field against what the collector asks of it.
    fn check(&self) -> Result<()> {
        let fields = [
            ("classroom", &self.classroom),
            ("assignment", &self.assignment),
            ("owner", &self.owner),
            ("submission", &self.submission),
            ("commit", &self.commit),
            ("release", &self.release),
            ("review", &self.review),
            ("datetime", &self.datetime),
        ];
        let username = self
            .submitted_by
            .as_ref()
            .map(|by| ("submitted_by.username", &by.username));
        for (name, value) in fields.into_iter().chain(username) {
            ensure!(!value.is_empty(), "`{name}` is empty");
            ensure!(value.chars().nth(FIELD_MAX).is_none(), "`{name}` is too long");
            let is_plain = clean(value) == *value && !value.contains(['\n', '\t']);
            ensure!(is_plain, "`{name}` has control characters");
        }
        ensure!(
            self.submission.starts_with("submit/"),
            "`submission` does not start with submit/"
        );
        let is_time = self.datetime.parse::<Timestamp>().is_ok();
        ensure!(
            is_time && self.datetime.len() == "2026-07-26T14:00:00Z".len() && self.datetime.ends_with('Z'),
            "`datetime` is not of the form 2026-07-26T14:00:00Z"
        );
        Ok(())
    }
}

#[cfg(test)]
impl Identity {
    /// One that is taken.
    pub fn sample() -> Self {
        Self {
            classroom: "systems-2026".to_owned(),
            assignment: "module-31".to_owned(),
            assignment_type: AssignmentType::Individual,
            owner: "s001".to_owned(),
            submission: "submit/20260726T140000Z-0a1b2c3".to_owned(),
            commit: "https://example.org/commit/0a1b2c3".to_owned(),
            release: "https://example.org/release".to_owned(),
            review: "https://example.org/compare".to_owned(),
            datetime: "2026-07-26T14:00:00Z".to_owned(),
            submitted_by: Some(SubmittedBy {
                username: "s001".to_owned(),
                id: None,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(change: impl Fn(&mut serde_json::Value)) -> Result<Identity> {
        let mut value = serde_json::to_value(Identity::sample()).unwrap();
        change(&mut value);
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), value.to_string()).unwrap();
        Identity::read(file.path())
    }

    #[test]
    fn what_the_collector_takes_is_taken() {
        assert_eq!(read(|_| ()).unwrap(), Identity::sample());
        let anonymous = read(|value| drop(value.as_object_mut().unwrap().remove("submitted_by"))).unwrap();
        assert_eq!(anonymous.submitted_by, None);
    }

    #[test]
    fn what_it_refuses_is_refused_by_name() {
        for (field, value) in [
            ("owner", ""),
            ("submission", "main"),
            ("datetime", "2026-07-26T14:00:00.5Z"),
            ("datetime", "2026-07-26T14:00:00+02"),
            ("datetime", "2026-13-26T14:00:00Z"),
            ("classroom", "a\nb"),
            ("assignment_type", "pair"),
            ("surprise", "x"),
        ] {
            let error = read(|identity| identity[field] = value.into()).unwrap_err();
            let said = format!("{error:#}");
            assert!(said.contains(field) || said.contains(value), "{field}: {said}");
        }
    }
}
