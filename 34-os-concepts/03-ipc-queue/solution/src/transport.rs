//! The four transports by name, each at a path.
//!
//! | | [`create`] makes | capacity | longest message | [`open_sender`] |
//! |---|---|---|---|---|
//! | `pipe` | a FIFO | the kernel's: 16 messages | 4092 | waits until somebody has it open to receive |
//! | `socket` | nothing: the receiver makes a socket | bytes, not messages | 65536 | waits until there is a receiver |
//! | `mq` | a message queue, and a file | as asked | as asked | does not wait |
//! | `ring` | a file | as asked, rounded up to a power of two | as asked | does not wait |
//!
//! A socket has one receiver at its path; the others any number.

use std::io;
use std::path::Path;

use crate::queue::{OpenError, Options, Receiver, Sender, Wait};
use crate::{mq, pipe, ring, socket};

/// A way for messages to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Transport {
    /// See [`crate::pipe`].
    Pipe,
    /// See [`crate::socket`].
    Socket,
    /// See [`crate::mq`].
    Mq,
    /// See [`crate::ring`].
    Ring,
}

/// Makes a queue at `path`.
///
/// # Errors
/// When something is there already, or the transport has no messages of that length.
pub fn create(transport: Transport, path: &Path, options: &Options) -> Result<(), OpenError> {
    const TOO_LONG: OpenError = OpenError::Limit("its messages are not that long");
    match transport {
        Transport::Pipe if options.max_message > pipe::MESSAGE_MAX => Err(TOO_LONG),
        Transport::Socket if options.max_message > socket::MESSAGE_MAX => Err(TOO_LONG),
        Transport::Pipe => pipe::create(path),
        Transport::Socket if path.symlink_metadata().is_ok() => {
            Err(io::Error::from(io::ErrorKind::AlreadyExists).into())
        }
        Transport::Socket => Ok(()),
        Transport::Mq => mq::create(path, options),
        Transport::Ring => ring::create(path, options),
    }
}

/// Opens the queue at `path` to send. Where that means to wait for a receiver, it does so as `wait` says.
///
/// # Errors
/// See [`OpenError`].
pub fn open_sender(transport: Transport, path: &Path, wait: Wait) -> Result<Box<dyn Sender>, OpenError> {
    Ok(match transport {
        Transport::Pipe => Box::new(pipe::PipeSender::open(path, wait)?),
        Transport::Socket => Box::new(socket::SocketSender::connect(path, wait)?),
        Transport::Mq => Box::new(mq::MqSender::open(path)?),
        Transport::Ring => Box::new(ring::RingSender::open(path)?),
    })
}

/// Opens the queue at `path` to receive. It never waits.
///
/// # Errors
/// See [`OpenError`].
pub fn open_receiver(transport: Transport, path: &Path) -> Result<Box<dyn Receiver>, OpenError> {
    Ok(match transport {
        Transport::Pipe => Box::new(pipe::PipeReceiver::open(path)?),
        Transport::Socket => Box::new(socket::SocketReceiver::bind(path)?),
        Transport::Mq => Box::new(mq::MqReceiver::open(path)?),
        Transport::Ring => Box::new(ring::RingReceiver::open(path)?),
    })
}

/// Removes the queue at `path`. Those who have it open can go on.
///
/// # Errors
/// When it is not there.
pub fn remove(transport: Transport, path: &Path) -> Result<(), OpenError> {
    match transport {
        Transport::Mq => mq::remove(path),
        Transport::Pipe | Transport::Socket | Transport::Ring => Ok(std::fs::remove_file(path)?),
    }
}
