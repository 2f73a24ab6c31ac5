//! A set: 32 slots behind one lock, and a line with 16 bits of each key's hash.
//!
//! A key can be in any slot of its set and in no other set. A look for it compares all 32 tags at once ([`crate::tags`]), and
//! then reads the one slot, seldom two, whose tag agrees. A tag of 0 stands for an empty slot. Tags are hints: what
//! counts is the key in the slot.
//!
//! Only [`Set::get`] may be called without the lock. Every other function is one that may be cut off by death between
//! any two of its stores; [`Set::repair`] is what the next holder then calls.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crate::cell::Cell;
use crate::digest::{Key, tag_of};
use crate::layout::{SET_SLOTS, TAG_WORDS, TAGS_WORD, control, set_bytes, slot_bytes};
use crate::slot::{Found, Slot};
use crate::tags;

/// How often to read a slot again before asking for the lock.
const READS_MAX: usize = 64;
/// The words before the first slot.
const HEADER_WORDS: usize = TAGS_WORD + TAG_WORDS;

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
    #[inline]
    pub const fn words(slab_bytes: u32) -> usize {
        set_bytes(slab_bytes) / 8
    }

    /// The set that these words are, in a region whose hashes begin with `seed`.
    #[inline]
    pub fn new(cells: &'a [C], slab_bytes: u32, seed: u64) -> Self {
        debug_assert_eq!(cells.len(), Self::words(slab_bytes), "the words of a set");
        Self {
            cells,
            slot_words: slot_bytes(slab_bytes) / 8,
            seed,
        }
    }

    /// Reads the value of `key` into `buffer`. Needs no lock, and writes nothing but a referenced bit that is clear.
    #[inline]
    pub fn get(&self, key: &Key<'_>, buffer: &mut [u8]) -> Lookup {
        for index in self.slots_tagged(key.tag()) {
            let slot = self.slot(index);
            match read_stable(&slot, key, buffer) {
                Found::Value {
                    value_bytes,
                    expires_ns,
                } => {
                    slot.touch();
                    return Lookup::Hit {
                        value_bytes,
                        expires_ns,
                    };
                }
                Found::OtherKey => {}
                // Nothing behind a tag: the entry is just going, or its lengths are damaged.
                Found::Nothing | Found::Damaged | Found::Unstable => return Lookup::Unsure,
            }
        }
        Lookup::Miss
    }

    /// Like [`Set::get`], for the holder of the lock: drops what is damaged, and is never unsure.
    pub fn get_locked(&self, key: &Key<'_>, buffer: &mut [u8]) -> Lookup {
        let Some((index, found)) = self.find(key, buffer) else {
            return Lookup::Miss;
        };
        self.slot(index).touch();
        found
    }

    /// Stores an entry that fits: over the key's last one, else in an empty slot, else where the clock's hand stops.
    pub fn insert(&self, key: &Key<'_>, value: &[u8], expires_ns: u64, now_ns: u64) {
        if let Some((index, _)) = self.find(key, &mut []) {
            self.slot(index).write(key, value, expires_ns);
            return;
        }
        let index = self
            .slots_tagged(0)
            .lowest()
            .unwrap_or_else(|| self.evict(now_ns));
        let slot = self.slot(index);
        slot.take_referenced();
        slot.write(key, value, expires_ns);
        // Last: until now nobody looks at the slot, and if we die, `repair` finds an entry without its tag.
        self.set_tag(index, key.tag());
    }

    /// Drops the entry of `key`; whether there was one that had not expired.
    pub fn remove(&self, key: &Key<'_>, now_ns: u64) -> bool {
        let Some((index, Lookup::Hit { expires_ns, .. })) = self.find(key, &mut []) else {
            return false;
        };
        self.empty(index);
        !has_expired(expires_ns, now_ns)
    }

    /// Brings order into a set whose lock was inherited: drops every entry that is half written, damaged, or not where
    /// its tag says.
    pub fn repair(&self) {
        for index in 0..SET_SLOTS {
            let hash = self.slot(index).sound_hash();
            if hash.is_none_or(|hash| tag_of(hash) != self.tag(index)) && !self.is_free(index) {
                self.empty(index);
            }
        }
        self.count(control::RECOVERIES);
    }

    /// Drops and counts every entry that is damaged or is not where its tag says; returns how many those were.
    pub fn check(&self) -> usize {
        let wrong = (0..SET_SLOTS).filter(|&index| {
            let hash = self.slot(index).sound_hash();
            hash.is_none_or(|hash| tag_of(hash) != self.tag(index)) && !self.is_free(index)
        });
        wrong.map(|index| self.drop_damaged(index)).count()
    }

    /// Entries in the set, expired ones included.
    pub fn entries(&self) -> usize {
        (0..SET_SLOTS).filter(|&index| self.tag(index) != 0).count()
    }

    /// One of the words of the control line, by its place in [`control`].
    pub fn counter(&self, word: usize) -> u64 {
        self.cells[word].load(Relaxed)
    }

    /// The key's slot, and what is in it. Damaged slots on the way are dropped.
    fn find(&self, key: &Key<'_>, buffer: &mut [u8]) -> Option<(usize, Lookup)> {
        for index in self.slots_tagged(key.tag()) {
            match self.slot(index).read(key, buffer) {
                Found::Value {
                    value_bytes,
                    expires_ns,
                } => {
                    let hit = Lookup::Hit {
                        value_bytes,
                        expires_ns,
                    };
                    return Some((index, hit));
                }
                Found::OtherKey => {}
                // Nobody else writes while we hold the lock, and what a dead holder left has been repaired.
                Found::Nothing | Found::Damaged | Found::Unstable => self.drop_damaged(index),
            }
        }
        None
    }

    /// Empties the slot that the hand chooses, and returns it. An entry that was read since the hand last passed stays
    /// for one round more, unless it has expired.
    fn evict(&self, now_ns: u64) -> usize {
        let start = self.counter(control::HAND) as usize;
        // Behind the second round it stops wherever it is: readers may set bits as fast as we clear them.
        let turn = (0..2 * SET_SLOTS).find(|turn| {
            let slot = self.slot((start + turn) % SET_SLOTS);
            has_expired(slot.expires_ns(), now_ns) || !slot.take_referenced()
        });
        let index = (start + turn.unwrap_or(0)) % SET_SLOTS;
        self.cells[control::HAND].store((index as u64 + 1) % SET_SLOTS as u64, Relaxed);
        self.count(if has_expired(self.slot(index).expires_ns(), now_ns) {
            control::EXPIRATIONS
        } else {
            control::EVICTIONS
        });
        self.empty(index);
        index
    }

    /// Adds one to a counter. The lock is held, so nobody else does.
    fn count(&self, word: usize) {
        self.cells[word].store(self.counter(word).wrapping_add(1), Relaxed);
    }

    fn drop_damaged(&self, index: usize) {
        self.empty(index);
        self.count(control::CORRUPTIONS);
    }

    /// The tag first, so that no tag ever stands for an entry that is gone.
    fn empty(&self, index: usize) {
        self.set_tag(index, 0);
        self.slot(index).clear();
    }

    fn is_free(&self, index: usize) -> bool {
        self.tag(index) == 0 && self.slot(index).is_clear()
    }

    #[inline]
    fn slot(&self, index: usize) -> Slot<'a, C> {
        let start = HEADER_WORDS + index * self.slot_words;
        Slot::new(&self.cells[start..start + self.slot_words], self.seed)
    }

    fn tag(&self, index: usize) -> u16 {
        (self.cells[TAGS_WORD + index / 4].load(Relaxed) >> (index % 4 * 16)) as u16
    }

    /// Release: who sees the tag sees the entry.
    fn set_tag(&self, index: usize, tag: u16) {
        let cell = &self.cells[TAGS_WORD + index / 4];
        let shift = index % 4 * 16;
        let others = cell.load(Relaxed) & !(0xffff << shift);
        cell.store(others | u64::from(tag) << shift, Release);
    }

    /// The slots that have this tag.
    #[inline]
    fn slots_tagged(&self, tag: u16) -> Matches {
        let cells = &self.cells[TAGS_WORD..HEADER_WORDS];
        Matches(tags::equal(
            &std::array::from_fn(|word| cells[word].load(Acquire)),
            tag,
        ))
    }
}

/// Reads until the slot is stable, or it is time to ask for the lock.
#[inline]
fn read_stable<C: Cell>(slot: &Slot<'_, C>, key: &Key<'_>, buffer: &mut [u8]) -> Found {
    for _ in 0..READS_MAX {
        match slot.read(key, buffer) {
            Found::Unstable => std::hint::spin_loop(),
            found => return found,
        }
    }
    Found::Unstable
}

/// Whether an entry that expires at `expires_ns` has done so.
#[inline]
pub fn has_expired(expires_ns: u64, now_ns: u64) -> bool {
    expires_ns != 0 && now_ns >= expires_ns
}

/// Slots as bits, the first one lowest.
struct Matches(u32);

impl Matches {
    fn lowest(self) -> Option<usize> {
        self.min()
    }
}

impl Iterator for Matches {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        let bit = (self.0 != 0).then(|| self.0.trailing_zeros() as usize)?;
        self.0 &= self.0 - 1;
        Some(bit)
    }
}
