//! The client's core: what it makes of gaps, lost sessions, and servers that are not there.

use std::time::Duration;

use chat_protocol::client::{Config, Event, Request};
use chat_protocol::wire::Reason;

use super::support::draw::raw;
use super::support::hall::token;
use super::support::talk::Talk;

/// A gap is filled from the history, in order, and what nobody has any more is named.
#[phase7::test(points = 3, rule = 35)]
fn a_gap_is_filled_from_the_history() {
    let mut talk = Talk::in_room(10);
    talk.hear(&["Message rust 11 bob a", "Gap 5 1", "Message rust 17 bob g"]);
    assert_eq!(talk.heard(), ["11"], "17 is behind the hole");
    assert_eq!(talk.says(), ["History 2 rust 11 100"]);
    talk.hear(&[
        "Message rust 18 bob h",
        "Past 2 14 bob d",
        "Past 2 15 bob e",
        "PastEnd 2 18",
    ]);
    assert_eq!(talk.heard(), ["lost 12-13", "14", "15"]);
    assert_eq!(talk.says(), ["History 3 rust 15 100"], "there is more");
    talk.hear(&[
        "Past 3 16 bob f",
        "Past 3 17 bob g",
        "Past 3 18 bob h",
        "PastEnd 3 18",
        "Message rust 19 bob i",
    ]);
    assert_eq!(talk.heard(), ["16", "17", "18", "19"]);
    talk.hear(&["Message rust 19 bob i", "Message rust 20 bob j"]);
    assert_eq!(talk.heard(), ["20"], "19 has been heard");
    // What the server has not kept at all.
    talk.hear(&["Gap 3 3", "Message rust 24 bob n"]);
    assert_eq!(talk.says(), ["History 4 rust 20 100"]);
    talk.hear(&["PastEnd 4 24", "Message rust 25 bob o"]);
    assert_eq!(talk.heard(), ["lost 21-24", "25"]);
}

/// A gap in the answer to the question about a gap: the question is asked again.
#[phase7::test(points = 1, rule = 35)]
fn a_gap_within_a_gap_is_filled_too() {
    let mut talk = Talk::in_room(10);
    talk.hear(&["Gap 5 1", "Message rust 16 bob x"]);
    assert_eq!(talk.says(), ["History 2 rust 10 100"]);
    talk.hear(&[
        "Past 2 11 bob a",
        "Gap 3 1",
        "Past 2 15 bob e",
        "Past 2 16 bob x",
        "PastEnd 2 16",
    ]);
    assert_eq!(talk.says(), ["History 3 rust 11 100"]);
    assert_eq!(talk.heard(), ["11"], "the rest of the old answer has a hole");
    talk.hear(&[
        "Past 3 12 bob b",
        "Past 3 13 bob c",
        "Past 3 14 bob d",
        "Past 3 15 bob e",
        "Past 3 16 bob x",
        "PastEnd 3 16",
    ]);
    assert_eq!(talk.heard(), ["12", "13", "14", "15", "16"]);
}

/// Frames that were missed count as received, and requests whose answers were among them have their outcome.
#[phase7::test(points = 1, rule = 34)]
fn an_answer_in_a_gap_is_an_outcome() {
    let mut talk = Talk::in_room(0);
    let ids = ["one", "two", "three"].map(|text| talk.say(text));
    talk.says();
    talk.hear(&["Gap 6 3", "Said 4 3"]);
    let outcomes: Vec<(u64, bool)> = talk
        .events()
        .into_iter()
        .filter_map(|event| match event {
            Event::Unanswered { id, .. } => Some((id, false)),
            Event::Answer { id, .. } => Some((id, true)),
            _ => None,
        })
        .collect();
    assert_eq!(outcomes, [(ids[0], false), (ids[1], false), (ids[2], true)]);
    talk.disconnect();
    talk.connect();
    assert_eq!(
        talk.says().last(),
        Some(&format!("Resume 2 {} 8", token(1))),
        "1 + 6 + 1 frames"
    );
}

/// A lost session: what was sent is uncertain, what was not is asked again, and the rooms are entered first.
#[phase7::test(points = 2, rule = 36)]
fn a_lost_session_is_begun_again() {
    let mut talk = Talk::in_room(5);
    talk.hear(&["Message rust 6 bob a"]);
    let sent = talk.say("sent");
    assert_eq!(talk.says(), ["Say 2 rust sent"]);
    talk.disconnect();
    let unsent = talk.say("not sent");
    talk.events();
    talk.connect();
    assert_eq!(talk.says(), [format!("Resume 2 {} 2", token(1))]);
    talk.hear(&["ResumeFailed"]);
    assert_eq!(talk.says(), ["Hello 1 2 ada"]);
    let request = Request::Say {
        room: "rust".into(),
        text: "sent".into(),
    };
    assert_eq!(
        talk.events(),
        [Event::SessionLost, Event::Uncertain { id: sent, request }]
    );
    talk.hear(&[&format!("Welcome 2 {}", token(2))]);
    assert_eq!(talk.says(), ["Join 1 rust", "Say 2 rust not sent"]);
    talk.hear(&["Joined 1 rust 8", "Message rust 9 ada not sent", "Said 2 9"]);
    assert_eq!(
        talk.says(),
        ["History 3 rust 6 100"],
        "what was said while nobody of that name was there"
    );
    let events = talk.events();
    let answered = events
        .iter()
        .any(|event| matches!(event, Event::Answer { id, .. } if *id == unsent));
    assert!(answered, "the ticket is the same in the new session: {events:?}");
    talk.hear(&[
        "Past 3 7 bob b",
        "Past 3 8 bob c",
        "Past 3 9 ada not sent",
        "PastEnd 3 9",
    ]);
    assert_eq!(talk.heard(), ["7", "8", "9"]);
}

/// Version 1 has nothing to resume: every cut is a lost session.
#[phase7::test(points = 1, rule = 36)]
fn version_1_begins_again_each_time() {
    let mut talk = Talk::with(Config {
        versions: 1..=1,
        ..Config::new("ada")
    });
    talk.connect();
    assert_eq!(talk.says(), ["Hello 1 1 ada"]);
    talk.hear(&["Welcome 1"]);
    talk.ask(Request::Join { room: "rust".into() });
    talk.hear(&["Joined 1 rust 3"]);
    talk.disconnect();
    assert!(talk.events().contains(&Event::SessionLost));
    talk.connect();
    assert_eq!(talk.says().last().map(String::as_str), Some("Hello 1 1 ada"));
    talk.hear(&["Goodbye 5"]);
    assert!(
        talk.client.is_finished() && !talk.client.is_over(),
        "the old session still has the nick: try again"
    );
    talk.disconnect();
    talk.connect();
    talk.says();
    talk.hear(&["Welcome 1"]);
    assert_eq!(talk.says(), ["Join 1 rust"]);
}

/// The server is told how much has come, and asked whether it is there.
#[phase7::test(points = 1, rule = 37)]
fn a_client_acknowledges_and_asks() {
    let mut talk = Talk::in_room(0);
    for seq in 1..63 {
        talk.hear(&[&format!("Message rust {seq} bob x")]);
    }
    assert_eq!(talk.says(), [""; 0], "63 numbered frames");
    talk.hear(&["Message rust 63 bob x", "Message rust 64 bob x"]);
    assert_eq!(talk.says(), ["Ack 64"]);
    talk.pass(Duration::from_millis(100));
    assert_eq!(talk.says(), ["Ack 65"], "a tick tells the rest");
    talk.pass(Duration::from_millis(14_800));
    assert_eq!(talk.says(), [""; 0], "nothing new, and not silent for long");
    talk.pass(Duration::from_millis(200));
    let says = talk.says();
    assert!(says.len() == 1 && says[0].starts_with("Ping "), "{says:?}");
    talk.hear(&["Pong 0", "Ping 77"]);
    assert_eq!(talk.says(), ["Pong 77"]);
    talk.pass(Duration::from_millis(44_900));
    assert!(!talk.client.is_finished());
    talk.pass(Duration::from_millis(200));
    assert!(
        talk.client.is_finished() && !talk.client.is_over(),
        "45 s without a word"
    );
}

/// The pauses double, with some chance in them, up to the longest.
#[phase7::test(points = 1, rule = 38)]
fn the_pauses_grow() {
    let mut pauses = Vec::new();
    for seed in 1..40 {
        let mut talk = Talk::with(Config {
            seed,
            ..Config::new("ada")
        });
        for attempt in 0..10 {
            talk.disconnect();
            let events = talk.events();
            let [Event::Disconnected { retry_in, .. }] = events[..] else {
                panic!("one event for an attempt in vain: {events:?}");
            };
            assert_eq!(talk.client.connect_at(), Some(talk.now + retry_in));
            let longest = Duration::from_millis(250 << attempt).min(Duration::from_secs(15));
            assert!(
                retry_in <= longest && retry_in >= longest / 2,
                "pause {attempt} is {retry_in:?}"
            );
            pauses.push(retry_in);
            talk.now += retry_in;
        }
    }
    let at_once = pauses
        .iter()
        .step_by(10)
        .filter(|pause| **pause == pauses[0])
        .count();
    assert!(at_once < 20, "{at_once} of 39 clients come back at the same time");
}

/// Some ends are for good, and the client asks nobody again.
#[phase7::test(points = 1, rule = 38)]
fn some_goodbyes_are_final() {
    for (code, reason) in [
        (2, Reason::Malformed),
        (3, Reason::Version),
        (4, Reason::BadName),
        (5, Reason::NickInUse),
    ] {
        let mut talk = Talk::new();
        talk.connect();
        talk.hear(&[&format!("Goodbye {code}")]);
        assert_eq!(talk.events(), [Event::Finished { reason: Some(reason) }]);
        assert!(talk.client.is_over());
        assert_eq!(talk.client.connect_at(), None);
    }
    let mut talk = Talk::in_room(0);
    talk.hear(&["Goodbye 10"]);
    assert!(
        talk.client.is_over(),
        "the session was resumed elsewhere: no tug of war"
    );
    let mut talk = Talk::in_room(0);
    talk.hear(&["Goodbye 11"]);
    assert!(!talk.client.is_over(), "the server may be back");
    talk.disconnect();
    let events = talk.events();
    assert!(
        matches!(
            events[..],
            [Event::Disconnected {
                reason: Some(Reason::Stopping),
                ..
            }]
        ),
        "{events:?}"
    );
}

/// A server that breaks the protocol is left; frames of a later version are skipped, and counted if they are numbered.
#[phase7::test(points = 1, rule = 32)]
fn a_client_bears_what_it_does_not_know() {
    let mut talk = Talk::in_room(0);
    talk.client.received(&raw(0xC1, b"news"), talk.now);
    talk.client.received(&raw(0xD7, b"numbered news"), talk.now);
    assert!(!talk.client.is_finished());
    talk.pass(Duration::from_millis(100));
    assert_eq!(talk.says(), ["Ack 2"]);
    for breach in ["Welcome 1", "Joined 2 rust 0", "Hello 1 2 bob"] {
        let mut talk = Talk::in_room(0);
        talk.say("hello");
        talk.hear(&["Members 9 1 ada", "Said 9 9"]);
        assert!(
            !talk.client.is_finished(),
            "answers to what was not asked, or not any more"
        );
        talk.hear(&[breach]);
        assert!(
            talk.client.is_finished() && !talk.client.is_over(),
            "after {breach:?}"
        );
    }
}
