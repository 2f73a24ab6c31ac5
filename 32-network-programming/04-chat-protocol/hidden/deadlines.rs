//! What happens when nothing does, and when there is too much.

use std::time::Duration;

use chat_protocol::limits::Limits;

use super::support::hall::{Hall, roomy};

/// A connection without a session has so long to open one.
#[phase7::test(points = 1, rule = 29)]
fn a_handshake_takes_only_so_long() {
    let mut hall = Hall::new(Limits {
        handshake_timeout: Duration::from_secs(3),
        ..roomy()
    });
    let id = hall.connect();
    let done = hall.enter("ada", 2);
    hall.send_bytes(id, &[0, 10]);
    hall.pass(Duration::from_millis(2900));
    assert_eq!(hall.heard(id), [""; 0]);
    hall.send_bytes(id, &[1]);
    hall.pass(Duration::from_millis(200));
    assert_eq!(hall.heard(id), ["Goodbye 7"]);
    assert!(!hall.server.is_finished(done), "a session has been opened there");
}

/// The silent are asked, and then given up.
#[phase7::test(points = 1, rule = 29)]
fn silence_is_asked_about_then_ended() {
    let limits = Limits {
        ping_after: Duration::from_secs(4),
        silence_timeout: Duration::from_secs(9),
        ..roomy()
    };
    let mut hall = Hall::new(limits);
    let ada = hall.enter("ada", 2);
    hall.pass(Duration::from_millis(3900));
    assert_eq!(hall.heard(ada), [""; 0]);
    hall.pass(Duration::from_millis(3000));
    let heard = hall.heard(ada);
    assert!(
        heard.len() == 1 && heard[0].starts_with("Ping "),
        "one question, in {heard:?}"
    );
    hall.send(ada, "Pong 0");
    hall.pass(Duration::from_millis(8_900));
    assert_eq!(hall.heard(ada).len(), 1, "asked again");
    assert!(!hall.server.is_finished(ada));
    hall.pass(Duration::from_millis(200));
    assert_eq!(hall.heard(ada), ["Goodbye 8"]);
    assert!(hall.server.is_finished(ada));
}

/// More than its rate is not read, and nothing of it is lost.
#[phase7::test(points = 2, rule = 28)]
fn a_client_is_not_read_faster_than_its_rate() {
    let limits = Limits {
        rate_per_s: 10,
        burst: 20,
        ..Limits::default()
    };
    let mut hall = Hall::new(limits);
    let ada = hall.enter_room("ada", 2, "rust");
    let bob = hall.enter_room("bob", 2, "rust");
    assert!(hall.server.wants_input(ada));
    let frames: Vec<u8> = (2..=41)
        .flat_map(|id| super::support::draw::draw(&format!("Say {id} rust {id}")))
        .collect();
    hall.send_bytes(ada, &frames);
    assert_eq!(hall.heard(bob).len(), 18, "the burst, less Hello and Join");
    assert!(
        !hall.server.wants_input(ada),
        "its transport is to leave the rest where it is"
    );
    assert!(hall.server.wants_input(bob));
    hall.pass(Duration::from_secs(1));
    assert_eq!(hall.heard(bob).len(), 10, "a second later");
    hall.woken();
    hall.pass(Duration::from_secs(3));
    assert_eq!(
        hall.heard(bob).last().map(String::as_str),
        Some("Message rust 40 ada 41")
    );
    assert!(hall.server.wants_input(ada), "it has kept to its rate again");
    assert!(hall.woken().contains(&ada), "and its transport is told so");
}

/// A connection too many and a session too many are told so; a place is free when one has gone.
#[phase7::test(points = 1, rule = 30)]
fn a_server_that_is_full_says_so() {
    let mut hall = Hall::new(Limits {
        max_connections: 2,
        max_sessions: 2,
        ..roomy()
    });
    let [ada, _bob] = ["ada", "bob"].map(|nick| hall.enter(nick, 2));
    let third = hall.connect();
    assert_eq!(hall.heard(third), ["Goodbye 6"]);
    hall.cut(third);
    hall.cut(ada);
    let third = hall.connect();
    hall.send(third, "Hello 1 2 eve");
    assert_eq!(hall.heard(third), ["Goodbye 6"], "ada's session waits for her");
    hall.cut(third);
    hall.pass(Limits::default().resume_timeout + Duration::from_millis(100));
    let third = hall.connect();
    hall.send(third, "Hello 1 2 eve");
    assert!(hall.heard(third)[0].starts_with("Welcome"));
}

/// What waits is sent before the last word.
#[phase7::test(points = 1, rule = 31)]
fn a_server_that_stops_says_all_it_has_to_say() {
    let mut hall = Hall::new(roomy());
    let ada = hall.enter_room("ada", 2, "rust");
    let bob = hall.enter_room("bob", 1, "rust");
    hall.heard(ada);
    hall.send(ada, "Say 2 rust hello");
    hall.woken();
    hall.server.stop(hall.now);
    assert_eq!(hall.woken(), [ada, bob], "whom to look at");
    assert_eq!(
        hall.heard(ada),
        ["Message rust 1 ada hello", "Said 2 1", "Goodbye 11"]
    );
    let half = hall.read(bob, 10);
    assert_eq!(half.len(), 10);
    assert!(hall.server.is_finished(ada) && !hall.server.is_finished(bob));
    hall.read(bob, usize::MAX);
    assert!(hall.server.is_finished(bob));
    let late = hall.connect();
    assert_eq!(hall.heard(late), ["Goodbye 11"]);
}
