//! What HTTP runs on: TCP, bare or below TLS.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use nix::sys::sendfile::sendfile64;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, Interest, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::server::TlsStream;

/// Bytes of a file that are asked for at a time.
const SENDFILE_MAX: u64 = 1 << 20;

/// Bytes of a file that go through user space at a time, where they must.
const BLOCK: usize = 64 << 10;

/// A connection.
pub(crate) enum Transport {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// The connection has failed, or its peer takes nothing: whatever is owed to it cannot be sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gone;

impl Transport {
    /// Writes all of `bytes`. A peer that takes none of them for `patience` is gone.
    pub(crate) async fn send(&mut self, mut bytes: &[u8], patience: Duration) -> Result<(), Gone> {
        while !bytes.is_empty() {
            match timeout(patience, self.write(bytes)).await {
                Ok(Ok(count @ 1..)) => bytes = &bytes[count..],
                _ => return Err(Gone),
            }
        }
        // A TLS stream may hold the last record back.
        match self {
            Self::Plain(_) => Ok(()),
            Self::Tls(stream) => match timeout(patience, stream.flush()).await {
                Ok(Ok(())) => Ok(()),
                _ => Err(Gone),
            },
        }
    }

    /// Sends a file from `at` to `end`, and moves `at` with what was sent. On bare TCP the kernel copies it from the page cache to the socket; below TLS
    /// the bytes must be encrypted here.
    ///
    /// A file that has become too short leaves the peer with less than it was told: that connection is gone too.
    pub(crate) async fn send_file(
        &mut self,
        file: &File,
        at: &mut u64,
        end: u64,
        patience: Duration,
    ) -> Result<(), Gone> {
        let mut block = Vec::new();
        while *at < end {
            let left = end - *at;
            let count = match self {
                Self::Plain(stream) => {
                    let copy = || sendfile(stream, file, *at, left.min(SENDFILE_MAX));
                    let copied = timeout(patience, stream.async_io(Interest::WRITABLE, copy)).await;
                    copied.map_err(|_| Gone)?.map_err(|_| Gone)?
                }
                Self::Tls(_) => {
                    block.resize(usize::try_from(left).unwrap_or(BLOCK).min(BLOCK), 0);
                    let count = file.read_at(&mut block, *at).map_err(|_| Gone)?;
                    self.send(&block[..count], patience).await?;
                    count
                }
            };
            if count == 0 {
                return Err(Gone);
            }
            *at += count as u64;
        }
        Ok(())
    }
}

/// Copies up to `count` bytes of `file` from `at` on to the socket; returns how many.
fn sendfile(stream: &TcpStream, file: &File, at: u64, count: u64) -> io::Result<usize> {
    let out_of_range = |_| io::Error::from(io::ErrorKind::InvalidInput);
    let mut offset = i64::try_from(at).map_err(out_of_range)?;
    let count = usize::try_from(count).map_err(out_of_range)?;
    Ok(sendfile64(stream, file, Some(&mut offset), count)?)
}

impl AsyncRead for Transport {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Self::Tls(stream) => Pin::new(stream.as_mut()).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Transport {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Tls(stream) => Pin::new(stream.as_mut()).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(context),
            Self::Tls(stream) => Pin::new(stream.as_mut()).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Tls(stream) => Pin::new(stream.as_mut()).poll_shutdown(context),
        }
    }
}
