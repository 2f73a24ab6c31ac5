//! Single peers that are slow, silent, half gone, or talk too much.

use std::io::{ErrorKind, Read, Write};
use std::time::{Duration, Instant};

use phase7::wait;
use tcp_echo::limits::Limits;

use super::support::{
    self, BUSY, Echo, Kind, TOO_LARGE, frame, pattern, roomy, until_served, write_without_reading,
};

fn check_one_byte_at_a_time(kind: Kind) {
    let server = Echo::start(kind, roomy());
    let mut peer = server.connect();
    let bytes = [
        frame(b""),
        frame(b"one byte at a time"),
        frame(&pattern(300)),
        frame(b""),
    ]
    .concat();
    for (at, byte) in bytes.iter().enumerate() {
        peer.send(std::slice::from_ref(byte));
        // Now and then the server gets the time to look at what it has: half a header, half a payload.
        if [4, 6, 12].contains(&at) {
            peer.expect_silence("behind the echo of the first frame");
        } else if at == 3 {
            peer.expect(&bytes[..4], "the echo of the first frame");
        }
    }
    let bytes = &bytes[4..];
    peer.expect(bytes, "the echoes of frames that were sent byte by byte");
    peer.end();
    peer.expect_last(b"", "the end");
}

/// Each byte in a segment of its own.
#[phase7::test(points = 1, rule = 7, timeout_s = 20)]
fn one_byte_at_a_time_on_threads() {
    check_one_byte_at_a_time(Kind::Threads);
}

/// The same on tokio.
#[phase7::test(points = 1, rule = 7, timeout_s = 20)]
fn one_byte_at_a_time_on_tokio() {
    check_one_byte_at_a_time(Kind::Tokio);
}

fn check_truncated(kind: Kind) {
    let server = Echo::start(kind, roomy());
    let whole = frame(b"whole");
    for cut in [1, 3, 4, 5, 8] {
        let mut peer = server.connect();
        peer.send(&[&whole, &whole[..cut]].concat());
        peer.end();
        let expected = [&whole[..], &support::TRUNCATED].concat();
        peer.expect_last(
            &expected,
            &format!("one frame and {cut} bytes of the next, then the peer's end"),
        );
    }
}

/// What is whole is echoed; what is not, is not echoed in part.
#[phase7::test(points = 1, rule = 10, timeout_s = 20)]
fn a_stream_that_ends_inside_a_frame_is_told_so_on_threads() {
    check_truncated(Kind::Threads);
}

/// The same on tokio.
#[phase7::test(points = 1, rule = 10, timeout_s = 20)]
fn a_stream_that_ends_inside_a_frame_is_told_so_on_tokio() {
    check_truncated(Kind::Tokio);
}

fn check_talkative(kind: Kind) {
    let server = Echo::start(
        kind,
        Limits {
            max_frame: 1000,
            ..roomy()
        },
    );
    let mut peer = server.connect();
    peer.send(&[0x00, 0x10, 0x00, 0x00]);
    peer.send(&pattern(1 << 20));
    peer.expect_last(
        &support::TOO_LARGE,
        "the refusal of a frame of 1 MiB, every byte of which was sent",
    );
}

/// The refusal reaches a peer that keeps sending, and no reset runs it over.
#[phase7::test(points = 1, rule = 8, timeout_s = 20)]
fn a_refusal_outlives_what_the_peer_still_sends_on_threads() {
    check_talkative(Kind::Threads);
}

/// The same on tokio.
#[phase7::test(points = 1, rule = 8, timeout_s = 20)]
fn a_refusal_outlives_what_the_peer_still_sends_on_tokio() {
    check_talkative(Kind::Tokio);
}

fn check_silent(kind: Kind) {
    let timeout = Duration::from_millis(300);
    let server = Echo::start(
        kind,
        Limits {
            max_connections: 1,
            read_timeout: timeout,
            ..roomy()
        },
    );
    let started = Instant::now();
    let mut silent = server.connect();
    silent.expect_last(&support::TIMEOUT, "what a silent peer hears");
    assert!(
        started.elapsed() >= timeout,
        "{:?} is before the deadline of {timeout:?}",
        started.elapsed()
    );
    drop(silent);

    // A byte now and then is no frame: the deadline stays where it is.
    let mut trickling = until_served(server.address);
    trickling
        .stream
        .set_read_timeout(Some(Duration::from_millis(20)))
        .expect("a deadline that is not zero");
    let started = Instant::now();
    let mut heard = Vec::new();
    for byte in frame(&pattern(10_000)) {
        // The server may have closed by now.
        let _ = trickling.stream.write_all(&[byte]);
        let mut answer = [0; 8];
        match trickling.stream.read(&mut answer) {
            Ok(count) => heard.extend_from_slice(&answer[..count]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(error) => panic!("the refusal did not arrive, but {error}"),
        }
        assert!(
            started.elapsed() < Duration::from_secs(8),
            "a peer that trickles was never refused"
        );
        if heard.len() >= 8 {
            break;
        }
    }
    assert_eq!(heard, support::TIMEOUT, "what a peer that trickles hears");
}

/// A peer that says nothing is refused, and so is one that says a byte now and then.
#[phase7::test(points = 1, rule = 12, timeout_s = 30)]
fn a_dead_peer_is_refused_at_its_deadline_on_threads() {
    check_silent(Kind::Threads);
}

/// The same on tokio.
#[phase7::test(points = 1, rule = 12, timeout_s = 30)]
fn a_dead_peer_is_refused_at_its_deadline_on_tokio() {
    check_silent(Kind::Tokio);
}

fn check_place_of_a_refused(kind: Kind) {
    // On a slow machine the second may be accepted when the first has had its second: then they try again.
    let is_told = (0..3).any(|_| {
        let server = Echo::start(
            kind,
            Limits {
                max_connections: 1,
                max_frame: 10,
                ..roomy()
            },
        );
        let mut refused = server.connect();
        refused.send(&[0, 0, 0, 11]);
        refused.expect_last(&TOO_LARGE, "a frame that is too long");
        let since = Instant::now();
        wait::until("a third of a second to pass", wait::DEADLINE, || {
            since.elapsed() > Duration::from_millis(333)
        });
        let mut answer = [0; 8];
        let mut other = server.connect();
        other.send(&frame(b"room?"));
        other.stream.read_exact(&mut answer).expect("an answer comes");
        answer == BUSY
    });
    assert!(
        is_told,
        "the next peer was served while the refused one was still read from"
    );
}

/// A refused peer may pause, and its place is not free until the server has closed the connection.
#[phase7::test(points = 1, rule = 11, timeout_s = 30)]
fn a_refused_peer_keeps_its_place_on_threads() {
    check_place_of_a_refused(Kind::Threads);
}

/// The same on tokio.
#[phase7::test(points = 1, rule = 11, timeout_s = 30)]
fn a_refused_peer_keeps_its_place_on_tokio() {
    check_place_of_a_refused(Kind::Tokio);
}

fn check_active(kind: Kind) {
    let timeout = Duration::from_secs(2);
    let server = Echo::start(
        kind,
        Limits {
            read_timeout: timeout,
            ..roomy()
        },
    );
    let mut peer = server.connect();
    let started = Instant::now();
    while started.elapsed() < timeout + timeout / 2 {
        peer.round_trip(b"still here");
        // A pause, in which nothing is to come: long enough for a server that looks around now and then to look.
        peer.stream
            .set_read_timeout(Some(Duration::from_millis(300)))
            .expect("a deadline that is not zero");
        let paused = peer.stream.read(&mut [0; 8]);
        assert!(
            paused.is_err(),
            "the server ended a connection that was in use: {paused:?}"
        );
        peer.stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .expect("a deadline that is not zero");
    }
    peer.round_trip(b"and still");
}

/// Every frame has a deadline of its own: a connection in use outlives the timeout.
#[phase7::test(points = 1, rule = 12, timeout_s = 30)]
fn a_connection_in_use_outlives_the_timeout_on_threads() {
    check_active(Kind::Threads);
}

/// The same on tokio.
#[phase7::test(points = 1, rule = 12, timeout_s = 30)]
fn a_connection_in_use_outlives_the_timeout_on_tokio() {
    check_active(Kind::Tokio);
}

fn check_slow_reader(kind: Kind) {
    let server = Echo::start(kind, roomy());
    let mut slow = server.connect().with_small_buffers();
    let one = frame(&pattern(60_000));
    let bytes = one.repeat(1100);
    let (written, error) = write_without_reading(&mut slow, &bytes);
    assert!(
        error.is_none(),
        "the server closed the connection of a peer that is only slow: {error:?}"
    );
    assert!(
        written < 48 << 20,
        "the server took {written} bytes from a peer that read nothing"
    );
    server.connect().round_trip(b"the others are served meanwhile");

    // It wakes up: whatever it has sent comes back.
    let whole = written.div_ceil(one.len()) * one.len();
    let rest = bytes[written..whole].to_vec();
    let mut sending = slow.stream.try_clone().expect("a descriptor can be duplicated");
    let sender = support::beside(move || {
        sending
            .set_write_timeout(Some(Duration::from_secs(10)))
            .expect("a deadline that is not zero");
        sending
            .write_all(&rest)
            .and_then(|()| sending.shutdown(std::net::Shutdown::Write))
    });
    slow.expect_last(&bytes[..whole], "the echoes, once the peer reads");
    sender
        .join()
        .expect("the sender does not panic")
        .expect("the server takes the rest");
}

/// The server stops reading when nobody reads what it writes, and goes on when somebody does.
#[phase7::test(points = 1, rule = 13, timeout_s = 60)]
fn a_slow_reader_slows_its_own_connection_on_threads() {
    check_slow_reader(Kind::Threads);
}

/// The same on tokio.
#[phase7::test(points = 1, rule = 13, timeout_s = 60)]
fn a_slow_reader_slows_its_own_connection_on_tokio() {
    check_slow_reader(Kind::Tokio);
}

fn check_reads_nothing(kind: Kind) {
    let write_timeout = Duration::from_millis(500);
    let server = Echo::start(
        kind,
        Limits {
            max_connections: 1,
            write_timeout,
            ..roomy()
        },
    );
    let mut peer = server.connect().with_small_buffers();
    let bytes = frame(&pattern(60_000)).repeat(1100);
    let started = Instant::now();
    // Once the server takes no more, it closes: some later write of the peer meets that.
    while write_without_reading(&mut peer, &bytes).1.is_none() {
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "a peer that reads nothing was never dropped"
        );
    }
    until_served(server.address).round_trip(b"its place is free");
}

/// A peer that takes no byte of its echoes is dropped, and its place is free.
#[phase7::test(points = 1, rule = 14, timeout_s = 60)]
fn a_peer_that_reads_nothing_is_dropped_on_threads() {
    check_reads_nothing(Kind::Threads);
}

/// The same on tokio.
#[phase7::test(points = 1, rule = 14, timeout_s = 60)]
fn a_peer_that_reads_nothing_is_dropped_on_tokio() {
    check_reads_nothing(Kind::Tokio);
}
