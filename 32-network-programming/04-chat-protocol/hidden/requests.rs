//! Requests: what is asked for, and what is refused.

use chat_protocol::limits::Limits;

use super::support::draw::raw;
use super::support::hall::{Hall, roomy};

/// Each failure has its code, and nothing has changed.
#[phase7::test(points = 2, rule = 17)]
fn a_request_that_fails_says_why() {
    let mut hall = Hall::new(Limits {
        max_rooms_each: 2,
        max_rooms: 3,
        ..roomy()
    });
    let ada = hall.enter("ada", 2);
    let bob = hall.enter("bob", 2);
    for (request, answer) in [
        ("Join 1 -", "Failed 1 1"),
        ("Join 2 a b", "Failed 2 1"),
        ("Join 3 rust", "Joined 3 rust 0"),
        ("Say 4 rust ", "Failed 4 2"),
        ("Say 5 rust bell\u{7}", "Failed 5 2"),
        ("Say 6 other hi", "Failed 6 3"),
        ("Leave 7 other", "Failed 7 3"),
        ("History 8 other 0 9", "Failed 8 3"),
        ("Who 9 other", "Failed 9 3"),
        ("Whisper 10 zoe hi", "Failed 10 4"),
        ("Whisper 11 bob \u{1b}[2J", "Failed 11 2"),
        ("Rename 12 bob", "Failed 12 5"),
        ("Rename 13 -", "Failed 13 1"),
        ("Rename 14 ada", "Done 14"),
        ("Join 15 one", "Joined 15 one 0"),
        ("Join 16 two", "Failed 16 6"),
        ("Join 17 rust", "Joined 17 rust 0"),
    ] {
        // A space would end the name in the drawn line, and must not.
        let request = request.replace("a b", "a\u{a0}b");
        hall.send(ada, &request);
        assert_eq!(hall.heard(ada), [answer], "the answer to {request:?}");
    }
    assert_eq!(hall.heard(bob), [""; 0], "what bob hears of all that");
    for (request, answer) in [
        ("Join 1 two", "Joined 1 two 0"),
        ("Join 2 three", "Failed 2 6"),
        ("Leave 3 two", "Done 3"),
        ("Join 4 three", "Joined 4 three 0"),
    ] {
        hall.send(bob, request);
        assert_eq!(
            hall.heard(bob),
            [answer],
            "the answer to {request}: three rooms are allowed"
        );
    }
}

/// A request of a later version is answered, an optional frame is skipped.
#[phase7::test(points = 1, rule = 17)]
fn a_later_version_is_told_what_is_not_known() {
    let mut hall = Hall::new(roomy());
    let ada = hall.enter("ada", 2);
    hall.send_bytes(ada, &raw(0x41, b"something new"));
    hall.send_bytes(ada, &raw(0x5E, b"\0\0\0\x01 with a number"));
    hall.send(ada, "Join 2 rust");
    assert_eq!(hall.heard(ada), ["Failed 1 7", "Joined 2 rust 0"]);
}

/// The answer to a long list comes in several frames, sorted over all of them.
#[phase7::test(points = 1, rule = 16)]
fn a_long_list_of_members_comes_in_parts() {
    let mut hall = Hall::new(roomy());
    let mut nicks: Vec<String> = (0..300)
        .map(|number| format!("{}{:026}", number % 7, number))
        .collect();
    for nick in &nicks {
        hall.enter_room(nick, 1, "rust");
    }
    let ada = hall.enter_room("ada", 1, "rust");
    nicks.push("ada".into());
    nicks.sort_unstable();
    hall.send(ada, "Who 2 rust");
    let heard = hall.heard(ada);
    let more: Vec<&str> = heard.iter().filter_map(|line| line.split(' ').nth(2)).collect();
    assert!(
        more.len() >= 3 && more.iter().rev().skip(1).all(|more| *more == "1"),
        "all but the last: {more:?}"
    );
    assert_eq!(more.last(), Some(&"0"), "the last says that it is");
    let listed: Vec<&str> = heard.iter().flat_map(|line| line.split(' ').skip(3)).collect();
    assert_eq!(listed, nicks);
}

/// Numbers are those of the room; a room that was empty begins anew.
#[phase7::test(points = 1, rule = 11)]
fn a_room_ends_with_its_last_member() {
    let mut hall = Hall::new(roomy());
    let ada = hall.enter_room("ada", 2, "rust");
    hall.send(ada, "Join 2 other");
    hall.send(ada, "Say 3 rust one");
    hall.send(ada, "Say 4 other one");
    hall.send(ada, "Leave 5 rust");
    hall.send(ada, "Join 6 rust");
    hall.send(ada, "History 7 rust 0 9");
    hall.send(ada, "Join 8 other");
    let heard = hall.heard(ada);
    let expected = [
        "Joined 2 other 0",
        "Message rust 1 ada one",
        "Said 3 1",
        "Message other 1 ada one",
        "Said 4 1",
        "Done 5",
        "Joined 6 rust 0",
        "PastEnd 7 0",
        "Joined 8 other 1",
    ];
    assert_eq!(heard, expected);
}

/// What is kept is bounded, and what was said under an old nick stays as it was.
#[phase7::test(points = 1, rule = 15)]
fn history_is_bounded() {
    let mut hall = Hall::new(Limits {
        history: 3,
        ..roomy()
    });
    let ada = hall.enter_room("ada", 2, "rust");
    for id in 2..=6 {
        hall.send(ada, &format!("Say {id} rust {id}"));
    }
    hall.send(ada, "Rename 7 eve");
    hall.heard(ada);
    hall.send(ada, "History 8 rust 0 255");
    assert_eq!(
        hall.heard(ada),
        [
            "Past 8 3 ada 4",
            "Past 8 4 ada 5",
            "Past 8 5 ada 6",
            "PastEnd 8 5"
        ]
    );
    hall.send(ada, "History 9 rust 18446744073709551615 9");
    assert_eq!(hall.heard(ada), ["PastEnd 9 5"]);
    let mut hall = Hall::new(roomy());
    let ada = hall.enter_room("ada", 2, "rust");
    for id in 2..=200 {
        hall.send(ada, &format!("Say {id} rust {id}"));
    }
    hall.heard(ada);
    hall.send(ada, "History 201 rust 50 255");
    let heard = hall.heard(ada);
    assert_eq!(heard.len(), 101, "no more than 100 at a time, and the end");
    assert_eq!(
        [&heard[0], &heard[99]],
        ["Past 201 51 ada 52", "Past 201 150 ada 151"]
    );
}

/// A new nick is what everybody sees from then on, and the old one is free.
#[phase7::test(points = 1, rule = 14)]
fn a_new_nick_takes_the_place_of_the_old() {
    let mut hall = Hall::new(roomy());
    let ada = hall.enter_room("ada", 2, "rust");
    let bob = hall.enter_room("bob", 2, "rust");
    hall.heard(ada);
    hall.send(ada, "Rename 2 eve");
    hall.send(ada, "Say 3 rust hi");
    hall.send(bob, "Whisper 2 eve psst");
    hall.send(bob, "Whisper 3 ada psst");
    assert_eq!(
        hall.heard(ada),
        [
            "Done 2",
            "Message rust 1 eve hi",
            "Said 3 1",
            "Whispered bob psst"
        ]
    );
    let heard = [
        "Presence 5 rust ada eve",
        "Message rust 1 eve hi",
        "Done 2",
        "Failed 3 4",
    ];
    assert_eq!(hall.heard(bob), heard);
    hall.enter("ada", 2);
}
