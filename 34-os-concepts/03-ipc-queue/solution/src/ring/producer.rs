//! Sending into a ring.

use std::sync::atomic::Ordering::{Acquire, Relaxed};

use super::control::{Claim, Shared, Word};
use super::end::{End, Stopped};
use crate::member::Side;
use crate::queue::{SendError, Wait};

/// The sending end of a ring, over whatever memory.
#[derive(Debug)]
pub struct Producer<S> {
    end: End<S>,
}

/// A count that the other side cannot have reached.
const DAMAGED: SendError = SendError::Corrupt("a count that cannot be");

impl<S: Shared> Producer<S> {
    /// The sender with this id, from 1 on, of a ring with so many slots, a power of two. `sole`: it is the only one as
    /// long as it lives.
    pub fn new(shared: S, capacity: u32, id: u32, sole: bool) -> Self {
        Self {
            end: End::new(shared, capacity.into(), Side::Senders, id, sole),
        }
    }

    /// The memory that it works on.
    pub fn shared(&self) -> &S {
        &self.end.shared
    }

    /// Sends as many of `messages` as there is room for, at least one, waiting for that as `wait` says. None is longer
    /// than the memory takes.
    ///
    /// # Errors
    /// When not one could be sent.
    #[inline]
    pub fn send(&mut self, messages: &[&[u8]], wait: Wait) -> Result<usize, SendError> {
        if messages.is_empty() {
            return Ok(0);
        }
        loop {
            self.end.begin(wait).map_err(|stopped| told(stopped, wait))?;
            let sent = self.put(messages);
            self.end.end();
            match sent? {
                0 => {}
                sent => {
                    self.end.notify();
                    return Ok(sent);
                }
            }
            self.end
                .wait_for_other(wait)
                .map_err(|stopped| told(stopped, wait))?;
        }
    }

    /// Puts as many messages into the ring as there is room for. It is this sender's turn.
    #[inline]
    fn put(&mut self, messages: &[&[u8]]) -> Result<usize, SendError> {
        let capacity = self.end.capacity;
        // Relaxed: only senders store it, and whoever did last has given the turn to us since.
        let tail = self.end.view().own.load(Relaxed);
        if tail
            .wrapping_sub(self.end.seen)
            .saturating_add(messages.len() as u64)
            > capacity
        {
            // Acquire: the receivers have read what was in these slots.
            self.end.seen = self.end.view().other.load(Acquire);
        }
        let used = tail.wrapping_sub(self.end.seen);
        let free = capacity.checked_sub(used).ok_or(DAMAGED)?;
        let count = free.min(messages.len() as u64);
        for (number, message) in (0..count).zip(messages) {
            self.end
                .shared
                .write(Claim::new(tail.wrapping_add(number), capacity), message);
        }
        if count > 0 {
            self.end.publish(tail.wrapping_add(count));
        }
        Ok(count as usize)
    }
}

fn told(stopped: Stopped, wait: Wait) -> SendError {
    match (stopped, wait) {
        (Stopped::Deserted, _) => SendError::Disconnected,
        (Stopped::Expired, Wait::No) => SendError::Full,
        (Stopped::Expired, _) => SendError::TimedOut,
    }
}
