//! One entry. A writer holds the lock of the set; readers hold nothing, and find out whether what they read was whole.
//!
//! ```text
//! word 0  sequence     odd while somebody writes; even, and another number than before, when that is done
//!      1  lengths      key in bits 0 to 15, value in bits 32 to 63; key 0: no entry
//!      2  expires      nanoseconds of the region's clock, 0: never
//!      3  checksum
//!      4  referenced   1 when the entry was read since the hand passed; outside of sequence and checksum
//!      5  key, filled with zeros to a whole word, then the value, likewise
//! ```
//!
//! Why the reader is right (a *seqlock*): a writer makes the sequence odd, and a release fence stands between that
//! and its first word. If a reader has seen any of those words, its acquire fence behind them makes it see the odd
//! sequence too, or a later one, and it discards what it read.

use crate::cell::Cell;
use crate::digest::Key;

/// The words of a slot, header and slab.
pub struct Slot<'a, C> {
    cells: &'a [C],
    /// What the region's hashes begin with.
    seed: u64,
}

/// What a look at a slot for a key has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// The key's entry, whole. The value is in the buffer, if that is long enough.
    Value {
        /// Bytes of the value.
        value_bytes: usize,
        /// When it expires; 0: never.
        expires_ns: u64,
    },
    /// The entry of another key, in order.
    OtherKey,
    /// No entry.
    Nothing,
    /// An entry whose checksum or lengths are wrong.
    Damaged,
    /// Somebody is writing, or has written meanwhile.
    Unstable,
}

impl<'a, C: Cell> Slot<'a, C> {
    /// The slot that these words are: a header, and a slab behind it.
    pub fn new(cells: &'a [C], seed: u64) -> Self {
        Self { cells, seed }
    }

    /// Reads the entry of `key` into `buffer`, once; whoever finds it unstable may try again.
    ///
    /// A value that is longer than the buffer is verified all the same, and its length told. Whatever the answer is,
    /// the buffer may have changed.
    pub fn read(&self, key: &Key<'_>, buffer: &mut [u8]) -> Found {
        todo!(
            "look for {:?} in {} words into {} bytes, from seed {}",
            key.bytes,
            self.cells.len(),
            buffer.len(),
            self.seed
        )
    }

    /// Puts an entry into the slot, whatever was there. The caller holds the lock, and the entry fits.
    pub fn write(&self, key: &Key<'_>, value: &[u8], expires_ns: u64) {
        todo!("write {:?}, {value:?} and {expires_ns}", key.bytes)
    }

    /// Makes the slot empty. The caller holds the lock.
    pub fn clear(&self) {
        todo!("no entry in these {} words", self.cells.len())
    }

    /// Notes that the entry was read. Only the first reader since the hand passed writes: to all others the line stays
    /// shared among the processors.
    pub fn touch(&self) {
        todo!("note a read in one of {} words", self.cells.len())
    }

    /// Whether the entry was read since this was last called.
    pub fn take_referenced(&self) -> bool {
        todo!("was it read, one of {} words says", self.cells.len())
    }

    /// When the entry expires, for the holder of the lock; 0: never.
    pub fn expires_ns(&self) -> u64 {
        todo!("one of {} words", self.cells.len())
    }

    /// The hash of the stored key if the entry is whole and in order, for the holder of the lock.
    pub fn sound_hash(&self) -> Option<u64> {
        todo!("verify the entry of {} words", self.cells.len())
    }

    /// Whether the slot is empty and nobody has died in it, for the holder of the lock.
    pub fn is_clear(&self) -> bool {
        todo!("look at {} words", self.cells.len())
    }
}
