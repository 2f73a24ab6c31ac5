//! Bytes from here to there and back, until both sides have ended.
//!
//! A direction ends by itself: the end of one side's stream becomes the end of the other's, and the way back stays open.
//! Nothing is read while something waits to be written; a slow reader slows its writer, and costs no memory.

use std::io;

use tokio::net::TcpStream;

use crate::meter::Meter;

/// Relays between the client and the upstream until both have ended their streams, or one breaks.
///
/// `early` is what the client had sent by the time the upstream was connected: it goes first.
///
/// # Errors
/// When either connection fails.
pub async fn relay(
    client: &mut TcpStream,
    upstream: &mut TcpStream,
    early: Vec<u8>,
    meter: &Meter,
) -> io::Result<()> {
    todo!("{early:?}, then all else from {client:?} to {upstream:?} and back, counted by {meter:?}")
}
