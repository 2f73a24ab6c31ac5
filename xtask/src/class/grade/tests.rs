//! Raw, late and counted, in every case that a policy knows.

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::class::fixture;
use crate::class::marks::Hundredths;
use crate::class::policy::Late;

const DUE: &str = "2026-11-01T12:00:00Z";

/// The lateness of what came `minutes` after the deadline.
fn after(minutes: i64, late: &Late) -> Lateness {
    let due: Timestamp = DUE.parse().unwrap();
    Lateness::of(Some(due + SignedDuration::from_mins(minutes)), due, late)
}

fn late() -> Late {
    let text = "[late]\ngrace = \"15m\"\nper_day = 10\nmax = 50\ncut_off = \"7d\"\n";
    Policy::parse(text, "class.toml", &[]).unwrap().late
}

const DAY: i64 = 24 * 60;

#[test]
fn every_started_day_costs_up_to_the_most() {
    let late = late();
    let percent = |minutes| after(minutes, &late).percent().0 / 100;
    assert_eq!(
        [0, 1, 15, 16, DAY, DAY + 1, 4 * DAY, 6 * DAY].map(percent),
        [0, 0, 0, 10, 10, 20, 40, 50]
    );
    assert!(matches!(after(15, &late), Lateness::WithinGrace(_)));
    assert!(matches!(after(7 * DAY, &late), Lateness::Late(..)));
    assert!(matches!(after(7 * DAY + 1, &late), Lateness::AfterCutOff(_)));
    assert_eq!(percent(7 * DAY + 1), 100);
}

#[test]
fn hours_may_cost_parts_of_a_per_cent() {
    let late = Policy::parse("[late]\nper_hour = 0.5\n", "class.toml", &[])
        .unwrap()
        .late;
    assert_eq!(after(61, &late).percent(), Hundredths(100));
    assert_eq!(after(1000 * DAY, &late).percent(), Hundredths(10_000));
}

#[test]
fn an_unknown_time_is_never_late() {
    let due = DUE.parse().unwrap();
    assert_eq!(Lateness::of(None, due, &late()), Lateness::TimeUnknown);
    assert_eq!(Lateness::TimeUnknown.percent(), Hundredths(0));
}

#[test]
fn late_words_say_how_late_and_what_it_cost() {
    let (class, policy) = (fixture::class(), fixture::policy());
    let grades = grades(&class, &policy);
    let words = |id: &str, exercise: usize| {
        let learner = grades
            .iter()
            .find(|learner| learner.entry.learner.id == id)
            .unwrap();
        learner.exercises[exercise].lateness.words(&policy.late)
    };
    assert_eq!(words(fixture::LATE, 0).as_deref(), Some("2 days late: -20 %"));
    assert_eq!(
        words(fixture::UNTIMED, 0).as_deref(),
        Some("time unknown, taken as on time")
    );
    assert_eq!(words(fixture::HONEST, 0), None);
}

#[test]
fn raw_less_late_is_what_counts() {
    let (class, policy) = (fixture::class(), fixture::policy());
    for learner in grades(&class, &policy) {
        assert_eq!(learner.raw(), learner.taken() + learner.counted());
        assert!(learner.raw() <= learner.possible());
        for grade in &learner.exercises {
            assert_eq!(grade.raw, grade.taken + grade.counted, "{}", grade.info.name);
        }
    }
}

#[test]
fn what_is_set_aside_refused_or_absent_counts_nothing() {
    let (mut class, policy) = (fixture::class(), Policy::default());
    // Points that were left in place by whoever set it aside do not slip through.
    for result in class.entries.iter_mut().flat_map(|entry| &mut entry.results) {
        if !result.review.is_empty() {
            result.points.earned = result.points.possible;
        }
    }
    let grades = grades(&class, &policy);
    let of = |id: &str| {
        grades
            .iter()
            .find(|learner| learner.entry.learner.id == id)
            .unwrap()
    };
    let review: Vec<_> = of(fixture::SET_ASIDE)
        .for_review()
        .map(|grade| (grade.word(), grade.counted))
        .collect();
    assert_eq!(review, [("review", Marks(0))]);
    assert_eq!(of(fixture::SET_ASIDE).status(), "review");
    for (id, word) in [(fixture::REFUSED, "refused"), (fixture::ABSENT, "not handed in")] {
        let learner = of(id);
        assert_eq!((learner.status(), learner.counted()), (word, Marks(0)));
        assert!(learner.exercises.iter().all(|grade| grade.word() == word));
        assert!(learner.possible() > Marks(0));
    }
}

#[test]
fn what_could_not_be_graded_is_no_part_of_what_is_possible() {
    let class = fixture::class();
    let grades = grades(&class, &Policy::default());
    let honest = grades
        .iter()
        .find(|learner| learner.entry.learner.id == fixture::HONEST)
        .unwrap();
    let blink = honest
        .exercises
        .iter()
        .find(|grade| grade.info.name == "blink")
        .unwrap();
    let points = blink.result().unwrap().points;
    assert!(points.not_graded > 0);
    assert_eq!(
        blink.possible,
        Marks(u64::from(points.possible - points.not_graded) * 10)
    );
}

#[test]
fn a_weight_counts_in_raw_and_possible() {
    let class = fixture::class();
    let policy = Policy::parse(
        "[scale]\nweight.file-search = 2\n",
        "class.toml",
        &class.exercises,
    )
    .unwrap();
    let (once, twice) = (grades(&class, &Policy::default()), grades(&class, &policy));
    for (once, twice) in once.iter().zip(&twice) {
        assert_eq!(
            once.exercises[0].raw + once.exercises[0].raw,
            twice.exercises[0].raw
        );
        assert_eq!(once.exercises[0].possible.0 * 2, twice.exercises[0].possible.0);
        assert_eq!(once.exercises[1].raw, twice.exercises[1].raw);
    }
}

/// How an exercise of a learner stands under a policy, and its raw points.
fn stands(class: &ClassReport, policy: &Policy, id: &str, exercise: &str) -> (Standing, Marks) {
    let grades = grades(class, policy);
    let of = |learner: &&LearnerGrades| learner.entry.learner.id == id;
    let learner = grades.iter().find(of).unwrap();
    let named = |grade: &&Grade| grade.info.name == exercise;
    let grade = learner.exercises.iter().find(named).unwrap();
    (grade.standing, grade.raw)
}

#[test]
fn what_was_read_and_accepted_counts_what_its_tests_earned() {
    let (class, id, name) = (fixture::class(), fixture::SET_ASIDE, fixture::SUPERVISOR);
    let entry = class.entries.iter().find(|entry| entry.learner.id == id).unwrap();
    let result = entry.results.iter().find(|result| result.name == name).unwrap();
    let passed = |test: &&crate::score::TestResult| test.verdict == crate::run::Verdict::Passed;
    let earned: u32 = result.tests.iter().filter(passed).map(|test| test.possible).sum();
    assert!(earned > 0 && result.points.earned == 0);
    let accepted = Marks::weighted(earned, Hundredths::ONE);
    let policy = fixture::reviewed(id, name, true);
    assert_eq!(stands(&class, &policy, id, name), (Standing::Accepted, accepted));
    let grades = grades(&class, &policy);
    let learner = grades
        .iter()
        .find(|learner| learner.entry.learner.id == id)
        .unwrap();
    assert_eq!((learner.status(), learner.for_review().count()), ("graded", 0));
}

#[test]
fn a_decision_is_about_one_learners_present_sources_alone() {
    let (mut class, id, name) = (fixture::class(), fixture::SET_ASIDE, fixture::SUPERVISOR);
    let policy = fixture::reviewed(id, name, true);
    let aside = Standing::Review;
    // Somebody else hands in the very same.
    let twin = class
        .entries
        .iter()
        .position(|entry| entry.learner.id == id)
        .unwrap();
    let mut copy = class.entries[twin].clone();
    "s031".clone_into(&mut copy.learner.id);
    class.entries.push(copy);
    assert_eq!(stands(&class, &policy, "s031", name), (aside, Marks(0)));
    // And the learner something else afterwards.
    for result in &mut class.entries[twin].results {
        result.sources = fixture::sources(id, "another");
    }
    assert_eq!(stands(&class, &policy, id, name), (aside, Marks(0)));
}

#[test]
fn what_was_read_and_rejected_counts_nothing_whatever_a_wire_says_now() {
    let (mut class, id, name) = (fixture::class(), fixture::SET_ASIDE, fixture::SUPERVISOR);
    let policy = fixture::reviewed(id, name, false);
    let nothing = (Standing::Rejected, Marks(0));
    assert_eq!(stands(&class, &policy, id, name), nothing);
    for result in class.entries.iter_mut().flat_map(|entry| &mut entry.results) {
        result.review.clear();
        result.points.earned = result.points.possible;
    }
    assert_eq!(stands(&class, &policy, id, name), nothing);
    let grades = grades(&class, &policy);
    let word = |learner: &LearnerGrades| learner.exercises[3].word();
    assert_eq!(word(&grades[12]), "nothing counts");
}

#[test]
fn accepting_what_was_never_set_aside_changes_nothing() {
    let class = fixture::class();
    let policy = fixture::reviewed(fixture::FLAGGED, "bump-allocator", true);
    let of = |policy| stands(&class, policy, fixture::FLAGGED, "bump-allocator");
    assert_eq!(of(&policy), of(&fixture::policy()));
}
