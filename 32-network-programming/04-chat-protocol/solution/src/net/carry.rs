//! Carries bytes between the core and one connection, of whatever kind.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::time;

use super::hub::Seat;

/// How long a client may take to end its side of a connection that the server has ended.
const LINGER: Duration = Duration::from_secs(1);

/// How a conversation has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The core has said its last word.
    Finished,
    /// The client, or the connection, is gone.
    Gone,
}

/// Serves the connection to its end.
pub(super) async fn carry<S: AsyncRead + AsyncWrite + Unpin>(seat: &Seat, mut stream: S) {
    let end = poll_fn(|context| poll(seat, &mut stream, context)).await;
    if end == End::Gone {
        return;
    }
    // Closing with bytes unread would reset the connection, and the reset would run over the last word.
    let linger = async {
        stream.shutdown().await?;
        let mut discarded = [0; 4096];
        while stream.read(&mut discarded).await? > 0 {}
        std::io::Result::Ok(())
    };
    let _ = time::timeout(LINGER, linger).await;
}

/// One turn: reads once, writes all that the connection takes.
fn poll<S: AsyncRead + AsyncWrite + Unpin>(
    seat: &Seat,
    stream: &mut S,
    context: &mut Context<'_>,
) -> Poll<End> {
    let id = seat.id;
    let now = seat.hub.now();
    let state = &mut *seat.hub.lock();
    state.set_waker(id, context.waker());

    if state.server.wants_input(id) {
        let mut input = ReadBuf::new(&mut state.input);
        match Pin::new(&mut *stream).poll_read(context, &mut input) {
            Poll::Ready(Ok(())) if !input.filled().is_empty() => {
                state.server.received(id, input.filled(), now);
                // There may be more: after the others have had their turn.
                context.waker().wake_by_ref();
            }
            Poll::Ready(_) => return Poll::Ready(End::Gone),
            Poll::Pending => {}
        }
    }

    let mut is_ready = true;
    let mut has_failed = false;
    while is_ready && !has_failed {
        let left = state.server.transmit(id, now, |bytes| {
            match Pin::new(&mut *stream).poll_write(context, bytes) {
                Poll::Ready(Ok(count)) => count,
                Poll::Ready(Err(_)) => {
                    has_failed = true;
                    0
                }
                Poll::Pending => {
                    is_ready = false;
                    0
                }
            }
        });
        is_ready &= left.is_some();
    }
    // TLS may hold back what it has taken.
    let flushed = Pin::new(stream).poll_flush(context);
    has_failed |= matches!(flushed, Poll::Ready(Err(_)));
    state.wake(Some(id));
    if has_failed {
        Poll::Ready(End::Gone)
    } else if state.server.is_finished(id) {
        Poll::Ready(End::Finished)
    } else {
        Poll::Pending
    }
}
