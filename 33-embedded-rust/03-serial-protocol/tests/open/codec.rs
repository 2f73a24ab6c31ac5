//! Checksums, stuffing, frames, messages.

use serial_protocol::cobs::{Decoder, encode, encoded_max};
use serial_protocol::crc::{Crc32, crc16};
use serial_protocol::frame::{Frame, Kind, WIRE_MAX};
use serial_protocol::message::{self, Request};

/// The two CRCs have the check values of their catalogue.
#[phase7::test(points = 1, rule = 1)]
fn checksums_have_their_check_values() {
    assert_eq!(crc16(b"123456789"), 0xD64E, "CRC-16/GENIBUS of 123456789");
    assert_eq!(
        Crc32::of(b"123456789"),
        0xCBF4_3926,
        "CRC-32/ISO-HDLC of 123456789"
    );
}

/// The examples of the brief, there and back.
#[phase7::test(points = 2, rule = 3)]
fn zeros_are_stuffed_and_come_back() {
    let pairs: [(&[u8], &[u8]); 6] = [
        (&[], &[1]),
        (&[0], &[1, 1]),
        (&[0x11], &[2, 0x11]),
        (&[0x11, 0x22, 0, 0x33], &[3, 0x11, 0x22, 2, 0x33]),
        (&[0x11, 0, 0, 0], &[2, 0x11, 1, 1, 1]),
        (&[0, 0x11], &[1, 2, 0x11]),
    ];
    let mut decoder = Decoder::<8>::new();
    for (data, encoded) in pairs {
        let mut out = [0xEE; 8];
        assert_eq!(encode(data, &mut out), Some(encoded), "{data:02x?}, encoded");
        for &byte in encoded {
            assert_eq!(decoder.push(byte), None, "what comes before the zero");
        }
        assert_eq!(
            decoder.push(0),
            Some(Ok(data)),
            "{encoded:02x?} and a zero, decoded"
        );
    }
    assert_eq!(
        [0, 1, 254, 255].map(encoded_max),
        [1, 2, 255, 257],
        "the lengths of 0, 1, 254 and 255 bytes"
    );
}

/// A frame on the line, byte by byte.
#[phase7::test(points = 2, rule = 7)]
fn a_frame_lies_on_the_line_as_drawn() {
    let frame = Frame {
        version: 2,
        kind: Kind::Data,
        session: 0x1234,
        sequence: 0,
        payload: &[0, 0xAA],
    };
    let mut out = [0; WIRE_MAX];
    let wire = frame.encode(&mut out);
    // Session 0x1234, low byte first; number 0; payload 00 AA; CRC-16 of the six bytes.
    assert_eq!(
        wire,
        [0, 4, 0x20, 0x34, 0x12, 1, 4, 0xAA, 0xA3, 0x60, 0],
        "the frame on the line"
    );
    let bytes = [0x20, 0x34, 0x12, 0, 0, 0xAA, 0xA3, 0x60];
    assert_eq!(Frame::parse(&bytes), Ok(frame), "the frame, parsed");
}

/// Messages in postcard's format.
#[phase7::test(points = 1, rule = 18)]
fn messages_are_in_postcards_format() {
    let mut out = [0; 64];
    let ping = Request::Ping { token: 300 };
    assert_eq!(
        message::encode(&ping, &mut out),
        Some(&[0, 0xAC, 0x02][..]),
        "Ping"
    );
    let chunk = [3, 0x80, 0x01, 4, 0xAA, 0xBB, 0xCC, 0xDD];
    let expected = Request::Chunk {
        offset: 128,
        data: &[0xAA, 0xBB, 0xCC, 0xDD],
    };
    assert_eq!(message::decode(&chunk), Some(expected), "Chunk");
}
