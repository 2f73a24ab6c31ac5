//! How sessions begin and end.

use std::time::Duration;

use chat_protocol::limits::Limits;

use super::support::draw::raw;
use super::support::hall::{Hall, roomy, token};

/// A nick is a name, and there is one of it.
#[phase7::test(points = 1, rule = 7)]
fn a_nick_is_a_name_and_free() {
    let mut hall = Hall::new(roomy());
    let ada = hall.enter("ada", 1);
    for (hello, answer) in [
        ("Hello 1 2 ada", "Goodbye 5"),
        ("Hello 1 2 -", "Goodbye 4"),
        ("Hello 1 2 a\u{7}b", "Goodbye 4"),
        ("Hello 1 2 a\u{a0}b", "Goodbye 4"),
        ("Join 1 rust", "Goodbye 2"),
        ("Resumed 1", "Goodbye 2"),
    ] {
        let id = hall.connect();
        hall.send(id, hello);
        assert_eq!(hall.heard(id), [answer], "the answer to {hello:?}");
        assert!(
            hall.server.is_finished(id),
            "the connection of {hello:?} is to be closed"
        );
        hall.cut(id);
    }
    hall.cut(ada);
    hall.enter("ada", 1);
}

/// What breaks the protocol ends the connection; the session of version 2 can still be resumed.
#[phase7::test(points = 1, rule = 8)]
fn a_breach_ends_the_connection() {
    let resume = format!("Resume 2 {} 0", token(1));
    for (version, breach) in [
        (2, "Hello 1 2 eve"),
        (2, &*resume),
        (2, "Welcome 1"),
        (2, "Said 1 1"),
        (1, "Ack 0"),
        (2, "Ack 1"),
        (2, "Join 2 rust"),
        (2, "Join 0 rust"),
    ] {
        let mut hall = Hall::new(roomy());
        let ada = hall.enter("ada", version);
        hall.send(ada, breach);
        // A repetition is none: number 0 has been carried out as much as it ever will be.
        let expected: &[&str] = if breach == "Join 0 rust" {
            &[]
        } else {
            &["Goodbye 2"]
        };
        assert_eq!(
            hall.heard(ada),
            expected,
            "the answer to {breach:?} in version {version}"
        );
        assert_eq!(hall.server.is_finished(ada), !expected.is_empty());
        hall.send(ada, "Join 1 rust");
        let expected: &[&str] = if expected.is_empty() {
            &["Joined 1 rust 0"]
        } else {
            &[]
        };
        assert_eq!(hall.heard(ada), expected, "what is said behind {breach:?}");
    }
    let mut hall = Hall::new(roomy());
    let ada = hall.enter_room("ada", 2, "rust");
    hall.send_bytes(ada, &raw(0x20, b""));
    assert_eq!(hall.heard(ada), ["Goodbye 2"], "the answer to an unknown frame");
    hall.cut(ada);
    let ada = hall.connect();
    hall.send(ada, &format!("Resume 2 {} 1", token(1)));
    assert_eq!(hall.heard(ada), ["Resumed 1"]);
}

/// `Bye` is the end of a session, not only of a connection.
#[phase7::test(points = 1, rule = 9)]
fn bye_frees_the_nick() {
    let mut hall = Hall::new(roomy());
    let ada = hall.enter_room("ada", 2, "rust");
    let bob = hall.enter_room("bob", 2, "rust");
    hall.send(bob, "Bye");
    assert_eq!(hall.heard(bob), ["Goodbye 1"]);
    assert_eq!(
        hall.heard(ada),
        ["Presence 1 rust bob -", "Presence 2 rust bob -"]
    );
    hall.cut(bob);
    let late = hall.connect();
    hall.send(late, &format!("Resume 2 {} 1", token(2)));
    assert_eq!(hall.heard(late), ["ResumeFailed"]);
    hall.send(late, "Hello 1 2 bob");
    assert_eq!(hall.heard(late), [format!("Welcome 2 {}", token(3))]);
    assert_eq!(hall.server.sessions(), 2);
}

/// A session of version 2 waits for its client, and not for ever; one of version 1 does not wait.
#[phase7::test(points = 1, rule = 19)]
fn a_session_waits_as_long_as_it_may() {
    let limits = Limits {
        resume_timeout: Duration::from_secs(60),
        stall_timeout: Duration::from_secs(1000),
        ..roomy()
    };
    let mut hall = Hall::new(limits);
    let ada = hall.enter_room("ada", 2, "rust");
    hall.send(ada, "Ack 1");
    let [bob, old] = [("bob", 2), ("old", 1)].map(|(nick, version)| hall.enter_room(nick, version, "rust"));
    hall.heard(ada);
    hall.cut(bob);
    hall.cut(old);
    assert_eq!(
        hall.heard(ada),
        ["Presence 3 rust bob -", "Presence 2 rust old -"]
    );
    let early = hall.connect();
    hall.send(early, "Hello 1 2 bob");
    assert_eq!(
        hall.heard(early),
        ["Goodbye 5"],
        "the nick of a session that waits"
    );
    for _ in 0..6 {
        hall.pass(Duration::from_millis(9_900));
        hall.send(ada, "Pong 0");
        hall.heard(ada);
    }
    let again = hall.connect();
    hall.send(again, &format!("Resume 2 {} 2", token(2)));
    assert_eq!(
        hall.heard(again),
        ["Resumed 1", "Presence 2 rust old -"],
        "59.4 s later"
    );
    assert_eq!(hall.heard(ada), ["Presence 4 rust bob -"]);
    hall.cut(again);
    for _ in 0..61 {
        hall.pass(Duration::from_secs(1));
        hall.send(ada, "Pong 0");
    }
    assert_eq!(
        hall.heard(ada),
        ["Presence 3 rust bob -", "Presence 2 rust bob -"],
        "61 s later"
    );
    let late = hall.connect();
    hall.send(late, &format!("Resume 2 {} 2", token(2)));
    assert_eq!(hall.heard(late), ["ResumeFailed"]);
}
