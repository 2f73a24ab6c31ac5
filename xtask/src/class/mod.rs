//! A class: who handed in what, and what it came to.
//!
//! ```text
//! intake → [Entry] → grader → [ClassReport] → policy → gradebook, matrix, feedback, analytics
//! ```
//!
//! [`ClassReport`] is `class.json`, written whole when a batch is done: everything behind it reads that file alone,
//! so that a gradebook can be made again under another policy without grading anything.

pub mod analytics;
mod cell;
pub mod feedback;
pub mod file;
#[cfg(test)]
mod fixture;
pub mod grade;
pub mod gradebook;
pub mod marks;
pub mod matrix;
pub mod merge;
pub mod output;
mod page;
pub mod policy;
pub mod regrade;
mod reviewed;
pub mod summary;
mod text;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::score::ExerciseResult;
use crate::submission::Submission;

/// The version of the JSON that [`ClassReport`] becomes.
pub const FORMAT: u32 = 1;

/// Who a submission belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Learner {
    /// What the roster, the folder or the file calls them; unique in a class.
    pub id: String,
    /// Their name, when a roster or a platform tells it.
    pub name: Option<String>,
    /// Their address, likewise.
    pub email: Option<String>,
}

/// When a submission was handed in, and who says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Submitted {
    /// The moment, in UTC.
    #[schemars(with = "String")]
    pub at: jiff::Timestamp,
    /// Where it is known from: `git commit`, `file name`, `submission_metadata.yml`, `roster`.
    pub told_by: String,
}

/// One learner's submission, taken in and not graded yet.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// Whose it is.
    pub learner: Learner,
    /// The folder, archive or `repository@revision` it came from; absent when nothing was handed in.
    pub source: Option<String>,
    /// When it was handed in, if anything tells.
    pub submitted: Option<Submitted>,
    /// Why nothing of it is taken, if so.
    pub refusal: Option<String>,
    /// What was left aside, by name, and what else an instructor should know. Clean text, and not much of it.
    pub notes: Vec<String>,
    /// The sources, by exercise; an exercise that is not there was not handed in.
    pub exercises: BTreeMap<String, Submission>,
}

/// A graded class.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ClassReport {
    /// [`FORMAT`].
    pub format: u32,
    /// The hash of the course and the grader: two reports can be compared when it is the same.
    pub course: String,
    /// The exercises that were graded, in course order.
    pub exercises: Vec<ExerciseInfo>,
    /// What held the submissions in: the sandbox's layers, by name.
    pub sandbox: Vec<String>,
    /// One for each learner, sorted by [`Learner::id`].
    pub entries: Vec<EntryReport>,
}

/// What a gradebook says about an exercise, whoever did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExerciseInfo {
    /// The package: `file-search`.
    pub name: String,
    /// The module's directory: `31-cli-tools`.
    pub module: String,
    /// The brief's title.
    pub title: String,
    /// What all its tests are worth.
    pub possible: u32,
}

/// One learner's results.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct EntryReport {
    /// Whose they are.
    pub learner: Learner,
    /// See [`Entry::source`].
    pub source: Option<String>,
    /// See [`Entry::submitted`].
    pub submitted: Option<Submitted>,
    /// See [`Entry::refusal`].
    pub refusal: Option<String>,
    /// See [`Entry::notes`].
    pub notes: Vec<String>,
    /// The exercises that were handed in, in course order; what is not here earns nothing.
    pub results: Vec<ExerciseResult>,
}
