//! Two ends, and one end against a peer that the test plays.

use serial_protocol::link::{Link, SendError, State, Versions};

use super::noise::Noise;
use super::pair::{Pair, VERSIONS};
use super::peer::{ACK, DATA, HELLO, WELCOME, frame, heard};

/// Gives bytes to an end.
fn receive(link: &mut Link, bytes: &[u8]) {
    bytes.iter().for_each(|&byte| link.receive(byte));
}

/// A hello is answered by the highest version that both speak.
#[phase7::test(points = 2, rule = 9)]
fn a_hello_is_welcomed() {
    let mut link = Link::listen(VERSIONS);
    assert_eq!(
        (link.state(), link.poll(0)),
        (State::Listening, None),
        "a listener at first"
    );
    receive(&mut link, &frame(0, HELLO, 7, 0, &[1, 9]).wire());
    assert_eq!(
        link.state(),
        State::Up { version: 2 },
        "after a hello that speaks 1 to 9"
    );
    let answer = heard(link.poll(1).unwrap_or_default());
    assert_eq!(answer, [frame(0, WELCOME, 7, 0, &[2])], "the answer");
    assert_eq!(link.poll(1), None, "what is due after it");

    let mut link = Link::connect(Versions { min: 3, max: 4 }, 0xBEEF);
    let hello = heard(link.poll(0).unwrap_or_default());
    assert_eq!(
        hello,
        [frame(0, HELLO, 0xBEEF, 0, &[3, 4])],
        "a connector's first frame"
    );
    receive(&mut link, &frame(0, WELCOME, 0xBEEF, 0, &[4]).wire());
    assert_eq!(link.state(), State::Up { version: 4 }, "after the welcome");
}

/// A message goes out once, is acknowledged, and makes way for the next.
#[phase7::test(points = 2, rule = 11)]
fn a_message_is_sent_and_acknowledged() {
    let mut link = Link::listen(VERSIONS);
    assert_eq!(link.send(b"early"), Err(SendError::Down), "before a hello");
    receive(&mut link, &frame(0, HELLO, 7, 0, &[1, 1]).wire());
    link.poll(0);
    assert_eq!(link.send(b"one"), Ok(()), "the first message");
    assert_eq!(
        link.send(b"two"),
        Err(SendError::Busy),
        "the second, while the first is under way"
    );
    let sent = heard(link.poll(5).unwrap_or_default());
    assert_eq!(sent, [frame(1, DATA, 7, 0, b"one")], "what is sent");
    assert!(link.is_sending(), "under way until the acknowledgement comes");
    receive(&mut link, &frame(1, ACK, 7, 0, &[]).wire());
    assert!(!link.is_sending(), "not under way after the acknowledgement");
    assert_eq!(link.send(b"two"), Ok(()), "the second message, after it");
    let sent = heard(link.poll(6).unwrap_or_default());
    assert_eq!(sent, [frame(1, DATA, 7, 1, b"two")], "what is sent then");
}

/// A message that comes three times is delivered once and acknowledged three times.
#[phase7::test(points = 2, rule = 13)]
fn a_repeated_message_is_delivered_once() {
    let mut link = Link::listen(VERSIONS);
    receive(&mut link, &frame(0, HELLO, 7, 0, &[1, 2]).wire());
    link.poll(0);
    let mut delivered = Vec::new();
    for now in 1..4 {
        receive(&mut link, &frame(2, DATA, 7, 0, b"once").wire());
        delivered.extend(link.take().map(|message| message.to_vec()));
        let answer = heard(link.poll(now).unwrap_or_default());
        assert_eq!(answer, [frame(2, ACK, 7, 0, &[])], "the answer to each");
    }
    assert_eq!(delivered, [b"once"], "what was delivered");
}

/// What is not acknowledged is sent again, 100 ms after the last time.
#[phase7::test(points = 2, rule = 12)]
fn what_is_not_acknowledged_is_sent_again() {
    let mut pair = Pair::up();
    assert_eq!(pair.ends[0].send(b"again"), Ok(()), "the message is taken");
    let mut sent_at = Vec::new();
    for now in 1_000..1_350 {
        if pair.ends[0].poll(now).is_some() {
            sent_at.push(now);
        }
    }
    assert_eq!(
        sent_at,
        [1_000, 1_100, 1_200, 1_300],
        "the ticks at which it was sent"
    );
}

/// Both ends send a hundred messages at once over a line that damages one byte in 100.
#[phase7::test(points = 3, rule = 13)]
fn messages_arrive_once_and_in_order_over_noise() {
    let mut pair = Pair::up();
    pair.noise = [Noise::new(11, 100), Noise::new(12, 100)];
    let messages: Vec<Vec<u8>> = (0..100)
        .map(|number| vec![number; usize::from(number) % 30])
        .collect();
    let [to_listener, to_connector] = pair.carry(&messages, 100_000);
    assert_eq!(to_listener, messages, "what the listener was given");
    assert_eq!(to_connector, messages, "what the connector was given");
}
