//! `gradebook.csv`: a row for each learner; and, in [`long`], a row for each learner and exercise.
//!
//! ```text
//! id, name, email, submitted, status, NAME raw, NAME late, NAME final, …, raw, late, final, possible, per cent,
//! review, notes
//! ```
//!
//! `raw` is what the evidence earned, `late` what lateness takes of it, `final` the difference. Nothing in the files
//! tells when or how fast they were made: the same class and policy give the same bytes.

pub mod long;

use anyhow::Result;

use super::ExerciseInfo;
use super::cell::{Cell, file};
use super::grade::{Grade, Lateness, LearnerGrades};
use super::policy::Policy;

/// The file.
///
/// # Errors
/// As [`file()`].
pub fn text(exercises: &[ExerciseInfo], grades: &[LearnerGrades], policy: &Policy) -> Result<String> {
    let mut headings = ["id", "name", "email", "submitted", "status"]
        .map(str::to_owned)
        .to_vec();
    for exercise in exercises {
        headings.extend(["raw", "late", "final"].map(|part| format!("{} {part}", exercise.name)));
    }
    let last = ["raw", "late", "final", "possible", "per cent", "review", "notes"];
    headings.extend(last.map(str::to_owned));
    let rows: Vec<_> = grades.iter().map(|learner| row(learner, policy)).collect();
    file(&headings, &rows)
}

fn row(learner: &LearnerGrades, policy: &Policy) -> Vec<Cell> {
    let entry = learner.entry;
    let mut row = vec![
        Cell::text(&entry.learner.id),
        Cell::text(entry.learner.name.as_deref().unwrap_or_default()),
        Cell::text(entry.learner.email.as_deref().unwrap_or_default()),
        Cell::text(
            &entry
                .submitted
                .as_ref()
                .map(|when| when.at.to_string())
                .unwrap_or_default(),
        ),
        Cell::text(learner.status()),
    ];
    for grade in &learner.exercises {
        row.extend([grade.raw, grade.taken, grade.counted].map(Cell::number));
    }
    let totals = [
        learner.raw(),
        learner.taken(),
        learner.counted(),
        learner.possible(),
        learner.percent(),
    ];
    row.extend(totals.map(Cell::number));
    let review: Vec<_> = learner
        .for_review()
        .map(|grade| grade.info.name.as_str())
        .collect();
    row.push(Cell::text(&review.join(", ")));
    row.push(Cell::text(&notes(learner, policy).join("; ")));
    row
}

/// What an instructor should know beside the numbers.
fn notes(learner: &LearnerGrades, policy: &Policy) -> Vec<String> {
    let mut notes: Vec<String> = learner
        .entry
        .refusal
        .iter()
        .map(|why| format!("refused: {why}"))
        .collect();
    if learner
        .exercises
        .iter()
        .any(|grade| grade.lateness == Lateness::TimeUnknown)
    {
        notes.push("time unknown, taken as on time".to_owned());
    }
    // The same remark about several exercises is made once, and without their names when it is about all.
    let handed: Vec<_> = learner
        .exercises
        .iter()
        .filter(|grade| grade.result().is_some())
        .collect();
    let mut about: Vec<(String, Vec<&str>)> = Vec::new();
    for grade in &handed {
        for remark in remarks(grade, policy) {
            match about.iter_mut().find(|(known, _)| *known == remark) {
                Some((_, names)) => names.push(&grade.info.name),
                None => about.push((remark, vec![&grade.info.name])),
            }
        }
    }
    notes.extend(about.into_iter().map(|(remark, names)| match names.len() {
        count if count == handed.len() => remark,
        _ => format!("{}: {remark}", names.join(", ")),
    }));
    notes.extend(learner.entry.notes.iter().cloned());
    notes
}

fn remarks(grade: &Grade, policy: &Policy) -> impl Iterator<Item = String> {
    let late = grade
        .lateness
        .words(&policy.late)
        .filter(|_| grade.lateness != Lateness::TimeUnknown);
    let extended = grade.due.as_ref().filter(|due| due.is_extended).map(|due| {
        let reason = due
            .reason
            .as_ref()
            .map_or_else(String::new, |reason| format!(" ({reason})"));
        format!("extended to {}{reason}", policy.shown(due.at))
    });
    // What has been decided about has been read.
    let read = match &grade.decision {
        Some(decision) => Some(decision.words()),
        None => grade
            .result()
            .and_then(|result| result.flag.as_ref())
            .map(|flag| format!("to be read: {flag}")),
    };
    late.into_iter().chain(extended).chain(read)
}

#[cfg(test)]
mod tests;
