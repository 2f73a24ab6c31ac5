//! Decisions are read, held against the class, and told with their line where they cannot stand.

use super::*;
use crate::class::fixture;

fn table(learner: &str, exercise: &str, sources: &str) -> String {
    format!(
        "[[reviewed]]\nlearner = {learner:?}\nexercise = {exercise:?}\naccept = true\nsources = {sources:?}\n"
    )
}

fn read(text: &str) -> Policy {
    Policy::parse(text, "class.toml", &fixture::exercises()).unwrap()
}

fn error(text: &str) -> String {
    let read = Policy::parse(text, "class.toml", &fixture::exercises());
    read.unwrap_err().to_string()
}

#[test]
fn the_example_decides_twice() {
    let policy = read(include_str!("../class.toml"));
    let mut result = fixture::class().entries[0].results[1].clone();
    assert_eq!(result.name, "tcp-echo");
    assert_eq!(policy.decision("s003", &result), None);
    "3f2a90c4d17be685".clone_into(&mut result.sources);
    let decision = policy.decision("s003", &result).unwrap();
    assert!(decision.accept && decision.words().starts_with("reviewed: accepted (the number"));
    assert_eq!(policy.decision("s004", &result), None);
    let words: Vec<_> = policy.decisions.iter().map(Decision::words).collect();
    assert_eq!(words[1], "reviewed: nothing counts");
}

#[test]
fn errors_name_the_line_and_what_to_write() {
    let sources = "0123456789abcdef";
    let twice = table("s003", "blink", sources) + &table("s003", "blink", "0123456789ABCDEF");
    let cases = [
        (
            table("s003", "tcp-ehco", sources),
            "class.toml:3: there is no exercise \"tcp-ehco\": did you mean \"tcp-echo\"?",
        ),
        (
            "[[reviewed]]\nlearner = \"s003\"\nexercise = \"blink\"\naccept = true\n".to_owned(),
            "class.toml:2: a review says which sources were read: add `sources = \"…\"`, the 16 digits that the summary \
             and analytics.md show beside \"s003\" and blink",
        ),
        (
            table("s003", "blink", "0123"),
            "class.toml:5: \"0123\" is no hash of sources: it has 16 hex digits",
        ),
        (
            table("s003", "blink", "0123456789abcdeg"),
            "is no hash of sources",
        ),
        (
            "[[reviewed]]\nlearner = \"s003\"\nexercise = \"blink\"\n".to_owned(),
            "class.toml:1: missing field `accept`",
        ),
        (
            table("s003", "blink", sources) + "why = \"\"\n",
            "class.toml:6: unknown field `why`",
        ),
        (twice, "class.toml:7: the same sources are reviewed in line 2"),
    ];
    for (text, expected) in cases {
        let error = error(&text);
        assert!(
            error.contains(expected) && !error.contains('\n'),
            "{text}: {error:?}"
        );
    }
}

#[test]
fn a_review_of_nobody_is_a_warning() {
    let text = table("s0130", fixture::SUPERVISOR, "0123456789abcdef");
    let warnings = read(&text).warnings(&fixture::class());
    assert_eq!(warnings.len(), 1);
    assert!(
        warnings[0]
            .starts_with("line 2 of the policy has a review of \"s0130\", who is not in this class: did"),
        "{warnings:?}"
    );
}

#[test]
fn a_review_of_sources_that_are_gone_is_a_warning_until_the_new_ones_are_reviewed() {
    let old = table(fixture::SET_ASIDE, fixture::SUPERVISOR, "0123456789abcdef");
    let warnings = read(&old).warnings(&fixture::class());
    assert_eq!(
        warnings,
        ["line 2 of the policy reviews sources of process-supervisor that \"s013\" no longer hands in"]
    );
    let now = fixture::sources(fixture::SET_ASIDE, fixture::SUPERVISOR);
    let both = old + &table(fixture::SET_ASIDE, fixture::SUPERVISOR, &now);
    assert!(read(&both).warnings(&fixture::class()).is_empty());
    let absent = table(fixture::ABSENT, fixture::SUPERVISOR, "0123456789abcdef");
    assert_eq!(read(&absent).warnings(&fixture::class()).len(), 1);
}

#[test]
fn a_review_of_what_is_not_graded_this_time_waits_in_silence() {
    let policy = read(&table(
        fixture::SET_ASIDE,
        fixture::SUPERVISOR,
        "0123456789abcdef",
    ));
    let mut class = fixture::class();
    class
        .exercises
        .retain(|exercise| exercise.name != fixture::SUPERVISOR);
    for entry in &mut class.entries {
        entry.results.retain(|result| result.name != fixture::SUPERVISOR);
    }
    assert!(policy.warnings(&class).is_empty());
}
