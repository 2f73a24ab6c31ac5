//! `gradebook-long.csv`: a row for each learner and exercise, with the columns that nbgrader's exporter has, for
//! tools that take those.
//!
//! A name is one text here: it is split only where it says how, at the comma of `Family, Given`.

use anyhow::Result;

use crate::class::cell::{Cell, file};
use crate::class::grade::{Grade, LearnerGrades};

const HEADINGS: [&str; 11] = [
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
];

/// The file.
///
/// # Errors
/// As [`file()`].
pub fn text(grades: &[LearnerGrades]) -> Result<String> {
    let rows: Vec<_> = grades
        .iter()
        .flat_map(|learner| learner.exercises.iter().map(|grade| row(learner, grade)))
        .collect();
    file(&HEADINGS.map(str::to_owned), &rows)
}

fn row(learner: &LearnerGrades, grade: &Grade) -> Vec<Cell> {
    let who = &learner.entry.learner;
    let name = who.name.as_deref().unwrap_or_default();
    let (last, first) = name.split_once(", ").unwrap_or((name, ""));
    let due = grade.due.as_ref().map(|due| due.at.to_string());
    let submitted = learner
        .entry
        .submitted
        .as_ref()
        .filter(|_| grade.result().is_some());
    let submitted = submitted.map(|when| when.at.to_string());
    let texts = [
        &grade.info.name,
        due.as_deref().unwrap_or_default(),
        submitted.as_deref().unwrap_or_default(),
        &who.id,
        last,
        first,
        who.email.as_deref().unwrap_or_default(),
    ];
    let marks = [grade.raw, grade.taken, grade.counted, grade.possible];
    let texts = texts.into_iter().map(Cell::text);
    texts.chain(marks.map(Cell::number)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::class::cell::tests::read;
    use crate::class::{fixture, grade};

    #[test]
    fn a_row_for_each_learner_and_exercise() {
        let (mut class, policy) = (fixture::class(), fixture::policy());
        class.entries[4].learner.name = Some("Family, Given".to_owned());
        let rows = read(&text(&grade::grades(&class, &policy)).unwrap());
        assert_eq!(rows.len(), 1 + 30 * 5);
        assert_eq!(rows[0], HEADINGS);
        let late = rows.iter().find(|row| row[3] == fixture::LATE).unwrap();
        assert_eq!(
            late[..6],
            [
                "file-search",
                "2026-11-01T23:00:00Z",
                "2026-11-03T05:00:00Z",
                "s005",
                "Family",
                "Given"
            ]
        );
        let number = |cell: &str| cell.parse::<f64>().unwrap();
        assert!((number(&late[7]) - number(&late[8]) - number(&late[9])).abs() < 1e-9);
    }
}
