//! The report as Gradescope's `results.json`, and what Gradescope tells an autograder about the submission.
//!
//! ```text
//! /autograder/submission_metadata.json  →  [Metadata]
//! report (already redacted)             →  /autograder/results/results.json
//! ```
//!
//! The points stand twice, on purpose: on each test, for people, and on top, so that a run in which nothing could
//! be graded is still a valid document. A test that could not be graded has neither score nor status. A wire is
//! never in it. Every text is declared as plain text, so that no page takes it for markup.

mod metadata;
mod summary;

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Serialize;
use serde_json::{Value, json};

use super::plain;
use crate::score::{ExerciseResult, Report, TestResult};

pub use metadata::Metadata;

/// Characters that one test says.
const OUTPUT_MAX: usize = 8000;

/// The whole document.
#[derive(Serialize)]
struct Results {
    score: u32,
    execution_time: f64,
    output: String,
    output_format: &'static str,
    test_output_format: &'static str,
    test_name_format: &'static str,
    visibility: &'static str,
    stdout_visibility: &'static str,
    extra_data: BTreeMap<&'static str, Value>,
    tests: Vec<Test>,
}

/// One test.
#[derive(Serialize)]
struct Test {
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_score: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    name: String,
    name_format: &'static str,
    number: String,
    output: String,
    output_format: &'static str,
    tags: Vec<String>,
    /// Always `visible`: what a learner must not see is not in a redacted report.
    visibility: &'static str,
}

/// The report as one document.
///
/// # Errors
/// Never in practice: every part of it is JSON.
pub fn text(report: &Report, metadata: Option<&Metadata>) -> Result<String> {
    let (earned, _) = plain::points(report);
    let all = || report.exercises().flat_map(plain::tests);
    let milliseconds: u64 = all().map(|test| test.duration_ms).sum();
    let tests = (1..).zip(report.exercises()).flat_map(|(number, exercise)| {
        (1..)
            .zip(plain::tests(exercise))
            .map(move |(index, result)| test(exercise, result, format!("{number}.{index}")))
    });
    super::json::document(&Results {
        score: earned,
        execution_time: milliseconds as f64 / 1000.0,
        output: summary::text(report),
        output_format: "text",
        test_output_format: "text",
        test_name_format: "text",
        visibility: "visible",
        stdout_visibility: "hidden",
        extra_data: extra(report, metadata),
        tests: tests.collect(),
    })
}

fn test(exercise: &ExerciseResult, test: &TestResult, number: String) -> Test {
    let is_passed = plain::is_passed(exercise, test);
    let is_graded = plain::is_graded(test);
    Test {
        score: is_graded.then(|| plain::earned(exercise, test)),
        max_score: is_graded.then_some(test.possible),
        status: is_graded.then_some(if is_passed { "passed" } else { "failed" }),
        name: plain::name(exercise, test),
        name_format: "text",
        number,
        output: if is_passed {
            test.doc.clone()
        } else {
            plain::said(exercise, test, OUTPUT_MAX)
        },
        output_format: "text",
        tags: vec![exercise.name.clone()],
        visibility: "visible",
    }
}

/// What a later run, or an instructor's script, finds again under `previous_submissions`.
fn extra(report: &Report, metadata: Option<&Metadata>) -> BTreeMap<&'static str, Value> {
    let mut extra = BTreeMap::from([
        ("grader", json!(concat!("phase7 ", env!("CARGO_PKG_VERSION")))),
        ("report_format", json!(report.format)),
        ("graded_at", json!(report.graded_at)),
        ("sandbox", json!(report.sandbox)),
    ]);
    if let Some(metadata) = metadata {
        extra.insert("learner", json!(metadata.learner().id));
        extra.insert(
            "submitted_at",
            json!(metadata.submitted().map(|submitted| submitted.at)),
        );
        extra.insert("late_seconds", json!(metadata.late_seconds()));
        extra.insert("previous_submissions", json!(metadata.previous_submissions.len()));
    }
    extra
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn document(report: &Report) -> Value {
        serde_json::from_str(&text(report, None).unwrap()).unwrap()
    }

    fn find<'a>(document: &'a Value, name: &str) -> &'a Value {
        let tests = document["tests"].as_array().unwrap();
        tests.iter().find(|test| test["name"] == name).unwrap()
    }

    #[test]
    fn scores_of_tests_add_up_to_the_score() {
        let document = document(&fixture::report());
        let tests = document["tests"].as_array().unwrap();
        let sum: u64 = tests.iter().filter_map(|test| test["score"].as_u64()).sum();
        assert_eq!(document["score"], sum);
        assert_eq!(sum, u64::from(fixture::report().points.earned));
        assert_eq!(tests[2]["number"], "1.3");
        assert_eq!(tests[2]["status"], "failed");
    }

    #[test]
    fn what_was_not_graded_has_no_score() {
        let document = document(&fixture::report());
        let test = find(&document, "blink: open::toggles_the_pin");
        for key in ["score", "max_score", "status"] {
            assert!(test.get(key).is_none(), "{key}");
        }
        assert!(test["output"].as_str().unwrap().contains("qemu-system-arm"));
    }

    #[test]
    fn an_exercise_under_review_earns_nothing_and_waits() {
        let mut report = fixture::report();
        // Even if a score were left in it.
        report.modules[3].exercises[0].tests[0].earned = 4;
        let document = document(&report);
        let test = find(&document, "process-supervisor: open::starts_a_child");
        assert_eq!((&test["score"], &test["status"]), (&json!(0), &json!("failed")));
        assert!(
            test["output"]
                .as_str()
                .unwrap()
                .contains("waits for your instructor")
        );
        assert!(
            !document.to_string().contains("ends_in_order"),
            "the wire is not told"
        );
    }

    #[test]
    fn a_test_that_did_not_compile_says_why() {
        let document = document(&fixture::report());
        let test = find(&document, "tcp-echo: open::echoes");
        assert!(test["output"].as_str().unwrap().contains("error[E0308]"));
        assert_eq!(test["score"], 0);
    }

    #[test]
    fn the_metadata_leaves_its_marks() {
        let metadata: Metadata = serde_json::from_value(json!({
            "created_at": "2026-07-02T00:00:10-07:00",
            "assignment": {"due_date": "2026-07-02T00:00:00-07:00"},
            "users": [{"id": 7, "email": "s001@example.org", "name": "s001"}],
        }))
        .unwrap();
        let text = text(&fixture::report(), Some(&metadata)).unwrap();
        let document: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(document["extra_data"]["learner"], "7");
        assert_eq!(document["extra_data"]["late_seconds"], 10);
    }
}
