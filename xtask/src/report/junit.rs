//! The report as JUnit XML, for CI systems: a suite an exercise, a case a test.
//!
//! ```text
//! passed                            a case with nothing in it
//! passed, but under review          skipped, with why: nothing of it counts until a person has looked
//! not graded                        skipped, with what is missing
//! does not compile, refused         error
//! wire tripped and everything else  failure, whose type is the verdict
//! ```

use std::time::Duration;

use anyhow::{Context, Result};
use quick_junit::{NonSuccessKind, Property, TestCase, TestCaseStatus, TestSuite};

use super::plain::{harmless, named};
use super::words;
use crate::run::{Failure, Verdict};
use crate::score::{ExerciseResult, Report, TestResult};

/// Characters of one text.
const TEXT_MAX: usize = 16_000;

/// The report as one XML document.
///
/// # Errors
/// Never in practice: what XML cannot hold is escaped before.
pub fn text(report: &Report) -> Result<String> {
    let mut junit = quick_junit::Report::new("phase7");
    junit.timestamp = report.graded_at.parse().ok();
    for exercise in report.exercises() {
        junit.add_test_suite(suite(exercise));
    }
    let times = junit.test_suites.iter().filter_map(|suite| suite.time);
    junit.time = Some(times.sum());
    junit.to_string().context("cannot write the report as XML")
}

fn suite(exercise: &ExerciseResult) -> TestSuite {
    let mut suite = TestSuite::new(&exercise.name);
    suite.add_test_cases(exercise.tests.iter().map(|test| case(exercise, test)));
    let points = exercise.points;
    suite.add_property(Property::new("points-earned", points.earned.to_string()));
    suite.add_property(Property::new("points-possible", points.possible.to_string()));
    suite.add_properties(
        exercise
            .review
            .iter()
            .map(|why| Property::new("for-review", plain(why))),
    );
    suite.set_time(suite.test_cases.iter().filter_map(|case| case.time).sum());
    suite
}

fn case(exercise: &ExerciseResult, test: &TestResult) -> TestCase {
    let mut case = TestCase::new(&test.name, status(exercise, test));
    case.set_classname(&exercise.name);
    case.set_time(Duration::from_millis(test.duration_ms));
    case
}

fn status(exercise: &ExerciseResult, test: &TestResult) -> TestCaseStatus {
    let mut status = match &test.verdict {
        Verdict::Passed if exercise.review.is_empty() => return TestCaseStatus::success(),
        Verdict::Passed => return under_review(exercise),
        Verdict::NotGraded(_) => TestCaseStatus::skipped(),
        Verdict::DoesNotCompile | Verdict::Refused(_) => TestCaseStatus::non_success(NonSuccessKind::Error),
        _ => TestCaseStatus::non_success(NonSuccessKind::Failure),
    };
    let word = match &test.verdict {
        Verdict::Failed => "failed".to_owned(),
        _ => words::verdict(test),
    };
    let message = match (&test.verdict, &test.failure) {
        (Verdict::NotGraded(why) | Verdict::Refused(why), _) => plain(why),
        (Verdict::WireTripped, _) => "this passed, which no honest answer does".to_owned(),
        (_, Some(failure)) => plain(failure.message.lines().next().unwrap_or_default()),
        (_, None) => word.clone(),
    };
    status.set_type(plain(&word)).set_message(message);
    let details = match (&test.verdict, &test.failure) {
        (Verdict::DoesNotCompile, _) => exercise.compile_error.clone(),
        (_, Some(failure)) => Some(details(test, failure)),
        (_, None) => None,
    };
    if let Some(details) = details {
        status.set_description(plain(&details));
    }
    status
}

/// A test that passed in an exercise where something was forged, perhaps.
fn under_review(exercise: &ExerciseResult) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status
        .set_type("for review")
        .set_message(plain(&exercise.review.join("; ")));
    status
}

/// All that a failure says, one part a paragraph.
fn details(test: &TestResult, failure: &Failure) -> String {
    let rule = (test.rule > 0).then(|| format!("rule {}: {}", test.rule, test.rule_text));
    let mut parts: Vec<_> = rule.into_iter().collect();
    parts.push(failure.message.clone());
    parts.extend(named(failure));
    parts.join("\n\n")
}

/// Text in which nothing gets lost: the crate drops tabs, and XML has no U+FFFE and U+FFFF.
fn plain(text: &str) -> String {
    harmless(text, TEXT_MAX)
        .replace('\t', "\\t")
        .replace('\u{fffe}', "\\u{fffe}")
        .replace('\u{ffff}', "\\u{ffff}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    /// The fixture, written and read again.
    fn read_back() -> quick_junit::Report {
        let xml = text(&fixture::report()).unwrap();
        quick_junit::Report::deserialize_from_str(&xml).unwrap()
    }

    fn case<'a>(report: &'a quick_junit::Report, suite: &str, index: usize) -> &'a TestCaseStatus {
        let suite = report
            .test_suites
            .iter()
            .find(|found| found.name == *suite)
            .unwrap();
        &suite.test_cases[index].status
    }

    #[test]
    fn every_test_is_counted_once() {
        let report = read_back();
        assert_eq!(report.name.as_deref(), Some("phase7"));
        assert_eq!(
            (report.tests, report.failures, report.errors, report.skipped),
            (20, 7, 4, 4)
        );
        let first = &report.test_suites[0].test_cases[0];
        assert_eq!(first.name, *"open::finds_a_word");
        assert_eq!(first.classname.as_deref(), Some("file-search"));
        assert_eq!(first.time, Some(Duration::from_millis(12)));
    }

    #[test]
    fn a_verdict_is_the_type() {
        let report = read_back();
        let is =
            |suite: &str, index: usize, wanted: NonSuccessKind, word: &str| match case(&report, suite, index)
            {
                TestCaseStatus::NonSuccess { kind, ty, .. } => {
                    assert_eq!((*kind, ty.as_deref()), (wanted, Some(word)));
                }
                other => panic!("{other:?}"),
            };
        is("file-search", 2, NonSuccessKind::Failure, "failed");
        is("file-search", 3, NonSuccessKind::Failure, "failed");
        is("file-search", 5, NonSuccessKind::Failure, "timed out");
        is("tcp-echo", 0, NonSuccessKind::Error, "does not compile");
        is("process-supervisor", 2, NonSuccessKind::Failure, "wire tripped");
        is("bump-allocator", 0, NonSuccessKind::Error, "refused");
        assert!(
            matches!(case(&report, "blink", 0), TestCaseStatus::Skipped { message, .. }
            if message.as_deref() == Some("qemu-system-arm is not installed"))
        );
    }

    #[test]
    fn a_test_of_an_exercise_under_review_is_not_passed() {
        let report = read_back();
        let TestCaseStatus::Skipped { message, ty, .. } = case(&report, "process-supervisor", 0) else {
            panic!("it is set aside");
        };
        assert_eq!(ty.as_deref(), Some("for review"));
        assert!(
            message.as_deref().unwrap().contains("no honest answer"),
            "{message:?}"
        );
    }

    #[test]
    fn hostile_text_comes_through_whole_and_harmless() {
        let report = read_back();
        let TestCaseStatus::NonSuccess { description, .. } = case(&report, "file-search", 6) else {
            panic!("it failed");
        };
        let text = description.as_deref().unwrap();
        assert!(
            text.contains("<script>alert('1')</script> & \"quotes\""),
            "{text}"
        );
        assert!(
            text.contains("\\u{1b}[31mred\\u{1b}[0m\\ttab\\u{202e}\\u{ffff}"),
            "{text}"
        );
        assert!(text.contains("\n\\::error::forged\n"), "{text}");
    }
}
