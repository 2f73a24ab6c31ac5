//! A pipe or FIFO in packet mode (`pipe(7)`, `O_DIRECT`).
//!
//! A plain pipe is a stream: two small writes may come out of one read, and two readers may share one message. In packet
//! mode each write of up to `PIPE_BUF` bytes is a packet, and each read takes exactly one, whoever reads. It is a flag
//! of the writer's open file. A packet fills one slot of the pipe whatever its length, so a pipe of n slots holds
//! n messages; a slot is a page.
//!
//! The kernel knows who has an end: a read from an empty pipe that nobody can write to any more gives 0 bytes, a write
//! to one that nobody can read from fails.

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use crate::frame::HEADER;
use crate::queue::{OpenError, Receiver, RecvError, SendError, Sender, Wait};

/// Bytes of the longest message: a packet has up to `PIPE_BUF`.
pub const MESSAGE_MAX: usize = libc::PIPE_BUF - HEADER;

/// The writing end.
#[derive(Debug)]
pub struct PipeSender {
    // The fields are yours.
}

/// The reading end.
#[derive(Debug)]
pub struct PipeReceiver {
    // The fields are yours.
}

/// A pipe without a name that holds `capacity` messages, or a few more: slots are a power of two.
///
/// # Errors
/// When the user may not have so large a pipe (`/proc/sys/fs/pipe-max-size`), or no more descriptors.
pub fn pair(capacity: usize) -> Result<(PipeSender, PipeReceiver), OpenError> {
    todo!("a pipe with {capacity} slots")
}

/// Makes a FIFO, for its owner alone.
///
/// # Errors
/// When something of that name is there already.
pub fn create(path: &Path) -> Result<(), OpenError> {
    todo!("make a FIFO at {}", path.display())
}

impl PipeSender {
    /// Opens a FIFO to write, waiting until somebody has it open to read.
    ///
    /// # Errors
    /// [`OpenError::TimedOut`], and [`OpenError::Foreign`] for what is not a FIFO.
    pub fn open(path: &Path, wait: Wait) -> Result<Self, OpenError> {
        todo!("open {} to write, as {wait:?} says", path.display())
    }

    /// Takes over a descriptor: the writing end of a pipe that was inherited or passed.
    ///
    /// # Errors
    /// [`OpenError::Foreign`] when it is something else.
    pub fn from_end(end: impl Into<OwnedFd>) -> Result<Self, OpenError> {
        todo!("take over {:?}", end.into())
    }

    /// Makes room for at least `capacity` messages.
    ///
    /// # Errors
    /// When the user may not have so large a pipe, or more messages than that wait in it.
    pub fn set_capacity(&self, capacity: usize) -> Result<(), OpenError> {
        todo!("make it {capacity} slots")
    }

    /// Another one on the same pipe.
    ///
    /// # Errors
    /// When no more descriptors are to be had.
    pub fn try_clone(&self) -> io::Result<Self> {
        todo!("another descriptor of the same end")
    }

    /// The descriptor, to be inherited or passed.
    pub fn into_end(self) -> OwnedFd {
        todo!("give the descriptor away")
    }
}

impl PipeReceiver {
    /// Opens a FIFO to read. It does not wait for a writer; until the first one the queue is empty.
    ///
    /// # Errors
    /// [`OpenError::Foreign`] for what is not a FIFO.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        todo!("open {} to read", path.display())
    }

    /// Takes over a descriptor: the reading end of a pipe that was inherited or passed.
    ///
    /// # Errors
    /// [`OpenError::Foreign`] when it is something else.
    pub fn from_end(end: impl Into<OwnedFd>) -> Result<Self, OpenError> {
        todo!("take over {:?}", end.into())
    }

    /// Another one on the same pipe.
    ///
    /// # Errors
    /// When no more descriptors are to be had.
    pub fn try_clone(&self) -> io::Result<Self> {
        todo!("another descriptor of the same end")
    }

    /// The descriptor, to be inherited or passed.
    pub fn into_end(self) -> OwnedFd {
        todo!("give the descriptor away")
    }
}

impl Sender for PipeSender {
    fn max_message(&self) -> usize {
        MESSAGE_MAX
    }

    fn send_within(&mut self, message: &[u8], wait: Wait) -> Result<(), SendError> {
        todo!("send {} bytes, as {wait:?} says", message.len())
    }
}

impl Receiver for PipeReceiver {
    fn max_message(&self) -> usize {
        MESSAGE_MAX
    }

    fn recv_within(&mut self, buffer: &mut [u8], wait: Wait) -> Result<usize, RecvError> {
        todo!("receive into {} bytes, as {wait:?} says", buffer.len())
    }
}
