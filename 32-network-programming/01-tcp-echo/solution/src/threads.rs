//! The server on threads: one that accepts, and one for each connection.
//!
//! Calls block, so a thread is deaf while it waits. Every wait therefore ends after a tick at the latest,
//! and the thread looks around: has a deadline passed, has the server been told to stop?

mod connection;

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use socket2::SockRef;
use tokio_util::sync::CancellationToken;

use crate::ending::{ACCEPT_PAUSE, is_passing};
use crate::limits::{Limits, Summary};
use crate::refusal::Refusal;
use connection::Connection;

/// The longest that a blocked thread goes without looking around: what stopping costs at most, against ten
/// wake-ups a second of an idle connection.
const TICK: Duration = Duration::from_millis(100);

/// The stack of a connection's thread. The default of 2 MiB would reserve 2 GiB of addresses for a thousand.
const STACK_LEN: usize = 128 << 10;

/// What the accepting thread shares with those of the connections.
#[derive(Debug, Default)]
struct Shared {
    /// Connections that hold a place.
    open: AtomicUsize,
    /// Set once the server stops: when the grace period ends.
    cut_at: OnceLock<Instant>,
    /// Connections that were closed because the grace period had ended.
    cut: AtomicU64,
}

/// Serves `listener` until `stop` is cancelled and the connections have ended, at the latest after the grace
/// period.
///
/// # Errors
/// When the listener cannot be set up. A connection that fails, or that cannot be accepted, concerns nobody else.
pub fn serve(listener: TcpListener, limits: &Limits, stop: &CancellationToken) -> io::Result<Summary> {
    // On Linux the receive timeout of a listening socket bounds accept.
    SockRef::from(&listener).set_read_timeout(Some(TICK))?;
    let shared = Shared::default();
    let mut summary = Summary::default();
    thread::scope(|scope| {
        while !stop.is_cancelled() {
            let stream = match listener.accept() {
                Ok((stream, _)) => stream,
                Err(error) if is_passing(&error) => continue,
                Err(_) => {
                    thread::sleep(ACCEPT_PAUSE);
                    continue;
                }
            };
            if shared.open.load(Ordering::Acquire) >= limits.max_connections {
                summary.refused += 1;
                turn_away(stream);
                continue;
            }
            let place = Place::take(&shared);
            // The stream stays in reach: when there is no thread to be had, its peer is told.
            let spare = stream.try_clone();
            let started = thread::Builder::new().stack_size(STACK_LEN).spawn_scoped(scope, {
                let shared = &shared;
                move || {
                    let _place = place;
                    Connection::new(stream, limits, shared).serve();
                }
            });
            match (started, spare) {
                (Ok(_), _) => summary.served += 1,
                (Err(_), spare) => {
                    summary.refused += 1;
                    spare.into_iter().for_each(turn_away);
                }
            }
        }
        drop(listener);
        let cut_at = Instant::now() + limits.grace;
        shared
            .cut_at
            .set(cut_at)
            .expect("only the accepting thread sets it, once");
    });
    summary.cut = shared.cut.into_inner();
    Ok(summary)
}

/// One of the places that the cap counts, free again on drop.
struct Place<'a>(&'a Shared);

impl<'a> Place<'a> {
    fn take(shared: &'a Shared) -> Self {
        shared.open.fetch_add(1, Ordering::AcqRel);
        Self(shared)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Tells a peer that there is no room. Nothing here may block: the next connection waits.
fn turn_away(mut stream: TcpStream) {
    let refused = stream
        .set_nonblocking(true)
        .and_then(|()| stream.write_all(&Refusal::Busy.to_bytes()))
        .and_then(|()| stream.shutdown(Shutdown::Write));
    // What the peer has sent already is taken, so that closing does not reset the connection.
    let mut discarded = [0; 4096];
    while refused.is_ok() && matches!(stream.read(&mut discarded), Ok(1..)) {}
}
