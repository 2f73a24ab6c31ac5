//! UDP: what is too long, what is empty, who is gone, what has arrived.

use std::net::{SocketAddr, UdpSocket};
use std::thread::JoinHandle;

use phase7::net;
use tcp_echo::limits::Summary;
use tcp_echo::udp::{self, MAX_DATAGRAM};
use tokio_util::sync::CancellationToken;

use super::support::{self, pattern, udp_peer};

fn start(
    max_datagram: usize,
) -> (
    SocketAddr,
    CancellationToken,
    JoinHandle<std::io::Result<Summary>>,
) {
    let (socket, stop) = (net::udp(), CancellationToken::new());
    let address = socket.local_addr().expect("a bound socket has an address");
    let stopped = stop.clone();
    (
        address,
        stop,
        support::beside(move || udp::serve(&socket, max_datagram, &stopped)),
    )
}

fn exchange(peer: &UdpSocket, payload: &[u8], what: &str) {
    peer.send(payload).expect("a datagram can be sent");
    let mut buffer = vec![0; MAX_DATAGRAM + 1];
    let count = peer
        .recv(&mut buffer)
        .unwrap_or_else(|error| panic!("no echo of {what}: {error}"));
    assert!(
        buffer[..count] == *payload,
        "the echo of {what} has {count} bytes, or others than were sent"
    );
}

/// No bytes and as many as fit are a datagram each.
#[phase7::test(points = 1, rule = 19, timeout_s = 20)]
fn empty_and_longest_datagrams_come_back() {
    let (address, stop, server) = start(MAX_DATAGRAM);
    let peer = udp_peer(address);
    exchange(&peer, b"", "an empty datagram");
    exchange(&peer, &pattern(MAX_DATAGRAM), "the longest datagram");
    exchange(&peer, b"", "another empty datagram");
    stop.cancel();
    let summary = server
        .join()
        .expect("the server does not panic")
        .expect("the server returns its summary");
    assert_eq!(
        summary,
        Summary {
            served: 3,
            refused: 0,
            cut: 0
        }
    );
}

/// A datagram of one byte too many is dropped, not cut and echoed.
#[phase7::test(points = 1, rule = 20, timeout_s = 20)]
fn an_oversized_datagram_is_dropped() {
    let (address, stop, server) = start(1000);
    let peer = udp_peer(address);
    for length in [1001, 5000] {
        peer.send(&pattern(length)).expect("a datagram can be sent");
    }
    // What comes back first is the echo of this one: nothing came back before.
    exchange(
        &peer,
        &pattern(1000),
        "a datagram of the maximum, sent behind two that are longer",
    );
    stop.cancel();
    let summary = server
        .join()
        .expect("the server does not panic")
        .expect("the server returns its summary");
    assert_eq!(
        summary,
        Summary {
            served: 1,
            refused: 2,
            cut: 0
        }
    );
}

/// Peers that are gone when the echo comes answer with ICMP, and the server serves on.
#[phase7::test(points = 1, rule = 20, timeout_s = 20)]
fn peers_that_are_gone_stop_nothing() {
    let (address, stop, server) = start(1000);
    let peers = [udp_peer(address), udp_peer(address)];
    for turn in 0..20 {
        net::udp()
            .send_to(b"gone", address)
            .expect("a datagram can be sent");
        exchange(
            &peers[turn % 2],
            b"still there",
            "a datagram behind one whose sender is gone",
        );
    }
    stop.cancel();
    let summary = server
        .join()
        .expect("the server does not panic")
        .expect("the server returns its summary");
    assert!(summary.served >= 20, "twenty echoes arrived: {summary:?}");
}

/// Datagrams that had arrived when the server was told to stop are echoed.
#[phase7::test(points = 1, rule = 21, timeout_s = 20)]
fn datagrams_that_had_arrived_are_echoed() {
    let (socket, stop) = (net::udp(), CancellationToken::new());
    let peer = udp_peer(socket.local_addr().expect("a bound socket has an address"));
    for number in 0..20_u8 {
        peer.send(&[number; 100]).expect("a datagram can be sent");
    }
    stop.cancel();
    let summary = udp::serve(&socket, 1000, &stop).expect("the server returns its summary");
    assert_eq!(
        summary,
        Summary {
            served: 20,
            refused: 0,
            cut: 0
        }
    );
    for number in 0..20_u8 {
        let mut buffer = [0; 200];
        let count = peer
            .recv(&mut buffer)
            .unwrap_or_else(|error| panic!("no echo of datagram {number}: {error}"));
        assert_eq!(buffer[..count], [number; 100], "datagram {number}");
    }
}
