//! A hash table from keys to the places of a vector that somebody else holds.
//!
//! ```text
//! slots    ┌──────────┬───────────────┬───────────────┬──────────┐    a power of two of them, at most 3/4 in use
//!          │ EMPTY    │ hash │ place  │ hash │ place  │ EMPTY    │
//!          └──────────┴───────────────┴───────────────┴──────────┘
//! ```
//!
//! A slot holds 32 bits of the hash: most other keys are passed over without a look at them, and growing needs no key.
//! Collisions go to the next slot. Nothing is ever removed.

/// A slot that no key has.
const EMPTY: Slot = Slot {
    hash: 0,
    place: u32::MAX,
};

#[derive(Debug, Clone, Copy)]
struct Slot {
    hash: u32,
    place: u32,
}

/// The table. Places are handed out from 0 on, in the order in which keys come.
#[derive(Debug)]
pub struct Index {
    slots: Vec<Slot>,
    /// The keys in the table: the place of the next new one.
    count: u32,
}

impl Index {
    /// A table without keys.
    pub fn new() -> Self {
        Self {
            slots: vec![EMPTY; 64],
            count: 0,
        }
    }

    /// The place of the key with this hash of which `is_key` says that it is the one; a new place if there is none.
    ///
    /// # Panics
    /// At 2^32 - 1 keys.
    #[inline]
    pub fn place(&mut self, hash: u64, is_key: impl Fn(usize) -> bool) -> usize {
        let hash = (hash >> 32) as u32;
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at & mask];
            if slot.place == EMPTY.place {
                return self.insert(at, hash);
            }
            if slot.hash == hash && is_key(slot.place as usize) {
                return slot.place as usize;
            }
            at = (at + 1) & mask;
        }
    }

    #[cold]
    fn insert(&mut self, at: usize, hash: u32) -> usize {
        let place = self.count;
        assert!(place < EMPTY.place, "more keys than 32 bits can count");
        self.slots[at] = Slot { hash, place };
        self.count += 1;
        if self.count as usize > self.slots.len() / 4 * 3 {
            self.grow();
        }
        place as usize
    }

    fn grow(&mut self) {
        let mask = 2 * self.slots.len() - 1;
        let mut slots = vec![EMPTY; mask + 1];
        for slot in self.slots.iter().filter(|slot| slot.place != EMPTY.place) {
            let mut at = slot.hash as usize & mask;
            while slots[at].place != EMPTY.place {
                at = (at + 1) & mask;
            }
            slots[at] = *slot;
        }
        self.slots = slots;
    }
}

/// Spreads a number over 64 bits: both halves of a product of 128.
#[inline]
pub fn mix(number: u64) -> u64 {
    let product = u128::from(number ^ 0x9E37_79B9_7F4A_7C15) * 0xD6E8_FEB8_6659_FD93;
    product as u64 ^ (product >> 64) as u64
}

/// The hash of some bytes, eight at a time; the last eight may have been read before.
///
/// Whoever writes the log can find names that collide, and make it slow; the figures stay right.
#[inline]
pub fn hash(bytes: &[u8]) -> u64 {
    let Some(last) = bytes.last_chunk::<8>() else {
        let word = bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        return mix(word + bytes.len() as u64);
    };
    let add = |state: u64, word: &[u8; 8]| {
        (state.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    };
    let state = bytes.as_chunks::<8>().0.iter().fold(bytes.len() as u64, add);
    mix(add(state, last))
}
