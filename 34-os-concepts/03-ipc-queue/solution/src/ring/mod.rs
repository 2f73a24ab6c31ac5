//! A ring in shared memory, with a futex for those that wait.
//!
//! - [`layout`]: the file
//! - [`control`]: the words in it, and what the algorithm asks of the memory
//! - [`turn`]: who may send, or receive, at the moment
//! - [`end`], [`producer`], [`consumer`]: the algorithm
//! - [`futex`], [`fence`], [`mapping`]: words, fences and memory between processes
//!
//! [`RingSender`] and [`RingReceiver`] are the algorithm over a mapped file.

pub mod consumer;
pub mod control;
pub mod end;
pub mod fence;
pub mod futex;
pub mod layout;
pub mod mapping;
pub mod producer;
pub mod turn;

use std::fs::OpenOptions;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use nix::fcntl::posix_fallocate;

use crate::member::Side;
use crate::queue::{Batch, OpenError, Options, Receiver, RecvError, SendError, Sender, Wait};
use consumer::Consumer;
use layout::Layout;
use mapping::Mapping;
use producer::Producer;

/// Makes a ring, for its owner alone. In `/dev/shm` it is in memory only.
///
/// # Errors
/// [`OpenError::Limit`], or when something of that name is there already, or when there is no room for it.
pub fn create(path: &Path, options: &Options) -> Result<(), OpenError> {
    let layout = Layout::of(options)?;
    let mut open = OpenOptions::new();
    let file = open
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    let size = libc::off_t::try_from(layout.size()).map_err(|_| OpenError::Limit("it is too large"))?;
    // Not just a size: memory that turns out not to be there when it is written to ends a process with SIGBUS.
    let filled = posix_fallocate(&file, 0, size)
        .map_err(std::io::Error::from)
        // The header comes last: without it nobody takes the file for a ring.
        .and_then(|()| file.write_all_at(&layout.to_bytes(), 0));
    if filled.is_err() {
        let _ = std::fs::remove_file(path);
    }
    Ok(filled?)
}

fn open(path: &Path, side: Side) -> Result<Mapping, OpenError> {
    Mapping::new(OpenOptions::new().read(true).write(true).open(path)?, side)
}

/// The sending end.
#[derive(Debug)]
pub struct RingSender {
    producer: Producer<Mapping>,
    max_message: usize,
}

/// The receiving end.
#[derive(Debug)]
pub struct RingReceiver {
    consumer: Consumer<Mapping>,
    max_message: usize,
}

impl RingSender {
    /// Opens the ring at `path` to send.
    ///
    /// # Errors
    /// [`OpenError::Foreign`] when it is none, [`OpenError::Busy`] when there is no place for another sender.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let mapping = open(path, Side::Senders)?;
        let (layout, id) = (*mapping.layout(), mapping.id());
        Ok(Self {
            producer: Producer::new(mapping, layout.capacity as u32, id, layout.sole),
            max_message: layout.max_message,
        })
    }

    #[inline]
    fn check(&self, message: &[u8]) -> Result<(), SendError> {
        let (length, max) = (message.len(), self.max_message);
        if length > max {
            return Err(SendError::TooLarge { length, max });
        }
        Ok(())
    }
}

impl RingReceiver {
    /// Opens the ring at `path` to receive.
    ///
    /// # Errors
    /// [`OpenError::Foreign`] when it is none, [`OpenError::Busy`] when there is no place for another receiver.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let mapping = open(path, Side::Receivers)?;
        let (layout, id) = (*mapping.layout(), mapping.id());
        Ok(Self {
            consumer: Consumer::new(mapping, layout.capacity as u32, id, layout.sole),
            max_message: layout.max_message,
        })
    }
}

impl Sender for RingSender {
    fn max_message(&self) -> usize {
        self.max_message
    }

    fn send_within(&mut self, message: &[u8], wait: Wait) -> Result<(), SendError> {
        self.check(message)?;
        self.producer.send(&[message], wait).map(drop)
    }

    /// All of them with one turn and one store.
    fn send_batch(&mut self, messages: &[&[u8]], wait: Wait) -> Result<usize, SendError> {
        let fitting = messages.iter().position(|message| self.check(message).is_err());
        match fitting {
            Some(0) => Err(self.check(messages[0]).expect_err("it was found too long")),
            Some(count) => self.producer.send(&messages[..count], wait),
            None => self.producer.send(messages, wait),
        }
    }
}

impl Receiver for RingReceiver {
    fn max_message(&self) -> usize {
        self.max_message
    }

    fn recv_within(&mut self, buffer: &mut [u8], wait: Wait) -> Result<usize, RecvError> {
        let (length, max) = (buffer.len(), self.max_message);
        if length < max {
            return Err(RecvError::BufferTooSmall { length, max });
        }
        self.consumer.recv(buffer, wait)
    }

    /// All of them with one turn and one store.
    fn recv_batch(&mut self, batch: &mut Batch, wait: Wait) -> Result<(), RecvError> {
        let max = self.max_message;
        batch.clear();
        let length = batch.room().map_or(max, |room| room.len());
        if length < max {
            return Err(RecvError::BufferTooSmall { length, max });
        }
        self.consumer.recv_batch(batch, wait)
    }
}
