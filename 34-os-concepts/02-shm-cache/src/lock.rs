//! A lock that outlives its holder: 32 bits, generic over where they are and how to sleep on them.
//!
//! ```text
//! 0                   free
//! number              held by the process of that number, 1 to 2³¹ − 1
//! number | WAITERS    held, and somebody may sleep until it is released
//! ```
//!
//! A holder that dies leaves its number behind. Numbers are never given twice, so whoever finds that number's process
//! gone can put its own in the place by one exchange, which succeeds for one of all who try.

use std::sync::atomic::Ordering::{self, Relaxed};

/// Nobody holds the lock.
pub const FREE: u32 = 0;
/// Somebody may sleep until the lock is released.
pub const WAITERS: u32 = 1 << 31;

/// The lock's word. Orderings are the lock's business, so they come as arguments.
pub trait Word {
    /// How often to look again before sleeping; 0 where looking is not cheap.
    const SPINS: u32;
    /// Reads it.
    fn load(&self, order: Ordering) -> u32;
    /// Writes `new` if it is `current`; otherwise returns what it is.
    fn compare_exchange(
        &self,
        current: u32,
        new: u32,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u32, u32>;
    /// Writes `value` and returns what was there.
    fn swap(&self, value: u32, order: Ordering) -> u32;
    /// Sleeps as long as it is `expected`, until it is woken, but not for ever. It may wake for no reason.
    fn wait(&self, expected: u32) -> Wake;
    /// Wakes one who sleeps.
    fn wake_one(&self);
}

/// Why [`Word::wait`] returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// Woken, or there was no reason to sleep.
    Woken,
    /// Time is up, and nobody has released the lock.
    TimedOut,
}

/// Knows which holders are no more.
pub trait Owners {
    /// Whether the process of this number has ended. What it wrote before is visible behind this call.
    fn is_gone(&self, number: u32) -> bool;
}

/// In what state the lock came.
#[must_use = "what an inherited lock protects has to be repaired"]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acquired {
    /// The last holder released it.
    Clean,
    /// The last holder died with it, and may have left half of a change.
    Inherited,
}

/// Takes the lock for the process of number `me`, and sleeps as long as a living process holds it.
pub fn acquire<W: Word, O: Owners>(word: &W, me: u32, owners: &O) -> Acquired {
    todo!(
        "lock {} for {me}, unless {} holds it",
        word.load(Relaxed),
        owners.is_gone(0)
    )
}

/// Releases the lock, and wakes one who waits for it.
pub fn release<W: Word>(word: &W) {
    todo!("unlock {}", word.load(Relaxed))
}
