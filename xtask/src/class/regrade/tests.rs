//! What is told of a second grading, and what is not.

use super::*;
use crate::class::cell::tests::read;
use crate::class::fixture;
use crate::run::Verdict;

#[test]
fn the_same_class_changes_nothing() {
    let mut again = fixture::class();
    for test in again
        .entries
        .iter_mut()
        .flat_map(|entry| &mut entry.results)
        .flat_map(|result| &mut result.tests)
    {
        test.duration_ms += 7;
    }
    let changes = changes(&fixture::class(), &again);
    assert!(changes.is_empty() && !changes.course_differs, "{changes:?}");
}

#[test]
fn a_verdict_that_changed_is_told_with_its_points() {
    let mut again = fixture::class();
    let test = &mut again.entries[0].results[0].tests[4];
    (test.verdict, test.earned) = (Verdict::TimedOut, 0);
    again.entries[0].results[0].points.earned -= 3;
    let changes = changes(&fixture::class(), &again);
    assert_eq!(changes.verdicts.len(), 1, "{changes:?}");
    let rows = read(&changes.csv().unwrap());
    assert_eq!(
        rows[1],
        [
            "s001",
            "file-search",
            "hidden::a_last_line_needs_no_newline",
            "passed",
            "timed out",
            "3",
            "0"
        ]
    );
}

#[test]
fn who_came_and_who_went_is_told() {
    let (mut before, mut now) = (fixture::class(), fixture::class());
    before.entries.pop();
    now.entries.remove(0);
    now.course = "ab".repeat(32);
    let changes = changes(&before, &now);
    assert_eq!(
        (changes.new.as_slice(), changes.gone.as_slice()),
        (&["s030".to_owned()][..], &["s001".to_owned()][..])
    );
    assert!(changes.course_differs && changes.verdicts.is_empty());
}

#[test]
fn a_test_or_an_exercise_may_come_and_go() {
    let (mut before, now) = (fixture::class(), fixture::class());
    before.entries[0].results[0].tests.remove(0);
    before.entries[0].results.remove(1);
    let changes = changes(&before, &now);
    let told: Vec<_> = changes
        .verdicts
        .iter()
        .map(|change| (change.test.as_str(), change.from.0.as_str(), change.to.0.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("open::finds_a_word", "not there", "passed"),
            ("", "not handed in", "complete")
        ]
    );
}

#[test]
fn an_exercise_that_was_set_aside_is_told_though_no_test_changed() {
    let (before, mut now) = (fixture::class(), fixture::class());
    now.entries[0].results[0].review = vec!["a constructor".to_owned()];
    let changes = changes(&before, &now);
    assert_eq!(changes.verdicts.len(), 1);
    assert_eq!(changes.verdicts[0].to.0, "for review");
}
