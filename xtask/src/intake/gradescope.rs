//! Gradescope's export: `submission_metadata.yml` beside folders `submission_123456/`, unpacked already.
//!
//! ```yaml
//! submission_123456:
//!   :submitters:
//!   - :name: …
//!     :sid: '…'
//!     :email: …
//!   :created_at: 2026-11-02 13:05:59.000000000 Z
//! ```
//!
//! The keys are a Ruby program's, colon and all. A submission with several submitters counts for each of them.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::platform::Claim;
use super::roster::is_id;
use crate::class::Submitted;
use crate::run::failure::clean;

/// The file that says whose the folders are.
pub const METADATA: &str = "submission_metadata.yml";

#[derive(Deserialize)]
struct Submission {
    #[serde(rename = ":submitters", default)]
    submitters: Vec<Submitter>,
    #[serde(rename = ":created_at")]
    created_at: Option<String>,
}

#[derive(Deserialize)]
struct Submitter {
    #[serde(rename = ":name")]
    name: Option<String>,
    #[serde(rename = ":sid")]
    sid: Option<String>,
    #[serde(rename = ":email")]
    email: Option<String>,
}

/// The claims on each folder.
///
/// # Errors
/// When the file is not as Gradescope writes it.
pub fn claims(text: &str) -> Result<BTreeMap<String, Vec<Claim>>> {
    let submissions: BTreeMap<String, Submission> =
        serde_saphyr::from_str(text).with_context(|| format!("{METADATA} cannot be parsed"))?;
    Ok(submissions
        .into_iter()
        .map(|(folder, submission)| {
            let at = submission.created_at.as_deref().and_then(timestamp);
            let submitted = at.map(|at| Submitted {
                at,
                told_by: METADATA.to_owned(),
            });
            let claims = submission
                .submitters
                .iter()
                .filter_map(|submitter| submitter.claim(&folder, submitted.as_ref()));
            let claims = claims.collect();
            (folder, claims)
        })
        .collect())
}

impl Submitter {
    fn claim(&self, folder: &str, submitted: Option<&Submitted>) -> Option<Claim> {
        let text = |field: &Option<String>| {
            let text = clean(field.as_deref().unwrap_or_default());
            Some(text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        let (name, email) = (text(&self.name), text(&self.email));
        let keys: Vec<_> = [text(&self.sid), email.clone(), name.clone()]
            .into_iter()
            .flatten()
            .filter(|key| is_id(key))
            .collect();
        (!keys.is_empty()).then(|| Claim {
            keys,
            name,
            email,
            attempt: format!("gradescope {folder}"),
            submitted: submitted.cloned(),
            ..Claim::default()
        })
    }
}

/// Ruby's time, `2026-11-02 13:05:59.000000000 Z` or `… -07:00`: RFC 3339 but for its spaces.
fn timestamp(text: &str) -> Option<jiff::Timestamp> {
    let parts: Vec<_> = text.split_whitespace().collect();
    match parts[..] {
        [date, time, zone] => format!("{date}T{time}{zone}").parse().ok(),
        _ => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn submitters_and_time_are_read() {
        let text = "submission_1:\n  :submitters:\n  - :name: Learner A\n    :sid: '00100'\n    :email: a@example.org\n  \
                    :created_at: 2026-11-02 13:05:59.500000000 Z\n  :score: 3.0\n  :history:\n  - :id: 7\n\
                    submission_2:\n  :submitters:\n  - :name: Learner B\n    :sid:\n  - :sid: 7\n  :created_at: 2026-11-02 13:05:59 -07:00\n\
                    submission_3:\n  :submitters: []\n";
        let claims = claims(text).unwrap();
        let first = &claims["submission_1"][0];
        assert_eq!(first.keys, ["00100", "a@example.org", "Learner A"]);
        let submitted = first.submitted.as_ref().unwrap();
        assert_eq!(
            (submitted.at.to_string().as_str(), submitted.told_by.as_str()),
            ("2026-11-02T13:05:59.5Z", METADATA)
        );
        let second = &claims["submission_2"];
        assert_eq!(
            (second[0].keys[0].as_str(), second[1].keys[0].as_str()),
            ("Learner B", "7")
        );
        assert_eq!(
            second[0].submitted.as_ref().unwrap().at.to_string(),
            "2026-11-02T20:05:59Z"
        );
        assert!(claims["submission_3"].is_empty());
    }

    #[test]
    fn what_is_no_such_file_is_an_error() {
        assert!(claims("- a\n- b\n").is_err());
        assert!(claims("a: [").is_err());
    }
}
