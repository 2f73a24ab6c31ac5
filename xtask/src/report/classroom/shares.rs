//! The entries of a classroom's result: shares of tests that are all worth the same, or whole exercises.

use super::{Entry, Outcome, Status};
use crate::report::plain;
use crate::run::Verdict;
use crate::score::{ExerciseResult, Report, State, TestResult};

/// Characters that one entry says.
const MESSAGE_MAX: usize = 2000;

/// An entry for each share of each test.
pub fn shares(report: &Report) -> Outcome {
    let (earned, possible) = plain::points(report);
    let graded = || {
        report.exercises().flat_map(|exercise| {
            let tests = plain::tests(exercise).filter(|test| plain::is_graded(test) && test.possible > 0);
            tests.map(move |test| (exercise, test))
        })
    };
    let unit = graded()
        .flat_map(|(exercise, test)| [test.possible, plain::earned(exercise, test)])
        .fold(0, greatest_common_divisor)
        .max(1);
    let mut tests = Vec::new();
    for (exercise, test) in graded() {
        tests.extend(shares_of(exercise, test, unit));
    }
    let status = if tests.is_empty() || report.exercises().all(is_broken) {
        Status::Error
    } else if earned == possible {
        Status::Pass
    } else {
        Status::Fail
    };
    if tests.is_empty() {
        // The reporter divides by their number.
        tests.push(nothing());
    }
    Outcome {
        version: 1,
        status,
        max_score: possible,
        tests,
    }
}

/// The entries of one test, each worth `unit`; the first one has its message.
fn shares_of(exercise: &ExerciseResult, test: &TestResult, unit: u32) -> impl Iterator<Item = Entry> {
    let count = test.possible / unit;
    let earned = plain::earned(exercise, test) / unit;
    let name = plain::name(exercise, test);
    let failing = match &test.verdict {
        Verdict::DoesNotCompile | Verdict::Refused(_) => Status::Error,
        _ => Status::Fail,
    };
    let message = (earned < count).then(|| plain::said(exercise, test, MESSAGE_MAX));
    let duration = test.duration_ms;
    (0..count).map(move |index| Entry {
        name: if count == 1 {
            name.clone()
        } else {
            format!("{name} ({} of {count})", index + 1)
        },
        status: if index < earned { Status::Pass } else { failing },
        score: if index < earned { unit } else { 0 },
        message: message.clone().filter(|_| index == earned),
        test_code: "",
        filename: "",
        line_no: 0,
        duration: if index == 0 { duration } else { 0 },
    })
}

/// One entry for a whole exercise, if anything of it could be graded.
pub fn whole(exercise: &ExerciseResult) -> Option<Entry> {
    let graded = || plain::tests(exercise).filter(|test| plain::is_graded(test));
    let possible: u32 = graded().map(|test| test.possible).sum();
    let score = graded().map(|test| plain::earned(exercise, test)).sum();
    (possible > 0).then(|| Entry {
        name: format!("{}: {score} of {possible} points", exercise.name),
        status: if score == possible {
            Status::Pass
        } else {
            Status::Fail
        },
        score,
        message: None,
        duration: graded().map(|test| test.duration_ms).sum(),
        ..nothing()
    })
}

fn nothing() -> Entry {
    Entry {
        name: "grading".to_owned(),
        status: Status::Error,
        score: 0,
        message: Some("nothing could be graded here".to_owned()),
        test_code: "",
        filename: "",
        line_no: 0,
        duration: 0,
    }
}

/// Whether nothing of the exercise could run.
fn is_broken(exercise: &ExerciseResult) -> bool {
    matches!(
        exercise.state,
        State::DoesNotCompile | State::Refused | State::NotGraded
    )
}

fn greatest_common_divisor(mut a: u32, mut b: u32) -> u32 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn a_test_is_as_many_entries_as_it_has_shares() {
        let mut report = fixture::report();
        report.modules.truncate(1);
        report.modules[0].exercises.remove(0);
        let document = serde_json::to_value(shares(&report)).unwrap();
        let names: Vec<_> = document["tests"]
            .as_array()
            .unwrap()
            .iter()
            .map(|test| &test["name"])
            .collect();
        // Four points and six: shares of two.
        assert_eq!(names.len(), 5);
        assert_eq!(names[0], "word-count: open::counts_words (1 of 2)");
        assert_eq!(
            (&document["status"], &document["max_score"]),
            (&"pass".into(), &10.into())
        );
    }

    #[test]
    fn nothing_graded_is_an_error_with_one_entry() {
        let mut report = fixture::report();
        report.modules.drain(..2);
        report.modules.truncate(1);
        let document = serde_json::to_value(shares(&report)).unwrap();
        assert_eq!(
            (&document["status"], &document["max_score"]),
            (&"error".into(), &0.into())
        );
        assert_eq!(document["tests"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn a_whole_exercise_is_one_entry_with_its_points() {
        let report = fixture::report();
        let entries: Vec<_> = report.exercises().filter_map(whole).collect();
        let scores: u32 = entries.iter().map(|entry| entry.score).sum();
        assert_eq!((entries.len(), scores), (6, report.points.earned));
        assert_eq!(entries[1].name, "word-count: 10 of 10 points");
        assert_eq!((entries[1].status, &entries[1].message), (Status::Pass, &None));
    }
}
