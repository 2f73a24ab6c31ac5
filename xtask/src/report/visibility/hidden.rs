//! Hidden tests as a learner may see them: each by its number, or all of an exercise as one.

use crate::catalogue::Kind;
use crate::run::{Failure, Verdict};
use crate::score::TestResult;

/// What a test says that could not be graded; which tool it needs would tell how it tests.
const NOT_GRADED: &str = "this machine lacks what the test needs";

/// Each test without its name, and without what would tell how it tests.
pub fn numbered(hidden: &[TestResult]) -> impl Iterator<Item = TestResult> {
    (1..).zip(hidden).map(|(number, test)| TestResult {
        name: format!("hidden test {number}"),
        verdict: word(&test.verdict),
        doc: String::new(),
        failure: None,
        duration_ms: 0,
        ..test.clone()
    })
}

/// A verdict without its detail. Why a submission was refused stays: that is about its files, and no test's secret.
fn word(verdict: &Verdict) -> Verdict {
    match verdict {
        Verdict::KilledBy(_) => Verdict::KilledBy("a signal".to_owned()),
        Verdict::NotGraded(_) => Verdict::NotGraded(NOT_GRADED.to_owned()),
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

/// All tests that could be graded as one, and all that could not as another: neither has the other's points.
pub fn folded(hidden: &[TestResult]) -> impl Iterator<Item = TestResult> {
    let (not_graded, graded): (Vec<_>, Vec<_>) = hidden
        .iter()
        .partition(|test| matches!(test.verdict, Verdict::NotGraded(_)));
    let folds = [
        fold("hidden tests", &graded),
        fold("hidden tests that need more than this machine has", &not_graded),
    ];
    folds.into_iter().flatten()
}

/// The tests as one; nothing when there are none.
fn fold(name: &str, tests: &[&TestResult]) -> Option<TestResult> {
    let earned: u32 = tests.iter().map(|test| test.earned).sum();
    let possible: u32 = tests.iter().map(|test| test.possible).sum();
    let verdict = shared(tests)?;
    let failure = (verdict == Verdict::Failed).then(|| Failure {
        message: format!("{earned} of {possible} points"),
        ..Failure::default()
    });
    Some(TestResult {
        name: name.to_owned(),
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

/// The word for all: the one that they share where that is about the whole exercise, else passed or failed.
fn shared(tests: &[&TestResult]) -> Option<Verdict> {
    let first = word(&tests.first()?.verdict);
    let is_about_all = matches!(
        first,
        Verdict::Passed | Verdict::Refused(_) | Verdict::NotGraded(_) | Verdict::DoesNotCompile
    );
    let is_shared = tests.iter().all(|test| word(&test.verdict) == first);
    Some(if is_about_all && is_shared {
        first
    } else {
        Verdict::Failed
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::visibility::{Visibility, redact};
    use crate::score::ExerciseResult;

    fn exercise(name: &str, visibility: Visibility) -> ExerciseResult {
        let report = fixture::report();
        let found = report.exercises().find(|exercise| exercise.name == name);
        redact(found.unwrap(), visibility)
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
    fn points_that_could_not_be_graded_stand_apart() {
        let report = fixture::report();
        let mut tests: Vec<_> = report.modules[0].exercises[0].tests[4..].to_vec();
        tests[2].verdict = Verdict::NotGraded("valgrind is not installed".to_owned());
        let folds: Vec<_> = folded(&tests).collect();
        let points: Vec<_> = folds.iter().map(|test| (test.earned, test.possible)).collect();
        assert_eq!(points, [(3, 6), (0, 3)]);
        assert_eq!(folds[1].verdict, Verdict::NotGraded(NOT_GRADED.to_owned()));
    }
}
