//! Sending into a ring.

use super::control::{Claim, Shared};
use crate::queue::{SendError, Wait};

/// The sending end of a ring, over whatever memory.
#[derive(Debug)]
pub struct Producer<S> {
    shared: S,
    // More fields are yours.
}

impl<S: Shared> Producer<S> {
    /// The sender with this id, from 1 on, of a ring with so many slots, a power of two. `sole`: it is the only one as
    /// long as it lives.
    pub fn new(shared: S, capacity: u32, id: u32, sole: bool) -> Self {
        todo!(
            "{}: sender {id} of {capacity} slots, sole: {sole}",
            shared.spins()
        )
    }

    /// The memory that it works on.
    pub fn shared(&self) -> &S {
        &self.shared
    }

    /// Sends as many of `messages` as there is room for, at least one, waiting for that as `wait` says. None is longer
    /// than the memory takes.
    ///
    /// # Errors
    /// When not one could be sent.
    pub fn send(&mut self, messages: &[&[u8]], wait: Wait) -> Result<usize, SendError> {
        todo!(
            "{} messages from {:?} on, as {wait:?} says",
            messages.len(),
            Claim::new(0, 1)
        )
    }
}
