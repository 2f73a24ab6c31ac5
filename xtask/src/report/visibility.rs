//! What a learner may see of the hidden tests: one report goes in, another comes out, and every form of the report
//! is made from the second.
//!
//! ```text
//! full    everything, as it was graded
//! rule    a hidden test is "hidden test 3": its rule, its points and its verdict's word
//! score   an exercise's hidden tests are one line: points earned of points possible
//!         (and a second one for those that could not be graded)
//! ```
//!
//! Below full the wires are gone, with every word about them; an exercise under review says that it is, and not why;
//! and an error that the compiler found in the hidden tests says what it means instead of what they look like.
//! Nothing that a submission has printed reaches the text of a hidden test: it could quote what it was given.

#[cfg(test)]
mod canary;
mod compile_error;
mod hidden;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalogue::Kind;
use crate::score::{ExerciseResult, Report, State};

/// What stands where a reason for review was.
const SET_ASIDE: &str = "set aside for review";

/// How much a learner sees of the hidden tests.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    JsonSchema,
    clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum Visibility {
    /// Hidden tests by name, with all they say
    #[default]
    Full,
    /// Of a hidden test its rule, its points and a word
    Rule,
    /// Of an exercise's hidden tests the points alone
    Score,
}

impl Visibility {
    /// This level until the moment `after` has come, and everything from then on.
    #[must_use]
    #[allow(dead_code, reason = "a class's policy has the date")]
    pub fn at(self, after: Option<Timestamp>, now: Timestamp) -> Self {
        match after {
            Some(after) if now >= after => Self::Full,
            _ => self,
        }
    }
}

/// The report as a learner may see it.
pub fn redact_report(report: &Report, visibility: Visibility) -> Report {
    let mut redacted = report.clone();
    if visibility == Visibility::Full {
        return redacted;
    }
    for exercise in redacted.modules.iter_mut().flat_map(|part| &mut part.exercises) {
        *exercise = redact(exercise, visibility);
    }
    if visibility == Visibility::Score
        && let Some(next) = &mut redacted.next
    {
        // The rule of the next step may be one that only a hidden test found broken.
        let mut exercises = report.exercises();
        let exercise = exercises.find(|exercise| exercise.name == next.exercise);
        if exercise.is_some_and(only_hidden_tests_fail) {
            next.why = "its open tests pass; its hidden tests check every rule of the brief".to_owned();
        }
    }
    redacted
}

/// One exercise as a learner may see it.
pub fn redact(result: &ExerciseResult, visibility: Visibility) -> ExerciseResult {
    let mut redacted = result.clone();
    if visibility == Visibility::Full {
        return redacted;
    }
    let (hidden, mut shown): (Vec<_>, Vec<_>) = redacted
        .tests
        .into_iter()
        .filter(|test| test.kind != Kind::Wire)
        .partition(|test| test.kind == Kind::Hidden);
    if visibility == Visibility::Score {
        shown.extend(hidden::folded(&hidden));
    } else {
        shown.extend(hidden::numbered(&hidden));
    }
    redacted.tests = shown;
    redacted.compile_error = compile_error::shown(result);
    // What made an instructor look is the instructor's.
    redacted.flag = None;
    if !redacted.review.is_empty() {
        redacted.review = vec![SET_ASIDE.to_owned()];
    }
    redacted
}

/// Whether what falls short in a started exercise is known from its hidden tests alone.
fn only_hidden_tests_fail(exercise: &ExerciseResult) -> bool {
    let first = exercise.first_failing();
    exercise.state == State::Started && first.is_some_and(|test| test.kind != Kind::Open)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::run::Verdict;

    fn exercise(name: &str, visibility: Visibility) -> ExerciseResult {
        let report = redact_report(&fixture::report(), visibility);
        let found = report.exercises().find(|exercise| exercise.name == name);
        found.unwrap().clone()
    }

    #[test]
    fn a_review_is_told_without_its_reason() {
        for visibility in [Visibility::Rule, Visibility::Score] {
            let result = exercise("process-supervisor", visibility);
            assert_eq!(result.review, [SET_ASIDE]);
            assert!(result.tests.iter().all(|test| test.kind == Kind::Open));
        }
        assert_eq!(exercise("process-supervisor", Visibility::Full).tests.len(), 3);
    }

    #[test]
    fn the_next_step_names_no_rule_that_only_a_hidden_test_checked() {
        let mut report = fixture::report();
        let file_search = &mut report.modules[0].exercises[0];
        for test in file_search
            .tests
            .iter_mut()
            .filter(|test| test.kind == Kind::Open)
        {
            test.verdict = Verdict::Passed;
        }
        let why = |visibility| redact_report(&report, visibility).next.unwrap().why;
        assert!(why(Visibility::Rule).starts_with("rule 4"));
        assert!(!why(Visibility::Score).contains("rule 4"));
    }

    #[test]
    fn a_date_opens_everything_when_it_has_come() {
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let (before, date) = (at("2026-07-31T23:59:59Z"), at("2026-08-01T00:00:00Z"));
        assert_eq!(Visibility::Score.at(Some(date), before), Visibility::Score);
        assert_eq!(Visibility::Score.at(Some(date), date), Visibility::Full);
        assert_eq!(Visibility::Rule.at(None, date), Visibility::Rule);
    }
}
