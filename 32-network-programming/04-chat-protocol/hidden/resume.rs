//! Clients that go and come back.

use super::support::draw::{describe, draw};
use super::support::hall::{Hall, roomy, token};

/// Whoever has the token is the client, however alive the old connection looks.
#[phase7::test(points = 1, rule = 21)]
fn a_session_has_one_connection() {
    let mut hall = Hall::new(roomy());
    let ada = hall.enter_room("ada", 2, "rust");
    let bob = hall.enter_room("bob", 2, "rust");
    hall.heard(ada);
    let again = hall.connect();
    hall.send(again, &format!("Resume 2 {} 1", token(2)));
    assert_eq!(hall.heard(bob), ["Goodbye 10"], "what the old connection hears");
    assert!(hall.server.is_finished(bob));
    hall.send(bob, "Say 2 rust from the old one");
    hall.cut(bob);
    hall.send(again, "Say 2 rust from the new one");
    assert_eq!(
        hall.heard(again),
        ["Resumed 1", "Message rust 1 bob from the new one", "Said 2 1"]
    );
    assert_eq!(
        hall.heard(ada),
        ["Message rust 1 bob from the new one"],
        "bob was never away"
    );
}

/// A token that is wrong in a bit is no token, and a version is part of the session.
#[phase7::test(points = 1, rule = 20)]
fn a_wrong_token_opens_nothing() {
    let mut hall = Hall::new(roomy());
    let ada = hall.enter_room("ada", 2, "rust");
    hall.cut(ada);
    let mut wrong = token(1);
    wrong.replace_range(31.., if wrong.ends_with('0') { "1" } else { "0" });
    let again = hall.connect();
    hall.send(again, &format!("Resume 2 {wrong} 1"));
    hall.send(again, &format!("Resume 1 {} 1", token(1)));
    hall.send(again, &format!("Resume 2 {} 1", token(1)));
    assert_eq!(hall.heard(again), ["ResumeFailed", "ResumeFailed", "Resumed 1"]);
}

/// Who claims to have received what was never there is no client of this server.
#[phase7::test(points = 1, rule = 22)]
fn nobody_has_received_what_was_not_sent() {
    let mut hall = Hall::new(roomy());
    let ada = hall.enter_room("ada", 2, "rust");
    hall.send(ada, "Say 2 rust one");
    hall.send(ada, "Ack 2");
    assert_eq!(
        hall.heard(ada).last().map(String::as_str),
        Some("Goodbye 2"),
        "the third frame has not been sent"
    );
    hall.cut(ada);
    let again = hall.connect();
    hall.send(again, &format!("Resume 2 {} 4", token(1)));
    assert_eq!(hall.heard(again), ["Goodbye 2"], "there have been three");
    hall.cut(again);
    let again = hall.connect();
    hall.send(again, &format!("Resume 2 {} 1", token(1)));
    assert_eq!(
        hall.heard(again),
        ["Resumed 2", "Message rust 1 ada one", "Said 2 1"]
    );
}

/// What is acknowledged is forgotten, what is not is kept.
#[phase7::test(points = 1, rule = 22)]
fn an_acknowledged_frame_is_not_kept() {
    let mut hall = Hall::new(roomy());
    let ada = hall.enter_room("ada", 2, "rust");
    for id in 2..=4 {
        hall.send(ada, &format!("Whisper {id} ada {id}"));
    }
    hall.heard(ada);
    hall.send(ada, "Ack 5");
    hall.cut(ada);
    let ada = hall.connect();
    hall.send(ada, &format!("Resume 2 {} 0", token(1)));
    let gone = ["Resumed 4", "Gap 5 3", "Whispered ada 4", "Done 4"];
    assert_eq!(
        hall.heard(ada),
        gone,
        "a client that forgot what it had acknowledged is told so"
    );
}

/// A frame of which a part was taken is sent again in full, and on the old connection in one piece.
#[phase7::test(points = 2, rule = 20)]
fn a_frame_in_two_halves_is_one_frame() {
    let frame = draw("Message rust 1 bob hello there").len();
    for cut in 1..frame {
        let mut hall = Hall::new(roomy());
        let ada = hall.enter_room("ada", 2, "rust");
        let bob = hall.enter_room("bob", 2, "rust");
        hall.heard(ada);
        hall.send(bob, "Say 2 rust hello there");
        hall.send(bob, "Say 3 rust again");
        let first = hall.read(ada, cut);
        assert_eq!(first.len(), cut);
        hall.send(ada, "Ping 5");
        let rest = [first, hall.read(ada, usize::MAX)].concat();
        let (mut lines, length) = describe(&rest);
        assert_eq!(length, rest.len(), "whole frames after a pause at byte {cut}");
        lines.retain(|line| line != "Pong 5");
        assert_eq!(
            lines,
            ["Message rust 1 bob hello there", "Message rust 2 bob again"],
            "a pause at byte {cut}"
        );

        hall.send(bob, "Say 4 rust third");
        hall.read(ada, cut.min(10));
        hall.cut(ada);
        let again = hall.connect();
        hall.send(again, &format!("Resume 2 {} 4", token(1)));
        assert_eq!(
            hall.heard(again),
            ["Resumed 1", "Message rust 3 bob third"],
            "a cut in the third frame"
        );
    }
}
