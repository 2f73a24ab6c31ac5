//! Happy eyeballs, RFC 8305: a host with two families of addresses is reached as fast as its better one allows.
//!
//! One address after the other would leave a user with a broken IPv6 route waiting for a timeout; all at once would
//! burden every server with connections that are thrown away. So they start one by one, a little apart.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time;

/// How long an attempt is given before the next one starts beside it.
pub const ATTEMPT_DELAY: Duration = Duration::from_millis(250);

/// Orders addresses for connecting: IPv6 and IPv4 in turns, IPv6 first, each family in the order in which it came.
pub fn order(addresses: &[IpAddr]) -> Vec<IpAddr> {
    let mut v6 = addresses.iter().filter(|address| address.is_ipv6());
    let mut v4 = addresses.iter().filter(|address| address.is_ipv4());
    let mut ordered = Vec::with_capacity(addresses.len());
    while ordered.len() < addresses.len() {
        ordered.extend(v6.next());
        ordered.extend(v4.next());
    }
    ordered
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
    let start = |attempts: &mut JoinSet<_>, address| {
        let attempt = attempt(address);
        attempts.spawn(async move { (address, attempt.await) });
    };
    // Dropping the set ends what is still in it.
    let mut attempts = JoinSet::new();
    let mut failure = io::Error::new(io::ErrorKind::NotFound, "no addresses");
    let mut waiting = addresses.iter();
    loop {
        let next = waiting.next();
        match next {
            Some(&address) => start(&mut attempts, address),
            None if attempts.is_empty() => return Err(failure),
            None => {}
        }
        let is_last = next.is_none();
        let ended = tokio::select! {
            ended = attempts.join_next() => ended,
            () = time::sleep(delay), if !is_last => None,
        };
        match ended {
            Some(Ok((address, Ok(connection)))) => return Ok((connection, address)),
            Some(Ok((_, Err(error)))) => failure = error,
            Some(Err(error)) => failure = io::Error::other(error),
            None => {}
        }
    }
}
