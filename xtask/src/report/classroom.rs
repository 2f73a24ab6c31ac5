//! The report as GitHub Classroom's autograding result: the JSON that a grader hands to the reporter, the form in
//! which a step hands it on ([`step`]), and what the reporter would print ([`log`]).
//!
//! ```text
//! grader's step  →  output `result` = base64 of the JSON  →  NAME_RESULTS of the reporter's step  →  points
//! ```
//!
//! The reporter adds up `tests[].score` for the classroom, and shows people `passed / total × max_score`. The two
//! agree only where every entry is worth the same, so an entry here is not a test but a share of one: a test of
//! three points is three entries of one, named `(1 of 3)`, or fewer where the points of all tests have a common
//! divisor. What cannot be graded is no entry, for it would count as failed.
//!
//! The reporter gets the result in one variable of its environment, which Linux limits to 128 KiB. What is longer
//! loses its messages, and what is then too long has an entry an exercise, whose scores still add up.

mod log;
mod step;

use anyhow::Result;
use serde::Serialize;

use super::plain;
use crate::run::Verdict;
use crate::score::{ExerciseResult, Report, State, TestResult};

pub use log::{log, token};
pub use step::set_output;

/// Bytes of the JSON whose base64, with a variable's name, is below 128 KiB.
const JSON_MAX: usize = 96_000;

/// Characters that one entry says.
const MESSAGE_MAX: usize = 2000;

/// The whole document.
#[derive(Debug, Serialize)]
struct Outcome {
    version: u32,
    status: Status,
    max_score: u32,
    tests: Vec<Entry>,
}

/// One entry: a share of a test, or an exercise.
#[derive(Debug, Clone, Serialize)]
struct Entry {
    name: String,
    status: Status,
    score: u32,
    message: Option<String>,
    test_code: &'static str,
    filename: &'static str,
    /// 0: the reporter shows none.
    line_no: u32,
    /// Milliseconds.
    duration: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Pass,
    Fail,
    Error,
}

/// The report as one document.
///
/// # Errors
/// Never in practice: every part of it is JSON.
pub fn text(report: &Report) -> Result<String> {
    super::json::document(&outcome(report)?)
}

/// The outcome in the fullest form that a variable can hold.
fn outcome(report: &Report) -> Result<Outcome> {
    let mut full = shares(report);
    if serde_json::to_string(&full)?.len() > JSON_MAX {
        full.tests.iter_mut().for_each(|entry| entry.message = None);
    }
    if serde_json::to_string(&full)?.len() > JSON_MAX {
        full.tests = report.exercises().filter_map(whole).collect();
    }
    Ok(full)
}

/// An entry for each share of each test.
fn shares(report: &Report) -> Outcome {
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
fn whole(exercise: &ExerciseResult) -> Option<Entry> {
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
    use crate::report::{fixture, visibility::Visibility, visibility::redact_report};
    use serde_json::Value;

    fn document(report: &Report) -> Value {
        serde_json::from_str(&text(report).unwrap()).unwrap()
    }

    /// The two sums of the reporter.
    fn sums(document: &Value) -> (f64, f64) {
        let tests = document["tests"].as_array().unwrap();
        let scores: u64 = tests.iter().map(|test| test["score"].as_u64().unwrap()).sum();
        let passed = tests.iter().filter(|test| test["status"] == "pass").count();
        let shown = passed as f64 / tests.len() as f64 * document["max_score"].as_f64().unwrap();
        (scores as f64, shown)
    }

    #[test]
    fn both_of_the_reporters_sums_are_the_points() {
        for visibility in [Visibility::Full, Visibility::Rule, Visibility::Score] {
            let report = redact_report(&fixture::report(), visibility);
            let (scores, shown) = sums(&document(&report));
            assert_eq!(scores, f64::from(report.points.earned));
            assert!((scores - shown).abs() < 1e-9, "{scores} {shown}");
        }
    }

    #[test]
    fn a_test_is_as_many_entries_as_it_has_shares() {
        let mut report = fixture::report();
        report.modules.truncate(1);
        report.modules[0].exercises.remove(0);
        let document = document(&report);
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
        let document = document(&report);
        assert_eq!(
            (&document["status"], &document["max_score"]),
            (&"error".into(), &0.into())
        );
        assert_eq!(document["tests"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn a_long_result_still_fits_into_a_variable() {
        let mut report = fixture::report();
        let exercise = &mut report.modules[0].exercises[0];
        exercise.compile_error = Some("x".repeat(1 << 20));
        let test = exercise.tests[5].clone();
        exercise.tests.extend(std::iter::repeat_n(test, 300));
        let whole = step::output(&report).unwrap();
        assert!(whole.len() < 128 << 10, "{}", whole.len());
        let (scores, _) = sums(&document(&report));
        assert_eq!(scores, f64::from(fixture::report().points.earned));
    }
}
