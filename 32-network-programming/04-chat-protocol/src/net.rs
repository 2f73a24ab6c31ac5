//! The server's core on real connections: TCP, TLS and QUIC.
//!
//! Keep what the core asks for and what the transports are apart: the place where bytes meet the core can be the same for
//! everything that is [`AsyncRead`](tokio::io::AsyncRead) and [`AsyncWrite`](tokio::io::AsyncWrite).

mod quic;
mod tls;

use std::io;
use std::net::{TcpListener, UdpSocket};
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::limits::Limits;
pub use quic::QuicStream;
pub use tls::{ALPN, TlsError, client_config, server_config};

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
    todo!(
        "serve {} endpoints within {limits:?} until {stop:?}",
        endpoints.len()
    )
}
