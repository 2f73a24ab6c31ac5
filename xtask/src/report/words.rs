//! The words that all forms of the report use.

use std::collections::BTreeMap;

use crate::run::Verdict;
use crate::score::{ExerciseResult, State, TestResult};

/// How far an exercise is, in a word or two.
pub fn state(exercise: &ExerciseResult) -> &'static str {
    if !exercise.review.is_empty() {
        return "for review";
    }
    match exercise.state {
        State::NotStarted => "not started",
        State::Started => "started",
        State::Complete => "complete",
        State::DoesNotCompile => "does not compile",
        State::Refused => "refused",
        State::NotGraded => "not graded",
    }
}

/// A verdict without its detail. What fails only because it is not written yet is called that.
pub fn verdict(test: &TestResult) -> String {
    match &test.verdict {
        Verdict::Failed if is_stub(test) => "not yet".to_owned(),
        Verdict::Refused(_) => "refused".to_owned(),
        Verdict::NotGraded(_) => "not graded".to_owned(),
        verdict => verdict.to_string(),
    }
}

/// Whether the test failed because the code it calls is not written yet.
pub fn is_stub(test: &TestResult) -> bool {
    test.failure
        .as_ref()
        .is_some_and(|failure| failure.not_yet_implemented)
}

/// What to say beside an exercise's points: how many tests pass, and the verdicts that are neither pass nor fail.
pub fn remark(exercise: &ExerciseResult) -> String {
    if matches!(
        exercise.state,
        State::NotStarted | State::DoesNotCompile | State::Refused | State::NotGraded
    ) {
        return state(exercise).to_owned();
    }
    let passed = exercise
        .tests
        .iter()
        .filter(|test| test.verdict == Verdict::Passed)
        .count();
    let mut remarks = Vec::new();
    if exercise.state == State::Started {
        remarks.push(format!("{passed} of {} tests", exercise.tests.len()));
    }
    let mut counts = BTreeMap::new();
    for test in &exercise.tests {
        if !matches!(test.verdict, Verdict::Passed | Verdict::Failed) {
            *counts.entry(verdict(test)).or_insert(0) += 1;
        }
    }
    remarks.extend(counts.into_iter().map(|(word, count)| format!("{count} {word}")));
    remarks.join(", ")
}

/// Why the exercise, or some tests of it, could not be taken or graded; each reason once.
pub fn reasons(exercise: &ExerciseResult) -> Vec<&str> {
    let mut reasons = Vec::new();
    for test in &exercise.tests {
        if let Verdict::Refused(why) | Verdict::NotGraded(why) = &test.verdict
            && !reasons.contains(&why.as_str())
        {
            reasons.push(why);
        }
    }
    reasons
}

/// The number that a directory's name starts with; nothing for one without.
pub fn number(dir: &str) -> &str {
    let name = dir.rsplit('/').next().unwrap_or_default();
    let number = name.split_once('-').map_or("", |(number, _)| number);
    if number.bytes().all(|byte| byte.is_ascii_digit()) {
        number
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn every_state_has_its_words() {
        let report = fixture::report();
        let said: Vec<_> = report
            .exercises()
            .map(|exercise| (state(exercise), remark(exercise)))
            .collect();
        let said: Vec<_> = said
            .iter()
            .map(|(state, remark)| (*state, remark.as_str()))
            .collect();
        assert_eq!(
            said,
            [
                ("started", "3 of 7 tests, 1 killed by SIGSEGV, 1 timed out"),
                ("complete", ""),
                ("does not compile", "does not compile"),
                ("not started", "not started"),
                ("not graded", "not graded"),
                ("for review", "2 of 3 tests, 1 wire tripped"),
                ("refused", "refused"),
            ]
        );
    }

    #[test]
    fn a_reason_is_given_once() {
        let report = fixture::report();
        let blink = report
            .exercises()
            .find(|exercise| exercise.name == "blink")
            .unwrap();
        assert_eq!(reasons(blink), ["qemu-system-arm is not installed"]);
    }

    #[test]
    fn numbers_are_numbers() {
        assert_eq!(number("31-cli-tools/02-word-count"), "02");
        assert_eq!(number("31-cli-tools"), "31");
        assert_eq!(number("projects"), "");
        assert_eq!(number("capstone-projects"), "");
    }
}
