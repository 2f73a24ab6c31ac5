//! The server on UDP: one datagram in, the same datagram out.
//!
//! There is no stream to frame, no connection to count and no peer to wait for; an error concerns one datagram.

use std::io::{self, ErrorKind};
use std::net::UdpSocket;
use std::thread;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::ending::ACCEPT_PAUSE;
use crate::limits::Summary;

/// The longest payload of a datagram over IPv4: 65,535 less the headers of IP and UDP.
pub const MAX_DATAGRAM: usize = 65_507;

/// The longest that the server goes without looking whether it is to stop.
const TICK: Duration = Duration::from_millis(100);

/// The longest that a stopped server goes on with datagrams that have arrived.
const DRAIN: Duration = Duration::from_secs(1);

/// Echoes datagrams of up to `max_datagram` bytes until `stop` is cancelled and those that had arrived are
/// echoed.
///
/// # Errors
/// When the socket cannot be set up.
pub fn serve(socket: &UdpSocket, max_datagram: usize, stop: &CancellationToken) -> io::Result<Summary> {
    socket.set_read_timeout(Some(TICK))?;
    let mut summary = Summary::default();
    // One byte more than is allowed: a longer datagram is cut to the buffer without a word, and would look whole.
    let mut buffer = vec![0; max_datagram + 1];
    let mut stopped_at: Option<Instant> = None;
    // Peers that never pause do not keep a stopped server.
    while stopped_at.is_none_or(|stopped_at| stopped_at.elapsed() < DRAIN) {
        if stopped_at.is_none() && stop.is_cancelled() {
            stopped_at = Some(Instant::now());
            socket.set_nonblocking(true)?;
        }
        match socket.recv_from(&mut buffer) {
            Ok((count, _)) if count > max_datagram => summary.refused += 1,
            Ok((count, peer)) => {
                // A peer that cannot be reached, a full queue: the datagram is lost, as datagrams are.
                if socket.send_to(&buffer[..count], peer).is_ok() {
                    summary.served += 1;
                }
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                if stopped_at.is_some() {
                    break;
                }
            }
            // What an earlier answer met on its way, such as a closed port, is reported at the next call.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::ConnectionRefused | ErrorKind::Interrupted
                ) => {}
            Err(_) => thread::sleep(ACCEPT_PAUSE),
        }
    }
    Ok(summary)
}
