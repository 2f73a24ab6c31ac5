//! What stands in a learner's feedback.

use super::*;
use crate::class::{fixture, grade};

fn feedback(id: &str) -> Feedback {
    feedback_under(&fixture::policy(), id)
}

fn feedback_under(policy: &Policy, id: &str) -> Feedback {
    let class = fixture::class();
    let grades = grade::grades(&class, policy);
    let learner = grades
        .iter()
        .find(|learner| learner.entry.learner.id == id)
        .unwrap();
    Feedback::new(learner, policy, Timestamp::UNIX_EPOCH, &Others::of(&class))
}

#[test]
fn lateness_is_spelled_out() {
    let feedback = feedback(fixture::LATE);
    let part = &feedback.parts[0];
    assert_eq!(
        part.arithmetic[0],
        "Due 2026-11-01 23:00 UTC, handed in 2026-11-03 05:00 UTC: 2 days late: -20 %."
    );
    assert_eq!(
        part.arithmetic[1],
        format!("{} − {} = {} points count.", part.raw, part.taken, part.counted)
    );
    let text = feedback.markdown();
    assert!(text.contains(&part.arithmetic[1]), "{text}");
    assert!(feedback.page().contains(&part.arithmetic[1]));
}

#[test]
fn an_extension_is_told_without_its_reason() {
    let feedback = feedback("s003");
    assert!(feedback.parts[0].arithmetic[0].contains("2026-11-04 23:00 UTC (extended for you)"));
    assert!(!feedback.markdown().contains("illness") && !feedback.page().contains("illness"));
}

#[test]
fn a_refusal_and_an_absence_say_so() {
    let refused = feedback(fixture::REFUSED);
    assert!(
        refused
            .markdown()
            .contains("`the archive names a file outside itself: ../../etc/passwd`")
    );
    assert!(refused.page().contains("the archive names a file outside itself"));
    let absent = feedback(fixture::ABSENT);
    assert!(
        absent
            .markdown()
            .contains("| File search | 0.0 | 0.0 | **0.0** | 17.0 | not handed in |")
    );
    assert!(absent.next.is_some());
}

#[test]
fn what_is_complete_has_no_next_step() {
    assert!(feedback(fixture::HONEST).next.is_none());
    assert!(
        feedback(fixture::HONEST)
            .markdown()
            .contains("Everything that could be graded is earned.")
    );
}

#[test]
fn what_waits_for_the_instructor_is_not_called_earned() {
    let feedback = feedback(fixture::SET_ASIDE);
    assert!(feedback.next.is_none());
    for text in [feedback.markdown(), feedback.page()] {
        assert!(text.contains("Your instructor reads what is set aside"), "{text}");
    }
}

#[test]
fn an_open_test_shows_both_sides_and_the_learners_line() {
    let (mut class, policy) = (fixture::class(), fixture::policy());
    class.entries[0].results[0].tests[2].verdict = crate::run::Verdict::Failed;
    class.entries[0].results[0].tests[2].failure = Some(crate::run::Failure {
        message: "what -n prints".to_owned(),
        source: Some("31-cli-tools/01-file-search/src/search.rs:42:9".to_owned()),
        expected: Some("1:apple".to_owned()),
        actual: Some("0:apple".to_owned()),
        ..Default::default()
    });
    let grades = grade::grades(&class, &policy);
    let feedback = Feedback::new(&grades[0], &policy, Timestamp::UNIX_EPOCH, &Others::of(&class));
    for text in [feedback.markdown(), feedback.page()] {
        for part in [
            "what -n prints",
            "1:apple",
            "0:apple",
            "src/search.rs:42:9",
            "counted from 1",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
}

#[test]
fn a_note_about_another_learner_is_not_passed_on() {
    let (mut class, policy) = (fixture::class(), fixture::policy());
    class.entries[1].notes = vec![
        "also found under s004".to_owned(),
        "Cargo.toml left aside".to_owned(),
    ];
    class.entries[1].refusal = Some("the same archive as Learner 09's".to_owned());
    let grades = grade::grades(&class, &policy);
    let feedback = Feedback::new(&grades[1], &policy, Timestamp::UNIX_EPOCH, &Others::of(&class));
    assert_eq!(feedback.notes, ["Cargo.toml left aside"]);
    assert_eq!(feedback.refusal.as_deref(), Some("your instructor can tell why"));
}

#[test]
fn a_decision_is_told_without_its_reason() {
    let told = "its points count.";
    for (accept, sentence, other) in [
        (true, told, "counts nothing"),
        (
            false,
            "Your instructor has read this exercise and counts nothing.",
            told,
        ),
    ] {
        let policy = fixture::reviewed(fixture::SET_ASIDE, fixture::SUPERVISOR, accept);
        let feedback = feedback_under(&policy, fixture::SET_ASIDE);
        let part = &feedback.parts[3];
        assert_eq!(part.counted > Marks(0), accept);
        for text in [feedback.markdown(), feedback.page()] {
            assert!(text.contains(sentence) && !text.contains(other), "{text}");
            assert!(
                !text.contains("guessed") && !text.contains("keeps_children"),
                "{text}"
            );
            assert!(
                !text.contains("For review") && !text.contains("for review"),
                "{text}"
            );
        }
        assert!(feedback.next.is_none());
        let all = feedback.closing() == "Everything that could be graded is earned.";
        assert_eq!(all, accept, "{}", feedback.closing());
    }
}

#[test]
fn a_flag_that_was_read_is_still_not_told() {
    let (policy, before) = (
        fixture::reviewed(fixture::FLAGGED, "bump-allocator", true),
        feedback(fixture::FLAGGED),
    );
    let after = feedback_under(&policy, fixture::FLAGGED);
    assert_eq!(
        (after.markdown(), after.page()),
        (before.markdown(), before.page())
    );
}
