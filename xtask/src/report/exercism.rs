//! One exercise as the `results.json` of an Exercism test runner, version 3.
//!
//! The tests stand in the order of their files, for only the first failing one is shown; a task is a rule of the
//! brief, and every test names exactly one. `error` on top means that nothing ran, and then `message` says why. The
//! document stays below Exercism's 500 kB: when it would not, the tests say less.

use anyhow::{Result, bail};
use serde::Serialize;

use super::{escape, plain};
use crate::run::Verdict;
use crate::score::{ExerciseResult, Report, State, TestResult};

/// Bytes of the document.
const DOCUMENT_MAX: usize = 500_000;

/// Characters of the message on top.
const MESSAGE_MAX: usize = 65_535;

/// Characters that one test says; the next smaller number is tried when the document is too long.
const TEST_MESSAGE_MAX: [usize; 4] = [8000, 2000, 500, 100];

/// Characters of what a test printed.
const OUTPUT_MAX: usize = 500;

/// The whole document.
#[derive(Serialize)]
struct Results {
    version: u32,
    status: Status,
    message: Option<String>,
    tests: Vec<Test>,
}

/// One test.
#[derive(Serialize)]
struct Test {
    name: String,
    status: Status,
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_id: Option<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Pass,
    Fail,
    Error,
}

/// The report's one exercise as a document.
///
/// # Errors
/// When the report has more exercises than one, or none.
pub fn text(report: &Report) -> Result<String> {
    let exercises: Vec<_> = report.exercises().collect();
    let [exercise] = exercises.as_slice() else {
        bail!("Exercism's document is about one exercise: name it");
    };
    let mut text = String::new();
    for message_max in TEST_MESSAGE_MAX {
        text = super::json::document(&results(exercise, message_max))?;
        if text.len() <= DOCUMENT_MAX {
            break;
        }
    }
    Ok(text)
}

fn results(exercise: &ExerciseResult, message_max: usize) -> Results {
    let why = did_not_run(exercise);
    let status = if why.is_some() {
        Status::Error
    } else if plain::tests(exercise)
        .filter(|test| plain::is_graded(test))
        .all(|test| plain::is_passed(exercise, test))
    {
        Status::Pass
    } else {
        Status::Fail
    };
    let tests = plain::tests(exercise).map(|result| test(exercise, result, message_max));
    Results {
        version: 3,
        status,
        // The reason is said once, on top.
        tests: if why.is_some() {
            Vec::new()
        } else {
            tests.collect()
        },
        message: why,
    }
}

/// Why no test ran, if none did.
fn did_not_run(exercise: &ExerciseResult) -> Option<String> {
    let ran = !matches!(
        exercise.state,
        State::DoesNotCompile | State::Refused | State::NotGraded
    );
    if ran || plain::is_set_aside(exercise) {
        return None;
    }
    let first = plain::tests(exercise).next();
    let said = first.map(|test| plain::said(exercise, test, MESSAGE_MAX));
    Some(said.unwrap_or_else(|| "the exercise has no test".to_owned()))
}

fn test(exercise: &ExerciseResult, test: &TestResult, message_max: usize) -> Test {
    let status = if plain::is_passed(exercise, test) {
        Status::Pass
    } else if plain::is_set_aside(exercise) || test.verdict == Verdict::Failed {
        Status::Fail
    } else {
        Status::Error
    };
    Test {
        name: test.name.clone(),
        status,
        message: (status != Status::Pass).then(|| plain::said(exercise, test, message_max)),
        output: printed(exercise, test),
        task_id: (test.rule > 0).then_some(test.rule),
    }
}

/// What the code under test printed before it ended without a panic: the end of its output is all that there is.
fn printed(exercise: &ExerciseResult, test: &TestResult) -> Option<String> {
    const CUT: &str = "\nOutput was truncated. Please limit to 500 chars";
    let failure = test.failure.as_ref()?;
    let ended_silently =
        failure.location.is_none() && !matches!(test.verdict, Verdict::Passed | Verdict::Failed);
    if !ended_silently || failure.message.is_empty() || plain::is_set_aside(exercise) {
        return None;
    }
    let start: String = failure.message.chars().take(OUTPUT_MAX + 1).collect();
    let text = escape::log(&start);
    if text.chars().nth(OUTPUT_MAX).is_none() {
        return Some(text);
    }
    let kept = text.chars().take(OUTPUT_MAX - CUT.len());
    Some(kept.chain(CUT.chars()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::run::Failure;
    use serde_json::Value;

    fn document(exercise: ExerciseResult) -> Value {
        let mut report = fixture::report();
        report.modules.truncate(1);
        report.modules[0].exercises = vec![exercise];
        let text = text(&report).unwrap();
        assert!(text.len() <= DOCUMENT_MAX, "{}", text.len());
        serde_json::from_str(&text).unwrap()
    }

    fn exercise(name: &str) -> ExerciseResult {
        let report = fixture::report();
        let found = report.exercises().find(|exercise| exercise.name == name);
        found.unwrap().clone()
    }

    #[test]
    fn tests_are_in_file_order_and_name_their_task() {
        let document = document(exercise("file-search"));
        assert_eq!(
            (&document["version"], &document["status"]),
            (&3.into(), &"fail".into())
        );
        assert!(document["message"].is_null());
        let third = &document["tests"][2];
        assert_eq!(third["name"], "open::numbers_lines_from_one");
        assert_eq!((&third["status"], &third["task_id"]), (&"fail".into(), &4.into()));
        assert!(document["tests"][0]["message"].is_null());
        assert_eq!(document["tests"][5]["status"], "error");
    }

    #[test]
    fn what_did_not_run_is_an_error_that_says_why() {
        for (name, why) in [
            ("tcp-echo", "error[E0308]"),
            ("bump-allocator", "has a name that no module has"),
            ("blink", "qemu-system-arm is not installed"),
        ] {
            let document = document(exercise(name));
            assert_eq!(document["status"], "error", "{name}");
            assert!(document["message"].as_str().unwrap().contains(why), "{name}");
            assert_eq!(document["tests"], Value::Array(Vec::new()));
        }
    }

    #[test]
    fn an_exercise_under_review_fails_and_waits() {
        let document = document(exercise("process-supervisor"));
        assert_eq!(document["status"], "fail");
        let tests = document["tests"].as_array().unwrap();
        assert_eq!(tests.len(), 2, "the wire is not told");
        assert!(tests.iter().all(|test| test["status"] == "fail"));
    }

    #[test]
    fn long_texts_are_cut_until_the_document_fits() {
        let mut long = exercise("file-search");
        let mut test = long.tests[5].clone();
        test.failure = Some(Failure {
            message: "\u{1b}é".repeat(1 << 19),
            ..Failure::default()
        });
        long.tests = vec![test; 150];
        let document = document(long);
        let output = document["tests"][0]["output"].as_str().unwrap();
        assert_eq!(output.chars().count(), OUTPUT_MAX);
        assert!(output.ends_with("Please limit to 500 chars"));
    }

    #[test]
    fn two_exercises_are_one_too_many() {
        assert!(text(&fixture::report()).is_err());
    }
}
