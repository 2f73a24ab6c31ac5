//! What is no frame, and streams that are cut anywhere.

use chat_protocol::wire::{Decoder, Frame, WireError};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::support::draw::{draw, raw};

/// Bodies that do not fit their type, each with what is wrong.
#[phase7::test(points = 2, rule = 4)]
fn bodies_that_do_not_fit_are_malformed() {
    let long_name = [&[0, 0, 0, 1, 33][..], &[b'x'; 33]].concat();
    let long_text = [&b"\0\0\0\x01\x04rust"[..], &[b'x'; 2001]].concat();
    let cases: &[(&str, u8, &[u8])] = &[
        ("a Ping that is cut", 0x03, b"\0\0\0"),
        ("a Bye with a body", 0x06, b"\0"),
        ("a Hello without the magic", 0x01, b"CHAP\x01\x02\x03ada"),
        ("a Hello from 2 to 1", 0x01, b"CHAT\x02\x01\x03ada"),
        ("a name longer than its frame", 0x10, b"\0\0\0\x01\x05rust"),
        ("bytes behind the name", 0x10, b"\0\0\0\x01\x04rust!"),
        ("a name of 33 bytes", 0x10, &long_name),
        ("a name that is not UTF-8", 0x10, b"\0\0\0\x01\x04ru\xFFt"),
        ("a text that is not UTF-8", 0x12, b"\0\0\0\x01\x04rust\xC3"),
        ("a text of 2001 bytes", 0x12, &long_text),
        ("an unknown failure", 0x91, b"\0\0\0\x01\xEE"),
        ("an unknown reason", 0x85, b"\0"),
        (
            "a Members that is neither the last nor not",
            0x98,
            b"\0\0\0\x01\x02",
        ),
        ("a Welcome of version 2 without a token", 0x81, b"\x02"),
        ("an optional request without a number", 0x5F, b"\0\0\x01"),
    ];
    for &(what, kind, body) in cases {
        assert_eq!(
            Frame::parse(kind, body),
            Err(WireError::Malformed { kind }),
            "{what}"
        );
    }
    assert!(
        Frame::parse(0x12, &long_text[..long_text.len() - 1]).is_ok(),
        "a text of 2000 bytes"
    );
    assert!(
        Frame::parse(0x10, b"\0\0\0\x01\x00").is_ok(),
        "an empty name is a frame, if no name"
    );
}

/// There is no way on behind an error.
#[phase7::test(points = 1, rule = 4)]
fn an_error_is_final() {
    let mut decoder = Decoder::new();
    decoder.push(&[draw("Ping 1"), raw(0x06, b"!"), draw("Ping 2")].concat());
    assert_eq!(decoder.next_frame(), Ok(Some(Frame::Ping { nonce: 1 })));
    for call in 1..4 {
        assert_eq!(
            decoder.next_frame(),
            Err(WireError::Malformed { kind: 6 }),
            "call {call}"
        );
    }
}

/// However a stream is cut, the same frames come out.
#[phase7::test(points = 1, rule = 2, timeout_s = 20)]
fn every_cut_gives_the_same_frames() {
    let lines = [
        "Ping 9",
        "Say 1 rust hello",
        "Bye",
        "Message rust 1 ada hello there",
        "Members 1 0 ada bob",
        "Join 2 x",
    ];
    let bytes: Vec<u8> = lines
        .iter()
        .cycle()
        .take(40)
        .flat_map(|line| draw(line))
        .collect();
    let mut whole = Decoder::new();
    whole.push(&bytes);
    let mut expected = Vec::new();
    while let Ok(Some(frame)) = whole.next_frame() {
        expected.push(format!("{frame:?}"));
    }
    assert_eq!(expected.len(), 40, "the frames of the uncut stream");
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let cuts = proptest::collection::vec(1..60_usize, 1..20);
    let checked = runner.run(&cuts, |cuts| {
        let (mut decoder, mut rest, mut found) = (Decoder::new(), &bytes[..], Vec::new());
        for cut in cuts.iter().cycle() {
            let (piece, behind) = rest.split_at((*cut).min(rest.len()));
            decoder.push(piece);
            while let Some(frame) = decoder
                .next_frame()
                .map_err(|error| TestCaseError::fail(error.to_string()))?
            {
                found.push(format!("{frame:?}"));
            }
            rest = behind;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(&found, &expected);
        Ok(())
    });
    checked.unwrap_or_else(|error| panic!("{error}"));
}

/// Bytes at random are refused or awaited; nothing panics.
#[phase7::test(points = 1, rule = 4, timeout_s = 20)]
fn no_bytes_make_it_panic() {
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 512,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let kinds = proptest::sample::select(
        (0x01..=0x16)
            .chain(0x81..=0x98)
            .chain([0xD0])
            .collect::<Vec<u8>>(),
    );
    let input = (kinds, proptest::collection::vec(any::<u8>(), 0..60));
    let checked = runner.run(&input, |(kind, body)| {
        if let Ok(frame) = Frame::parse(kind, &body) {
            let mut bytes = Vec::new();
            frame.encode(&mut bytes);
            prop_assert_eq!(bytes, raw(kind, &body), "{:?}", frame);
        }
        Ok(())
    });
    checked.unwrap_or_else(|error| panic!("{error}"));
}
