//! The report as GitHub Classroom's autograding result: the JSON that a grader hands to the reporter, the form in
//! which a step hands it on ([`step`]), and what the reporter would print ([`log()`]).
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
mod shares;
mod step;

use anyhow::Result;
use serde::Serialize;

use crate::score::Report;

pub use log::{log, token};
pub use step::set_output;

/// Bytes of the JSON whose base64, with a variable's name, is below 128 KiB.
const JSON_MAX: usize = 96_000;

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
    let mut full = shares::shares(report);
    if serde_json::to_string(&full)?.len() > JSON_MAX {
        full.tests.iter_mut().for_each(|entry| entry.message = None);
    }
    if serde_json::to_string(&full)?.len() > JSON_MAX {
        full.tests = report.exercises().filter_map(shares::whole).collect();
    }
    Ok(full)
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
