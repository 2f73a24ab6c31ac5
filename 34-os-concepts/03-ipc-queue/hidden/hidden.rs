//! The hidden tests: what every transport must do, then each of them by itself.

#![allow(clippy::drop_non_drop, reason = "the starter's types have no fields yet")]

#[path = "../tests/support/mod.rs"]
mod support;

mod deaths;
mod descriptors;
mod edges;
mod files;
mod orders;
mod programs;
mod shared;

use ipc_queue::Options;
use ipc_queue::frame;
use ipc_queue::ring::layout::Layout;

/// The length of the packet for eight bytes.
#[phase7::wire]
fn a_packet_of_eight_bytes_is_told() {
    assert_eq!(frame::length([8, 0, 0, 0], 12).ok(), Some(77_012), "the length");
}

/// The size of a small ring.
#[phase7::wire]
fn a_small_ring_has_its_size() {
    let options = Options {
        capacity: 2,
        max_message: 64,
        sole: false,
    };
    assert_eq!(
        Layout::of(&options).map(|layout| layout.size()).ok(),
        Some(4_099),
        "its bytes"
    );
}
