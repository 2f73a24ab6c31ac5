//! The report as classroom50's `result.json`, version 1.
//!
//! The document says whose result it is and of which commit, which no grader can know: [`Identity`] has it from a
//! file. Points are whole, a score is never above its maximum, and what could not be graded is worth nothing and
//! costs nothing. Behind the four fields of a test stand two of ours, which the collector keeps: the rule, and what
//! a test that did not pass says.

mod identity;

use anyhow::{Context, Result};
use jiff::Timestamp;
use serde::Serialize;

use super::plain;
use crate::score::{ExerciseResult, Report, TestResult};

pub use identity::Identity;

/// Characters that one test says.
const MESSAGE_MAX: usize = 2000;

/// The whole document.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Outcome<'a> {
    schema: &'static str,
    #[serde(flatten)]
    identity: &'a Identity,
    /// When it was graded; [`Identity::datetime`] is when it was handed in, and stays through a second grading.
    #[serde(rename = "graded_at")]
    graded_at: String,
    score: u32,
    max_score: u32,
    tests: Vec<Test>,
}

/// One test.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Test {
    test_name: String,
    passed: bool,
    score: u32,
    max_score: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// The report as one document.
///
/// # Errors
/// When the report's own time is none, which does not happen.
pub fn text(report: &Report, identity: &Identity) -> Result<String> {
    let (score, max_score) = plain::points(report);
    let tests = report
        .exercises()
        .flat_map(|exercise| plain::tests(exercise).map(move |result| test(exercise, result)));
    let graded_at: Timestamp = report
        .graded_at
        .parse()
        .with_context(|| format!("{:?} is no time", report.graded_at))?;
    super::json::document(&Outcome {
        schema: "classroom50/result/v1",
        identity,
        graded_at: graded_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        score,
        max_score,
        tests: tests.collect(),
    })
}

fn test(exercise: &ExerciseResult, test: &TestResult) -> Test {
    let passed = plain::is_passed(exercise, test);
    Test {
        test_name: plain::name(exercise, test),
        passed,
        score: plain::earned(exercise, test),
        max_score: if plain::is_graded(test) { test.possible } else { 0 },
        rule: (test.rule > 0).then_some(test.rule),
        message: (!passed).then(|| plain::said(exercise, test, MESSAGE_MAX)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use serde_json::Value;

    fn document(report: &Report) -> Value {
        serde_json::from_str(&text(report, &Identity::sample()).unwrap()).unwrap()
    }

    #[test]
    fn it_says_whose_it_is_and_adds_up() {
        let document = document(&fixture::report());
        assert_eq!(document["submission"], "submit/20260726T140000Z-0a1b2c3");
        assert_eq!(document["graded_at"], "2026-07-26T14:03:00Z");
        assert_eq!(
            (&document["score"], &document["max-score"]),
            (&15.into(), &73.into())
        );
        let tests = document["tests"].as_array().unwrap();
        for (field, sum) in [("score", 15), ("max-score", 73)] {
            let found: u64 = tests.iter().map(|test| test[field].as_u64().unwrap()).sum();
            assert_eq!(found, sum, "{field}");
        }
        assert!(
            tests
                .iter()
                .all(|test| test["score"].as_u64() <= test["max-score"].as_u64())
        );
    }

    #[test]
    fn what_passed_in_an_exercise_under_review_did_not_pass() {
        let document = document(&fixture::report());
        let tests = document["tests"].as_array().unwrap();
        let name = "process-supervisor: open::starts_a_child";
        let test = tests.iter().find(|test| test["test-name"] == name).unwrap();
        assert_eq!(test["passed"], false);
        assert!(
            test["message"]
                .as_str()
                .unwrap()
                .contains("waits for your instructor")
        );
        assert!(
            !document.to_string().contains("ends_in_order"),
            "the wire is not told"
        );
    }
}
