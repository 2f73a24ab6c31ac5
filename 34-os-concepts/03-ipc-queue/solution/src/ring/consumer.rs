//! Receiving from a ring.

use std::sync::atomic::Ordering::Relaxed;

use super::control::{Claim, Shared, Word};
use super::end::{End, Stopped};
use crate::member::Side;
use crate::queue::{Batch, RecvError, Wait};

/// The receiving end of a ring, over whatever memory.
#[derive(Debug)]
pub struct Consumer<S> {
    end: End<S>,
}

/// A count that the other side cannot have reached.
const DAMAGED: RecvError = RecvError::Corrupt("a count that cannot be");

impl<S: Shared> Consumer<S> {
    /// The receiver with this id, from 1 on, of a ring with so many slots, a power of two. `sole`: it is the only one
    /// as long as it lives.
    pub fn new(shared: S, capacity: u32, id: u32, sole: bool) -> Self {
        Self {
            end: End::new(shared, capacity.into(), Side::Receivers, id, sole),
        }
    }

    /// The memory that it works on.
    pub fn shared(&self) -> &S {
        &self.end.shared
    }

    /// Takes the next message into `buffer`, which has room for the longest, waiting for it as `wait` says.
    ///
    /// # Errors
    /// See [`RecvError`].
    #[inline]
    pub fn recv(&mut self, buffer: &mut [u8], wait: Wait) -> Result<usize, RecvError> {
        let mut length = 0;
        self.take(wait, 1, |shared, claim| {
            length = shared.read(claim, buffer)?;
            Ok(())
        })?;
        Ok(length)
    }

    /// Fills `batch` with messages, as many as there are and at least one, waiting for that as `wait` says.
    ///
    /// # Errors
    /// See [`RecvError`].
    #[inline]
    pub fn recv_batch(&mut self, batch: &mut Batch, wait: Wait) -> Result<(), RecvError> {
        batch.clear();
        if batch.limit() == 0 {
            return Ok(());
        }
        self.take(wait, batch.limit(), |shared, claim| {
            let room = batch.room().expect("no more are taken than it has room for");
            let length = shared.read(claim, room)?;
            batch.push(length);
            Ok(())
        })
    }

    /// Hands up to `limit` messages to `each`, and frees their slots when it has seen them all.
    #[inline]
    fn take(
        &mut self,
        wait: Wait,
        limit: usize,
        mut each: impl FnMut(&S, Claim) -> Result<(), RecvError>,
    ) -> Result<(), RecvError> {
        loop {
            self.end.begin(wait).map_err(|stopped| told(stopped, wait))?;
            let taken = self.look(limit as u64, &mut each);
            self.end.end();
            if taken? {
                self.end.notify();
                return Ok(());
            }
            self.end
                .wait_for_other(wait)
                .map_err(|stopped| told(stopped, wait))?;
        }
    }

    /// Hands out what is there. It is this receiver's turn. `false` when nothing is.
    #[inline]
    fn look(
        &mut self,
        limit: u64,
        each: &mut impl FnMut(&S, Claim) -> Result<(), RecvError>,
    ) -> Result<bool, RecvError> {
        let capacity = self.end.capacity;
        // Relaxed: only receivers store it, and whoever did last has given the turn to us since.
        let head = self.end.view().own.load(Relaxed);
        if self.end.seen.wrapping_sub(head).wrapping_sub(1) >= capacity {
            // Nothing left of what was seen, or others have taken it.
            self.end.look();
        }
        let there = self.end.seen.wrapping_sub(head);
        if there > capacity {
            return Err(DAMAGED);
        }
        let count = there.min(limit);
        for number in 0..count {
            let claim = Claim::new(head.wrapping_add(number), capacity);
            if let Err(error) = each(&self.end.shared, claim) {
                // What came before it counts; if nothing did, it is told, and is gone.
                self.end.publish(head.wrapping_add(number.max(1)));
                return if number == 0 { Err(error) } else { Ok(true) };
            }
        }
        if count > 0 {
            self.end.publish(head.wrapping_add(count));
        }
        Ok(count > 0)
    }
}

fn told(stopped: Stopped, wait: Wait) -> RecvError {
    match (stopped, wait) {
        (Stopped::Deserted, _) => RecvError::Disconnected,
        (Stopped::Expired, Wait::No) => RecvError::Empty,
        (Stopped::Expired, _) => RecvError::TimedOut,
    }
}
