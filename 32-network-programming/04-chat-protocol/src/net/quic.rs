//! QUIC: a connection of its own over UDP, with TLS inside, and one bidirectional stream of it for the chat.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use quinn::{Connection, Endpoint, VarInt};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

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
