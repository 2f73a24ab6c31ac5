//! QUIC: a connection of its own over UDP, with TLS inside, and one bidirectional stream of it for the chat.

use std::io;
use std::net::UdpSocket;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use quinn::crypto::rustls::QuicServerConfig;
use quinn::{Connection, Endpoint, EndpointConfig, Incoming, TokioRuntime, TransportConfig, VarInt};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::task::JoinSet;
use tokio::time;
use tokio_util::sync::CancellationToken;

use super::carry;
use super::hub::{Hub, Seat};

/// Bytes that one connection may have on their way to the client.
const SEND_WINDOW: u64 = 128 << 10;

/// Bytes that a client may send ahead.
const RECEIVE_WINDOW: u32 = 64 << 10;

/// Makes the endpoint; to be called within a runtime.
pub(super) fn listen(socket: UdpSocket, config: Arc<rustls::ServerConfig>) -> io::Result<Endpoint> {
    let crypto = QuicServerConfig::try_from(config).map_err(io::Error::other)?;
    let mut transport = TransportConfig::default();
    transport
        .max_concurrent_bidi_streams(VarInt::from_u32(1))
        .max_concurrent_uni_streams(VarInt::from_u32(0))
        .send_window(SEND_WINDOW)
        .stream_receive_window(VarInt::from_u32(RECEIVE_WINDOW))
        .receive_window(VarInt::from_u32(RECEIVE_WINDOW))
        .datagram_receive_buffer_size(None);
    let mut server = quinn::ServerConfig::with_crypto(Arc::new(crypto));
    server.transport_config(Arc::new(transport));
    Endpoint::new(
        EndpointConfig::default(),
        Some(server),
        socket,
        Arc::new(TokioRuntime),
    )
}

/// Accepts until the stop, then waits for its connections.
pub(super) async fn accept(endpoint: Endpoint, hub: Arc<Hub>, stop: CancellationToken) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            incoming = endpoint.accept() => match incoming {
                Some(incoming) => match Seat::take(&hub) {
                    Some(seat) => { connections.spawn(serve(seat, incoming)); }
                    None => incoming.refuse(),
                },
                None => break,
            },
            Some(_) = connections.join_next() => {}
            () = stop.cancelled() => break,
        }
    }
    while connections.join_next().await.is_some() {}
    endpoint.close(VarInt::from_u32(0), b"");
    endpoint.wait_idle().await;
}

async fn serve(seat: Seat, incoming: Incoming) {
    let timeout: Duration = seat.limits().handshake_timeout;
    let handshake = async {
        let connection = incoming.await.ok()?;
        let (send, receive) = connection.accept_bi().await.ok()?;
        Some(QuicStream::new(connection, send, receive, None))
    };
    if let Ok(Some(stream)) = time::timeout(timeout, handshake).await {
        carry::carry(&seat, stream).await;
    }
}

/// The one stream of a connection, read and written as one. The connection is closed with it.
pub struct QuicStream {
    send: quinn::SendStream,
    receive: quinn::RecvStream,
    connection: Connection,
    /// A client's endpoint lives as long as its connection.
    _endpoint: Option<Endpoint>,
}

impl QuicStream {
    /// Puts the two directions together.
    pub fn new(
        connection: Connection,
        send: quinn::SendStream,
        receive: quinn::RecvStream,
        endpoint: Option<Endpoint>,
    ) -> Self {
        Self {
            send,
            receive,
            connection,
            _endpoint: endpoint,
        }
    }
}

impl Drop for QuicStream {
    fn drop(&mut self) {
        self.connection.close(VarInt::from_u32(0), b"");
    }
}

impl AsyncRead for QuicStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        AsyncRead::poll_read(Pin::new(&mut self.receive), context, buffer)
    }
}

impl AsyncWrite for QuicStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        AsyncWrite::poll_write(Pin::new(&mut self.send), context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        AsyncWrite::poll_flush(Pin::new(&mut self.send), context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        AsyncWrite::poll_shutdown(Pin::new(&mut self.send), context)
    }
}
