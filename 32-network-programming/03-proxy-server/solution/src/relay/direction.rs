//! One direction of a relay: from a socket to another, copied while there is little, spliced while there is much.
//!
//! ```text
//! little   socket ──read──▶ buffer ──write──▶ socket      two copies, which are cheap for a few KiB
//! much     socket ─splice─▶  pipe  ─splice─▶ socket       none; pages change hands
//! ```
//!
//! A spliced message costs more than a copied one where messages are small: pages are counted one by one, and each
//! turn ends in a call that finds nothing. So a direction starts with copies, goes over to the pipe when its buffer has
//! been filled several times in a row, and comes back when the pipe brings little.

use std::io::{self, ErrorKind};
use std::net::Shutdown;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};

use super::pipe::Pipe;

/// Bytes of a buffer.
const BUFFER_LEN: usize = 16 << 10;

/// Full buffers in a row that make it much.
const FULL_READS: u32 = 2;

/// What the pipe brings when it is little, and how often in a row before the pipe is given back.
const LITTLE: usize = 8 << 10;
const LITTLE_READS: u32 = 4;

/// What is between the two sockets, and how far the direction has come.
#[derive(Debug)]
pub(super) struct Direction {
    /// Bytes that were read; those from `start` on are not written yet.
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// There while there is much.
    pipe: Option<Pipe>,
    /// Reads in a row that speak for the other way.
    run: u32,
    stage: Stage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Open,
    /// The stream has ended; what was read of it is to be written.
    Ending,
    /// The other side has been told.
    Ended,
}

impl Direction {
    /// A direction whose first bytes were read already.
    pub(super) fn new(early: Vec<u8>) -> Self {
        Self {
            start: 0,
            end: early.len(),
            buffer: early,
            pipe: None,
            run: 0,
            stage: Stage::Open,
        }
    }

    /// Moves what can be moved. Ready when the stream has ended and its end was passed on.
    pub(super) fn poll(
        &mut self,
        context: &mut Context<'_>,
        from: &mut ReadHalf<'_>,
        to: &mut WriteHalf<'_>,
        mut moved: impl FnMut(usize),
    ) -> Poll<io::Result<()>> {
        loop {
            ready!(self.write(context, to, &mut moved))?;
            match self.stage {
                Stage::Open => {}
                Stage::Ending => {
                    self.stage = Stage::Ended;
                    // A peer that is gone by now has ended as well.
                    let _ = SockRef::from(to.as_ref()).shutdown(Shutdown::Write);
                    return Poll::Ready(Ok(()));
                }
                Stage::Ended => return Poll::Ready(Ok(())),
            }
            self.choose();
            let count = match &mut self.pipe {
                Some(pipe) => {
                    let filled = splice(from.as_ref(), context, Interest::READABLE, |socket| {
                        pipe.fill(socket)
                    });
                    ready!(filled)?
                }
                None => ready!(self.read(context, from))?,
            };
            if count == 0 {
                self.stage = Stage::Ending;
            } else {
                self.vote(count);
            }
        }
    }

    /// Writes all that was read.
    fn write(
        &mut self,
        context: &mut Context<'_>,
        to: &mut WriteHalf<'_>,
        moved: &mut impl FnMut(usize),
    ) -> Poll<io::Result<()>> {
        while self.start < self.end {
            let bytes = &self.buffer[self.start..self.end];
            let count = ready!(Pin::new(&mut *to).poll_write(context, bytes))?;
            self.start += count;
            moved(count);
        }
        if let Some(pipe) = &mut self.pipe {
            while pipe.len() > 0 {
                let drained = splice(to.as_ref(), context, Interest::WRITABLE, |socket| {
                    pipe.drain(socket)
                });
                moved(ready!(drained)?);
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Reads into the buffer, which is empty.
    fn read(&mut self, context: &mut Context<'_>, from: &mut ReadHalf<'_>) -> Poll<io::Result<usize>> {
        if self.buffer.len() != BUFFER_LEN {
            self.buffer = vec![0; BUFFER_LEN];
        }
        let mut space = ReadBuf::new(&mut self.buffer);
        ready!(Pin::new(from).poll_read(context, &mut space))?;
        (self.start, self.end) = (0, space.filled().len());
        Poll::Ready(Ok(self.end))
    }

    /// Notes what a read has brought, as a vote for the other way.
    fn vote(&mut self, count: usize) {
        let is_for_change = match &self.pipe {
            Some(_) => count <= LITTLE,
            None => count == BUFFER_LEN,
        };
        self.run = if is_for_change { self.run + 1 } else { 0 };
    }

    /// Chooses the way of the next read. All has been written by now, so that nothing is overtaken.
    fn choose(&mut self) {
        match &self.pipe {
            Some(_) if self.run >= LITTLE_READS => self.pipe = None,
            // Without a pipe, a process that is out of descriptors copies on.
            None if self.run >= FULL_READS => self.pipe = Pipe::new().ok(),
            _ => return,
        }
        self.run = 0;
    }
}

/// Calls `splice` when tokio takes the socket to be ready, and until the kernel agrees.
fn splice(
    socket: &TcpStream,
    context: &mut Context<'_>,
    interest: Interest,
    mut call: impl FnMut(&TcpStream) -> io::Result<usize>,
) -> Poll<io::Result<usize>> {
    loop {
        if interest.is_readable() {
            ready!(socket.poll_read_ready(context))?;
        } else {
            ready!(socket.poll_write_ready(context))?;
        }
        // `try_io` takes note of `WouldBlock`: the next look waits for news.
        match socket.try_io(interest, || call(socket)) {
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            result => return Poll::Ready(result),
        }
    }
}
