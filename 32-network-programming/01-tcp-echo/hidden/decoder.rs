//! The decoder: every way to cut a stream, and what the decoder costs.

use std::time::{Duration, Instant};

use phase7::counting::{Counting, measure};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tcp_echo::frame::{FrameDecoder, FrameError};

use super::support::{frame, pattern};

#[global_allocator]
static ALLOCATOR: Counting = Counting::new(std::alloc::System);

/// Enough for a debug build on a busy machine, and far too little for work that grows with the square.
const PATIENCE: Duration = Duration::from_secs(6);

/// Pushes the pieces one after the other, taking out all frames after each push.
fn decode(decoder: &mut FrameDecoder, pieces: &[&[u8]]) -> Result<Vec<Vec<u8>>, FrameError> {
    let mut payloads = Vec::new();
    for mut piece in pieces.iter().copied() {
        loop {
            let taken = decoder.push(piece);
            piece = &piece[taken..];
            let before = payloads.len();
            while let Some(payload) = decoder.next_frame()? {
                payloads.push(payload.to_vec());
            }
            if piece.is_empty() {
                break;
            }
            assert!(
                taken > 0 || payloads.len() > before,
                "the decoder neither takes bytes nor gives frames"
            );
        }
    }
    Ok(payloads)
}

/// A stream of frames, cut at every two places, is the same frames.
#[phase7::test(points = 1, rule = 2)]
fn every_cut_of_a_stream_decodes_alike() {
    let payloads: Vec<Vec<u8>> = [0, 1, 5, 0, 0, 9, 2].map(pattern).to_vec();
    let stream: Vec<u8> = payloads.iter().flat_map(|payload| frame(payload)).collect();
    for first in 0..=stream.len() {
        for second in first..=stream.len() {
            let mut decoder = FrameDecoder::new(9);
            let pieces = [&stream[..first], &stream[first..second], &stream[second..]];
            assert_eq!(
                decode(&mut decoder, &pieces).as_ref(),
                Ok(&payloads),
                "cut at {first} and {second}"
            );
            assert_eq!(decoder.finish(), Ok(()), "the end, cut at {first} and {second}");
        }
    }
}

/// Any frames, cut anyhow; the longest frame is the maximum, so that the decoder is full now and then.
#[phase7::test(points = 1, rule = 2)]
fn any_stream_in_any_pieces_decodes_alike() {
    let config = Config {
        cases: 200,
        failure_persistence: None,
        ..Config::default()
    };
    let strategy = (
        prop::collection::vec(prop::collection::vec(any::<u8>(), 0..=300), 0..20),
        prop::collection::vec(1_usize..700, 1..50),
    );
    let mut runner = TestRunner::new_with_rng(
        config,
        prop::test_runner::TestRng::deterministic_rng(prop::test_runner::RngAlgorithm::ChaCha),
    );
    let result = runner.run(&strategy, |(payloads, lengths)| {
        let stream: Vec<u8> = payloads.iter().flat_map(|payload| frame(payload)).collect();
        let mut pieces = Vec::new();
        let mut rest = &stream[..];
        for length in lengths.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (piece, behind) = rest.split_at((*length).min(rest.len()));
            pieces.push(piece);
            rest = behind;
        }
        let mut decoder = FrameDecoder::new(300);
        prop_assert_eq!(decode(&mut decoder, &pieces), Ok(payloads));
        prop_assert_eq!(decoder.finish(), Ok(()));
        Ok(())
    });
    result.expect("the frames that were sent, whatever the pieces");
}

/// Four bytes are enough to refuse a frame; and there is no way back.
#[phase7::test(points = 1, rule = 3)]
fn an_invalid_header_needs_no_payload_and_stays() {
    let mut decoder = FrameDecoder::new(10);
    decoder.push(&frame(b"before"));
    decoder.push(&[0xFF; 3]);
    assert_eq!(
        decoder.next_frame(),
        Ok(Some(&b"before"[..])),
        "the frame ahead of the invalid one"
    );
    assert_eq!(
        decoder.next_frame(),
        Ok(None),
        "three bytes of a header are incomplete"
    );
    decoder.push(&[0xFF]);
    let error = FrameError::TooLarge {
        length: u32::MAX,
        max_frame: 10,
    };
    assert_eq!(decoder.next_frame(), Err(error), "the longest length there is");
    decoder.push(&frame(b"after"));
    assert_eq!(decoder.next_frame(), Err(error), "asked again, with more bytes");
}

/// It takes one header and one longest payload, and more only when frames have been taken out.
#[phase7::test(points = 1, rule = 4)]
fn a_decoder_holds_one_longest_frame() {
    let mut decoder = FrameDecoder::new(100);
    assert_eq!(decoder.push(&[0; 1000]), 104, "taken by an empty decoder");
    assert_eq!(decoder.buffered(), 104, "held by a full decoder");
    assert_eq!(decoder.push(&[0; 1000]), 0, "taken by a full decoder");
    assert_eq!(decoder.next_frame(), Ok(Some(&[][..])));
    assert_eq!(decoder.push(&[0; 1000]), 4, "taken after an empty frame went out");
    for at in 0..26 {
        assert_eq!(
            decoder.next_frame(),
            Ok(Some(&[][..])),
            "frame {at} of a full decoder"
        );
    }
    let longest = frame(&pattern(100));
    assert_eq!(
        decoder.push(&longest),
        104,
        "taken by a decoder that is empty again"
    );
    assert_eq!(decoder.next_frame(), Ok(Some(&longest[4..])));
}

/// A million frames in one buffer are taken out one by one, without moving those behind.
#[phase7::test(points = 1, rule = 5)]
fn a_million_small_frames_cost_their_bytes() {
    let started = Instant::now();
    let mut decoder = FrameDecoder::new(4 << 20);
    assert_eq!(decoder.push(&vec![0; 4 << 20]), 4 << 20);
    for count in 0..1 << 20 {
        assert_eq!(decoder.next_frame(), Ok(Some(&[][..])), "frame {count}");
        assert!(
            started.elapsed() < PATIENCE,
            "only {count} frames of 1048576 in {PATIENCE:?}"
        );
    }
    assert_eq!(decoder.next_frame(), Ok(None));
}

/// A decoder that is nearly full all the time, with a frame out and a frame in.
#[phase7::test(points = 1, rule = 5)]
fn a_full_decoder_slides_at_the_cost_of_its_bytes() {
    let started = Instant::now();
    let mut decoder = FrameDecoder::new(4 << 20);
    assert_eq!(decoder.push(&vec![0; 4 << 20]), 4 << 20);
    for count in 0..1 << 20 {
        assert_eq!(decoder.next_frame(), Ok(Some(&[][..])), "frame {count}");
        assert_eq!(decoder.push(&[0; 4]), 4, "the bytes of one more frame");
        assert!(
            started.elapsed() < PATIENCE,
            "only {count} frames of 1048576 in {PATIENCE:?}"
        );
    }
}

/// A header that promises 16 MiB is a promise; what counts is what came.
#[phase7::test(points = 1, rule = 5)]
fn memory_follows_the_bytes_that_came() {
    let (_, counts) = measure(|| {
        let mut decoder = FrameDecoder::new(16 << 20);
        decoder.push(&[0x01, 0x00, 0x00, 0x00]);
        decoder.push(&[0; 1000]);
        assert_eq!(decoder.next_frame(), Ok(None));
    });
    assert!(
        counts.peak_bytes <= (64 << 10) + 4 * 1004,
        "1004 bytes of a frame of 16 MiB took {} bytes",
        counts.peak_bytes
    );

    let long = frame(&vec![7; 1 << 20]);
    let (_, counts) = measure(|| {
        let mut decoder = FrameDecoder::new(1 << 20);
        for _ in 0..16 {
            for piece in long.chunks(1000) {
                assert_eq!(decoder.push(piece), piece.len());
            }
            assert_eq!(decoder.next_frame(), Ok(Some(&long[4..])));
        }
    });
    assert!(
        counts.peak_bytes <= (64 << 10) + 4 * ((1 << 20) + 4),
        "sixteen frames of 1 MiB, one at a time, took {} bytes",
        counts.peak_bytes
    );
}

/// Frame after frame through one decoder allocates nothing.
#[phase7::test(points = 1, rule = 5)]
fn a_frame_allocates_nothing() {
    let bytes = frame(&pattern(64));
    let mut decoder = FrameDecoder::new(1000);
    decoder.push(&bytes);
    assert_eq!(decoder.next_frame(), Ok(Some(&bytes[4..])), "the first frame");
    let (_, counts) = measure(|| {
        for _ in 0..1000 {
            decoder.push(&bytes);
            assert_eq!(decoder.next_frame(), Ok(Some(&bytes[4..])));
        }
    });
    assert!(
        counts.allocations <= 8,
        "{} allocations for 1000 frames",
        counts.allocations
    );
}
