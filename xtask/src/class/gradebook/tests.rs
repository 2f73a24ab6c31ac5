//! The gradebook reads back as what it says.

use super::*;
use crate::class::cell::tests::read;
use crate::class::{fixture, grade};

fn made(class: &crate::class::ClassReport) -> String {
    let policy = fixture::policy();
    text(&class.exercises, &grade::grades(class, &policy), &policy).unwrap()
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
