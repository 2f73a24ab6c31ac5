//! The server on UDP: one datagram in, the same datagram out.

use std::io;
use std::net::UdpSocket;

use tokio_util::sync::CancellationToken;

use crate::limits::Summary;

/// The longest payload of a datagram over IPv4: 65,535 less the headers of IP and UDP.
pub const MAX_DATAGRAM: usize = 65_507;

/// Echoes datagrams of up to `max_datagram` bytes until `stop` is cancelled and those that had arrived are
/// echoed.
///
/// # Errors
/// When the socket cannot be set up.
pub fn serve(socket: &UdpSocket, max_datagram: usize, stop: &CancellationToken) -> io::Result<Summary> {
    todo!("echo from {socket:?} up to {max_datagram} bytes until {stop:?}")
}
