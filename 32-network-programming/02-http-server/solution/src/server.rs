//! The server: threads that each accept and serve by themselves.
//!
//! Every thread has a listener of its own on the same address (`SO_REUSEPORT`), so that the kernel deals the
//! connections out, and a runtime of its own: a connection stays where it was accepted, and no two threads share
//! anything that is written to.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::access_log::AccessLog;
use crate::limits::Limits;
use crate::site::Site;
use crate::transport::Transport;
use crate::{http1, http2, tls};

/// Connections that wait to be accepted.
const BACKLOG: i32 = 1024;

/// How long the accept loop rests after an error such as "too many open files", which will not be gone sooner.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How many tasks run before tokio asks the kernel for news. Its default of 61 is for tasks that compute.
const TASKS_A_POLL: u32 = 256;

/// What the connections of a thread share.
pub(crate) struct Shared {
    pub(crate) site: Site,
    pub(crate) limits: Limits,
    pub(crate) log: Option<Arc<AccessLog>>,
    pub(crate) stop: CancellationToken,
    pub(crate) tls: Option<TlsAcceptor>,
    /// How many connections all threads serve.
    pub(crate) open: Arc<AtomicUsize>,
}

/// A socket that listens on `address`, beside others of the same process where `is_shared`.
pub(crate) fn listen(address: SocketAddr, is_shared: bool) -> io::Result<std::net::TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // A server that is started again must not wait until the connections of the last one are forgotten.
    socket.set_reuse_address(true)?;
    socket.set_reuse_port(is_shared)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}

/// Serves on this thread until the word to stop, and then until the connections have ended. Returns how many were
/// cut at the end of the grace period.
pub(crate) fn run(listener: std::net::TcpListener, shared: Shared) -> io::Result<u64> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .event_interval(TASKS_A_POLL)
        .build()?;
    runtime.block_on(async { Ok(accept(TcpListener::from_std(listener)?, Arc::new(shared)).await) })
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) -> u64 {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
            () = shared.stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                connections.spawn(until_grace_is_over(stream, peer.ip(), Arc::clone(&shared)));
            }
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(_) => time::sleep(ACCEPT_PAUSE).await,
        }
    }
    drop(listener);
    let mut cut = 0;
    while let Some(ended) = connections.join_next().await {
        cut += u64::from(!ended.unwrap_or(true));
    }
    cut
}

/// Serves a connection; false when it was not over at the end of the grace period.
async fn until_grace_is_over(stream: TcpStream, peer: IpAddr, shared: Arc<Shared>) -> bool {
    let grace_is_over = async {
        shared.stop.cancelled().await;
        time::sleep(shared.limits.grace).await;
    };
    tokio::select! {
        biased;
        () = connection(stream, peer, &shared) => true,
        () = grace_is_over => false,
    }
}

/// A place among the connections that are served; free again when it is dropped.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn connection(stream: TcpStream, peer: IpAddr, shared: &Arc<Shared>) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let before = shared.open.fetch_add(1, Ordering::Relaxed);
    let place = Place(&shared.open);
    let is_busy = before >= shared.limits.max_connections;
    let Some(acceptor) = &shared.tls else {
        let transport = Transport::Plain(stream);
        if is_busy {
            drop(place);
            return http1::turn_away(transport).await;
        }
        return http1::serve(transport, peer, shared).await;
    };
    if is_busy {
        return;
    }
    let handshake = time::timeout(shared.limits.head_timeout, acceptor.accept(stream));
    let Ok(Ok(stream)) = handshake.await else {
        return;
    };
    let is_h2 = stream.get_ref().1.alpn_protocol() == Some(tls::H2);
    let transport = Transport::Tls(Box::new(stream));
    if is_h2 {
        http2::serve(transport, peer, shared).await;
    } else {
        http1::serve(transport, peer, shared).await;
    }
}
