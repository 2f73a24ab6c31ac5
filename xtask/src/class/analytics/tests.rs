//! The figures are counted again by hand, and both forms are sound.

use super::*;
use crate::class::{fixture, grade};
use crate::run::Verdict;
use crate::score::TestResult;

fn figures<'a>(grades: &[LearnerGrades<'a>]) -> Figures<'a> {
    Figures::new(grades)
}

#[test]
fn averages_and_medians_of_few() {
    assert_eq!((average(&[]), median(&[])), (Marks(0), Marks(0)));
    assert_eq!(median(&[Marks(1), Marks(2), Marks(9)]), Marks(2));
    assert_eq!(median(&[Marks(1), Marks(2), Marks(3), Marks(9)]), Marks(3));
    assert_eq!(average(&[Marks(1), Marks(2)]), Marks(2));
}

#[test]
fn shares_are_of_those_who_handed_in() {
    let (class, policy) = (fixture::class(), fixture::policy());
    let grades = grade::grades(&class, &policy);
    let figures = figures(&grades);
    let share = figures
        .tests
        .iter()
        .find(|share| share.test == "hidden::limits::a_giant_line_is_found")
        .unwrap();
    let of = |test: &&TestResult| test.name == share.test;
    let results = class.entries.iter().flat_map(|entry| &entry.results);
    let tests: Vec<_> = results.flat_map(|result| &result.tests).filter(of).collect();
    assert_eq!(share.graded, tests.len());
    assert_eq!(
        share.failed,
        tests
            .iter()
            .filter(|test| test.verdict != Verdict::Passed)
            .count()
    );
    assert!(share.graded < 30 && share.failed > 0);
    assert!(
        figures
            .tests
            .is_sorted_by_key(|share| std::cmp::Reverse(share.percent()))
    );
    assert_eq!(figures.tenths.iter().sum::<usize>(), figures.handed_in);
    assert_eq!((figures.learners, figures.handed_in), (30, 28));
}

#[test]
fn what_was_not_graded_is_in_no_share() {
    let (class, policy) = (fixture::class(), fixture::policy());
    let grades = grade::grades(&class, &policy);
    assert!(
        figures(&grades)
            .tests
            .iter()
            .all(|share| share.test != "hidden::blinks_on_the_board")
    );
}

#[test]
fn a_rule_is_broken_once_by_whoever_fails_two_of_its_tests() {
    let (mut class, policy) = (fixture::class(), fixture::policy());
    class.entries.truncate(2);
    for entry in &mut class.entries {
        entry.results.truncate(1);
        for test in &mut entry.results[0].tests {
            test.verdict = if test.rule == 5 {
                Verdict::TimedOut
            } else {
                Verdict::Passed
            };
        }
    }
    let grades = grade::grades(&class, &policy);
    let figures = figures(&grades);
    assert_eq!(figures.tests.len(), 2);
    assert_eq!(figures.rules.len(), 1);
    assert_eq!(
        (
            figures.rules[0].rule,
            figures.rules[0].failed,
            figures.rules[0].graded
        ),
        (5, 2, 2)
    );
    assert_eq!(figures.rules[0].percent(), Marks(1000));
}

#[test]
fn failures_that_differ_in_numbers_are_one_group() {
    let (class, policy) = (fixture::class(), fixture::policy());
    let grades = grade::grades(&class, &policy);
    let figures = figures(&grades);
    let large = figures
        .groups
        .iter()
        .find(|group| {
            group
                .example
                .as_ref()
                .is_some_and(|failure| failure.message.contains("was not read at"))
        })
        .unwrap();
    assert!(large.learners.len() > 1);
    assert!(figures.groups.iter().all(|group| group.learners.len() > 1));
    assert!(
        figures
            .groups
            .is_sorted_by_key(|group| std::cmp::Reverse(group.learners.len()))
    );
}

#[test]
fn what_waits_is_listed_with_its_reason() {
    let (class, policy) = (fixture::class(), fixture::policy());
    let grades = grade::grades(&class, &policy);
    let waiting = figures(&grades).waiting;
    assert_eq!(waiting.review[0].learner, fixture::SET_ASIDE);
    assert!(waiting.review[0].what.contains(fixture::WIRE));
    assert_eq!(waiting.flags[0].learner, fixture::FLAGGED);
    assert_eq!(waiting.refused[0].learner, fixture::REFUSED);
    assert_eq!(waiting.untimed, [fixture::UNTIMED]);
    let codes: Vec<_> = waiting
        .error_codes
        .iter()
        .map(|(code, who)| (code.as_str(), who.len()))
        .collect();
    assert_eq!(codes, [("E0308", 2), ("E0061", 1)]);
}

#[test]
fn both_forms_are_sound_and_name_what_matters() {
    let (class, policy) = (fixture::class(), fixture::policy());
    let grades = grade::grades(&class, &policy);
    let figures = figures(&grades);
    let (markdown, page) = (markdown(&figures), page(&figures));
    crate::class::page::tests::is_sound(&page);
    assert!(!markdown.contains(['\u{1b}', '\u{202e}']) && !markdown.contains("##["));
    for part in [
        "28 of 30",
        "set aside",
        "E0308",
        fixture::SET_ASIDE,
        fixture::REFUSED,
    ] {
        assert!(markdown.to_lowercase().contains(&part.to_lowercase()), "{part}");
        assert!(page.to_lowercase().contains(&part.to_lowercase()), "{part}");
    }
    let active = pulldown_cmark::Parser::new_ext(&markdown, pulldown_cmark::Options::all());
    for event in active {
        assert!(
            !matches!(
                event,
                pulldown_cmark::Event::Html(_) | pulldown_cmark::Event::InlineHtml(_)
            ),
            "{event:?}"
        );
    }
}

#[test]
fn a_class_of_nobody_has_figures() {
    let figures = figures(&[]);
    crate::class::page::tests::is_sound(&page(&figures));
    assert!(markdown(&figures).contains("0 of 0 learners"));
}

#[test]
fn what_was_decided_does_not_wait() {
    let class = fixture::class();
    for accept in [true, false] {
        let policy = fixture::reviewed(fixture::SET_ASIDE, fixture::SUPERVISOR, accept);
        assert!(figures(&grade::grades(&class, &policy)).waiting.review.is_empty());
        let policy = fixture::reviewed(fixture::FLAGGED, "bump-allocator", accept);
        let waiting = figures(&grade::grades(&class, &policy)).waiting;
        assert_eq!((waiting.flags.len(), waiting.review.len()), (0, 1));
    }
}

#[test]
fn a_review_is_one_line_with_its_sources_whatever_its_reasons() {
    let (mut class, policy) = (fixture::class(), fixture::policy());
    let reviews = class.entries.iter_mut().flat_map(|entry| &mut entry.results);
    for result in reviews.filter(|result| !result.review.is_empty()) {
        result
            .review
            .extend((0..20).map(|number| format!("constructor {number}")));
    }
    let grades = grade::grades(&class, &policy);
    let figures = figures(&grades);
    assert_eq!(figures.waiting.review.len(), 1);
    let what = &figures.waiting.review[0].what;
    assert!(
        what.contains(fixture::WIRE) && what.ends_with("constructor 19"),
        "{what}"
    );
    let sources = fixture::sources(fixture::SET_ASIDE, fixture::SUPERVISOR);
    let line = format!("- `s013` process-supervisor, sources `{sources}`: `hidden::");
    assert!(markdown(&figures).contains(&line));
    assert!(page(&figures).contains(&format!("<code>{sources}</code>")));
}
