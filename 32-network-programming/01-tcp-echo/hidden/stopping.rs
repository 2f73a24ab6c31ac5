//! What is in flight when the server is told to stop.

use std::time::{Duration, Instant};

use phase7::net;
use socket2::SockRef;
use tcp_echo::limits::{Limits, Summary};

use super::support::{self, Echo, Kind, frame, pattern, roomy};

fn check_half_a_frame(kind: Kind) {
    let server = Echo::start(kind, roomy());
    let mut busy = server.connect();
    let mut idle = server.connect();
    idle.round_trip(b"idle from now on");
    let (first, second) = (frame(b"first"), frame(&pattern(10_000)));
    busy.send(&[&first, &second[..5000]].concat());
    busy.expect(&first, "the echo ahead of half a frame");
    server.stop_listening();
    idle.expect_last(&support::STOPPING, "what an idle peer hears");
    drop(idle);
    busy.expect_silence("half a frame is awaited");
    busy.send(&second[5000..]);
    busy.expect_last(
        &[&second[..], &support::STOPPING].concat(),
        "the echo of the frame that was half sent, the refusal, the end",
    );
    drop(busy);
    let summary = server.summary();
    assert_eq!(
        (summary.refused, summary.cut),
        (0, 0),
        "nothing was refused, nothing cut: {summary:?}"
    );
}

/// A frame whose first half came before the word to stop may complete.
#[phase7::test(points = 1, rule = 17, timeout_s = 30)]
fn half_a_frame_may_complete_on_threads() {
    check_half_a_frame(Kind::Threads);
}

/// The same on tokio.
#[phase7::test(points = 1, rule = 17, timeout_s = 30)]
fn half_a_frame_may_complete_on_tokio() {
    check_half_a_frame(Kind::Tokio);
}

fn check_arrived(kind: Kind) {
    // The server's socket takes in much and gives out little, and so do connections accepted from it.
    let listener = net::listener();
    let socket = SockRef::from(&listener);
    socket
        .set_recv_buffer_size(200 << 10)
        .expect("a buffer can be made larger");
    socket
        .set_send_buffer_size(8 << 10)
        .expect("a buffer can be made smaller");
    let server = Echo::start_on(listener, kind, roomy());
    let mut peer = server.connect();
    SockRef::from(&peer.stream)
        .set_recv_buffer_size(8 << 10)
        .expect("a buffer can be made smaller");
    peer.round_trip(b"connected");
    // Far more than the way back holds: the server waits with an echo, and the rest of the frames in its socket.
    let frames = frame(&pattern(1020)).repeat(128);
    peer.send(&frames);
    server.stop_listening();
    let expected = [&frames[..], &support::STOPPING].concat();
    peer.expect_last(
        &expected,
        "frames that had arrived when the server was told to stop",
    );
    drop(peer);
    assert_eq!(server.summary().cut, 0, "connections cut");
}

/// Frames that the kernel holds already are in flight too.
#[phase7::test(points = 1, rule = 17, timeout_s = 40)]
fn what_has_arrived_is_echoed_on_threads() {
    check_arrived(Kind::Threads);
}

/// The same on tokio.
#[phase7::test(points = 1, rule = 17, timeout_s = 40)]
fn what_has_arrived_is_echoed_on_tokio() {
    check_arrived(Kind::Tokio);
}

fn check_grace(kind: Kind) {
    let grace = Duration::from_millis(700);
    let server = Echo::start(kind, Limits { grace, ..roomy() });
    let mut peers = [server.connect(), server.connect()];
    for peer in &mut peers {
        peer.round_trip(b"connected");
        peer.send(&frame(b"never completed")[..9]);
        peer.send(b"!");
    }
    let started = Instant::now();
    server.stop.cancel();
    for peer in &mut peers {
        assert_eq!(
            net::read_to_end(&mut peer.stream),
            b"",
            "half a frame is answered with nothing"
        );
    }
    assert!(
        started.elapsed() >= grace,
        "cut after {:?}, before the grace of {grace:?}",
        started.elapsed()
    );
    assert_eq!(
        server.summary(),
        Summary {
            served: 2,
            refused: 0,
            cut: 2
        }
    );
}

/// A peer that never completes its frame is cut when the grace period ends, and counted.
#[phase7::test(points = 1, rule = 18, timeout_s = 40)]
fn the_grace_period_ends_on_threads() {
    check_grace(Kind::Threads);
}

/// The same on tokio.
#[phase7::test(points = 1, rule = 18, timeout_s = 40)]
fn the_grace_period_ends_on_tokio() {
    check_grace(Kind::Tokio);
}

fn check_flood(kind: Kind) {
    let grace = Duration::from_millis(500);
    let server = Echo::start(kind, Limits { grace, ..roomy() });
    let mut idle = server.connect();
    idle.round_trip(b"idle from now on");
    let mut peer = server.connect();
    peer.round_trip(b"connected");
    let mut sending = peer.stream.try_clone().expect("a descriptor can be duplicated");
    // Frames of 64 bytes: reads of any power of two end at a border, and the next one is there already.
    let frames = frame(&pattern(60)).repeat(4096);
    let sender = support::beside(move || while std::io::Write::write_all(&mut sending, &frames).is_ok() {});
    let reader = support::beside(move || {
        let mut echoes = vec![0; 256 << 10];
        while matches!(std::io::Read::read(&mut peer.stream, &mut echoes), Ok(1..)) {}
    });
    server.stop.cancel();
    idle.expect_last(
        &support::STOPPING,
        "what an idle peer hears beside one that never pauses",
    );
    drop(idle);
    server.summary();
    reader.join().expect("the reader does not panic");
    sender.join().expect("the sender does not panic");
}

/// A peer that never stops sending does not keep the server beyond its grace.
#[phase7::test(points = 1, rule = 18, timeout_s = 60)]
fn a_peer_that_never_pauses_holds_nobody_up_on_threads() {
    check_flood(Kind::Threads);
}

/// The same on tokio.
#[phase7::test(points = 1, rule = 18, timeout_s = 60)]
fn a_peer_that_never_pauses_holds_nobody_up_on_tokio() {
    check_flood(Kind::Tokio);
}
