//! Frames on the host: this codec beside the crates `cobs` and `crc`.
//!
//! `cargo bench -p serial-protocol-solution` measures the reference, `cargo bench -p serial-protocol` yours. Both sides sum up and
//! stuff the same bytes, and take them from the line one by one, as a UART gives them.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use serial_protocol::cobs::Decoder;
use serial_protocol::frame::{FRAME_MAX, Frame, HEADER, Kind, PAYLOAD_MAX, WIRE_MAX};

const GENIBUS: crc::Crc<u16> = crc::Crc::<u16>::new(&crc::CRC_16_GENIBUS);

/// A payload in which every fifth byte is a zero.
fn payload() -> [u8; PAYLOAD_MAX] {
    std::array::from_fn(|at| if at % 5 == 0 { 0 } else { at as u8 })
}

fn frame(payload: &[u8]) -> Frame<'_> {
    Frame {
        version: 2,
        kind: Kind::Data,
        session: 0x1234,
        sequence: 7,
        payload,
    }
}

/// Puts the same frame on the line with the crates.
fn encode_by_crates(payload: &[u8; PAYLOAD_MAX], out: &mut [u8; WIRE_MAX]) -> usize {
    let mut bytes = [0; FRAME_MAX];
    bytes[..HEADER].copy_from_slice(&[0x20, 0x34, 0x12, 7]);
    bytes[HEADER..HEADER + PAYLOAD_MAX].copy_from_slice(payload);
    let sum = GENIBUS.checksum(&bytes[..HEADER + PAYLOAD_MAX]);
    bytes[HEADER + PAYLOAD_MAX..].copy_from_slice(&sum.to_be_bytes());
    out[0] = 0;
    let length = cobs::encode(&bytes, &mut out[1..]);
    out[1 + length] = 0;
    length + 2
}

/// Takes the frame off the line with the crates; the length of its payload.
fn decode_by_crates(wire: &[u8]) -> usize {
    let mut memory = [0; FRAME_MAX];
    let mut decoder = cobs::CobsDecoder::new(&mut memory);
    let ends = wire[1..]
        .iter()
        .find_map(|&byte| decoder.feed(byte).ok().flatten());
    let bytes = &memory[..ends.expect("the frame is whole")];
    let (content, sum) = bytes.split_last_chunk::<2>().expect("a frame has a checksum");
    assert_eq!(GENIBUS.checksum(content), u16::from_be_bytes(*sum));
    content.len() - HEADER
}

fn encode(criterion: &mut Criterion) {
    let payload = payload();
    let (mut ours, mut theirs) = ([0; WIRE_MAX], [0; WIRE_MAX]);
    let length = encode_by_crates(&payload, &mut theirs);
    assert_eq!(
        frame(&payload).encode(&mut ours),
        &theirs[..length],
        "both write the same frame"
    );
    let mut group = criterion.benchmark_group("encode");
    group.throughput(Throughput::Bytes(PAYLOAD_MAX as u64));
    group.bench_function("this codec", |bencher| {
        bencher.iter(|| frame(black_box(&payload)).encode(&mut ours).len());
    });
    group.bench_function("crates", |bencher| {
        bencher.iter(|| encode_by_crates(black_box(&payload), &mut theirs));
    });
    group.finish();
}

fn decode(criterion: &mut Criterion) {
    let payload = payload();
    let mut memory = [0; WIRE_MAX];
    let wire = frame(&payload).encode(&mut memory);
    let mut group = criterion.benchmark_group("decode");
    group.throughput(Throughput::Bytes(PAYLOAD_MAX as u64));
    group.bench_function("this codec", |bencher| {
        let mut decoder = Decoder::<FRAME_MAX>::new();
        bencher.iter(|| {
            let mut length = 0;
            for &byte in black_box(wire) {
                if let Some(Ok(block)) = decoder.push(byte) {
                    length = Frame::parse(block).expect("the frame is whole").payload.len();
                }
            }
            length
        });
    });
    group.bench_function("crates", |bencher| {
        bencher.iter(|| decode_by_crates(black_box(wire)))
    });
    group.finish();
}

/// Runs the bench.
pub fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    encode(&mut criterion);
    decode(&mut criterion);
    criterion.final_summary();
}
