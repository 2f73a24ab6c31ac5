//! Loopback sockets whose reads and writes end: every socket made here carries a deadline.

use std::io::Read;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};

use crate::wait::{self, DEADLINE};

/// A listener on a free port of the loopback address.
#[track_caller]
pub fn listener() -> TcpListener {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port can be had")
}

/// A UDP socket on a free port of the loopback address, with deadlines.
#[track_caller]
pub fn udp() -> UdpSocket {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port can be had");
    socket
        .set_read_timeout(Some(DEADLINE))
        .expect("a deadline that is not zero");
    socket
        .set_write_timeout(Some(DEADLINE))
        .expect("a deadline that is not zero");
    socket
}

/// Connects, again and again while the address refuses, until the deadline.
#[track_caller]
pub fn connect(address: SocketAddr) -> TcpStream {
    let stream = wait::until_some(&format!("a server at {address}"), DEADLINE, || {
        TcpStream::connect_timeout(&address, DEADLINE).ok()
    });
    stream
        .set_read_timeout(Some(DEADLINE))
        .expect("a deadline that is not zero");
    stream
        .set_write_timeout(Some(DEADLINE))
        .expect("a deadline that is not zero");
    stream.set_nodelay(true).expect("TCP has no delay to set");
    stream
}

/// Reads exactly `count` bytes.
///
/// # Panics
/// When the peer closes before, or the deadline passes.
#[track_caller]
pub fn read_exact(stream: &mut TcpStream, count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    if let Err(error) = stream.read_exact(&mut bytes) {
        panic!("cannot read {count} bytes from the peer: {error}");
    }
    bytes
}

/// Reads until the peer closes; a reset counts as closed.
///
/// # Panics
/// At the deadline.
#[track_caller]
pub fn read_to_end(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Err(error) if error.kind() != std::io::ErrorKind::ConnectionReset => {
            panic!(
                "the peer did not close the connection: {error} after {} bytes",
                bytes.len()
            )
        }
        _ => bytes,
    }
}
