//! The server's core on real connections: TCP, TLS and QUIC.
//!
//! [`serve`] accepts, and runs one task for each connection, all on one thread: the core is one state, and what a message costs
//! is mostly its writes. `carry` is the only place where bytes meet the core, and is the same for all three.

mod carry;
mod hub;
mod quic;
mod tls;

use std::io;
use std::net::{TcpListener, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::limits::Limits;
use hub::{Hub, Seat};
pub use quic::QuicStream;
pub use tls::{ALPN, TlsError, client_config, server_config};

/// How long to wait before accepting again when the system is out of something.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How often the core hears of the time.
const TICK: Duration = Duration::from_millis(100);

/// Where to serve, and what the bytes there are wrapped into.
pub enum Endpoint {
    /// Plain TCP.
    Tcp(TcpListener),
    /// TLS over TCP.
    Tls(TcpListener, Arc<rustls::ServerConfig>),
    /// One bidirectional stream of a QUIC connection, opened by the client.
    Quic(UdpSocket, Arc<rustls::ServerConfig>),
}

/// Serves all endpoints as one chat until `stop` is cancelled and the connections have ended, at the latest after the grace
/// period.
///
/// # Errors
/// When an endpoint cannot be set up. A connection that fails, or cannot be accepted, concerns nobody else.
pub async fn serve(endpoints: Vec<Endpoint>, limits: Limits, stop: CancellationToken) -> io::Result<()> {
    let hub = Arc::new(Hub::new(limits));
    let mut tasks = JoinSet::new();
    for endpoint in endpoints {
        match endpoint {
            Endpoint::Tcp(listener) => {
                let accepting = accept_tcp(tokio_listener(listener)?, None, Arc::clone(&hub), stop.clone());
                tasks.spawn(accepting);
            }
            Endpoint::Tls(listener, config) => {
                let acceptor = Some(TlsAcceptor::from(config));
                let accepting = accept_tcp(
                    tokio_listener(listener)?,
                    acceptor,
                    Arc::clone(&hub),
                    stop.clone(),
                );
                tasks.spawn(accepting);
            }
            Endpoint::Quic(socket, config) => {
                let endpoint = quic::listen(socket, config)?;
                tasks.spawn(quic::accept(endpoint, Arc::clone(&hub), stop.clone()));
            }
        }
    }
    let mut ticks = time::interval(TICK);
    loop {
        tokio::select! {
            _ = ticks.tick() => hub.tick(),
            () = stop.cancelled() => break,
        }
    }
    hub.stop();
    let all_ended = async {
        loop {
            tokio::select! {
                ended = tasks.join_next() => if ended.is_none() { break },
                _ = ticks.tick() => hub.tick(),
            }
        }
    };
    // Those that are not done by then are dropped with `tasks`.
    let _ = time::timeout(limits.grace, all_ended).await;
    Ok(())
}

fn tokio_listener(listener: TcpListener) -> io::Result<tokio::net::TcpListener> {
    listener.set_nonblocking(true)?;
    tokio::net::TcpListener::from_std(listener)
}

/// Accepts until the stop, then waits for its connections.
async fn accept_tcp(
    listener: tokio::net::TcpListener,
    acceptor: Option<TlsAcceptor>,
    hub: Arc<Hub>,
    stop: CancellationToken,
) {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, _)) => {
                if let Some(seat) = Seat::take(&hub) {
                    connections.spawn(serve_tcp(seat, stream, acceptor.clone()));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(_) => time::sleep(ACCEPT_PAUSE).await,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn serve_tcp(seat: Seat, stream: TcpStream, acceptor: Option<TlsAcceptor>) {
    // Frames are put together by the core already; a message must not wait for the next.
    if stream.set_nodelay(true).is_err() {
        return;
    }
    match acceptor {
        None => carry::carry(&seat, stream).await,
        Some(acceptor) => {
            let handshake = time::timeout(seat.limits().handshake_timeout, acceptor.accept(stream));
            if let Ok(Ok(stream)) = handshake.await {
                carry::carry(&seat, stream).await;
            }
        }
    }
}
