//! One connection in its task: read, echo what is whole, again.
//!
//! The peer is read from only when its echoes have been written, as on threads. What is different is the
//! waiting. Bytes are tried for first; the timer and the word to stop have an [`Alarm`] of their own. The timer
//! is not moved at each frame: when it rings too early, it is set to the time that counts by then.

use std::future::{Future, poll_fn};
use std::io::{ErrorKind, Read};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::task;
use tokio::time::{self, Instant, Sleep};
use tokio_util::sync::{CancellationToken, WaitForCancellationFuture};

use super::alarm::Alarm;
use crate::ending::{End, LINGER};
use crate::frame::FrameDecoder;
use crate::limits::Limits;
use crate::refusal::Refusal;

/// What a read has brought.
enum Received {
    Bytes(usize),
    EndOfStream,
    /// Nothing, and the server stops.
    NothingLeft,
}

impl Received {
    /// What a read of `count` bytes means.
    fn new(count: usize) -> Self {
        if count == 0 {
            Self::EndOfStream
        } else {
            Self::Bytes(count)
        }
    }
}

/// When to stop waiting for bytes.
struct Patience<'a, 's> {
    /// When the frame that is awaited must be complete. It only ever moves away.
    deadline: Instant,
    /// Rings at the deadline or before it.
    timer: Pin<&'a mut Sleep>,
    stop: Pin<&'a mut WaitForCancellationFuture<'s>>,
    is_stopping: bool,
    /// The waker of the timer and of the word to stop.
    alarm: Alarm,
}

impl Patience<'_, '_> {
    /// Ready with an error at the deadline, and with `Ok` when the word to stop has just come.
    fn poll(&mut self) -> Poll<Result<(), End>> {
        let Some(waker) = self.alarm.rung() else {
            return Poll::Pending;
        };
        let mut context = Context::from_waker(waker);
        while self.timer.as_mut().poll(&mut context).is_ready() {
            if Instant::now() >= self.deadline {
                return Poll::Ready(Err(Refusal::Timeout.into()));
            }
            self.timer.as_mut().reset(self.deadline);
        }
        if !self.is_stopping && self.stop.as_mut().poll(&mut context).is_ready() {
            self.is_stopping = true;
            return Poll::Ready(Ok(()));
        }
        Poll::Pending
    }
}

/// Echoes until the connection ends, and ends it as it should.
///
/// `open` is let go of when nothing is owed to the peer any more.
pub(super) async fn serve(mut stream: TcpStream, limits: Limits, stop: CancellationToken, open: Arc<()>) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let end = echo(&mut stream, &limits, &stop).await;
    drop(open);
    if let Err(End::Refused(refusal)) = end {
        refuse(stream, refusal, limits.write_timeout).await;
    }
}

/// The loop. `Ok` when the peer has ended its stream behind a whole frame.
async fn echo(stream: &mut TcpStream, limits: &Limits, stop: &CancellationToken) -> Result<(), End> {
    let mut decoder = FrameDecoder::new(limits.max_frame);
    let deadline = Instant::now() + limits.read_timeout;
    let timer = pin!(time::sleep_until(deadline));
    let stop = pin!(stop.cancelled());
    // The waker of a task that was spawned stays the same.
    let alarm = poll_fn(|context| Poll::Ready(Alarm::new(context))).await;
    let mut patience = Patience {
        deadline,
        timer,
        stop,
        is_stopping: false,
        alarm,
    };
    loop {
        match receive(stream, &mut decoder, &mut patience).await? {
            Received::Bytes(count) => decoder.commit(count),
            Received::EndOfStream => return Ok(decoder.finish()?),
            Received::NothingLeft => return Err(Refusal::Stopping.into()),
        }
        let (frames, invalid) = decoder.complete();
        let count = frames.len();
        write(stream, frames, limits.write_timeout).await?;
        decoder.consume(count);
        if let Some(error) = invalid {
            return Err(error.into());
        }
        let now = Instant::now();
        if count > 0 {
            patience.deadline = now + limits.read_timeout;
        } else if now >= patience.deadline {
            // A peer that trickles does not push its deadline ahead of itself.
            return Err(Refusal::Timeout.into());
        }
    }
}

/// Waits for bytes, until the deadline of the frame that they are to complete.
async fn receive(
    stream: &mut TcpStream,
    decoder: &mut FrameDecoder,
    patience: &mut Patience<'_, '_>,
) -> Result<Received, End> {
    loop {
        if patience.is_stopping && decoder.buffered() == 0 {
            // Neither the look nor a write that succeeds waits: a peer that never pauses would keep the other tasks,
            // and the end of the grace period, from their turn.
            task::yield_now().await;
            // The kernel is asked, not tokio: what arrived a moment ago may not have been reported to it yet.
            return match (&*SockRef::from(&*stream)).read(decoder.space()) {
                Ok(count) => Ok(Received::new(count)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(Received::NothingLeft),
                Err(_) => Err(End::Lost),
            };
        }
        let mut space = ReadBuf::new(decoder.space());
        let received = poll_fn(
            |context| match Pin::new(&mut *stream).poll_read(context, &mut space) {
                Poll::Ready(Ok(())) => Poll::Ready(Ok(true)),
                Poll::Ready(Err(_)) => Poll::Ready(Err(End::Lost)),
                Poll::Pending => patience.poll().map_ok(|()| false),
            },
        );
        if received.await? {
            return Ok(Received::new(space.filled().len()));
        }
    }
}

/// Writes everything. A peer that takes nothing for `timeout` is lost.
async fn write(stream: &TcpStream, mut bytes: &[u8], timeout: Duration) -> Result<(), End> {
    while !bytes.is_empty() {
        match stream.try_write(bytes) {
            Ok(count) => bytes = &bytes[count..],
            // Only a full socket costs a timer.
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                let writable = time::timeout(timeout, stream.writable()).await;
                writable.map_err(|_| End::Lost)?.map_err(|_| End::Lost)?;
            }
            Err(_) => return Err(End::Lost),
        }
    }
    Ok(())
}

/// Sends the refusal, ends our direction, and lets the peer end the other.
async fn refuse(mut stream: TcpStream, refusal: Refusal, timeout: Duration) {
    let told = write(&stream, &refusal.to_bytes(), timeout).await;
    if told.is_err() {
        return;
    }
    // It fails where the peer is gone, and then so does the first read.
    let _ = SockRef::from(&stream).shutdown(std::net::Shutdown::Write);
    let discard = async {
        let mut discarded = [0; 4096];
        while matches!(stream.read(&mut discarded).await, Ok(1..)) {}
    };
    let _ = time::timeout(LINGER, discard).await;
}
