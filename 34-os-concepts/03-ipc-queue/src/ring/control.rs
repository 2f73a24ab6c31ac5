//! What the ring's algorithm is made of: words that all ends share, and the memory around them.
//!
//! The algorithm in [`super::producer`], [`super::consumer`] and [`super::turn`] knows nothing else. Between processes
//! the words are in a mapped file and sleep on futexes; in tests they belong to a model checker or count their calls.
//!
//! ```text
//! tail  messages sent so far       stored by the sender whose turn it is, behind the messages
//! head  messages received so far   stored by the receiver whose turn it is, behind its copies
//!
//!        head ─▼               ▼─ tail              head ≤ tail ≤ head + capacity
//!   … │ free │ sent │ sent │ sent │ free │ …        message n is in slot n modulo capacity
//! ```

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::queue::RecvError;

/// A number in memory that several threads or processes share, and can wait for.
///
/// Counts are 64 bits wide: at thirty million a second they go round in 19,000 years.
pub trait Word {
    /// As of the atomic types.
    fn load(&self, order: Ordering) -> u64;

    /// As of the atomic types.
    fn store(&self, value: u64, order: Ordering);

    /// As of the atomic types.
    fn swap(&self, value: u64, order: Ordering) -> u64;

    /// As of the atomic types; relaxed when it fails.
    ///
    /// # Errors
    /// The value that was there.
    fn compare_exchange(&self, current: u64, new: u64, success: Ordering) -> Result<u64, u64>;

    /// Sleeps if the word has this value, until woken, interrupted, or so much time has passed. May return at any time.
    fn wait(&self, value: u64, time: Duration);

    /// Wakes as many of those that sleep on it, or all.
    fn wake(&self, count: u32);
}

/// For [`Word::wake`].
pub const ALL: u32 = i32::MAX.cast_unsigned();

/// The words of a ring, as they are in memory. Each has cache lines of its own: two words in one line would make each
/// store to one a miss for those who look at the other.
#[derive(Debug, Default)]
#[repr(C)]
pub struct Control<W> {
    /// Messages sent so far.
    pub tail: Lines<W>,
    /// The sender whose turn it is; see [`super::turn`].
    pub send_turn: Lines<W>,
    /// Odd when a receiver sleeps on this word, waiting for `tail` to move, or is about to. One more each time that
    /// they are woken.
    pub receivers_wait: Lines<W>,
    /// 1 when there has been a sender.
    pub senders_came: Lines<W>,
    /// Messages received so far.
    pub head: Lines<W>,
    /// The receiver whose turn it is.
    pub recv_turn: Lines<W>,
    /// The same of senders that wait for `head` to move.
    pub senders_wait: Lines<W>,
    /// 1 when there has been a receiver.
    pub receivers_came: Lines<W>,
}

/// Something with two cache lines of its own: hardware fetches them in pairs.
#[derive(Debug, Default)]
#[repr(C, align(128))]
pub struct Lines<W>(pub W);

/// Leave to use a slot. Only the algorithm makes one, and only while no other end uses that slot: so whoever
/// is given a claim may write to the slot, or read from it.
#[derive(Debug)]
pub struct Claim {
    slot: u32,
}

impl Claim {
    /// For message number `count` of a ring with so many slots, a power of two. The caller has the turn, and the
    /// slot is on its side of `head` and `tail`.
    pub(super) fn new(count: u64, capacity: u64) -> Self {
        let slot = count & (capacity - 1);
        Self {
            slot: u32::try_from(slot).expect("a ring has fewer slots than that"),
        }
    }

    /// The number of the slot.
    pub fn slot(&self) -> usize {
        self.slot as usize
    }
}

/// The memory of a ring as one of its ends sees it.
pub trait Shared {
    /// Its words.
    type Word: Word;

    /// The words.
    fn control(&self) -> &Control<Self::Word>;

    /// Writes a message, which is not longer than the ring takes, into a slot.
    fn write(&self, claim: Claim, message: &[u8]);

    /// Reads the message of a slot into `buffer`, which has room for the longest, and returns its length.
    ///
    /// # Errors
    /// [`RecvError::Corrupt`] when that length cannot be.
    fn read(&self, claim: Claim, buffer: &mut [u8]) -> Result<usize, RecvError>;

    /// The cheap half of a pair of fences: of two threads of which each stores to one word, calls its half and loads
    /// the other's word, at least one sees the other's store. See [`Shared::heavy_fence`].
    fn light_fence(&self);

    /// The dear half, for those who are about to sleep.
    fn heavy_fence(&self);

    /// How often to look again before going to sleep.
    fn spins(&self) -> u32;

    /// Passes the time between two looks.
    fn pause(&self);

    /// Whether the end with this id, on the same side as this one, is still there.
    fn is_alive(&self, id: u32) -> bool;

    /// Whether there is anybody on the other side.
    fn has_peers(&self) -> bool;
}
