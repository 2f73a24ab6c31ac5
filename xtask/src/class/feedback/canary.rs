//! Canaries: no word of a hidden test, and no word about another learner, in anybody's feedback; and what is hostile
//! is inert in both forms.

use std::collections::BTreeSet;

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::*;
use crate::class::{ClassReport, fixture, grade};
use crate::run::Verdict;

fn policy(level: &str) -> Policy {
    let text = format!("[visibility]\nhidden = \"{level}\"\n[deadlines]\ndefault = 2026-11-01T23:00:00Z\n");
    Policy::parse(&text, "class.toml", &fixture::exercises()).unwrap()
}

/// Everyone's feedback: the id, and both texts.
fn all(class: &ClassReport, policy: &Policy) -> Vec<(String, [String; 2])> {
    let others = Others::of(class);
    let grades = grade::grades(class, policy);
    let feedback = grades
        .iter()
        .map(|learner| Feedback::new(learner, policy, Timestamp::UNIX_EPOCH, &others));
    feedback
        .map(|made| (made.id.clone(), [made.markdown(), made.page()]))
        .collect()
}

/// What only an instructor may know of hidden tests.
fn secrets(class: &ClassReport) -> BTreeSet<String> {
    let mut secrets = BTreeSet::from(["canary", "hidden.rs"].map(str::to_owned));
    let results = class.entries.iter().flat_map(|entry| &entry.results);
    for test in results
        .flat_map(|result| &result.tests)
        .filter(|test| test.kind != Kind::Open)
    {
        secrets.insert(test.name.rsplit("::").next().unwrap().to_owned());
        secrets.insert(test.name.clone());
    }
    secrets
}

/// A page without the breaks that it allows in long names.
fn whole(text: &str) -> String {
    text.replace("<wbr/>", "")
}

#[test]
fn nothing_of_a_hidden_test_is_in_any_feedback() {
    let class = fixture::class();
    let secrets = secrets(&class);
    assert!(secrets.iter().any(|secret| secret == "a_giant_line_is_found"));
    for level in ["rule", "score"] {
        for (id, texts) in all(&class, &policy(level)) {
            for text in texts.map(|text| whole(&text)) {
                let told = secrets.iter().find(|secret| text.contains(secret.as_str()));
                assert_eq!(told, None, "told to {id} at {level}");
            }
        }
    }
}

#[test]
fn at_full_hidden_tests_are_there_and_wires_are_not() {
    let class = fixture::class();
    let all = all(&class, &policy("full"));
    let of = |id: &str| {
        all.iter()
            .find(|(known, _)| known == id)
            .unwrap()
            .1
            .clone()
            .map(|text| whole(&text))
    };
    for text in of(fixture::SET_ASIDE) {
        assert!(!text.contains("keeps_children_in_order"), "{text}");
    }
    assert!(of(fixture::UNFIT)[1].contains("hidden::a_slow_reader_blocks_nobody"));
    let told = all
        .iter()
        .filter(|(_, [markdown, _])| markdown.contains("canary_message"));
    assert!(told.count() > 5);
}

#[test]
fn at_rule_the_rule_is_told_and_at_score_it_is_not() {
    let mut class = fixture::class();
    // All open tests pass: whatever rule is told is told by a hidden test.
    for test in class
        .entries
        .iter_mut()
        .flat_map(|entry| &mut entry.results)
        .flat_map(|result| &mut result.tests)
    {
        if test.kind == Kind::Open {
            (test.verdict, test.failure) = (Verdict::Passed, None);
        } else if test.kind == Kind::Hidden {
            (test.verdict, test.earned) = (Verdict::Failed, 0);
        }
    }
    let rule = "No input, however long its lines, takes more than 64 MB.";
    let told = |level: &str| {
        let all = all(&class, &policy(level));
        all.iter()
            .filter(|(_, texts)| texts.iter().all(|text| text.contains(rule)))
            .count()
    };
    assert!(told("rule") > 10);
    assert_eq!(told("score"), 0);
}

#[test]
fn nobody_is_told_of_another() {
    let class = fixture::class();
    let all = all(&class, &policy("full"));
    for (id, texts) in &all {
        for other in class
            .entries
            .iter()
            .map(|entry| &entry.learner)
            .filter(|other| other.id != *id)
        {
            for text in texts {
                assert!(!text.contains(&other.id), "{} is told to {id}", other.id);
                let name = other.name.as_deref().unwrap();
                assert!(!text.contains(name), "{name} is told to {id}");
            }
        }
    }
}

#[test]
fn hostile_text_is_inert() {
    let class = fixture::class();
    for (id, [markdown, page]) in all(&class, &policy("full")) {
        crate::class::page::tests::is_sound(&page);
        assert!(!page.contains("<b>") && !page.contains("javascript:alert(1))\""));
        assert!(!markdown.contains(['\u{1b}', '\u{202e}', '\r']), "{id}");
        assert!(
            !markdown.lines().any(|line| line.trim_start().starts_with("::")),
            "{id}"
        );
        assert!(!markdown.contains("##["), "{id}");
        for event in Parser::new_ext(&markdown, Options::all()) {
            match event {
                Event::Html(tag) | Event::InlineHtml(tag) => {
                    let own = tag.trim().starts_with("<details><summary>") || tag.trim() == "</details>";
                    assert!(own, "{tag} for {id}");
                }
                Event::Start(Tag::Link { .. } | Tag::Image { .. }) => panic!("a link for {id}: {markdown}"),
                _ => {}
            }
        }
    }
}
