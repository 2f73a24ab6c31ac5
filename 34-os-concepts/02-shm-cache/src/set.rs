//! A set: 32 slots behind one lock, and a line with 16 bits of each key's hash.
//!
//! A key can be in any slot of its set and in no other set. A look for it compares all 32 tags, eight words of four,
//! without a branch, and then reads the one slot, seldom two, whose tag agrees. A tag of 0 stands for an empty slot.
//! Tags are hints: what counts is the key in the slot.
//!
//! Only [`Set::get`] may be called without the lock. Every other function is one that may be cut off by death between
//! any two of its stores; [`Set::repair`] is what the next holder then calls.

use crate::cell::Cell;
use crate::digest::Key;
use crate::layout::{set_bytes, slot_bytes};

/// The words of a set.
pub struct Set<'a, C> {
    cells: &'a [C],
    slot_words: usize,
    seed: u64,
}

/// What a look for a key has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup {
    /// Its value is in the buffer, if that is long enough.
    Hit {
        /// Bytes of the value.
        value_bytes: usize,
        /// When it expires; 0: never.
        expires_ns: u64,
    },
    /// The key is not there.
    Miss,
    /// A slot is damaged, or is being written all the time: the lock is needed to know more.
    Unsure,
}

impl<'a, C: Cell> Set<'a, C> {
    /// The words that a set with slabs of this size has.
    pub const fn words(slab_bytes: u32) -> usize {
        set_bytes(slab_bytes) / 8
    }

    /// The set that these words are, in a region whose hashes begin with `seed`.
    pub fn new(cells: &'a [C], slab_bytes: u32, seed: u64) -> Self {
        Self {
            cells,
            slot_words: slot_bytes(slab_bytes) / 8,
            seed,
        }
    }

    /// Reads the value of `key` into `buffer`. Needs no lock, and writes nothing but a referenced bit that is clear.
    pub fn get(&self, key: &Key<'_>, buffer: &mut [u8]) -> Lookup {
        todo!(
            "look for {:?} in {} words, {} bytes for the value",
            key.bytes,
            self.cells.len(),
            buffer.len()
        )
    }

    /// Like [`Set::get`], for the holder of the lock: drops what is damaged, and is never unsure.
    pub fn get_locked(&self, key: &Key<'_>, buffer: &mut [u8]) -> Lookup {
        todo!("look for {:?}, {} bytes for the value", key.bytes, buffer.len())
    }

    /// Stores an entry that fits: over the key's last one, else in an empty slot, else where the clock's hand stops.
    pub fn insert(&self, key: &Key<'_>, value: &[u8], expires_ns: u64, now_ns: u64) {
        todo!("store {:?}, {value:?}, {expires_ns} at {now_ns}", key.bytes)
    }

    /// Drops the entry of `key`; whether there was one that had not expired.
    pub fn remove(&self, key: &Key<'_>, now_ns: u64) -> bool {
        todo!("drop {:?} at {now_ns}", key.bytes)
    }

    /// Brings order into a set whose lock was inherited: drops every entry that is half written, damaged, or not where
    /// its tag says.
    pub fn repair(&self) {
        todo!(
            "put {} words in order, slots of {}, seed {}",
            self.cells.len(),
            self.slot_words,
            self.seed
        )
    }

    /// Drops and counts every entry that is damaged or is not where its tag says; returns how many those were.
    pub fn check(&self) -> usize {
        todo!("verify {} words", self.cells.len())
    }

    /// Entries in the set, expired ones included.
    pub fn entries(&self) -> usize {
        todo!("count the tags of {} words", self.cells.len())
    }

    /// One of the words of the control line, by its place in [`control`](crate::layout::control).
    pub fn counter(&self, word: usize) -> u64 {
        todo!("word {word} of {}", self.cells.len())
    }
}

/// Whether an entry that expires at `expires_ns` has done so.
pub fn has_expired(expires_ns: u64, now_ns: u64) -> bool {
    todo!("{expires_ns} at {now_ns}")
}
