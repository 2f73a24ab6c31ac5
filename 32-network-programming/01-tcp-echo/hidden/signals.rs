//! A process that is stopped and continued: calls that wait are interrupted, and no connection has ended.

use std::time::Duration;

use super::support::{Daemon, frame, pattern, udp_peer, write_without_reading};

/// Connections that wait to read and to write go on: on Linux a socket call with a timeout is interrupted when its
/// process is stopped and continued.
#[phase7::test(points = 1, rule = 16, timeout_s = 30)]
fn a_process_that_was_stopped_serves_on_with_threads() {
    let daemon = Daemon::start("threads", &[]);
    let mut idle = daemon.connect();
    idle.round_trip(b"before");
    let frames = frame(&pattern(60_000)).repeat(300);
    let mut full = daemon.connect().with_small_buffers();
    let (mut written, error) = write_without_reading(&mut full, &frames);
    assert!(
        error.is_none(),
        "a peer that does not read is waited for: {error:?}"
    );
    for _ in 0..3 {
        daemon.pause();
        idle.round_trip(b"behind");
    }
    // A whole number of frames, while the echoes are read on the other side.
    let rest = frames[written..frames.len().min(written.next_multiple_of(60_004))].to_vec();
    written += rest.len();
    let mut writer = full.stream.try_clone().expect("a stream can be cloned");
    writer
        .set_write_timeout(Some(Duration::from_secs(10)))
        .expect("a deadline that is not zero");
    let writing = std::thread::spawn(move || std::io::Write::write_all(&mut writer, &rest));
    full.stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .expect("a deadline that is not zero");
    full.expect(&frames[..written], "the echoes of a peer that did not read");
    writing
        .join()
        .expect("the writer does not panic")
        .expect("the server reads on");
    drop((idle, full));
    daemon.terminate(0);
}

/// The same for datagrams.
#[phase7::test(points = 1, rule = 20)]
fn a_process_that_was_stopped_echoes_datagrams() {
    let daemon = Daemon::start("udp", &[]);
    let peer = udp_peer(daemon.address);
    for _ in 0..3 {
        daemon.pause();
        peer.send(b"behind").expect("a datagram can be sent");
        let mut buffer = [0; 16];
        let count = peer.recv(&mut buffer).expect("its echo comes");
        assert_eq!(&buffer[..count], b"behind", "the echo");
    }
    daemon.terminate(0);
}
