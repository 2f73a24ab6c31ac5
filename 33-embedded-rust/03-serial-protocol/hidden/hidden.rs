//! The hidden tests: the edges that the rules name, and longer runs.

mod codec;
mod hardware;
mod link;
mod program;
mod update;

#[path = "../tests/support/board.rs"]
mod board;
#[path = "../tests/support/cut.rs"]
mod cut;
#[path = "../tests/support/fifo.rs"]
mod fifo;
#[path = "../tests/support/noise.rs"]
mod noise;
#[path = "../tests/support/pair.rs"]
mod pair;
#[path = "../tests/support/peer.rs"]
mod peer;
#[path = "../tests/support/relay.rs"]
mod relay;

#[global_allocator]
static ALLOCATOR: phase7::counting::Counting = phase7::counting::Counting::new(std::alloc::System);

/// The CRC of the check string is one more than it is.
#[phase7::wire]
fn a_checksum_of_digits() {
    assert_eq!(
        serial_protocol::crc::crc16(b"123456789"),
        0xD64F,
        "CRC-16 of 123456789"
    );
}

/// An empty block is delivered twice.
#[phase7::wire]
fn blocks_are_delivered_as_often_as_they_come() {
    let mut decoder = serial_protocol::cobs::Decoder::<8>::new();
    decoder.push(1);
    let delivered = [decoder.push(0).is_some(), decoder.push(0).is_some()];
    assert_eq!(
        delivered,
        [false, true],
        "whether each of two zeros gives a block"
    );
}
