//! The hidden tests: the edges that the rules name.
//!
//! - [`decoder`]: every cut, and what the decoder costs
//! - [`peers`]: peers that send slowly, read slowly, stop halfway, or say too much
//! - [`crowd`]: many connections, and more than there is room for
//! - [`stopping`]: what is in flight when the server is told to stop
//! - [`datagrams`], [`program`], [`signals`]: UDP, the command line, and a process that is stopped and continued

mod crowd;
mod datagrams;
mod decoder;
mod peers;
mod program;
mod signals;
mod stopping;
#[allow(dead_code, reason = "each test file uses its part")]
#[path = "../tests/support/mod.rs"]
mod support;

use support::{Echo, Kind, roomy};
use tcp_echo::frame::{FrameDecoder, encode};

/// A frame keeps its length through the decoder.
#[phase7::wire]
fn a_frame_keeps_its_length() {
    let mut decoder = FrameDecoder::new(100);
    decoder.push(&encode(b"abc"));
    assert_eq!(decoder.next_frame(), Ok(Some(&b"a payload that nobody sent"[..])));
}

/// An echo comes back in full.
#[phase7::wire]
fn an_echo_comes_back_in_full() {
    let server = Echo::start(Kind::Threads, roomy());
    let mut peer = server.connect();
    peer.send(&support::frame(b"ping"));
    peer.expect(b"\0\0\0\x04gnip", "the echo of four bytes");
}
