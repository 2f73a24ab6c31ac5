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

use std::path::Path;

use crate::queue::{Batch, OpenError, Options, Receiver, RecvError, SendError, Sender, Wait};

/// Makes a ring, for its owner alone. In `/dev/shm` it is in memory only.
///
/// # Errors
/// [`OpenError::Limit`], or when something of that name is there already, or when there is no room for it.
pub fn create(path: &Path, options: &Options) -> Result<(), OpenError> {
    todo!("a ring at {}: {options:?}", path.display())
}

/// The sending end.
#[derive(Debug)]
pub struct RingSender {
    // The fields are yours.
}

/// The receiving end.
#[derive(Debug)]
pub struct RingReceiver {
    // The fields are yours.
}

impl RingSender {
    /// Opens the ring at `path` to send.
    ///
    /// # Errors
    /// [`OpenError::Foreign`] when it is none, [`OpenError::Busy`] when there is no place for another sender.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        todo!("open the ring at {}", path.display())
    }
}

impl RingReceiver {
    /// Opens the ring at `path` to receive.
    ///
    /// # Errors
    /// [`OpenError::Foreign`] when it is none, [`OpenError::Busy`] when there is no place for another receiver.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        todo!("open the ring at {}", path.display())
    }
}

impl Sender for RingSender {
    fn max_message(&self) -> usize {
        todo!("as the ring was made")
    }

    fn send_within(&mut self, message: &[u8], wait: Wait) -> Result<(), SendError> {
        todo!("send {} bytes, as {wait:?} says", message.len())
    }

    /// All of them with one turn and one store.
    fn send_batch(&mut self, messages: &[&[u8]], wait: Wait) -> Result<usize, SendError> {
        todo!("send {} messages, as {wait:?} says", messages.len())
    }
}

impl Receiver for RingReceiver {
    fn max_message(&self) -> usize {
        todo!("as the ring was made")
    }

    fn recv_within(&mut self, buffer: &mut [u8], wait: Wait) -> Result<usize, RecvError> {
        todo!("receive into {} bytes, as {wait:?} says", buffer.len())
    }

    /// All of them with one turn and one store.
    fn recv_batch(&mut self, batch: &mut Batch, wait: Wait) -> Result<(), RecvError> {
        todo!("up to {} messages, as {wait:?} says", batch.limit())
    }
}
