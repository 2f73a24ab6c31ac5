//! One connection on its thread: read, echo what is whole, again.
//!
//! The peer is read from only when its echoes have been written. A peer that does not take them is not read
//! from, its own writes come to a halt, and nobody's memory grows: that is all there is to back-pressure.

use std::io::ErrorKind::{Interrupted, TimedOut, WouldBlock};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::{Shared, TICK};
use crate::ending::{End, LINGER};
use crate::frame::FrameDecoder;
use crate::limits::Limits;
use crate::refusal::Refusal;

/// The peer's socket and what is known of its stream.
pub(super) struct Connection<'a> {
    /// Blocking, with timeouts of at most [`TICK`].
    stream: TcpStream,
    decoder: FrameDecoder,
    limits: &'a Limits,
    shared: &'a Shared,
}

/// What a read has brought.
enum Received {
    Bytes,
    EndOfStream,
    /// Nothing, and the server stops.
    NothingLeft,
}

impl<'a> Connection<'a> {
    pub(super) fn new(stream: TcpStream, limits: &'a Limits, shared: &'a Shared) -> Self {
        Self {
            stream,
            decoder: FrameDecoder::new(limits.max_frame),
            limits,
            shared,
        }
    }

    /// Echoes until the connection ends, and ends it as it should.
    pub(super) fn serve(mut self) {
        let end = match self.prepare() {
            Ok(()) => self.echo().err().unwrap_or(End::Finished),
            Err(_) => End::Lost,
        };
        match end {
            End::Finished | End::Lost => {}
            End::Refused(refusal) => self.refuse(refusal),
            End::Cut => {
                self.shared.cut.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn prepare(&self) -> std::io::Result<()> {
        self.stream.set_nodelay(true)?;
        self.stream
            .set_read_timeout(Some(TICK.min(self.limits.read_timeout)))?;
        self.stream
            .set_write_timeout(Some(TICK.min(self.limits.write_timeout)))
    }

    /// The loop. `Ok` when the peer has ended its stream behind a whole frame.
    fn echo(&mut self) -> Result<(), End> {
        let mut deadline = Instant::now() + self.limits.read_timeout;
        loop {
            match self.receive(deadline)? {
                Received::Bytes => {}
                Received::EndOfStream => return Ok(self.decoder.finish()?),
                Received::NothingLeft => return Err(Refusal::Stopping.into()),
            }
            let (frames, invalid) = self.decoder.complete();
            let count = frames.len();
            write(&self.stream, frames, self.limits.write_timeout, self.shared)?;
            self.decoder.consume(count);
            if let Some(error) = invalid {
                return Err(error.into());
            }
            if count > 0 {
                deadline = Instant::now() + self.limits.read_timeout;
            }
        }
    }

    /// Waits for bytes, until the deadline of the frame that they are to complete.
    fn receive(&mut self, deadline: Instant) -> Result<Received, End> {
        loop {
            let cut_at = self.shared.cut_at.get();
            let is_last_look = cut_at.is_some() && self.decoder.buffered() == 0;
            let received = if is_last_look {
                self.look()
            } else {
                self.stream.read(self.decoder.space())
            };
            match received {
                Ok(0) => return Ok(Received::EndOfStream),
                Ok(count) => {
                    self.decoder.commit(count);
                    // A peer that trickles does not push its deadline ahead of itself.
                    if matches!(self.decoder.complete(), ([], None)) {
                        check(deadline, cut_at)?;
                    } else if cut_at.is_some_and(|cut_at| Instant::now() >= *cut_at) {
                        // One that never pauses does not outlast the grace period.
                        return Err(End::Cut);
                    }
                    return Ok(Received::Bytes);
                }
                Err(error) if matches!(error.kind(), WouldBlock | TimedOut) => {
                    if is_last_look {
                        return Ok(Received::NothingLeft);
                    }
                    check(deadline, cut_at)?;
                }
                Err(error) if error.kind() == Interrupted => {}
                Err(_) => return Err(End::Lost),
            }
        }
    }

    /// Takes what has arrived, without waiting.
    fn look(&mut self) -> std::io::Result<usize> {
        self.stream.set_nonblocking(true)?;
        let received = self.stream.read(self.decoder.space());
        self.stream.set_nonblocking(false)?;
        received
    }

    /// Sends the refusal, ends our direction, and lets the peer end the other.
    fn refuse(mut self, refusal: Refusal) {
        let told = write(
            &self.stream,
            &refusal.to_bytes(),
            self.limits.write_timeout,
            self.shared,
        );
        if told.is_err() {
            return;
        }
        // It fails where the peer is gone, and then so does the first read.
        let _ = self.stream.shutdown(Shutdown::Write);
        let until = Instant::now() + LINGER;
        let mut discarded = [0; 4096];
        while check(until, self.shared.cut_at.get()).is_ok() {
            match self.stream.read(&mut discarded) {
                Ok(1..) => {}
                Err(error) if matches!(error.kind(), WouldBlock | TimedOut | Interrupted) => {}
                Ok(0) | Err(_) => return,
            }
        }
    }
}

/// Writes everything. A peer that takes nothing for `timeout` is lost.
fn write(mut stream: &TcpStream, mut bytes: &[u8], timeout: Duration, shared: &Shared) -> Result<(), End> {
    let mut taken_at = None;
    while !bytes.is_empty() {
        match stream.write(bytes) {
            Ok(0) => return Err(End::Lost),
            Ok(count) => {
                bytes = &bytes[count..];
                taken_at = None;
            }
            Err(error) if matches!(error.kind(), WouldBlock | TimedOut) => {
                // The clock is asked only now: a peer that reads its echoes never costs the look.
                let since = *taken_at.get_or_insert_with(|| Instant::now() - TICK.min(timeout));
                check(since + timeout, shared.cut_at.get()).map_err(|end| match end {
                    End::Refused(_) => End::Lost,
                    end => end,
                })?;
            }
            Err(error) if error.kind() == Interrupted => {}
            Err(_) => return Err(End::Lost),
        }
    }
    Ok(())
}

/// Says what is due by now: the end of the grace period, or the deadline.
fn check(deadline: Instant, cut_at: Option<&Instant>) -> Result<(), End> {
    let now = Instant::now();
    if cut_at.is_some_and(|cut_at| now >= *cut_at) {
        return Err(End::Cut);
    }
    if now >= deadline {
        Err(Refusal::Timeout.into())
    } else {
        Ok(())
    }
}
