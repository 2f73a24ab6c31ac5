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
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::path::Path;
use std::time::Duration;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags};
use nix::sys::socket::{
    AddressFamily, Backlog, SockFlag, SockType, UnixAddr, accept4, bind, connect, getsockopt, listen, socket,
    socketpair, sockopt,
};

use crate::frame::{self, HEADER};
use crate::queue::{OpenError, Receiver, RecvError, SendError, Sender, Wait};
use crate::ready::{self, retry};

/// Bytes of the longest message. The kernel would take more, up to its send buffer.
pub const MESSAGE_MAX: usize = 64 << 10;

/// Connections that wait to be taken.
const BACKLOG: i32 = 128;

/// Between two looks whether somebody listens.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// The sending end of a connection.
#[derive(Debug)]
pub struct SocketSender {
    end: OwnedFd,
}

/// The receiving ends of all connections, and perhaps a listening socket for more of them.
#[derive(Debug)]
pub struct SocketReceiver {
    listener: Option<OwnedFd>,
    connections: Vec<OwnedFd>,
    /// The one whose turn it is to be looked at first.
    next: usize,
    /// Whether there has been a connection at all.
    connected: bool,
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
    let (send, receive) = socketpair(
        AddressFamily::Unix,
        SockType::SeqPacket,
        None,
        SockFlag::SOCK_CLOEXEC,
    )
    .map_err(io::Error::from)?;
    Ok((SocketSender { end: send }, SocketReceiver::of(receive)))
}

fn new_socket(flags: SockFlag) -> io::Result<OwnedFd> {
    let flags = flags | SockFlag::SOCK_CLOEXEC;
    Ok(socket(AddressFamily::Unix, SockType::SeqPacket, flags, None)?)
}

/// A descriptor that is a socket of the right type.
fn checked(end: OwnedFd) -> Result<OwnedFd, OpenError> {
    match getsockopt(&end, sockopt::SockType) {
        Ok(SockType::SeqPacket) => Ok(end),
        _ => Err(OpenError::Foreign("this is not a SOCK_SEQPACKET socket")),
    }
}

impl SocketSender {
    /// Connects to the receiver at `path`, waiting until there is one.
    ///
    /// # Errors
    /// [`OpenError::TimedOut`], and [`OpenError::Foreign`] for a socket of another type.
    pub fn connect(path: &Path, wait: Wait) -> Result<Self, OpenError> {
        let address = UnixAddr::new(path).map_err(io::Error::from)?;
        let end = new_socket(SockFlag::empty())?;
        loop {
            match connect(end.as_raw_fd(), &address) {
                Ok(()) => return Ok(Self { end }),
                Err(Errno::ENOENT | Errno::ECONNREFUSED | Errno::EINTR) => {}
                Err(Errno::EPROTOTYPE) => return Err(OpenError::Foreign("this is another kind of socket")),
                Err(error) => return Err(io::Error::from(error).into()),
            }
            let Some(pause) = wait.slice(LOOK_EVERY) else {
                return Err(OpenError::TimedOut);
            };
            std::thread::sleep(pause);
        }
    }

    /// Takes over a descriptor: an end of a connection that was inherited or passed.
    ///
    /// # Errors
    /// [`OpenError::Foreign`] when it is something else.
    pub fn from_end(end: impl Into<OwnedFd>) -> Result<Self, OpenError> {
        Ok(Self {
            end: checked(end.into())?,
        })
    }

    /// Another one on the same connection.
    ///
    /// # Errors
    /// When no more descriptors are to be had.
    pub fn try_clone(&self) -> io::Result<Self> {
        self.end.try_clone().map(|end| Self { end })
    }

    /// The descriptor, to be inherited or passed.
    pub fn into_end(self) -> OwnedFd {
        self.end
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
        let length = message.len();
        if length > MESSAGE_MAX {
            return Err(SendError::TooLarge {
                length,
                max: MESSAGE_MAX,
            });
        }
        let header = frame::header(length);
        retry(self.end.as_fd(), PollFlags::POLLOUT, wait, || {
            passing::send(self.end.as_fd(), &header, message, descriptors)
        })?;
        Ok(())
    }
}

impl SocketReceiver {
    /// Listens at `path`, which must not be there yet.
    ///
    /// # Errors
    /// When it is there, or is longer than the 107 bytes that an address has room for.
    pub fn bind(path: &Path) -> Result<Self, OpenError> {
        let address = UnixAddr::new(path).map_err(io::Error::from)?;
        let listener = new_socket(SockFlag::SOCK_NONBLOCK)?;
        bind(listener.as_raw_fd(), &address).map_err(io::Error::from)?;
        let backlog = Backlog::new(BACKLOG).map_err(io::Error::from)?;
        listen(&listener, backlog).map_err(io::Error::from)?;
        Ok(Self {
            listener: Some(listener),
            connections: Vec::new(),
            next: 0,
            connected: false,
        })
    }

    fn of(end: OwnedFd) -> Self {
        Self {
            listener: None,
            connections: vec![end],
            next: 0,
            connected: true,
        }
    }

    /// Takes over a descriptor: an end of a connection that was inherited or passed.
    ///
    /// # Errors
    /// [`OpenError::Foreign`] when it is something else.
    pub fn from_end(end: impl Into<OwnedFd>) -> Result<Self, OpenError> {
        Ok(Self::of(checked(end.into())?))
    }

    /// Another one on the same connections, and on none that come later.
    ///
    /// # Errors
    /// When no more descriptors are to be had.
    pub fn try_clone(&self) -> io::Result<Self> {
        let connections: io::Result<_> = self.connections.iter().map(OwnedFd::try_clone).collect();
        Ok(Self {
            listener: None,
            connections: connections?,
            next: 0,
            connected: self.connected,
        })
    }

    /// The descriptor of its only connection, to be inherited or passed; `None` when it has not just one.
    pub fn into_end(mut self) -> Option<OwnedFd> {
        let end = self.connections.pop();
        end.filter(|_| self.connections.is_empty() && self.listener.is_none())
    }

    /// Receives a message and up to `limit` descriptors that came with it. [`Receiver::recv_within`] asks for none.
    ///
    /// # Errors
    /// As for [`Receiver::recv_within`].
    pub fn recv_with(&mut self, buffer: &mut [u8], limit: usize, wait: Wait) -> Result<Received, RecvError> {
        let length = buffer.len();
        if length < MESSAGE_MAX {
            return Err(RecvError::BufferTooSmall {
                length,
                max: MESSAGE_MAX,
            });
        }
        loop {
            if let Some(received) = self.look(buffer, limit)? {
                return Ok(received);
            }
            if self.connected && self.connections.is_empty() {
                return Err(RecvError::Disconnected);
            }
            let ends = self.listener.iter().chain(&self.connections);
            let mut watched: Vec<_> = ends
                .map(|end| PollFd::new(end.as_fd(), PollFlags::POLLIN))
                .collect();
            if !ready::wait_for(&mut watched, wait)? {
                return Err(ready::expired(wait).into());
            }
        }
    }

    /// Takes the next message from the first connection that has one, beginning behind the one that had the last.
    /// Connections that have ended are dropped, new ones are taken in.
    fn look(&mut self, buffer: &mut [u8], limit: usize) -> Result<Option<Received>, RecvError> {
        self.accept()?;
        let mut left = self.connections.len();
        while left > 0 {
            left -= 1;
            self.next %= self.connections.len();
            let end = self.connections[self.next].as_fd();
            let mut header = [0; HEADER];
            match passing::receive(end, &mut header, buffer, limit) {
                Ok(packet) if packet.length > 0 => {
                    self.next += 1;
                    let length = frame::length(header, packet.length)?;
                    return Ok(Some(Received { length, ..packet }));
                }
                Ok(_) => drop(self.connections.swap_remove(self.next)),
                Err(error) => match error.kind() {
                    io::ErrorKind::WouldBlock => self.next += 1,
                    io::ErrorKind::Interrupted => left += 1,
                    io::ErrorKind::ConnectionReset => drop(self.connections.swap_remove(self.next)),
                    _ => return Err(RecvError::Os(error)),
                },
            }
        }
        Ok(None)
    }

    /// Takes in whoever has connected.
    fn accept(&mut self) -> Result<(), RecvError> {
        let Some(listener) = &self.listener else {
            return Ok(());
        };
        loop {
            match accept4(listener.as_raw_fd(), SockFlag::SOCK_CLOEXEC) {
                Ok(number) => {
                    // SAFETY: the call has just made this descriptor, so nothing else owns it.
                    self.connections.push(unsafe { OwnedFd::from_raw_fd(number) });
                    self.connected = true;
                }
                Err(Errno::EAGAIN) => return Ok(()),
                Err(Errno::EINTR | Errno::ECONNABORTED) => {}
                Err(error) => return Err(RecvError::Os(error.into())),
            }
        }
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
