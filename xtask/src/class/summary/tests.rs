//! What the terminal shows of a class.

use super::*;
use crate::class::policy::Policy;
use crate::class::{ClassReport, fixture, grade, regrade};

fn shown(change: impl FnOnce(&mut Written)) -> String {
    shown_of(&fixture::class(), &fixture::policy(), change)
}

fn shown_of(class: &ClassReport, policy: &Policy, change: impl FnOnce(&mut Written)) -> String {
    let mut written = Written {
        directory: "target/class".into(),
        files: vec!["class.json".to_owned(), "gradebook.csv".to_owned()],
        feedback: 30,
        changes: None,
        warnings: Vec::new(),
    };
    change(&mut written);
    let mut out = anstream::StripStream::new(Vec::new());
    let grades = grade::grades(class, policy);
    write(&mut out, &Figures::new(&grades), &written).unwrap();
    String::from_utf8(out.into_inner()).unwrap()
}

#[test]
fn a_class_looks_like_this() {
    insta::assert_snapshot!(shown(|_| {}));
}

#[test]
fn a_regrade_without_a_change_is_one_line() {
    let with = shown(|written| written.changes = Some(Changes::default()));
    let without = shown(|_| {});
    // The line, and a blank one before it.
    assert_eq!(with.lines().count(), without.lines().count() + 2);
    assert!(with.contains("\n  No verdict changed since the last grading.\n"));
}

#[test]
fn a_regrade_says_what_changed() {
    let mut again = fixture::class();
    let test = &mut again.entries[0].results[0].tests[4];
    (test.verdict, test.earned) = (crate::run::Verdict::TimedOut, 0);
    again.course = "ab".repeat(32);
    let changes = regrade::changes(&fixture::class(), &again);
    let text = shown(|written| written.changes = Some(changes));
    assert!(text.contains("another one than last time"), "{text}");
    assert!(text.contains("1 verdict changed"), "{text}");
    assert!(text.contains("passed → timed out, 3 → 0 points"), "{text}");
}

#[test]
fn nothing_hostile_is_printed_and_no_line_is_too_wide() {
    let text = shown(|written| written.warnings = vec![fixture::HOSTILE_TEXT.to_owned()]);
    assert!(
        !text.contains(['\u{1b}', '\u{202e}']) && !text.contains("##["),
        "{text}"
    );
    assert!(
        text.lines()
            .all(|line| !line.trim_start().starts_with("::") && width(line) <= COLUMNS),
        "{text}"
    );
}

#[test]
fn a_review_is_a_line_with_its_whole_hash() {
    let mut class = fixture::class();
    for result in class.entries.iter_mut().flat_map(|entry| &mut entry.results) {
        if !result.review.is_empty() {
            result
                .review
                .extend((0..30).map(|number| format!("constructor {number}")));
        }
    }
    let text = shown_of(&class, &fixture::policy(), |_| {});
    assert_eq!(text.lines().count(), shown(|_| {}).lines().count());
    let sources = fixture::sources(fixture::SET_ASIDE, fixture::SUPERVISOR);
    assert!(
        text.contains(&format!("s013  process-supervisor  {sources}  hidden::")),
        "{text}"
    );
    assert!(text.lines().all(|line| width(line) <= COLUMNS), "{text}");
}

#[test]
fn what_was_decided_is_not_listed() {
    let policy = fixture::reviewed(fixture::SET_ASIDE, fixture::SUPERVISOR, false);
    let text = shown_of(&fixture::class(), &policy, |_| {});
    assert!(
        !text.contains("Set aside") && text.contains("To be read"),
        "{text}"
    );
}
