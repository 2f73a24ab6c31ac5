//! A UNIX socket that keeps boundaries: `SOCK_SEQPACKET` (`unix(7)`).
//!
//! A connection has two ends. An end that is cloned, inherited or passed on is shared, and each packet goes to one of
//! those who share the reading end. A receiver with a path is the other way to many senders: it takes whoever connects,
//! and looks at its connections in turn.
//!
//! The kernel bounds a connection by bytes, not by messages, and charges a few hundred for each message beside its own.
//!
//! Packets can carry descriptors; that part is in [`passing`].

pub mod passing;

use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::path::Path;

use crate::queue::{OpenError, Receiver, RecvError, SendError, Sender, Wait};

/// Bytes of the longest message. The kernel would take more, up to its send buffer.
pub const MESSAGE_MAX: usize = 64 << 10;

/// The sending end of a connection.
#[derive(Debug)]
pub struct SocketSender {
    // The fields are yours.
}

/// The receiving ends of all connections, and perhaps a listening socket for more of them.
#[derive(Debug)]
pub struct SocketReceiver {
    // The fields are yours.
}

/// What a receive brought.
#[derive(Debug)]
pub struct Received {
    /// Bytes of the message.
    pub length: usize,
    /// The descriptors that came with it, close-on-exec, in the order in which they were sent.
    pub descriptors: Vec<OwnedFd>,
    /// Whether there were more than were asked for; those are closed.
    pub truncated: bool,
}

/// A connection without a name.
///
/// # Errors
/// When no more descriptors are to be had.
pub fn pair() -> Result<(SocketSender, SocketReceiver), OpenError> {
    todo!("both ends of a connection")
}

impl SocketSender {
    /// Connects to the receiver at `path`, waiting until there is one.
    ///
    /// # Errors
    /// [`OpenError::TimedOut`], and [`OpenError::Foreign`] for a socket of another type.
    pub fn connect(path: &Path, wait: Wait) -> Result<Self, OpenError> {
        todo!("connect to {}, as {wait:?} says", path.display())
    }

    /// Takes over a descriptor: an end of a connection that was inherited or passed.
    ///
    /// # Errors
    /// [`OpenError::Foreign`] when it is something else.
    pub fn from_end(end: impl Into<OwnedFd>) -> Result<Self, OpenError> {
        todo!("take over {:?}", end.into())
    }

    /// Another one on the same connection.
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

    /// Sends a message and, with it, copies of these descriptors; the caller keeps its own.
    ///
    /// # Errors
    /// As for [`Sender::send_within`]; the kernel takes no more than 253 descriptors at once.
    pub fn send_with(
        &mut self,
        message: &[u8],
        descriptors: &[BorrowedFd<'_>],
        wait: Wait,
    ) -> Result<(), SendError> {
        todo!(
            "send {} bytes and {descriptors:?}, as {wait:?} says",
            message.len()
        )
    }
}

impl SocketReceiver {
    /// Listens at `path`, which must not be there yet.
    ///
    /// # Errors
    /// When it is there, or is longer than the 107 bytes that an address has room for.
    pub fn bind(path: &Path) -> Result<Self, OpenError> {
        todo!("listen at {}", path.display())
    }

    /// Takes over a descriptor: an end of a connection that was inherited or passed.
    ///
    /// # Errors
    /// [`OpenError::Foreign`] when it is something else.
    pub fn from_end(end: impl Into<OwnedFd>) -> Result<Self, OpenError> {
        todo!("take over {:?}", end.into())
    }

    /// Another one on the same connections, and on none that come later.
    ///
    /// # Errors
    /// When no more descriptors are to be had.
    pub fn try_clone(&self) -> io::Result<Self> {
        todo!("another descriptor of the same end")
    }

    /// The descriptor of its only connection, to be inherited or passed; `None` when it has not just one.
    pub fn into_end(self) -> Option<OwnedFd> {
        todo!("give the descriptor away")
    }

    /// Receives a message and up to `limit` descriptors that came with it. [`Receiver::recv_within`] asks for none.
    ///
    /// # Errors
    /// As for [`Receiver::recv_within`].
    pub fn recv_with(&mut self, buffer: &mut [u8], limit: usize, wait: Wait) -> Result<Received, RecvError> {
        todo!("{} bytes and {limit} descriptors, as {wait:?} says", buffer.len())
    }
}

impl Sender for SocketSender {
    fn max_message(&self) -> usize {
        MESSAGE_MAX
    }

    fn send_within(&mut self, message: &[u8], wait: Wait) -> Result<(), SendError> {
        self.send_with(message, &[], wait)
    }
}

impl Receiver for SocketReceiver {
    fn max_message(&self) -> usize {
        MESSAGE_MAX
    }

    fn recv_within(&mut self, buffer: &mut [u8], wait: Wait) -> Result<usize, RecvError> {
        self.recv_with(buffer, 0, wait).map(|received| received.length)
    }
}
