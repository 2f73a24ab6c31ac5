//! The link against a peer that knows the brief, and against the line.

use serial_protocol::frame::PAYLOAD_MAX;
use serial_protocol::link::{Link, RETRY_MS, SendError, State, TRIES, Versions};

use super::noise::Noise;
use super::pair::{Pair, VERSIONS};
use super::peer::{ACK, DATA, Frame, HELLO, REFUSE, WELCOME, frame, heard, on_the_line};

const UP: State = State::Up { version: 2 };

fn receive(link: &mut Link, frame: &Frame) {
    frame.wire().iter().for_each(|&byte| link.receive(byte));
}

/// All that is due.
fn due(link: &mut Link, now: u32) -> Vec<Frame> {
    let mut frames = Vec::new();
    while let Some(bytes) = link.poll(now) {
        frames.extend(heard(bytes));
    }
    frames
}

/// A listener in session 7 of version 2.
fn listener() -> Link {
    let mut link = Link::listen(VERSIONS);
    receive(&mut link, &frame(0, HELLO, 7, 0, &[1, 2]));
    assert_eq!(
        due(&mut link, 0),
        [frame(0, WELCOME, 7, 0, &[2])],
        "the answer to a hello"
    );
    link
}

/// Who speaks no version in common is refused, with the versions that are spoken.
#[phase7::test(points = 2, rule = 10)]
fn strangers_are_refused() {
    let mut link = Link::listen(Versions { min: 3, max: 5 });
    receive(&mut link, &frame(0, HELLO, 9, 0, &[1, 2]));
    assert_eq!(link.state(), State::Listening, "after a hello that speaks 1 to 2");
    assert_eq!(due(&mut link, 0), [frame(0, REFUSE, 9, 0, &[3, 5])], "the answer");

    let mut link = listener();
    receive(&mut link, &frame(0, HELLO, 8, 0, &[9, 9]));
    assert_eq!(
        (link.state(), due(&mut link, 0)),
        (UP, vec![frame(0, REFUSE, 8, 0, &[1, 2])]),
        "while it is up"
    );
    receive(&mut link, &frame(2, DATA, 7, 0, b"still"));
    assert!(link.take().is_some(), "the session goes on");

    let mut link = Link::connect(VERSIONS, 9);
    due(&mut link, 0);
    receive(&mut link, &frame(0, REFUSE, 8, 0, &[5, 6]));
    assert_eq!(
        link.state(),
        State::Connecting,
        "after a refusal of another session"
    );
    receive(&mut link, &frame(0, REFUSE, 9, 0, &[5, 6]));
    assert_eq!(
        link.state(),
        State::Refused(Versions { min: 5, max: 6 }),
        "after a refusal"
    );
    assert_eq!(due(&mut link, 5_000), [], "what is due after it");
}

/// A welcome to another session, or to a version that was not offered, is none; nor is a hello with a senseless range.
#[phase7::test(points = 1, rule = 9)]
fn only_the_right_welcome_counts() {
    let mut link = Link::connect(VERSIONS, 9);
    due(&mut link, 0);
    for wrong in [
        frame(0, WELCOME, 8, 0, &[2]),
        frame(0, WELCOME, 9, 0, &[3]),
        frame(0, WELCOME, 9, 0, &[]),
    ] {
        receive(&mut link, &wrong);
        assert_eq!(link.state(), State::Connecting, "after {wrong:?}");
    }
    receive(&mut link, &frame(0, WELCOME, 9, 0, &[1]));
    assert_eq!(link.state(), State::Up { version: 1 }, "after the right one");

    let mut link = Link::listen(VERSIONS);
    for range in [&[][..], &[1], &[0, 2], &[2, 1], &[1, 2, 3], &[1, 16]] {
        receive(&mut link, &frame(0, HELLO, 9, 0, range));
        assert_eq!(
            (link.state(), due(&mut link, 0)),
            (State::Listening, vec![]),
            "a hello with {range:?}"
        );
    }
    receive(&mut link, &frame(0, HELLO, 9, 0, &[1, 15]));
    assert_eq!(link.state(), UP, "after a hello with [1, 15]");
}

/// The longest message is taken, one byte more is not; a second waits for the first.
#[phase7::test(points = 1, rule = 11)]
fn one_message_is_under_way_at_a_time() {
    let mut link = listener();
    assert_eq!(
        link.send(&[1; PAYLOAD_MAX + 1]),
        Err(SendError::TooLong),
        "161 bytes"
    );
    assert!(!link.is_sending(), "nothing is under way then");
    assert_eq!(link.send(&[1; PAYLOAD_MAX]), Ok(()), "160 bytes");
    receive(&mut link, &frame(2, ACK, 7, 0, &[]));
    assert!(link.is_sending(), "an acknowledgement of what was never sent");
    assert_eq!(due(&mut link, 0).len(), 1, "frames due");
    receive(&mut link, &frame(2, ACK, 7, 1, &[]));
    assert!(link.is_sending(), "an acknowledgement of another number");
    receive(&mut link, &frame(2, ACK, 7, 0, &[]));
    receive(&mut link, &frame(2, ACK, 7, 0, &[]));
    assert!(!link.is_sending(), "the right one, twice");
    assert_eq!(link.send(b"b"), Ok(()), "the next message");
    assert_eq!(
        due(&mut link, 1),
        [frame(2, DATA, 7, 1, b"b")],
        "its number is the next"
    );
    assert_eq!(
        due(&mut link, 1 + RETRY_MS).len(),
        1,
        "it is not acknowledged by the one before"
    );
}

/// Sixteen times, 100 ms apart at least, across the wrap of the ticks; then the line is lost.
#[phase7::test(points = 2, rule = 12)]
fn the_line_is_lost_after_sixteen_tries() {
    for link in [&mut listener(), &mut Link::connect(VERSIONS, 3)] {
        let _ = link.send(b"x");
        let start = u32::MAX - 550;
        let mut sent_at = Vec::new();
        for tick in 0..3_000 {
            // One poll is 30 ticks late: the next waits from there.
            if !(200..230).contains(&tick) && !due(link, start.wrapping_add(tick)).is_empty() {
                sent_at.push(tick);
            }
            if tick == 1_600 {
                assert_ne!(
                    link.state(),
                    State::Lost,
                    "the state before the last wait is over"
                );
            }
        }
        let expected: Vec<u32> = [0, 100]
            .into_iter()
            .chain((0..14).map(|number| 230 + 100 * number))
            .collect();
        assert_eq!(
            sent_at.len(),
            usize::from(TRIES),
            "how often it was sent: {sent_at:?}"
        );
        assert_eq!(sent_at, expected, "the ticks after the first");
        assert_eq!(
            (link.state(), link.is_sending()),
            (State::Lost, false),
            "after it all"
        );
        assert_eq!(link.send(b"y"), Err(SendError::Down), "a message on a lost line");
    }
}

/// A message that is answered late begins the next one's tries anew.
#[phase7::test(points = 1, rule = 12)]
fn each_message_has_its_own_tries() {
    let mut link = listener();
    for number in 0..40_u8 {
        assert_eq!(link.send(&[number]), Ok(()), "message {number}");
        let now = u32::from(number) * 2_000;
        for retry in 0..10 {
            let sent = due(&mut link, now + retry * RETRY_MS);
            assert_eq!(
                sent,
                [frame(2, DATA, 7, number, &[number])],
                "message {number}, time {retry}"
            );
        }
        receive(&mut link, &frame(2, ACK, 7, number, &[]));
    }
    assert_eq!(
        link.state(),
        UP,
        "after 40 messages, each of which was sent ten times"
    );
}

/// A message that is not taken holds up the next, which is neither acknowledged nor lost.
#[phase7::test(points = 2, rule = 14)]
fn what_is_not_taken_holds_up_the_next() {
    let mut link = listener();
    receive(&mut link, &frame(2, DATA, 7, 0, b"first"));
    assert_eq!(
        due(&mut link, 0),
        [frame(2, ACK, 7, 0, &[])],
        "the answer to the first"
    );
    receive(&mut link, &frame(2, DATA, 7, 1, b"second"));
    assert_eq!(
        due(&mut link, 1),
        [],
        "the answer to the second, before the first is taken"
    );
    assert_eq!(link.take().as_deref(), Some(&b"first"[..]), "what was taken");
    assert_eq!(link.take(), None, "what else there is");
    receive(&mut link, &frame(2, DATA, 7, 1, b"second"));
    assert_eq!(
        due(&mut link, 2),
        [frame(2, ACK, 7, 1, &[])],
        "the answer to the second, sent again"
    );
    assert_eq!(
        link.take().as_deref(),
        Some(&b"second"[..]),
        "what was taken then"
    );
}

/// Numbers are as expected or one before; all others, and other sessions and versions, change nothing.
#[phase7::test(points = 2, rule = 15)]
fn frames_from_elsewhere_change_nothing() {
    let mut link = listener();
    receive(&mut link, &frame(2, DATA, 7, 0, b"0"));
    receive(&mut link, &frame(2, DATA, 8, 1, b"another session"));
    receive(&mut link, &frame(1, DATA, 7, 1, b"another version"));
    assert_eq!(link.take().as_deref(), Some(&b"0"[..]), "what was delivered");
    assert_eq!(due(&mut link, 0).len(), 1, "acknowledgements so far");
    for stray in [
        frame(2, DATA, 8, 1, b"s"),
        frame(1, DATA, 7, 1, b"v"),
        frame(2, DATA, 7, 2, b"2"),
        frame(2, DATA, 7, 200, b"2"),
    ] {
        receive(&mut link, &stray);
        assert_eq!(
            (link.take(), due(&mut link, 1)),
            (None, vec![]),
            "after {stray:?}"
        );
    }
    assert_eq!(link.send(b"out"), Ok(()), "a message");
    due(&mut link, 2);
    for stray in [
        frame(2, ACK, 8, 0, &[]),
        frame(1, ACK, 7, 0, &[]),
        frame(0, WELCOME, 7, 0, &[1]),
        frame(0, REFUSE, 7, 0, &[1, 1]),
    ] {
        receive(&mut link, &stray);
        assert_eq!((link.state(), link.is_sending()), (UP, true), "after {stray:?}");
    }
    receive(&mut link, &frame(2, DATA, 7, 1, b"1"));
    assert_eq!(link.take().as_deref(), Some(&b"1"[..]), "the session goes on");
}

/// A hello of the same session is welcomed and changes nothing; one of another begins anew.
#[phase7::test(points = 2, rule = 16)]
fn a_new_session_begins_anew() {
    let mut link = listener();
    receive(&mut link, &frame(2, DATA, 7, 0, b"0"));
    link.take();
    assert_eq!(
        (link.send(b"out"), due(&mut link, 0).len()),
        (Ok(()), 2),
        "an acknowledgement and a message"
    );
    receive(&mut link, &frame(0, HELLO, 7, 0, &[1, 2]));
    assert_eq!(
        due(&mut link, 1),
        [frame(0, WELCOME, 7, 0, &[2])],
        "the answer to the same hello"
    );
    receive(&mut link, &frame(2, DATA, 7, 0, b"0"));
    assert_eq!(
        (link.take(), link.is_sending()),
        (None, true),
        "the session is as it was"
    );
    receive(&mut link, &frame(0, HELLO, 8, 0, &[1, 1]));
    assert_eq!(
        link.state(),
        State::Up { version: 1 },
        "after a hello of another session"
    );
    assert!(!link.is_sending(), "what was under way is gone");
    assert_eq!(
        due(&mut link, 500),
        [frame(0, WELCOME, 8, 0, &[1])],
        "the answer to it"
    );
    receive(&mut link, &frame(1, DATA, 8, 0, b"new"));
    assert_eq!(link.take().as_deref(), Some(&b"new"[..]), "numbers begin at 0");
    assert_eq!(link.send(b"out"), Ok(()), "a message");
    assert_eq!(
        due(&mut link, 501)[1..],
        [frame(1, DATA, 8, 0, b"out")],
        "its number"
    );

    let mut connector = Link::connect(VERSIONS, 9);
    due(&mut connector, 0);
    receive(&mut connector, &frame(0, HELLO, 9, 0, &[1, 2]));
    assert_eq!(
        (connector.state(), due(&mut connector, 1)),
        (State::Connecting, vec![]),
        "a connector hears its own hello"
    );
}

/// What was seen is counted.
#[phase7::test(points = 1, rule = 17)]
fn what_was_seen_is_counted() {
    let mut link = listener();
    for sequence in [0, 0, 0] {
        receive(&mut link, &frame(2, DATA, 7, sequence, b"x"));
    }
    for damaged in [
        &[9, 1, 0][..],
        &on_the_line(&[1, 2, 3]),
        &on_the_line(&[0x10, 7, 0, 0, 1, 1]),
        &[1, 0],
        &[0, 0],
    ] {
        damaged.iter().for_each(|&byte| link.receive(byte));
    }
    let _ = (
        link.send(b"y"),
        due(&mut link, 0),
        due(&mut link, 100),
        due(&mut link, 200),
    );
    let counters = link.counters();
    assert_eq!(
        (counters.delivered, counters.repeated),
        (1, 2),
        "delivered and repeated"
    );
    assert_eq!((counters.damaged, counters.resent), (4, 2), "damaged and resent");
}

/// A slow line, heavy noise, full frames, numbers that wrap: everything arrives once and in order.
#[phase7::test(points = 3, rule = 13)]
fn messages_arrive_whatever_the_line_does() {
    for (seed, one_in, delay) in [(1, 40, 1), (2, 60, 45), (3, 300, 110), (4, 0, 250)] {
        let mut pair = Pair::up();
        (pair.noise, pair.delay) = ([Noise::new(seed, one_in), Noise::new(seed + 100, one_in)], delay);
        let messages: Vec<Vec<u8>> = (0..300_usize)
            .map(|number| vec![number as u8; number % 12])
            .collect();
        let [to_listener, to_connector] = pair.carry(&messages, 1_000_000);
        assert_eq!(
            pair.ends.each_ref().map(Link::state),
            [UP, UP],
            "both ends, with seed {seed}"
        );
        for delivered in [to_listener, to_connector] {
            let wrong = delivered.iter().zip(&messages).find(|(came, sent)| came != sent);
            assert_eq!(
                (wrong, delivered.len()),
                (None, 300),
                "the first wrong message, and how many came, with seed {seed}"
            );
        }
    }
}
