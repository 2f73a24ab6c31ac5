//! The server on tokio: one task that accepts, and one for each connection.
//!
//! A task that waits costs no thread, and can wait for several things at a time: bytes, a deadline, the word
//! to stop. Every task runs on the one thread of a `current_thread` runtime: an echo is too little work to be
//! worth waking another core for.

mod alarm;
mod connection;

use std::io::{self, Read};
use std::sync::Arc;

use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time;
use tokio_util::sync::CancellationToken;

use crate::ending::{ACCEPT_PAUSE, is_passing};
use crate::limits::{Limits, Summary};
use crate::refusal::Refusal;

/// Serves `listener` until `stop` is cancelled and the connections have ended, at the latest after the grace
/// period.
///
/// # Errors
/// When the listener cannot be set up. A connection that fails, or that cannot be accepted, concerns nobody else.
pub async fn serve(
    listener: std::net::TcpListener,
    limits: Limits,
    stop: CancellationToken,
) -> io::Result<Summary> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let mut summary = Summary::default();
    let mut connections = JoinSet::new();
    // Held once by every connection whose work is not done; those that only linger have let go of it.
    let open = Arc::new(());
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, _)) => {
                // Those that ended since: their places are free.
                while connections.try_join_next().is_some() {}
                if connections.len() >= limits.max_connections {
                    summary.refused += 1;
                    turn_away(&stream);
                } else {
                    summary.served += 1;
                    connections.spawn(connection::serve(stream, limits, stop.clone(), Arc::clone(&open)));
                }
            }
            Err(error) if is_passing(&error) => {}
            Err(_) => time::sleep(ACCEPT_PAUSE).await,
        }
    }
    drop(listener);
    let all_ended = async { while connections.join_next().await.is_some() {} };
    if time::timeout(limits.grace, all_ended).await.is_err() {
        summary.cut = u64::try_from(Arc::strong_count(&open) - 1).expect("a count of tasks fits");
        connections.shutdown().await;
    }
    Ok(summary)
}

/// Tells a peer that there is no room. Nothing here waits: the next connection does.
fn turn_away(stream: &TcpStream) {
    // A new socket takes eight bytes at once. tokio has not yet seen that it is writable, the kernel knows.
    let socket = SockRef::from(stream);
    let refused = socket
        .send(&Refusal::Busy.to_bytes())
        .and_then(|_| socket.shutdown(std::net::Shutdown::Write));
    // What the peer has sent already is taken, so that closing does not reset the connection.
    let mut discarded = [0; 4096];
    while refused.is_ok() && matches!((&*socket).read(&mut discarded), Ok(1..)) {}
}
