//! The open tests: the framing first, then each server with one peer, then the program.

#[allow(dead_code, reason = "each test file uses its part")]
mod support;

use phase7::net;
use phase7::process::Signal;
use support::{Daemon, Echo, Kind, frame, pattern, roomy};
use tcp_echo::frame::{FrameDecoder, FrameError, encode};
use tcp_echo::limits::{Limits, Summary};
use tcp_echo::refusal::Refusal;
use tokio_util::sync::CancellationToken;

/// The length comes first, its most significant byte in front; it does not count itself.
#[phase7::test(points = 1, rule = 1)]
fn a_header_is_the_length_in_network_byte_order() {
    assert_eq!(
        encode(b"echo"),
        b"\x00\x00\x00\x04echo",
        "the frame of four bytes"
    );
    assert_eq!(encode(b""), [0, 0, 0, 0], "the frame of no bytes");
    assert_eq!(
        encode(&[7; 0x01_02_03])[..5],
        [0, 1, 2, 3, 7],
        "the start of the frame of 66051 bytes"
    );
}

/// Two frames in one push come out one by one.
#[phase7::test(points = 1, rule = 2)]
fn frames_come_out_in_order() {
    let mut decoder = FrameDecoder::new(100);
    let bytes = [frame(b"first"), frame(b""), frame(b"second")].concat();
    assert_eq!(decoder.push(&bytes), bytes.len(), "the bytes that push took");
    assert_eq!(
        decoder.buffered(),
        bytes.len(),
        "the bytes held before a frame was taken"
    );
    assert_eq!(decoder.next_frame(), Ok(Some(&b"first"[..])));
    assert_eq!(
        decoder.next_frame(),
        Ok(Some(&b""[..])),
        "a frame of length 0 is a frame"
    );
    assert_eq!(decoder.next_frame(), Ok(Some(&b"second"[..])));
    assert_eq!(decoder.next_frame(), Ok(None), "nothing is left");
    assert_eq!(decoder.buffered(), 0, "the bytes held at the end");
}

/// A frame that comes byte by byte is awaited, and then is whole.
#[phase7::test(points = 1, rule = 2)]
fn incomplete_is_not_invalid() {
    let mut decoder = FrameDecoder::new(100);
    let bytes = frame(b"slow");
    for (at, byte) in bytes.iter().enumerate() {
        assert_eq!(decoder.next_frame(), Ok(None), "before byte {at}");
        assert_eq!(decoder.push(&[*byte]), 1, "byte {at} is taken");
    }
    assert_eq!(decoder.next_frame(), Ok(Some(&b"slow"[..])));
}

/// One byte over the maximum is too much; the maximum is not.
#[phase7::test(points = 1, rule = 3)]
fn a_frame_over_the_maximum_is_invalid() {
    let mut decoder = FrameDecoder::new(4);
    decoder.push(&frame(b"four"));
    assert_eq!(decoder.next_frame(), Ok(Some(&b"four"[..])));
    decoder.push(&frame(b"fives"));
    assert_eq!(
        decoder.next_frame(),
        Err(FrameError::TooLarge {
            length: 5,
            max_frame: 4
        })
    );
}

/// A stream may end behind a frame, and nowhere else.
#[phase7::test(points = 1, rule = 6)]
fn a_stream_that_ends_inside_a_frame_is_truncated() {
    let mut decoder = FrameDecoder::new(100);
    assert_eq!(decoder.finish(), Ok(()), "an empty stream");
    decoder.push(&[0, 0]);
    assert_eq!(
        decoder.finish(),
        Err(FrameError::Truncated { buffered: 2 }),
        "half a header"
    );
    decoder.push(&[0, 3, b'a']);
    assert_eq!(
        decoder.finish(),
        Err(FrameError::Truncated { buffered: 5 }),
        "a third of the payload"
    );
    decoder.push(b"bc");
    assert_eq!(decoder.next_frame(), Ok(Some(&b"abc"[..])));
    assert_eq!(decoder.finish(), Ok(()), "behind a whole frame");
}

/// Eight bytes each, with the code of the table.
#[phase7::test(points = 1, rule = 8)]
fn refusals_are_eight_bytes() {
    let table = [
        (Refusal::Busy, support::BUSY),
        (Refusal::TooLarge, support::TOO_LARGE),
        (Refusal::Timeout, support::TIMEOUT),
        (Refusal::Truncated, support::TRUNCATED),
        (Refusal::Stopping, support::STOPPING),
    ];
    for (refusal, bytes) in table {
        assert_eq!(refusal.to_bytes(), bytes, "{refusal:?}");
        assert_eq!(Refusal::from_bytes(bytes), Some(refusal), "{bytes:02X?}");
    }
    assert_eq!(
        Refusal::from_bytes([0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 6]),
        None,
        "an unknown code"
    );
    assert_eq!(Refusal::from_bytes([0, 0, 0, 4, 0, 0, 0, 1]), None, "a frame");
}

fn check_echo(kind: Kind) {
    let server = Echo::start(kind, roomy());
    let mut peer = server.connect();
    peer.round_trip(b"hello");
    peer.round_trip(b"");
    peer.round_trip(&pattern(64 << 10));
    let many = [frame(b"one"), frame(b""), frame(&pattern(5000)), frame(b"four")].concat();
    peer.send(&many);
    peer.expect(&many, "four frames that were sent at once");
}

/// One peer, frame after frame.
#[phase7::test(points = 2, rule = 7, timeout_s = 20)]
fn echoes_frames_on_threads() {
    check_echo(Kind::Threads);
}

/// The same on tokio.
#[phase7::test(points = 2, rule = 7, timeout_s = 20)]
fn echoes_frames_on_tokio() {
    check_echo(Kind::Tokio);
}

fn check_half_close(kind: Kind) {
    let server = Echo::start(kind, roomy());
    let mut peer = server.connect();
    let bytes = [frame(b"the last"), frame(&pattern(9000)), frame(b"words")].concat();
    peer.send(&bytes);
    peer.end();
    peer.expect_last(&bytes, "the echoes after the peer's last frame, then the end");
}

/// A peer that has said everything still hears everything.
#[phase7::test(points = 1, rule = 10, timeout_s = 20)]
fn a_half_closed_peer_gets_every_echo_on_threads() {
    check_half_close(Kind::Threads);
}

/// The same on tokio.
#[phase7::test(points = 1, rule = 10, timeout_s = 20)]
fn a_half_closed_peer_gets_every_echo_on_tokio() {
    check_half_close(Kind::Tokio);
}

fn check_oversized(kind: Kind) {
    let server = Echo::start(
        kind,
        Limits {
            max_frame: 1000,
            ..roomy()
        },
    );
    let mut peer = server.connect();
    let good = frame(&pattern(1000));
    peer.send(&good);
    peer.send(&[0, 0, 3, 0xE9]);
    peer.expect(&good, "the echo of the frame of 1000 bytes");
    peer.expect_last(
        &support::TOO_LARGE,
        "the refusal of a header that says 1001, then the end",
    );
    server.connect().round_trip(b"the others are served on");
}

/// A frame of one byte too many is refused at its header, behind the echoes of the frames before it.
#[phase7::test(points = 1, rule = 9, timeout_s = 20)]
fn an_oversized_frame_is_refused_on_threads() {
    check_oversized(Kind::Threads);
}

/// The same on tokio.
#[phase7::test(points = 1, rule = 9, timeout_s = 20)]
fn an_oversized_frame_is_refused_on_tokio() {
    check_oversized(Kind::Tokio);
}

fn check_cap(kind: Kind) {
    let server = Echo::start(
        kind,
        Limits {
            max_connections: 2,
            ..roomy()
        },
    );
    let mut first = server.connect();
    let mut second = server.connect();
    first.round_trip(b"first");
    second.round_trip(b"second");
    server
        .connect()
        .expect_last(&support::BUSY, "the third of two connections");
    first.round_trip(b"not disturbed");
}

/// The third connection of two hears why, and nobody else hears of it.
#[phase7::test(points = 1, rule = 11, timeout_s = 20)]
fn one_connection_too_many_is_told_so_on_threads() {
    check_cap(Kind::Threads);
}

/// The same on tokio.
#[phase7::test(points = 1, rule = 11, timeout_s = 20)]
fn one_connection_too_many_is_told_so_on_tokio() {
    check_cap(Kind::Tokio);
}

fn check_stop(kind: Kind) {
    let server = Echo::start(kind, roomy());
    let mut peer = server.connect();
    peer.round_trip(b"before");
    let (stop, address) = (server.stop.clone(), server.address);
    stop.cancel();
    peer.expect_last(&support::STOPPING, "what an idle peer hears");
    drop(peer);
    assert_eq!(
        server.summary(),
        Summary {
            served: 1,
            refused: 0,
            cut: 0
        }
    );
    let late = std::net::TcpStream::connect(address);
    assert!(late.is_err(), "nobody listens any more, yet {late:?}");
}

/// An idle connection is told that the server stops, and the server ends long before its grace does.
#[phase7::test(points = 1, rule = 17, timeout_s = 40)]
fn an_idle_server_stops_when_told_on_threads() {
    check_stop(Kind::Threads);
}

/// The same on tokio.
#[phase7::test(points = 1, rule = 17, timeout_s = 40)]
fn an_idle_server_stops_when_told_on_tokio() {
    check_stop(Kind::Tokio);
}

/// A datagram comes back to its sender as it was, without a header.
#[phase7::test(points = 1, rule = 19, timeout_s = 20)]
fn a_datagram_comes_back() {
    let (socket, stop) = (net::udp(), CancellationToken::new());
    let address = socket.local_addr().expect("a bound socket has an address");
    let server = support::beside({
        let stop = stop.clone();
        move || tcp_echo::udp::serve(&socket, 1000, &stop)
    });
    let peers = [support::udp_peer(address), support::udp_peer(address)];
    for (peer, text) in peers.iter().zip([&b"to the first"[..], b"to the second"]) {
        peer.send(text).expect("a datagram can be sent");
        let mut buffer = [0; 100];
        let count = peer.recv(&mut buffer).expect("the echo arrives");
        assert_eq!(&buffer[..count], text);
    }
    stop.cancel();
    let summary = server
        .join()
        .expect("the server does not panic")
        .expect("the server returns its summary");
    assert_eq!(
        summary,
        Summary {
            served: 2,
            refused: 0,
            cut: 0
        }
    );
}

/// The program prints one line when it listens, serves, and ends with 0 when it is asked to.
#[phase7::test(points = 1, rule = 22, timeout_s = 30)]
fn the_program_says_where_it_listens() {
    for server in ["threads", "tokio"] {
        let daemon = Daemon::start(server, &["--max-frame", "100", "--grace", "20s"]);
        assert_ne!(daemon.address.port(), 0, "the port that was chosen");
        daemon.connect().round_trip(server.as_bytes());
        assert_eq!(
            daemon.running.stdout_so_far(),
            format!("listening on {}\n", daemon.address)
        );
        daemon.terminate(0);
    }
}

/// Ctrl-C is as good as SIGTERM, and the UDP server hears both.
#[phase7::test(points = 1, rule = 23, timeout_s = 30)]
fn the_program_ends_on_either_signal() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let daemon = Daemon::start("udp", &[]);
        let peer = support::udp_peer(daemon.address);
        peer.send(b"ping").expect("a datagram can be sent");
        assert_eq!(peer.recv(&mut [0; 10]).expect("the echo arrives"), 4);
        daemon.running.signal(signal);
        daemon.running.wait().expect_code(0);
    }
}
