//! Many connections at once, and more than there is room for.

use std::time::{Duration, Instant};

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use phase7::{net, wait};
use tcp_echo::limits::Limits;

use super::support::{self, Daemon, Echo, Kind, Peer, frame, pattern, roomy, until_served};

/// Addresses for a thousand connections and their frames, and not for a thousand default stacks.
const ONE_GIB: &str = "-v 1048576";

fn check_thousand(kind: Kind) {
    support::raise_descriptor_limit();
    let daemon = Daemon::start_within(
        ONE_GIB,
        kind.name(),
        &["--max-connections", "1000", "--grace", "30s"],
    );
    let mut peers: Vec<Peer> = (0..1000).map(|_| daemon.connect()).collect();
    let frames: Vec<Vec<u8>> = (0..peers.len())
        .map(|at| frame(format!("peer {at}").as_bytes()))
        .collect();
    for (peer, bytes) in peers.iter_mut().zip(&frames) {
        peer.send(bytes);
    }
    for (peer, bytes) in peers.iter_mut().zip(&frames) {
        peer.expect(bytes, "the echo to one of a thousand");
    }
    daemon
        .connect()
        .expect_last(&support::BUSY, "the connection after the thousandth");

    // A thousand frames under way at the same time, each cut in its own place.
    let cut = |bytes: &[u8], at: usize| at % (bytes.len() - 1) + 1;
    for (at, (peer, bytes)) in peers.iter_mut().zip(&frames).enumerate() {
        peer.send(&bytes[..cut(bytes, at)]);
    }
    for (at, (peer, bytes)) in peers.iter_mut().zip(&frames).enumerate() {
        peer.send(&bytes[cut(bytes, at)..]);
    }
    for (peer, bytes) in peers.iter_mut().zip(&frames) {
        peer.expect(bytes, "the echo of a frame in two parts to one of a thousand");
    }

    daemon.running.signal(phase7::process::Signal::SIGTERM);
    for mut peer in peers {
        peer.expect_last(&support::STOPPING, "what each of a thousand hears at the end");
    }
    daemon.running.wait().expect_code(0);
}

/// A thousand connections fit into 1 GiB of addresses, stacks and all.
#[phase7::test(points = 1, rule = 15, timeout_s = 60)]
fn a_thousand_connections_at_once_on_threads() {
    check_thousand(Kind::Threads);
}

/// The same on tokio.
#[phase7::test(points = 1, rule = 15, timeout_s = 60)]
fn a_thousand_connections_at_once_on_tokio() {
    check_thousand(Kind::Tokio);
}

fn check_promises(kind: Kind) {
    support::raise_descriptor_limit();
    let daemon = Daemon::start_within(ONE_GIB, kind.name(), &["--max-frame", "16777216"]);
    let mut peers: Vec<Peer> = (0..200).map(|_| daemon.connect()).collect();
    for peer in &mut peers {
        peer.send(&[0x01, 0x00, 0x00, 0x00, 1, 2, 3]);
    }
    daemon.connect().round_trip(&pattern(1 << 20));
    for mut peer in peers {
        peer.end();
        peer.expect_last(
            &support::TRUNCATED,
            "three bytes of the 16 MiB that were announced",
        );
    }
    daemon.terminate(0);
}

/// Two hundred peers announce 16 MiB each and send three bytes.
#[phase7::test(points = 1, rule = 5, timeout_s = 30)]
fn announced_lengths_cost_no_memory_on_threads() {
    check_promises(Kind::Threads);
}

/// The same on tokio.
#[phase7::test(points = 1, rule = 5, timeout_s = 30)]
fn announced_lengths_cost_no_memory_on_tokio() {
    check_promises(Kind::Tokio);
}

fn check_places(kind: Kind) {
    let server = Echo::start(
        kind,
        Limits {
            max_connections: 10,
            ..roomy()
        },
    );
    let mut peers: Vec<Peer> = (0..50).map(|_| server.connect()).collect();
    let bytes = frame(b"is there room?");
    let mut served = 0;
    for peer in &mut peers {
        // Those that were turned away may find their connection closed.
        let _ = std::io::Write::write_all(&mut peer.stream, &bytes);
        let answer = net::read_exact(&mut peer.stream, 8);
        if answer != support::BUSY {
            assert_eq!(answer, bytes[..8], "an echo or the refusal");
            peer.expect(&bytes[8..], "the rest of the echo");
            served += 1;
        }
    }
    assert_eq!(served, 10, "connections served of fifty, with ten places");

    drop(peers);
    let again: Vec<Peer> = (0..10).map(|_| until_served(server.address)).collect();
    server.connect().expect_last(
        &support::BUSY,
        "the eleventh, after all ten places were free and taken again",
    );
    drop(again);
    server.stop_listening();
    let summary = server.summary();
    assert!(summary.served >= 20, "two times ten were served: {summary:?}");
    assert!(summary.refused >= 41, "forty and one were refused: {summary:?}");
}

/// The cap is exact, and a place is free again when its connection has ended.
#[phase7::test(points = 1, rule = 11, timeout_s = 30)]
fn places_are_counted_exactly_on_threads() {
    check_places(Kind::Threads);
}

/// The same on tokio.
#[phase7::test(points = 1, rule = 11, timeout_s = 30)]
fn places_are_counted_exactly_on_tokio() {
    check_places(Kind::Tokio);
}

/// A connection for which there is no thread hears so; the others notice nothing, and later ones are served again.
#[phase7::test(points = 1, rule = 11, timeout_s = 30)]
fn without_a_thread_a_connection_gets_busy() {
    let server = Echo::start(Kind::Threads, roomy());
    let mut first = server.connect();
    first.round_trip(b"the first has its thread");

    let (soft, hard) = getrlimit(Resource::RLIMIT_NPROC).expect("the number of threads has a limit");
    setrlimit(Resource::RLIMIT_NPROC, 1, hard).expect("a limit can be lowered");
    // The kernel holds every user to it but root, and no test is graded as root.
    let is_held = std::thread::Builder::new().spawn(|| {}).is_err();
    if is_held {
        server
            .connect()
            .expect_last(&support::BUSY, "a connection for which there is no thread");
    }
    first.round_trip(b"the first is served on");
    setrlimit(Resource::RLIMIT_NPROC, soft, hard).expect("a limit can be raised again");
    let mut last = until_served(server.address);
    last.round_trip(b"there are threads again");

    server.stop_listening();
    let summary = server.summary();
    assert!(!is_held || summary.refused > 0, "one was refused: {summary:?}");
}

fn check_descriptors(kind: Kind) {
    let daemon = Daemon::start_within("-n 32", kind.name(), &[]);
    let mut peers: Vec<Peer> = (0..60).map(|_| daemon.connect()).collect();
    peers[0].round_trip(b"the first is served");
    // Sixty peers want more than the limit allows, so `accept` fails next once hardly any descriptor is left.
    let descriptors = format!("/proc/{}/fd", daemon.running.id());
    wait::until(
        "the server to have 30 of its 32 descriptors in use",
        Duration::from_secs(10),
        || std::fs::read_dir(&descriptors).is_ok_and(|open| open.count() >= 30),
    );
    // The last has no descriptor on the other side; the time is for more than one attempt to accept it.
    let last = peers.last_mut().expect("there are sixty");
    last.stream
        .set_read_timeout(Some(Duration::from_secs(1)))
        .expect("a deadline that is not zero");
    last.send(&frame(b"is anybody there?"));
    let (since, used) = (Instant::now(), daemon.processor_time());
    let _ = std::io::Read::read(&mut last.stream, &mut [0; 8]);
    let (elapsed, used) = (since.elapsed(), daemon.processor_time() - used);
    assert!(
        used < elapsed / 10,
        "the server used {used:?} of a processor in {elapsed:?} of waiting for a descriptor"
    );
    peers[0].round_trip(b"the first is served on");
    drop(peers);
    until_served(daemon.address).round_trip(b"there are descriptors again");
    daemon.terminate(0);
}

/// A server out of descriptors serves on, and accepts again when there are some.
#[phase7::test(points = 1, rule = 16, timeout_s = 30, needs = "/proc")]
fn running_out_of_descriptors_is_survived_on_threads() {
    check_descriptors(Kind::Threads);
}

/// The same on tokio.
#[phase7::test(points = 1, rule = 16, timeout_s = 30, needs = "/proc")]
fn running_out_of_descriptors_is_survived_on_tokio() {
    check_descriptors(Kind::Tokio);
}
