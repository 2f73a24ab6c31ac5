//! What a learner may see of the hidden tests: one report goes in, another comes out, and every form of the report
//! is made from the second.
//!
//! ```text
//! full    everything, as it was graded
//! rule    a hidden test is "hidden test 3": its rule, its points and its verdict's word
//! score   an exercise's hidden tests are one line: points earned of points possible
//! ```
//!
//! Below full the wires are gone, with every word about them; an exercise under review says that it is, and not why;
//! and an error that the compiler found in the hidden tests says what it means instead of what they look like.
//! Nothing that a submission has printed reaches the text of a hidden test: it could quote what it was given.

#[cfg(test)]
mod canary;
mod compile_error;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalogue::Kind;
use crate::run::{Failure, Verdict};
use crate::score::{ExerciseResult, Report, State, TestResult};

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
        shown.extend(folded(&hidden));
    } else {
        shown.extend((1..).zip(&hidden).map(|(number, test)| numbered(number, test)));
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

/// A hidden test without what would tell how it tests.
fn numbered(number: usize, test: &TestResult) -> TestResult {
    TestResult {
        name: format!("hidden test {number}"),
        verdict: word(&test.verdict),
        doc: String::new(),
        failure: None,
        duration_ms: 0,
        ..test.clone()
    }
}

/// A verdict without its detail. Why a submission was refused stays: that is about its files, and no test's secret.
fn word(verdict: &Verdict) -> Verdict {
    match verdict {
        Verdict::KilledBy(_) => Verdict::KilledBy("a signal".to_owned()),
        Verdict::NotGraded(_) => Verdict::NotGraded("this machine lacks what the test needs".to_owned()),
        Verdict::Refused(_)
        | Verdict::Passed
        | Verdict::Failed
        | Verdict::NoEvidence
        | Verdict::WireTripped
        | Verdict::TimedOut
        | Verdict::OutOfMemory
        | Verdict::TooMuchOutput
        | Verdict::DoesNotCompile => verdict.clone(),
    }
}

/// All hidden tests of an exercise as one; nothing when there are none.
fn folded(hidden: &[TestResult]) -> Option<TestResult> {
    let first = hidden.first()?;
    let earned = hidden.iter().map(|test| test.earned).sum();
    let possible = hidden.iter().map(|test| test.possible).sum();
    let all_are = |word: &Verdict| {
        let same = |test: &TestResult| std::mem::discriminant(&test.verdict) == std::mem::discriminant(word);
        hidden.iter().all(same)
    };
    let as_one = match &first.verdict {
        Verdict::Refused(_) | Verdict::NotGraded(_) | Verdict::DoesNotCompile => all_are(&first.verdict),
        _ => false,
    };
    let is_passed = |test: &TestResult| matches!(test.verdict, Verdict::Passed | Verdict::NotGraded(_));
    let verdict = if as_one {
        word(&first.verdict)
    } else if hidden.iter().all(is_passed) {
        Verdict::Passed
    } else {
        Verdict::Failed
    };
    let failure = (verdict == Verdict::Failed).then(|| Failure {
        message: format!("{earned} of {possible} points"),
        ..Failure::default()
    });
    Some(TestResult {
        name: "hidden tests".to_owned(),
        kind: Kind::Hidden,
        possible,
        earned,
        rule: 0,
        rule_text: String::new(),
        doc: String::new(),
        verdict,
        failure,
        duration_ms: 0,
    })
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

    fn exercise(name: &str, visibility: Visibility) -> ExerciseResult {
        let report = redact_report(&fixture::report(), visibility);
        let found = report.exercises().find(|exercise| exercise.name == name);
        found.unwrap().clone()
    }

    #[test]
    fn at_rule_a_hidden_test_is_a_number_with_its_rule() {
        let tests = exercise("file-search", Visibility::Rule).tests;
        assert_eq!(tests[2].name, "open::numbers_lines_from_one");
        assert!(tests[2].failure.is_some());
        let hidden = &tests[6];
        assert_eq!((hidden.name.as_str(), hidden.rule), ("hidden test 3", 5));
        assert!(hidden.rule_text.contains("64 MB") && hidden.failure.is_none() && hidden.doc.is_empty());
        assert_eq!(hidden.verdict.to_string(), "killed by a signal");
        assert_eq!((hidden.earned, hidden.possible, hidden.duration_ms), (0, 3, 0));
    }

    #[test]
    fn at_score_hidden_tests_are_one_line_of_points() {
        let result = exercise("file-search", Visibility::Score);
        assert_eq!(result.tests.len(), 5);
        let hidden = &result.tests[4];
        assert_eq!((hidden.earned, hidden.possible, hidden.rule), (3, 9, 0));
        assert_eq!(hidden.failure.as_ref().unwrap().message, "3 of 9 points");
        let original = exercise("file-search", Visibility::Full);
        assert_eq!(result.points, original.points);
        let sum: u32 = result.tests.iter().map(|test| test.earned).sum();
        assert_eq!(sum, original.points.earned);
    }

    #[test]
    fn a_fold_keeps_the_words_that_all_its_tests_share() {
        let words = |name: &str| exercise(name, Visibility::Score).tests.pop().unwrap().verdict;
        assert_eq!(words("word-count"), Verdict::Passed);
        assert_eq!(words("tcp-echo"), Verdict::DoesNotCompile);
        assert!(matches!(words("blink"), Verdict::NotGraded(_)));
        assert!(matches!(words("bump-allocator"), Verdict::Refused(_)));
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
