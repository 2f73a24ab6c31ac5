//! The example file says what its comment promises, and what is wrong is told with its line.

use super::*;
use crate::class::fixture;

const EXAMPLE: &str = include_str!("class.toml");

fn read(text: &str) -> Policy {
    Policy::parse(text, "class.toml", &fixture::exercises()).unwrap()
}

fn error(text: &str) -> String {
    let error = Policy::parse(text, "class.toml", &fixture::exercises()).unwrap_err();
    error.to_string()
}

fn due(policy: &Policy, learner: &str, exercise: &str) -> String {
    let exercises = fixture::exercises();
    let exercise = exercises.iter().find(|known| known.name == exercise).unwrap();
    policy.due(learner, exercise).unwrap().at.to_string()
}

#[test]
fn an_exercise_then_its_module_then_the_default() {
    let policy = read(EXAMPLE);
    assert_eq!(due(&policy, "s001", "tcp-echo"), "2026-11-15T22:59:00Z");
    assert_eq!(due(&policy, "s001", "file-search"), "2026-11-08T22:59:00Z");
    assert_eq!(due(&policy, "s001", "blink"), "2026-11-01T22:59:00Z");
}

#[test]
fn an_extension_is_for_its_learner_and_exercise() {
    let policy = read(EXAMPLE);
    assert_eq!(due(&policy, "s003", "tcp-echo"), "2026-11-18T22:59:00Z");
    assert_eq!(due(&policy, "s003", "blink"), "2026-11-01T22:59:00Z");
    assert_eq!(due(&policy, "s004", "blink"), "2026-11-20T11:00:00Z");
    let extended = policy.due("s003", &fixture::exercises()[1]).unwrap();
    assert!(extended.is_extended);
    assert_eq!(extended.reason.as_deref(), Some("illness"));
}

#[test]
fn an_extension_never_shortens() {
    let policy = read(
        "[deadlines]\ndefault = 2026-11-01T00:00:00Z\n[[extension]]\nlearner = \"s001\"\nuntil = 2026-10-01T00:00:00Z\n",
    );
    let due = policy.due("s001", &fixture::exercises()[0]).unwrap();
    assert_eq!(
        (due.at.to_string().as_str(), due.is_extended),
        ("2026-11-01T00:00:00Z", false)
    );
}

#[test]
fn days_of_an_extension_keep_the_time_of_day() {
    let policy = read(
        "timezone = \"Europe/Berlin\"\n[deadlines]\ndefault = 2026-10-24T23:59:00\n[[extension]]\nlearner = \"s001\"\ndays = 2\n",
    );
    // Summer time ends in between.
    assert_eq!(due(&policy, "s001", "blink"), "2026-10-26T22:59:00Z");
    assert_eq!(due(&policy, "s002", "blink"), "2026-10-24T21:59:00Z");
}

#[test]
fn what_is_hidden_opens_at_its_moment() {
    let policy = read(EXAMPLE);
    let at = |text: &str| policy.visibility(text.parse().unwrap());
    assert_eq!(at("2026-11-30T23:59:59Z"), Visibility::Rule);
    assert_eq!(at("2026-12-01T00:00:00Z"), Visibility::Full);
    assert_eq!(Policy::default().visibility(Timestamp::MAX), Visibility::Rule);
}

#[test]
fn lateness_and_weights_are_read() {
    let policy = read(EXAMPLE);
    let rate = Rate {
        percent: Hundredths(1000),
        unit: Unit::Day,
    };
    assert_eq!(
        (policy.late.rate, policy.late.max),
        (Some(rate), Some(Hundredths(5000)))
    );
    assert_eq!(policy.late.grace, SignedDuration::from_mins(15));
    assert_eq!(policy.late.cut_off, Some(SignedDuration::from_hours(168)));
    let weights = ["file-search", "blink", "tcp-echo"].map(|name| policy.weight(name).0);
    assert_eq!(weights, [200, 50, 100]);
}

#[test]
fn errors_name_the_line() {
    let cases = [
        ("[late]\nper_dya = 10\n", "class.toml:2: unknown field `per_dya`"),
        (
            "[late]\ngrace = \"soon\"\n",
            "class.toml:2: \"soon\" is no duration",
        ),
        (
            "[late]\nper_day = 10\nper_hour = 1\n",
            "class.toml:3: `per_day` and `per_hour`",
        ),
        (
            "[late]\n\nmax = 101\n",
            "class.toml:3: 101 is no number from 0 to 100",
        ),
        ("[late]\nmax = -1\n", "class.toml:2: -1 is no number"),
        ("[late]\nmax = \"50\"\n", "is no number"),
        (
            "[deadlines]\ntcp-ehco = 2026-11-01T00:00:00Z\n",
            "class.toml:2: there is no exercise or module \"tcp-ehco\": did you mean \"tcp-echo\"?",
        ),
        (
            "[deadlines]\ndefault = 2026-11-01T00:00:00\n",
            "class.toml:2: 2026-11-01T00:00:00 is a local time, and no zone is set",
        ),
        (
            "[deadlines]\ntimezone = 2026-11-01T00:00:00Z\n",
            "class.toml:2: `timezone` stands above the tables",
        ),
        (
            "timezone = \"Europe/Atlantis\"\n",
            "class.toml:1: there is no time zone \"Europe/Atlantis\"",
        ),
        (
            "[visibility]\nhidden = \"none\"\n",
            "class.toml:2: \"none\" is no visibility",
        ),
        (
            "[visibility]\nafter = 2026-11-01T00:00:00Z\n",
            "class.toml:2: `after` says when",
        ),
        (
            "[visibility]\nhidden_after = \"full\"\n",
            "class.toml:2: `hidden_after` says what",
        ),
        (
            "[[extension]]\nlearner = \"s001\"\nexercise = \"blnik\"\ndays = 1\n",
            "class.toml:3: there is no exercise \"blnik\": did you mean \"blink\"?",
        ),
        (
            "\n[[extension]]\nlearner = \"s001\"\n",
            "class.toml:3: an extension has either `until` or `days`",
        ),
        (
            "[[extension]]\nlearner = \"s001\"\ndays = 0\n",
            "class.toml:3: an extension is of 1 to",
        ),
        (
            "[scale]\nweight.blimk = 2\n",
            "class.toml:2: there is no exercise \"blimk\"",
        ),
        ("[late\n", "class.toml:1: "),
    ];
    for (text, expected) in cases {
        let error = error(text);
        assert!(
            error.contains(expected) && !error.contains('\n'),
            "{text}: {error:?}"
        );
    }
}

#[test]
fn an_extension_for_nobody_is_a_warning() {
    let policy =
        read("[[extension]]\nlearner = \"s0301\"\ndays = 1\n[[extension]]\nlearner = \"s001\"\ndays = 1\n");
    let warnings = policy.warnings(&fixture::class());
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].starts_with("line 2 of the policy"), "{warnings:?}");
}
