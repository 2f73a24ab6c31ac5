//! Happy eyeballs, RFC 8305: a host with two families of addresses is reached as fast as its better one allows.
//!
//! One address after the other would leave a user with a broken IPv6 route waiting for a timeout; all at once would
//! burden every server with connections that are thrown away. So they start one by one, a little apart.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// How long an attempt is given before the next one starts beside it.
pub const ATTEMPT_DELAY: Duration = Duration::from_millis(250);

/// Orders addresses for connecting: IPv6 and IPv4 in turns, IPv6 first, each family in the order in which it came.
pub fn order(addresses: &[IpAddr]) -> Vec<IpAddr> {
    todo!("IPv6 and IPv4 in turns: {addresses:?}")
}

/// Tries the addresses in their order and returns the first connection, with its address.
///
/// The next attempt starts when one fails, or `delay` after the last one started. Attempts that have not won are
/// dropped.
///
/// # Errors
/// The error of the last attempt that failed, when all have.
pub async fn connect<T, F>(
    addresses: &[SocketAddr],
    delay: Duration,
    attempt: impl Fn(SocketAddr) -> F,
) -> io::Result<(T, SocketAddr)>
where
    T: Send + 'static,
    F: Future<Output = io::Result<T>> + Send + 'static,
{
    let _ = attempt;
    todo!("try {addresses:?} one by one, {delay:?} apart")
}
