//! The proxy: one task that accepts, and one for each client's connection.
//!
//! - `connection`: what a client speaks, the limits of its connection, and what it is told at the end
//! - `inbox`: what was read of a client and not used yet; `lull`: the time between two requests
//! - `dial`: from a target to a connection: name, policy, health, pool, happy eyeballs
//! - `tunnel`: SOCKS5 and CONNECT; `forward`: HTTP requests; `exchange`: one request and its response
//!
//! All tasks run on one thread: to relay is to make system calls, and another core would have to be woken for each. Locks
//! are for the compiler, and never waited for.

mod connection;
mod dial;
mod exchange;
mod forward;
mod inbox;
mod lull;
mod tunnel;

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time;
use tokio_util::sync::CancellationToken;

use crate::clients::Clients;
use crate::config::{Config, Summary};
use crate::dns::resolver::Resolver;
use crate::health::Health;
use crate::log::Log;
use crate::pool::Pool;
use crate::target::Target;
use dial::Connected;

/// How long the accept loop rests after an error such as "too many open files", which will not be gone sooner.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How often idle connections are looked through for those whose time is over.
const SWEEP_PERIOD: Duration = Duration::from_secs(1);

/// What all connections share.
struct Proxy {
    config: Config,
    resolver: Resolver,
    clients: Mutex<Clients>,
    /// Shared with attempts to connect, which are tasks of their own.
    health: Arc<Mutex<Health>>,
    pool: Mutex<Pool<Target, Connected>>,
    log: Log,
    /// No new connections and no new requests; what is under way goes on.
    stop: CancellationToken,
    /// The end of the grace period.
    cut: CancellationToken,
    cut_count: AtomicU64,
}

/// Serves `listener` until `stop` is cancelled and the connections have ended, at the latest after the grace period.
///
/// The listener comes from the standard library, and may still block.
///
/// # Errors
/// When the listener cannot be set up. A connection that fails, or that cannot be accepted, concerns nobody else.
pub async fn serve(
    listener: std::net::TcpListener,
    config: Config,
    log: Log,
    stop: CancellationToken,
) -> io::Result<Summary> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let proxy = Arc::new(Proxy {
        resolver: Resolver::new(config.name_servers.clone(), config.timeouts.attempt),
        clients: Mutex::new(Clients::new(config.client)),
        health: Arc::default(),
        pool: Mutex::new(Pool::new(config.pool)),
        log,
        stop,
        cut: CancellationToken::new(),
        cut_count: AtomicU64::new(0),
        config,
    });
    let mut summary = Summary::default();
    let mut connections = JoinSet::new();
    let mut sweep = time::interval(SWEEP_PERIOD);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
            _ = sweep.tick() => {
                lock(&proxy.pool).sweep(Instant::now());
                continue;
            }
            () = proxy.stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, client)) => {
                // Those that ended since: their places are free.
                while connections.try_join_next().is_some() {}
                let has_room = connections.len() < proxy.config.connections;
                if has_room && lock(&proxy.clients).enter(client.ip(), Instant::now()) {
                    summary.served += 1;
                    connections.spawn(connection::serve(stream, client, Arc::clone(&proxy)));
                } else {
                    summary.refused += 1;
                    connection::turn_away(client, &proxy);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(_) => time::sleep(ACCEPT_PAUSE).await,
        }
    }
    drop(listener);
    let all_ended = async { while connections.join_next().await.is_some() {} };
    if time::timeout(proxy.config.timeouts.grace, all_ended)
        .await
        .is_err()
    {
        proxy.cut.cancel();
        while connections.join_next().await.is_some() {}
    }
    summary.cut = proxy.cut_count.load(Ordering::Relaxed);
    Ok(summary)
}

/// Nothing panics with one of these locks held.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nobody panics with the lock held")
}
