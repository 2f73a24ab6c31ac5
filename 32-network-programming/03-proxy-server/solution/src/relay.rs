//! Bytes from here to there and back, until both sides have ended.
//!
//! A direction ends by itself: the end of one side's stream becomes the end of the other's, and the way back stays open.
//! Nothing is read while something waits to be written; a slow reader slows its writer, and costs no memory.

mod direction;
mod pipe;

use std::future::poll_fn;
use std::io;
use std::task::Poll;

use tokio::net::TcpStream;

use crate::meter::Meter;
use direction::Direction;

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
    let (mut from_client, mut to_client) = client.split();
    let (mut from_upstream, mut to_upstream) = upstream.split();
    let mut up = Direction::new(early);
    let mut down = Direction::new(Vec::new());
    poll_fn(|context| {
        // Both are polled: either may be what the task was woken for, and each leaves its waker where it waits.
        let up = up.poll(context, &mut from_client, &mut to_upstream, |count| {
            meter.add_up(count)
        })?;
        let down = down.poll(context, &mut from_upstream, &mut to_client, |count| {
            meter.add_down(count)
        })?;
        if up.is_ready() && down.is_ready() {
            Poll::Ready(Ok(()))
        } else {
            Poll::Pending
        }
    })
    .await
}
