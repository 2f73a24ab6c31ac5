//! Clients that do not read, and what they cost.

use std::time::Duration;

use chat_protocol::limits::Limits;
use phase7::counting;

use super::support::hall::{Hall, roomy, token};

/// What is dropped unsent is a gap, and the client is told of it before anything else.
#[phase7::test(points = 2, rule = 24)]
fn a_reader_that_stalls_gets_a_gap() {
    let mut hall = Hall::new(Limits {
        window_frames: 3,
        ..roomy()
    });
    let ada = hall.enter_room("ada", 2, "rust");
    let bob = hall.enter_room("bob", 2, "rust");
    hall.heard(ada);
    for id in 2..=6 {
        hall.send(bob, &format!("Say {id} rust {id}"));
        hall.heard(bob);
    }
    let heard = [
        "Gap 2 1",
        "Message rust 3 bob 4",
        "Message rust 4 bob 5",
        "Message rust 5 bob 6",
    ];
    assert_eq!(hall.heard(ada), heard, "the newest three are kept");
    hall.send(bob, "Say 7 rust on");
    assert_eq!(hall.heard(ada), ["Message rust 6 bob on"], "a gap is told once");

    // The same for one that is away, whose last answer is among what is dropped.
    hall.send(ada, "Who 2 rust");
    hall.cut(ada);
    for id in 8..=11 {
        hall.send(bob, &format!("Say {id} rust {id}"));
    }
    let again = hall.connect();
    hall.send(again, &format!("Resume 2 {} 8", token(1)));
    let heard = [
        "Resumed 2",
        "Gap 2 2",
        "Message rust 8 bob 9",
        "Message rust 9 bob 10",
        "Message rust 10 bob 11",
    ];
    assert_eq!(hall.heard(again), heard);
}

/// Bytes count as well as frames.
#[phase7::test(points = 1, rule = 24)]
fn the_window_is_bounded_in_bytes() {
    let mut hall = Hall::new(Limits {
        window_bytes: 10_000,
        ..roomy()
    });
    let ada = hall.enter_room("ada", 2, "rust");
    let bob = hall.enter_room("bob", 2, "rust");
    hall.heard(ada);
    for id in 2..=11 {
        hall.send(bob, &format!("Say {id} rust {}", "x".repeat(1900)));
        hall.heard(bob);
    }
    let heard = hall.heard(ada);
    assert_eq!(
        heard[0], "Gap 5 1",
        "ten messages of 1921 bytes, of which five fit 10,000"
    );
    assert_eq!(heard.len(), 6);
}

/// Version 1 knows no gap: its session ends, and it is told why.
#[phase7::test(points = 1, rule = 25)]
fn an_old_client_that_stalls_is_sent_away() {
    let mut hall = Hall::new(Limits {
        window_frames: 3,
        ..roomy()
    });
    let old = hall.enter_room("old", 1, "rust");
    let bob = hall.enter_room("bob", 2, "rust");
    for id in 2..=4 {
        hall.send(bob, &format!("Say {id} rust {id}"));
        hall.heard(bob);
    }
    let three = [1, 2, 3].map(|seq| format!("Message rust {seq} bob {}", seq + 1));
    assert_eq!(hall.heard(old), three, "three fit");
    for id in 5..=8 {
        hall.send(bob, &format!("Say {id} rust {id}"));
        hall.heard(bob);
    }
    assert_eq!(hall.heard(old), ["Goodbye 9"], "a fourth does not");
    assert!(hall.server.is_finished(old));
    hall.cut(old);
    assert_eq!(hall.heard(bob), ["Presence 2 rust old -"]);
}

/// A connection that takes nothing is given up, its session is not.
#[phase7::test(points = 1, rule = 26)]
fn a_connection_that_takes_nothing_is_closed() {
    let mut hall = Hall::new(Limits {
        stall_timeout: Duration::from_secs(5),
        ping_after: Duration::from_secs(1000),
        silence_timeout: Duration::from_secs(2000),
        ..roomy()
    });
    let ada = hall.enter_room("ada", 2, "rust");
    let bob = hall.enter_room("bob", 2, "rust");
    hall.heard(ada);
    hall.pass(Duration::from_secs(10));
    assert!(!hall.server.is_finished(ada), "nothing has waited for it");
    hall.send(bob, "Say 2 rust hello there");
    hall.heard(bob);
    for _ in 0..3 {
        hall.pass(Duration::from_secs(4));
        assert_eq!(hall.read(ada, 1).len(), 1, "a byte every four seconds");
    }
    assert!(!hall.server.is_finished(ada), "it does take something");
    hall.pass(Duration::from_millis(5_100));
    assert!(hall.server.is_finished(ada), "nothing for five seconds");
    assert!(!hall.server.is_finished(bob), "the other");
    hall.cut(ada);
    let again = hall.connect();
    hall.send(again, &format!("Resume 2 {} 1", token(1)));
    let heard = hall.heard(again);
    assert!(
        heard.contains(&"Message rust 1 bob hello there".to_owned()),
        "{heard:?}"
    );
}

/// Five hundred members that read nothing, and many messages: what is kept is within the windows.
#[phase7::test(points = 3, rule = 27, timeout_s = 30)]
fn a_message_is_kept_once_for_all() {
    let mut hall = Hall::new(Limits {
        window_frames: 64,
        history: 64,
        ..roomy()
    });
    let bob = hall.enter_room("bob", 1, "rust");
    for member in 0..500 {
        hall.enter_room(&format!("member{member}"), 2, "rust");
        hall.heard(bob);
    }
    let text = "x".repeat(1000);
    let say = |hall: &mut Hall, ids: std::ops::RangeInclusive<u32>| {
        for id in ids {
            hall.send(bob, &format!("Say {id} rust {text}"));
            hall.heard(bob);
        }
    };
    say(&mut hall, 2..=70);
    let ((), counts) = counting::measure(|| say(&mut hall, 71..=170));
    assert!(
        counts.allocations < 100 * 100,
        "100 messages to 501 members made {} allocations: one for each delivery, or nearly",
        counts.allocations
    );
    assert!(
        counts.peak_bytes < 200 << 10,
        "the windows were full, and {} bytes came on top: what nobody reads must not pile up",
        counts.peak_bytes
    );
}

/// A client may ping as it likes and read nothing: one answer waits.
#[phase7::test(points = 1, rule = 29)]
fn answers_to_pings_do_not_pile_up() {
    let mut hall = Hall::new(roomy());
    let ada = hall.enter("ada", 2);
    hall.send(ada, "Ping 4294967295");
    assert_eq!(hall.heard(ada), ["Pong 4294967295"]);
    for nonce in 0..1000 {
        hall.send(ada, &format!("Ping {nonce}"));
        // The transport asks, and the connection takes nothing.
        hall.server.transmit(ada, hall.now, |_| 0);
    }
    let heard = hall.heard(ada);
    assert!(heard.len() <= 2, "{} answers waited", heard.len());
    assert_eq!(heard.last().map(String::as_str), Some("Pong 999"));
}
