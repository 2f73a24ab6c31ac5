//! What a second grading changed: verdicts and points, learner by learner.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::cell::{Cell, file};
use super::{ClassReport, EntryReport};
use crate::report::words;
use crate::score::ExerciseResult;

/// The differences between two reports.
#[derive(Debug, Default)]
pub struct Changes {
    /// Whether the course or the grader is another one than before.
    pub course_differs: bool,
    /// Who was not there before.
    pub new: Vec<String>,
    /// Who was there before.
    pub gone: Vec<String>,
    /// One for each verdict that changed, in the order of learners and tests.
    pub verdicts: Vec<Change>,
}

/// One verdict that changed.
#[derive(Debug, PartialEq, Eq)]
pub struct Change {
    /// The learner's id.
    pub learner: String,
    /// The exercise.
    pub exercise: String,
    /// The test; empty when the exercise as a whole stands otherwise.
    pub test: String,
    /// The word before, and its points.
    pub from: (String, u32),
    /// The word now, and its points.
    pub to: (String, u32),
}

/// What `now` says otherwise than `before`. Times and the words of failures are not compared.
pub fn changes(before: &ClassReport, now: &ClassReport) -> Changes {
    let ids = |class: &ClassReport| -> BTreeSet<String> {
        class
            .entries
            .iter()
            .map(|entry| entry.learner.id.clone())
            .collect()
    };
    let (old, new) = (ids(before), ids(now));
    let mut changes = Changes {
        course_differs: before.course != now.course,
        new: new.difference(&old).cloned().collect(),
        gone: old.difference(&new).cloned().collect(),
        verdicts: Vec::new(),
    };
    let known: BTreeMap<_, _> = before
        .entries
        .iter()
        .map(|entry| (&entry.learner.id, entry))
        .collect();
    for entry in &now.entries {
        if let Some(before) = known.get(&entry.learner.id) {
            learner(before, entry, &mut changes.verdicts);
        }
    }
    changes
}

fn learner(before: &EntryReport, now: &EntryReport, changes: &mut Vec<Change>) {
    let results = |entry: &'_ EntryReport| {
        entry
            .results
            .iter()
            .map(|result| result.name.clone())
            .collect::<Vec<_>>()
    };
    let mut names = results(now);
    names.extend(
        results(before)
            .into_iter()
            .filter(|name| !names.contains(name))
            .collect::<Vec<_>>(),
    );
    for name in &names {
        let old = before.results.iter().find(|result| result.name == *name);
        let new = now.results.iter().find(|result| result.name == *name);
        exercise(&now.learner.id, name, old, new, changes);
    }
}

/// The tests of an exercise that changed; the exercise itself when none did and it stands otherwise all the same.
fn exercise(
    learner: &str,
    name: &str,
    before: Option<&ExerciseResult>,
    now: Option<&ExerciseResult>,
    changes: &mut Vec<Change>,
) {
    let change = |test: &str, from: (String, u32), to: (String, u32)| Change {
        learner: learner.to_owned(),
        exercise: name.to_owned(),
        test: test.to_owned(),
        from,
        to,
    };
    let whole = |result: Option<&ExerciseResult>| match result {
        Some(result) => (words::state(result).to_owned(), result.points.earned),
        None => ("not handed in".to_owned(), 0),
    };
    let start = changes.len();
    if let (Some(before), Some(now)) = (before, now) {
        let (old, new) = (verdicts(before), verdicts(now));
        let absent = || ("not there".to_owned(), 0);
        let gone = old
            .iter()
            .filter(|(name, _)| !new.iter().any(|(known, _)| known == name));
        for (test, _) in new.iter().chain(gone) {
            let of = |verdicts: &[(&str, (String, u32))]| {
                let found = verdicts.iter().find(|(name, _)| name == test);
                found.map_or_else(absent, |(_, verdict)| verdict.clone())
            };
            let (from, to) = (of(&old), of(&new));
            if from != to {
                changes.push(change(test, from, to));
            }
        }
    }
    let (from, to) = (whole(before), whole(now));
    if changes.len() == start && from != to {
        changes.push(change("", from, to));
    }
}

/// The tests' names, and word and points of each.
fn verdicts(result: &ExerciseResult) -> Vec<(&str, (String, u32))> {
    let verdict = |test: &'_ crate::score::TestResult| (words::verdict(test), test.earned);
    result
        .tests
        .iter()
        .map(|test| (test.name.as_str(), verdict(test)))
        .collect()
}

impl Changes {
    /// Whether nothing did.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.gone.is_empty() && self.verdicts.is_empty()
    }

    /// `regrade.csv`: learner, exercise, test, from, to, points before, points now.
    ///
    /// # Errors
    /// As [`file()`].
    pub fn csv(&self) -> Result<String> {
        let headings = [
            "learner",
            "exercise",
            "test",
            "from",
            "to",
            "points before",
            "points now",
        ];
        let row = |change: &Change| {
            let texts = [
                &change.learner,
                &change.exercise,
                &change.test,
                &change.from.0,
                &change.to.0,
            ];
            let mut row: Vec<_> = texts.into_iter().map(|text| Cell::text(text)).collect();
            row.extend([change.from.1, change.to.1].map(Cell::number));
            row
        };
        let rows: Vec<_> = self.verdicts.iter().map(row).collect();
        file(&headings.map(str::to_owned), &rows)
    }
}

#[cfg(test)]
mod tests;
