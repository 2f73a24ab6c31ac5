//! Everything that is made of a graded class, in one directory.
//!
//! ```text
//! class.json                          the report itself; what the next grading is compared with
//! gradebook.csv  gradebook-long.csv   points
//! matrix.csv     matrix.html          tests by learner: the instructor's
//! analytics.md   analytics.html       what fails, what waits: the instructor's
//! regrade.csv                         what changed, when there was a report before
//! feedback/ID.md feedback/ID.html     each learner's own
//! ```
//!
//! Each file is there whole or not at all. `class.json` comes last: a run that was ended before it is made again
//! still knows what it is compared with.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Result;
use jiff::Timestamp;

use super::analytics::{self, Figures};
use super::feedback::{self, Feedback, Others};
use super::grade::{LearnerGrades, grades};
use super::policy::Policy;
use super::regrade::{self, Changes};
use super::{ClassReport, file, gradebook, matrix};
use crate::store;

/// What was written, for the terminal.
pub struct Written {
    /// Where.
    pub directory: PathBuf,
    /// The files in it, without those in `feedback/`.
    pub files: Vec<String>,
    /// How many learners have feedback.
    pub feedback: usize,
    /// What changed since the report that was there; nothing when there was none.
    pub changes: Option<Changes>,
    /// What an instructor should know.
    pub warnings: Vec<String>,
}

/// Writes everything about `report` into `directory`, as `policy` says at `now`.
///
/// # Errors
/// When a file cannot be written, or a learner is there twice.
pub fn write_all(report: &ClassReport, policy: &Policy, now: Timestamp, directory: &Path) -> Result<Written> {
    report.check()?;
    let mut written = Written {
        directory: directory.to_owned(),
        files: Vec::new(),
        feedback: report.entries.len(),
        changes: None,
        warnings: policy.warnings(report),
    };
    let grades = grades(report, policy);
    let figures = Figures::new(&grades);
    let mut files = vec![
        (
            "gradebook.csv",
            gradebook::text(&report.exercises, &grades, policy)?,
        ),
        ("gradebook-long.csv", gradebook::long::text(&grades)?),
        ("matrix.csv", matrix::text(&grades)?),
        ("matrix.html", matrix::page::text(&grades)),
        ("analytics.md", analytics::markdown(&figures)),
        ("analytics.html", analytics::page(&figures)),
    ];
    match before(directory) {
        Ok(Some(before)) => {
            let changes = regrade::changes(&before, report);
            files.push(("regrade.csv", changes.csv()?));
            written.changes = Some(changes);
        }
        Ok(None) => {}
        Err(error) => written
            .warnings
            .push(format!("not compared with the last grading: {error:#}")),
    }
    for (name, text) in &files {
        store::write_whole(&directory.join(name), text.as_bytes())?;
        written.files.push((*name).to_owned());
    }
    let left = write_feedback(report, &grades, policy, now, &directory.join("feedback"))?;
    written.warnings.extend(left);
    report.write(&directory.join(file::NAME))?;
    written.files.insert(0, file::NAME.to_owned());
    Ok(written)
}

/// The report that was there.
fn before(directory: &Path) -> Result<Option<ClassReport>> {
    let path = directory.join(file::NAME);
    if !path.exists() {
        return Ok(None);
    }
    ClassReport::read(&path).map(Some)
}

/// Writes two files for each learner. Returns a warning when files of somebody else are in the directory: whoever
/// sends them on would send what is out of date.
fn write_feedback(
    report: &ClassReport,
    grades: &[LearnerGrades],
    policy: &Policy,
    now: Timestamp,
    directory: &Path,
) -> Result<Option<String>> {
    let others = Others::of(report);
    let names = feedback::names(grades.iter().map(|learner| learner.entry.learner.id.as_str()));
    let mut own = BTreeSet::new();
    for (name, learner) in names.iter().zip(grades) {
        let feedback = Feedback::new(learner, policy, now, &others);
        for (ending, text) in [("md", feedback.markdown()), ("html", feedback.page())] {
            let file = format!("{name}.{ending}");
            store::write_whole(&directory.join(&file), text.as_bytes())?;
            own.insert(file);
        }
    }
    let there = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let left = there.filter(|entry| entry.file_name().to_str().is_none_or(|name| !own.contains(name)));
    Ok(match left.count() {
        0 => None,
        count => Some(format!(
            "feedback/ also has {count} files of an earlier grading, of learners who are gone"
        )),
    })
}

#[cfg(test)]
mod tests;
