//! Which test says what of whom: `matrix.csv`, and the same as a page in [`page`].
//!
//! A row for each test that anyone's result has, a column for each learner. It is the instructor's: hidden tests
//! stand there by name.

pub mod page;

use anyhow::Result;

use super::cell::{Cell, file};
use super::grade::LearnerGrades;
use crate::catalogue::Kind;
use crate::report::words;
use crate::run::Verdict;
use crate::score::TestResult;

/// The tests of one exercise, in file order; wires that tripped come last.
pub struct ExerciseRows<'a> {
    /// Where the exercise stands in [`LearnerGrades::exercises`].
    pub place: usize,
    /// A test of each row, for its name, rule and kind.
    pub tests: Vec<&'a TestResult>,
}

/// The rows. A test that only some results have (a wire, or one of a scope) stands where they have it.
pub fn rows<'a>(grades: &'a [LearnerGrades]) -> Vec<ExerciseRows<'a>> {
    let count = grades.first().map_or(0, |learner| learner.exercises.len());
    (0..count)
        .map(|place| {
            let mut tests: Vec<&TestResult> = Vec::new();
            for result in grades
                .iter()
                .filter_map(|learner| learner.exercises[place].result())
            {
                let mut after = 0;
                for test in &result.tests {
                    match tests.iter().position(|known| known.name == test.name) {
                        Some(known) => after = known + 1,
                        None => {
                            tests.insert(after, test);
                            after += 1;
                        }
                    }
                }
            }
            tests.sort_by_key(|test| test.kind == Kind::Wire);
            ExerciseRows { place, tests }
        })
        .collect()
}

/// What `learner` has for the test called `name`.
pub fn find<'a>(learner: &'a LearnerGrades, place: usize, name: &str) -> Option<&'a TestResult> {
    let result = learner.exercises[place].result()?;
    result.tests.iter().find(|test| test.name == name)
}

/// What to say where a learner has no such test: a wire that did not trip has nothing to say.
pub fn absent(learner: &LearnerGrades, place: usize, test: &TestResult) -> &'static str {
    let grade = &learner.exercises[place];
    match grade.result() {
        _ if test.kind == Kind::Wire => "",
        Some(_) => "not there",
        None => grade.word(),
    }
}

/// A verdict in a letter, and the class of its colour.
pub fn letter(test: &TestResult) -> (char, &'static str) {
    match &test.verdict {
        Verdict::Passed => ('P', "passed"),
        Verdict::Failed if words::is_stub(test) => ('Y', "not-yet"),
        Verdict::Failed => ('F', "failed"),
        Verdict::NoEvidence => ('E', "tripped"),
        Verdict::WireTripped => ('W', "tripped"),
        Verdict::TimedOut => ('T', "failed"),
        Verdict::OutOfMemory => ('M', "failed"),
        Verdict::TooMuchOutput => ('O', "failed"),
        Verdict::KilledBy(_) => ('K', "failed"),
        Verdict::DoesNotCompile => ('C', "not-yet"),
        Verdict::Refused(_) => ('R', "not-yet"),
        Verdict::NotGraded(_) => ('G', "not-graded"),
    }
}

/// `matrix.csv`: exercise, test, kind, rule, points, then a verdict's word for each learner.
///
/// # Errors
/// As [`file()`].
pub fn text(grades: &[LearnerGrades]) -> Result<String> {
    let mut headings = ["exercise", "test", "kind", "rule", "points"]
        .map(str::to_owned)
        .to_vec();
    headings.extend(grades.iter().map(|learner| learner.entry.learner.id.clone()));
    let mut lines = Vec::new();
    for exercise in rows(grades) {
        for test in &exercise.tests {
            let info = grades[0].exercises[exercise.place].info;
            let kind = match test.kind {
                Kind::Open => "open",
                Kind::Hidden => "hidden",
                Kind::Wire => "wire",
            };
            let mut line = vec![
                Cell::text(&info.name),
                Cell::text(&test.name),
                Cell::text(kind),
                Cell::number(test.rule),
                Cell::number(test.possible),
            ];
            line.extend(
                grades
                    .iter()
                    .map(|learner| match find(learner, exercise.place, &test.name) {
                        Some(test) => Cell::text(&words::verdict(test)),
                        None => Cell::text(absent(learner, exercise.place, test)),
                    }),
            );
            lines.push(line);
        }
    }
    file(&headings, &lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::class::cell::tests::read;
    use crate::class::{fixture, grade};

    #[test]
    fn every_test_has_a_row_and_every_learner_a_column() {
        let (class, policy) = (fixture::class(), fixture::policy());
        let rows = read(&text(&grade::grades(&class, &policy)).unwrap());
        assert_eq!(rows.len(), 1 + 24 + 1, "24 tests, a wire and the headings");
        let column = |id: &str| rows[0].iter().position(|heading| heading == id).unwrap();
        let row = |name: &str| rows.iter().find(|row| row[1] == name).unwrap();
        assert_eq!(row(fixture::WIRE)[column(fixture::SET_ASIDE)], "wire tripped");
        assert_eq!(row(fixture::WIRE)[column(fixture::HONEST)], "");
        let first = row("open::finds_a_word");
        assert_eq!(
            first[..5],
            ["file-search", "open::finds_a_word", "open", "1", "1"]
        );
        assert_eq!(first[column(fixture::HONEST)], "passed");
        assert_eq!(first[column(fixture::REFUSED)], "refused");
        assert_eq!(first[column(fixture::ABSENT)], "not handed in");
        assert_eq!(first[column(fixture::BROKEN)], "does not compile");
    }

    #[test]
    fn rows_keep_the_order_of_the_files() {
        let (mut class, policy) = (fixture::class(), fixture::policy());
        // The first learner's result lacks a test that the others have in the middle.
        class.entries[0].results[0].tests.remove(2);
        let grades = grade::grades(&class, &policy);
        let names: Vec<_> = rows(&grades)[0]
            .tests
            .iter()
            .map(|test| test.name.as_str())
            .collect();
        let whole: Vec<_> = class.entries[4].results[0]
            .tests
            .iter()
            .map(|test| test.name.as_str())
            .collect();
        assert_eq!(names, whole);
    }

    #[test]
    fn no_two_verdicts_share_a_letter() {
        let class = fixture::class();
        let mut test = class.entries[0].results[0].tests[0].clone();
        let text = String::new;
        let verdicts = [
            Verdict::Passed,
            Verdict::Failed,
            Verdict::NoEvidence,
            Verdict::WireTripped,
            Verdict::TimedOut,
            Verdict::OutOfMemory,
            Verdict::TooMuchOutput,
            Verdict::KilledBy(text()),
            Verdict::DoesNotCompile,
            Verdict::Refused(text()),
            Verdict::NotGraded(text()),
        ];
        let count = verdicts.len();
        let letters = verdicts.map(|verdict| {
            test.verdict = verdict;
            letter(&test).0
        });
        assert_eq!(std::collections::BTreeSet::from(letters).len(), count);
    }
}
