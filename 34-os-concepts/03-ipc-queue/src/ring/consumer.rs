//! Receiving from a ring.

use super::control::Shared;
use crate::queue::{Batch, RecvError, Wait};

/// The receiving end of a ring, over whatever memory.
#[derive(Debug)]
pub struct Consumer<S> {
    shared: S,
    // More fields are yours.
}

impl<S: Shared> Consumer<S> {
    /// The receiver with this id, from 1 on, of a ring with so many slots, a power of two. `sole`: it is the only one
    /// as long as it lives.
    pub fn new(shared: S, capacity: u32, id: u32, sole: bool) -> Self {
        todo!(
            "{}: receiver {id} of {capacity} slots, sole: {sole}",
            shared.spins()
        )
    }

    /// The memory that it works on.
    pub fn shared(&self) -> &S {
        &self.shared
    }

    /// Takes the next message into `buffer`, which has room for the longest, waiting for it as `wait` says.
    ///
    /// # Errors
    /// See [`RecvError`].
    pub fn recv(&mut self, buffer: &mut [u8], wait: Wait) -> Result<usize, RecvError> {
        todo!("one message into {} bytes, as {wait:?} says", buffer.len())
    }

    /// Fills `batch` with messages, as many as there are and at least one, waiting for that as `wait` says.
    ///
    /// # Errors
    /// See [`RecvError`].
    pub fn recv_batch(&mut self, batch: &mut Batch, wait: Wait) -> Result<(), RecvError> {
        todo!("up to {} messages, as {wait:?} says", batch.limit())
    }
}
