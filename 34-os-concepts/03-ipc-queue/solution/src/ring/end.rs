//! One end of a ring: what sending and receiving have in common.
//!
//! Both move one of two counts forward and wait for the other one. [`End`] takes turns within its side, tells the
//! other side, and sleeps. What is not common is in [`super::producer`] and [`super::consumer`].
//!
//! How nobody sleeps through what it waits for, on the example of a receiver that has seen n messages sent:
//!
//! ```text
//! receiver                               sender
//! w := receivers_wait made odd           tail := n + 1
//! heavy fence                            light fence
//! tail still n?                          receivers_wait odd?
//!    sleep while receivers_wait = w         add 1, wake all
//! ```
//!
//! By the fences one of the two sees the other's store. If the sender comes between the receiver's look and its sleep,
//! the word is no longer w, and the futex lets nobody sleep. A plain flag would not do: set again by a second receiver
//! it would look as if nothing had happened. A sender that finds an even number, as it does while nobody waits, makes no
//! system call. Nobody has to take back that it waits, so nobody who dies meanwhile is missed.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use super::control::{ALL, Control, Shared, Word};
use super::turn;
use crate::member::{LOOK_EVERY, Side};
use crate::queue::Wait;

/// One end of a ring.
#[derive(Debug)]
pub struct End<S> {
    pub(super) shared: S,
    pub(super) capacity: u64,
    side: Side,
    id: u32,
    /// The only one on its side: it is always its turn.
    sole: bool,
    /// The other side's count as it was last seen. It only grows, so what there was room for then, there still is; and
    /// as long as that is enough, the line with that count need not be fetched from the other core.
    pub(super) seen: u64,
    /// Pauses before the next look at it.
    patience: u32,
}

/// The most pauses before a look.
const PATIENCE_MAX: u32 = 16;

/// How a wait ended that brought nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stopped {
    /// The time is up, or there was to be no wait.
    Expired,
    /// The other side is gone.
    Deserted,
}

impl<S: Shared> End<S> {
    /// The end of `side` with this id, which no other one on that side has.
    pub(super) fn new(shared: S, capacity: u64, side: Side, id: u32, sole: bool) -> Self {
        let view = shared.control().view(side);
        turn::bury(view.turn, id);
        let seen = view.other.load(Acquire);
        Self {
            shared,
            capacity,
            side,
            id,
            sole,
            seen,
            patience: 0,
        }
    }

    #[inline]
    pub(super) fn view(&self) -> View<'_, S::Word> {
        self.shared.control().view(self.side)
    }

    /// Waits for this end's turn.
    #[inline]
    pub(super) fn begin(&self, wait: Wait) -> Result<(), Stopped> {
        if self.sole {
            return Ok(());
        }
        turn::take(&self.shared, self.view().turn, self.id, wait).map_err(|turn::Expired| Stopped::Expired)
    }

    /// Lets the next one have its turn.
    #[inline]
    pub(super) fn end(&self) {
        if !self.sole {
            turn::give_back(self.view().turn);
        }
    }

    /// Looks how far the other side has come.
    ///
    /// A look takes the line with the count away from the core that stores it, and that core has to have it back for its
    /// next store. Who looks as soon as nothing is left finds one message at a time, and makes the sender wait for each.
    /// So the next look comes later when this one has brought something, and at once when it has not: then this end waits
    /// for an answer, and not for the next of many.
    #[inline]
    pub(super) fn look(&mut self) {
        for _ in 0..self.patience {
            self.shared.pause();
        }
        // Acquire: what the other side did before it moved its count is done.
        let seen = self.view().other.load(Acquire);
        self.patience = if seen == self.seen {
            0
        } else {
            (2 * self.patience)
                .clamp(1, PATIENCE_MAX)
                .min(self.shared.spins())
        };
        self.seen = seen;
    }

    /// Moves this side's count to `count`. From here on the messages, or the slots, are the other side's.
    #[inline]
    pub(super) fn publish(&self, count: u64) {
        self.view().own.store(count, Release);
    }

    /// Wakes whoever waits for this side's count to move.
    #[inline]
    pub(super) fn notify(&self) {
        self.shared.light_fence();
        wake(self.view().they_wait);
    }

    /// Waits until the other side's count is no longer what it was when this end last saw it.
    #[cold]
    pub(super) fn wait_for_other(&self, wait: Wait) -> Result<(), Stopped> {
        let view = self.view();
        let moved = || view.other.load(Relaxed) != self.seen;
        let spins = if wait == Wait::No { 0 } else { self.shared.spins() };
        for _ in 0..spins {
            if moved() {
                return Ok(());
            }
            self.shared.pause();
        }
        loop {
            let slice = wait.slice(LOOK_EVERY);
            if let Some(slice) = slice {
                let before = view.we_wait.load(Relaxed);
                let asleep = before | 1;
                // Exchanged even if it stays the same: a store of our own is what the fence is for.
                if view.we_wait.compare_exchange(before, asleep, Relaxed).is_err() {
                    continue;
                }
                self.shared.heavy_fence();
                if !moved() {
                    view.we_wait.wait(asleep, slice);
                }
            }
            if moved() {
                return Ok(());
            }
            if view.they_came.load(Relaxed) != 0 && !self.shared.has_peers() {
                // What the last of them did before it went counts.
                return if moved() { Ok(()) } else { Err(Stopped::Deserted) };
            }
            if slice.is_none() {
                return Err(Stopped::Expired);
            }
        }
    }
}

/// Wakes all who sleep on a word that says that somebody does. When the exchange fails another end has done it.
#[inline]
pub(super) fn wake<W: Word>(word: &W) {
    let asleep = word.load(Relaxed);
    if asleep & 1 != 0
        && word
            .compare_exchange(asleep, asleep.wrapping_add(1), Relaxed)
            .is_ok()
    {
        word.wake(ALL);
    }
}

/// The words as one side sees them: what it moves, and what it waits for.
pub(super) struct View<'a, W> {
    /// The word that this side stores.
    pub own: &'a W,
    /// The word that the other side stores.
    pub other: &'a W,
    /// Whose turn it is on this side.
    pub turn: &'a W,
    /// Odd when somebody of this side sleeps on it, waiting for `other` to move.
    pub we_wait: &'a W,
    /// Odd when somebody of the other side sleeps on it, waiting for `own` to move.
    pub they_wait: &'a W,
    /// Set when the other side has been there.
    pub they_came: &'a W,
}

impl<W> Control<W> {
    /// The words as `side` sees them.
    pub(super) fn view(&self, side: Side) -> View<'_, W> {
        match side {
            Side::Senders => View {
                own: &self.tail.0,
                other: &self.head.0,
                turn: &self.send_turn.0,
                we_wait: &self.senders_wait.0,
                they_wait: &self.receivers_wait.0,
                they_came: &self.receivers_came.0,
            },
            Side::Receivers => View {
                own: &self.head.0,
                other: &self.tail.0,
                turn: &self.recv_turn.0,
                we_wait: &self.receivers_wait.0,
                they_wait: &self.senders_wait.0,
                they_came: &self.senders_came.0,
            },
        }
    }
}
