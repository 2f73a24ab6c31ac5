//! Checksums, stuffing, frames and messages at their edges.

use phase7::counting::measure;
use serial_protocol::cobs::{Decoder, Error, encode, encoded_max};
use serial_protocol::crc::{Crc32, crc16};
use serial_protocol::frame::{self, FRAME_MAX, Frame, PAYLOAD_MAX, WIRE_MAX};
use serial_protocol::link::Link;
use serial_protocol::message::{self, Reply, Request};

use super::noise::Random;
use super::pair::Pair;
use super::peer;

/// Both CRCs, over blocks of each length, and a CRC-32 whose data comes in pieces.
#[phase7::test(points = 1, rule = 2)]
fn checksums_go_on() {
    assert_eq!((crc16(&[]), Crc32::of(&[])), (0, 0), "the CRCs of nothing");
    let mut random = Random(1);
    for length in 0..40 {
        let bytes = random.bytes(length);
        let whole = Crc32::of(&bytes);
        let mut pieces = Crc32::new();
        bytes.chunks(7).for_each(|piece| pieces.update(piece));
        assert_eq!(pieces.finish(), whole, "CRC-32 of {length} bytes in pieces of 7");
        assert_eq!(crc16(&bytes), peer::crc16(&bytes), "CRC-16 of {length} bytes");
    }
}

/// Blocks around 254 and 508 bytes without a zero, and every block of up to four bytes from a few.
#[phase7::test(points = 2, rule = 3)]
fn every_block_is_stuffed_as_drawn() {
    let mut blocks = vec![Vec::new()];
    for length in 0..4 {
        let longer = blocks.iter().filter(|block| block.len() == length);
        let longer: Vec<Vec<u8>> = longer
            .flat_map(|block| [0, 1, 2, 255].map(|byte| [&block[..], &[byte]].concat()))
            .collect();
        blocks.extend(longer);
    }
    for length in [253, 254, 255, 256, 507, 508, 509, 600] {
        let run: Vec<u8> = (0..length).map(|at| (at % 255) as u8 + 1).collect();
        blocks.extend([[&run[..], &[0]].concat(), [&[0], &run[..]].concat(), run]);
    }
    for block in &blocks {
        let expected = peer::stuff(block);
        let mut out = [0; 700];
        assert_eq!(
            encode(block, &mut out),
            Some(&expected[..]),
            "{} bytes, encoded: {block:02x?}",
            block.len()
        );
        assert!(
            expected.len() <= encoded_max(block.len()),
            "{} bytes of {}",
            expected.len(),
            block.len()
        );
        let mut exact = vec![0; expected.len()];
        assert!(
            encode(block, &mut exact).is_some(),
            "{} bytes into just enough",
            block.len()
        );
        exact.pop();
        assert_eq!(
            encode(block, &mut exact),
            None,
            "{} bytes into one too few",
            block.len()
        );
        let mut decoder = Decoder::<700>::new();
        expected
            .iter()
            .for_each(|&byte| assert_eq!(decoder.push(byte), None, "before the zero"));
        assert_eq!(
            decoder.push(0),
            Some(Ok(&block[..])),
            "{} bytes, decoded",
            block.len()
        );
    }
    assert_eq!(
        [508, 509].map(encoded_max),
        [510, 512],
        "the lengths of 508 and 509 bytes"
    );
}

/// Zeros in a row give nothing, and a decoder whose buffer is just filled gives the block.
#[phase7::test(points = 1, rule = 4)]
fn a_block_is_given_once() {
    let mut decoder = Decoder::<3>::new();
    (0..2).for_each(|_| assert_eq!(decoder.push(0), None, "a zero at first"));
    for block in [[1, 2, 3], [0, 0, 0], [9, 0, 9]] {
        peer::stuff(&block)
            .iter()
            .for_each(|&byte| assert_eq!(decoder.push(byte), None, "before the zero"));
        assert_eq!(
            decoder.push(0),
            Some(Ok(&block[..])),
            "a block of three in a decoder of three"
        );
        (0..2).for_each(|_| assert_eq!(decoder.push(0), None, "a zero after it"));
    }
}

/// What is too long or cut short is told once, at its zero, and harms nothing after it.
#[phase7::test(points = 2, rule = 5)]
fn damage_is_told_once_and_ends_at_the_zero() {
    let mut decoder = Decoder::<3>::new();
    let damaged: [(&[u8], Error); 5] = [
        (&[5, 1, 2, 3, 4], Error::Overlong),
        (&[1, 1, 1, 1, 1], Error::Overlong),
        (&[200, 1, 2, 3, 4, 5, 6, 7], Error::Overlong),
        (&[4, 1, 2], Error::Truncated),
        (&[255], Error::Truncated),
    ];
    for (bytes, error) in damaged {
        for &byte in bytes {
            assert_eq!(decoder.push(byte), None, "within {bytes:?}");
        }
        assert_eq!(decoder.push(0), Some(Err(error)), "{bytes:?} and a zero");
        assert_eq!(decoder.push(0), None, "a second zero");
        for byte in [2, 7] {
            assert_eq!(decoder.push(byte), None, "the block after {bytes:?}");
        }
        assert_eq!(decoder.push(0), Some(Ok(&[7][..])), "the block after {bytes:?}");
    }
}

/// A decoder that was fed a hundred thousand bytes of noise gives only what it may, and then a whole frame.
#[phase7::test(points = 2, rule = 5)]
fn noise_does_no_harm() {
    let mut random = Random(77);
    let mut decoder = Decoder::<16>::new();
    let mut whole = 0;
    let mut coded = Vec::new();
    for _ in 0..100_000 {
        // Small numbers, so that blocks end and codes are kept.
        let byte = random.below(12) as u8;
        let given = decoder.push(byte).map(|block| block.map(<[u8]>::to_vec));
        if byte != 0 {
            assert_eq!(given, None, "a byte that is no zero");
            coded.push(byte);
            continue;
        }
        let decoded = peer::unstuff(&coded);
        let is_long = decoded.as_ref().is_some_and(|block| block.len() > 16);
        match given {
            None => assert!(coded.is_empty(), "{coded:?} gives something"),
            Some(Ok(block)) => {
                whole += 1;
                assert_eq!(Some(block), decoded, "{coded:?}, decoded");
            }
            Some(Err(Error::Overlong)) => assert!(is_long || decoded.is_none(), "{coded:?} is not overlong"),
            Some(Err(Error::Truncated)) => assert_eq!(decoded, None, "{coded:?} is not truncated"),
        }
        coded.clear();
    }
    assert!(whole > 100, "whole blocks in the noise: {whole}");
}

/// The sizes are fixed when it is compiled, and nothing is allocated after.
#[phase7::test(points = 2, rule = 6)]
fn nothing_is_allocated() {
    assert!(
        size_of::<Decoder<FRAME_MAX>>() <= FRAME_MAX + 32,
        "{} bytes of a decoder",
        size_of::<Decoder<FRAME_MAX>>()
    );
    assert!(size_of::<Link>() <= 768, "{} bytes of a link", size_of::<Link>());
    let mut pair = Pair::up();
    let wire = peer::frame(2, peer::DATA, 0xABCD, 0, &[7; PAYLOAD_MAX]).wire();
    let [connector, listener] = &mut pair.ends;
    let (delivered, counts) = measure(|| {
        let mut delivered = 0;
        for _ in 0..3 {
            wire.iter().for_each(|&byte| listener.receive(byte));
            delivered += listener.take().map_or(0, |message| message.len());
            for link in [&mut *connector, &mut *listener] {
                let _ = link.send(&[1; PAYLOAD_MAX]);
                for now in [100, 100, 300] {
                    link.poll(now);
                }
            }
        }
        let mut payload = [0; PAYLOAD_MAX];
        let _ = message::encode(&Request::Info, &mut payload);
        delivered
    });
    assert_eq!(delivered, PAYLOAD_MAX, "bytes delivered meanwhile");
    assert_eq!(
        (counts.allocations, counts.reallocations),
        (0, 0),
        "allocations and reallocations"
    );
}

/// The longest frame and the shortest, and what is no frame.
#[phase7::test(points = 2, rule = 8)]
fn a_frame_is_checked_before_it_is_believed() {
    let longest = peer::frame(15, peer::DATA, 0xFFFF, 255, &[0xA5; PAYLOAD_MAX]);
    let bytes = longest.bytes();
    assert_eq!(bytes.len(), FRAME_MAX, "bytes of the longest frame");
    let parsed = Frame::parse(&bytes).expect("it is whole");
    assert_eq!(
        (parsed.version, parsed.session, parsed.sequence),
        (15, 0xFFFF, 255),
        "its header"
    );
    assert_eq!(parsed.payload, longest.payload, "its payload");
    let mut out = [0; WIRE_MAX];
    assert_eq!(parsed.encode(&mut out), longest.wire(), "it, encoded again");
    let shortest = peer::frame(1, peer::ACK, 1, 9, &[]).bytes();
    assert_eq!(
        Frame::parse(&shortest).map(|frame| frame.payload.len()),
        Ok(0),
        "a frame of six bytes"
    );
    for length in 0..6 {
        assert_eq!(
            Frame::parse(&shortest[..length]),
            Err(frame::Error::TooShort),
            "{length} bytes of it"
        );
    }
    for at in 0..shortest.len() * 8 {
        let mut flipped = shortest.clone();
        flipped[at / 8] ^= 1 << (at % 8);
        assert_eq!(
            Frame::parse(&flipped),
            Err(frame::Error::Checksum),
            "with bit {at} flipped"
        );
    }
    for more in [&[0][..], &[0, 0], &[1]] {
        let longer = [&shortest, more].concat();
        assert_eq!(
            Frame::parse(&longer),
            Err(frame::Error::Checksum),
            "with {more:?} behind it"
        );
    }
    let unknown = peer::frame(1, 9, 1, 9, &[]).bytes();
    assert_eq!(
        Frame::parse(&unknown),
        Err(frame::Error::UnknownKind(9)),
        "a kind of a later version"
    );
}

/// A message with bytes behind it, one cut short, one of a later version.
#[phase7::test(points = 1, rule = 18)]
fn what_is_no_message_is_refused() {
    assert_eq!(
        message::decode(&[7]),
        Some(Request::Counters),
        "the last request of version 2"
    );
    for bytes in [&[][..], &[1, 0], &[8], &[3, 0, 5, 1], &[0, 0x80]] {
        assert_eq!(message::decode::<Request>(bytes), None, "{bytes:?}");
    }
    let mut short = [0; 3];
    assert_eq!(
        message::encode(&Reply::Pong { token: u32::MAX }, &mut short),
        None,
        "six bytes into three"
    );
}
