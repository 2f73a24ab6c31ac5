//! The gradebook reads back as what it says.

use super::*;
use crate::class::cell::tests::read;
use crate::class::{fixture, grade};

fn made(class: &crate::class::ClassReport) -> String {
    made_under(class, &fixture::policy())
}

fn made_under(class: &crate::class::ClassReport, policy: &Policy) -> String {
    text(&class.exercises, &grade::grades(class, policy), policy).unwrap()
}

#[test]
fn it_reads_back_as_what_it_says() {
    let (class, policy) = (fixture::class(), fixture::policy());
    let rows = read(&made(&class));
    let grades = grade::grades(&class, &policy);
    assert_eq!(rows.len(), 31);
    let column = |name: &str| rows[0].iter().position(|heading| heading == name).unwrap();
    for (row, learner) in rows[1..].iter().zip(&grades) {
        assert_eq!(row[0], learner.entry.learner.id);
        assert_eq!(row[column("status")], learner.status());
        for grade in &learner.exercises {
            let cell = |part: &str| row[column(&format!("{} {part}", grade.info.name))].clone();
            let cells = ["raw", "late", "final"].map(cell);
            assert_eq!(
                cells,
                [grade.raw, grade.taken, grade.counted].map(|marks| marks.to_string())
            );
        }
        assert_eq!(row[column("final")], learner.counted().to_string());
        assert_eq!(row[column("per cent")], learner.percent().to_string());
    }
}

#[test]
fn durations_change_nothing() {
    let mut class = fixture::class();
    let before = made(&class);
    let tests = class
        .entries
        .iter_mut()
        .flat_map(|entry| &mut entry.results)
        .flat_map(|result| &mut result.tests);
    tests.for_each(|test| test.duration_ms += 1);
    assert_eq!(made(&class), before);
}

#[test]
fn hostile_names_are_text_on_one_line() {
    let text = made(&fixture::class());
    assert_eq!(text.lines().count(), 31);
    let rows = read(&text);
    let hostile = rows.iter().find(|row| row[0] == fixture::HOSTILE).unwrap();
    assert!(hostile[1].starts_with("'=HYPERLINK"), "{hostile:?}");
    assert!(!text.contains(['\u{1b}', '\u{202e}', '\r']));
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t']), "{cell:?}");
    }
}

#[test]
fn what_an_instructor_should_know_stands_in_the_notes() {
    let rows = read(&made(&fixture::class()));
    let notes = |id: &str| {
        rows.iter()
            .find(|row| row[0] == id)
            .unwrap()
            .last()
            .unwrap()
            .clone()
    };
    assert!(notes(fixture::REFUSED).contains("refused: the archive names"));
    assert_eq!(notes(fixture::UNTIMED), "time unknown, taken as on time");
    assert_eq!(notes(fixture::LATE), "2 days late: -20 %");
    assert!(
        notes("s003").contains("extended to 2026-11-04 23:00 UTC (illness)"),
        "{}",
        notes("s003")
    );
    assert!(notes(fixture::FLAGGED).contains("bump-allocator: to be read: the brief"));
}

#[test]
fn a_decision_stands_in_the_notes_and_nothing_waits_any_more() {
    let row = |policy: &Policy, id: &str| {
        let rows = read(&made_under(&fixture::class(), policy));
        rows.into_iter().find(|row| row[0] == id).unwrap()
    };
    let supervisor = |accept| fixture::reviewed(fixture::SET_ASIDE, fixture::SUPERVISOR, accept);
    let waiting = row(&fixture::policy(), fixture::SET_ASIDE);
    let review = waiting.len() - 2;
    assert_eq!(
        (waiting[4].as_str(), waiting[review].as_str()),
        ("review", fixture::SUPERVISOR)
    );
    for (accept, note) in [
        (true, "process-supervisor: reviewed: accepted (a guessed name)"),
        (
            false,
            "process-supervisor: reviewed: nothing counts (a guessed name)",
        ),
    ] {
        let row = row(&supervisor(accept), fixture::SET_ASIDE);
        assert_eq!((row[4].as_str(), row[review].as_str()), ("graded", ""));
        assert!(row[review + 1].contains(note), "{row:?}");
    }
    let flagged = fixture::reviewed(fixture::FLAGGED, "bump-allocator", true);
    let notes = row(&flagged, fixture::FLAGGED).pop().unwrap();
    assert!(
        notes.contains("bump-allocator: reviewed: accepted") && !notes.contains("to be read"),
        "{notes}"
    );
}
