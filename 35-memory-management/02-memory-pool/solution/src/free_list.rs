//! A lock-free stack of free places, named by index: Treiber's, with a tag against ABA.
//!
//! ```text
//! head   | tag: 32 bits | index + 1: 32 bits |     0 in the low half: empty
//! link   | 0            | index + 1          |     of a place in the list: the one below it
//! ```
//!
//! Between reading the head and exchanging it, others may take that place, and the one below, and bring the first one
//! back. The index is then what it was, and its link is not: ABA. So every change of the head adds one to the tag, and
//! an exchange against an old tag fails. Only a thread that sleeps through exactly 2^32 changes would be deceived.
//!
//! Places are never unmapped while the list is in use. A thread that is too slow reads the link of a place that belongs to
//! somebody else by then: a number that its exchange will not believe, in memory that is still there.

use std::sync::atomic::{AtomicU64, Ordering};

/// A 64-bit atomic word: the machine's, or one of a tool that explores all orders.
pub trait Word {
    /// Reads it.
    fn load(&self, order: Ordering) -> u64;

    /// Writes it.
    fn store(&self, value: u64, order: Ordering);

    /// Writes `new` if it holds `current`, and otherwise says what it holds.
    ///
    /// # Errors
    /// The value that was found, where it was not `current`; it may fail for no reason, too.
    fn compare_exchange_weak(
        &self,
        current: u64,
        new: u64,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u64, u64>;
}

impl Word for AtomicU64 {
    #[inline]
    fn load(&self, order: Ordering) -> u64 {
        self.load(order)
    }

    #[inline]
    fn store(&self, value: u64, order: Ordering) {
        self.store(value, order);
    }

    #[inline]
    fn compare_exchange_weak(
        &self,
        current: u64,
        new: u64,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u64, u64> {
        self.compare_exchange_weak(current, new, success, failure)
    }
}

/// Where the links are. A place keeps its link apart from what its owner may write.
pub trait Links<W> {
    /// The link of a place.
    fn link(&self, index: u32) -> &W;
}

impl<W> Links<W> for [W] {
    fn link(&self, index: u32) -> &W {
        &self[index as usize]
    }
}

/// The head of a list. A place is in at most one list.
#[derive(Debug)]
pub struct FreeList<W = AtomicU64> {
    head: W,
}

/// What is added to a head to change its tag.
const TAG: u64 = 1 << 32;

/// The half of a word that names a place.
const PLACE: u64 = TAG - 1;

impl<W: Word> FreeList<W> {
    /// An empty list around a word that is 0.
    pub const fn new(head: W) -> Self {
        Self { head }
    }

    /// Puts a place on top. Whoever takes it sees what was done to it before.
    ///
    /// `index` is at most `u32::MAX - 1`, and in no list.
    pub fn push(&self, links: &(impl Links<W> + ?Sized), index: u32) {
        debug_assert!(index < u32::MAX);
        let link = links.link(index);
        // Relaxed: the exchange publishes the link, and checks what was read here.
        let mut head = self.head.load(Ordering::Relaxed);
        loop {
            link.store(head & PLACE, Ordering::Relaxed);
            let new = (head & !PLACE).wrapping_add(TAG) | u64::from(index + 1);
            // Release: the link, and what the last owner did, are before the place is in the list.
            match self
                .head
                .compare_exchange_weak(head, new, Ordering::Release, Ordering::Relaxed)
            {
                Ok(_) => return,
                Err(now) => head = now,
            }
        }
    }

    /// Takes the place on top; `None` where the list is empty.
    pub fn pop(&self, links: &(impl Links<W> + ?Sized)) -> Option<u32> {
        // Acquire: the link that is read next was written before the push. Later pushes and pops are exchanges, which
        // carry that release on.
        let mut head = self.head.load(Ordering::Acquire);
        loop {
            let index = u32::try_from((head & PLACE).checked_sub(1)?).expect("half a word");
            let below = links.link(index).load(Ordering::Relaxed);
            let new = (head & !PLACE).wrapping_add(TAG) | below;
            match self
                .head
                .compare_exchange_weak(head, new, Ordering::Acquire, Ordering::Acquire)
            {
                Ok(_) => return Some(index),
                Err(now) => head = now,
            }
        }
    }
}
