//! Any bytes at all, into the decoder and into a device.
//!
//! - the decoder never holds more than its buffer, gives nothing but at a zero, and is whole again after each
//! - what it gives is encoded to what it was decoded from
//! - a frame that it gives is encoded to the same bytes
//! - a device never panics, whatever it is sent, and still says welcome afterwards
#![no_main]

use libfuzzer_sys::fuzz_target;
use serial_protocol::cobs::{Decoder, encode, encoded_max};
use serial_protocol::flash::{FLASH_SIZE, RamFlash};
use serial_protocol::frame::{FRAME_MAX, Frame, Kind, WIRE_MAX};
use serial_protocol::node::Node;

fuzz_target!(|bytes: &[u8]| {
    let mut decoder = Decoder::<FRAME_MAX>::new();
    let mut flash = [0xFF; FLASH_SIZE];
    let Ok(mut node) = Node::start(RamFlash::new(&mut flash)) else {
        panic!("a flash in RAM does not fail");
    };
    let mut coded = Vec::new();
    for (now, &byte) in (0..).zip(bytes) {
        node.receive(byte);
        node.poll(now, 0);
        let outcome = decoder.push(byte);
        if byte != 0 {
            assert_eq!(outcome, None, "a block without a zero");
            coded.push(byte);
            continue;
        }
        if let Some(Ok(block)) = outcome {
            check(block, &coded);
        }
        coded.clear();
    }
    welcome(&mut node);
});

/// A block against the bytes that it was decoded from.
fn check(block: &[u8], coded: &[u8]) {
    let mut out = [0; encoded_max(FRAME_MAX)];
    // There is one more way to write a block: with an empty run behind a full one.
    let again = encode(block, &mut out).expect("a block fits");
    assert!(
        again == coded || coded.contains(&0xFF),
        "another block: {again:02x?} for {coded:02x?}"
    );
    if let Ok(frame) = Frame::parse(block) {
        let mut wire = [0; WIRE_MAX];
        let wire = frame.encode(&mut wire);
        assert_eq!(&wire[1..wire.len() - 1], again, "another frame");
    }
}

/// A hello, after whatever came before.
fn welcome(node: &mut Node<RamFlash>) {
    let hello = Frame {
        version: 0,
        kind: Kind::Hello,
        session: 0xFFFF,
        sequence: 0,
        payload: &[1, 2],
    };
    let mut wire = [0; WIRE_MAX];
    hello
        .encode(&mut wire)
        .iter()
        .for_each(|&byte| node.receive(byte));
    assert!(node.poll(0, 0).is_some(), "no answer to a hello");
}
