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

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crate::cell::Cell;
use crate::digest::{Digest, Key, of_words};
use crate::layout::{KEY_BYTES_MAX, SLOT_HEADER_BYTES};

const SEQUENCE: usize = 0;
const LENGTHS: usize = 1;
const EXPIRES: usize = 2;
const CHECKSUM: usize = 3;
const REFERENCED: usize = 4;
/// Where the key begins.
const DATA: usize = SLOT_HEADER_BYTES / 8;

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

/// An entry's words, of lengths that fit into the slab.
struct Content<'a, C> {
    lengths: u64,
    key_bytes: usize,
    value_bytes: usize,
    key: &'a [C],
    value: &'a [C],
}

impl<'a, C: Cell> Slot<'a, C> {
    /// The slot that these words are: a header, and a slab behind it.
    #[inline]
    pub fn new(cells: &'a [C], seed: u64) -> Self {
        Self { cells, seed }
    }

    /// Reads the entry of `key` into `buffer`, once; whoever finds it unstable may try again.
    ///
    /// A value that is longer than the buffer is verified all the same, and its length told. Whatever the answer is,
    /// the buffer may have changed.
    #[inline]
    pub fn read(&self, key: &Key<'_>, buffer: &mut [u8]) -> Found {
        let before = self.cells[SEQUENCE].load(Acquire);
        if before & 1 == 1 {
            return Found::Unstable;
        }
        let found = self.read_unstable(key, buffer);
        C::fence(Acquire);
        if self.cells[SEQUENCE].load(Relaxed) == before {
            found
        } else {
            Found::Unstable
        }
    }

    /// Reads what may change at any moment: nothing that it finds may be believed yet, and nothing makes it panic.
    #[inline]
    fn read_unstable(&self, key: &Key<'_>, buffer: &mut [u8]) -> Found {
        let content = match self.content() {
            Ok(Some(content)) => content,
            Ok(None) => return Found::Nothing,
            Err(OutOfBounds) => return Found::Damaged,
        };
        if content.key_bytes != key.bytes.len() || !holds(content.key, key.bytes) {
            return self.other_key(&content);
        }
        let expires_ns = self.cells[EXPIRES].load(Relaxed);
        let mut digest = Digest::new(key.hash);
        digest.pair(content.lengths, expires_ns);
        match buffer.get_mut(..content.value_bytes) {
            Some(buffer) => copy(content.value, buffer, &mut digest),
            None => add(content.value, &mut digest),
        }
        if digest.finish() != self.cells[CHECKSUM].load(Relaxed) {
            return Found::Damaged;
        }
        Found::Value {
            value_bytes: content.value_bytes,
            expires_ns,
        }
    }

    /// Another key: really, or is a byte of it damaged? Two keys of a set seldom have one tag, so there is time to look.
    #[cold]
    fn other_key(&self, content: &Content<'_, C>) -> Found {
        match self.verified_hash(content) {
            Some(_) => Found::OtherKey,
            None => Found::Damaged,
        }
    }

    /// The hash of the stored key, if the checksum is that of the entry.
    fn verified_hash(&self, content: &Content<'_, C>) -> Option<u64> {
        let hash = of_words(self.seed, content.key_bytes, content.key.iter().map(load));
        let mut digest = Digest::new(hash);
        digest.pair(content.lengths, self.cells[EXPIRES].load(Relaxed));
        add(content.value, &mut digest);
        (digest.finish() == self.cells[CHECKSUM].load(Relaxed)).then_some(hash)
    }

    /// The entry's words; `None` where there is no entry.
    #[inline]
    fn content(&self) -> Result<Option<Content<'a, C>>, OutOfBounds> {
        let lengths = self.cells[LENGTHS].load(Relaxed);
        let (key_bytes, value_bytes) = ((lengths & 0xffff) as usize, (lengths >> 32) as usize);
        if key_bytes == 0 {
            return if lengths == 0 { Ok(None) } else { Err(OutOfBounds) };
        }
        let (key_words, value_words) = (key_bytes.div_ceil(8), value_bytes.div_ceil(8));
        let data = self.cells[DATA..].get(..key_words + value_words);
        let data = data.filter(|_| key_bytes <= KEY_BYTES_MAX).ok_or(OutOfBounds)?;
        let (key, value) = data.split_at(key_words);
        Ok(Some(Content {
            lengths,
            key_bytes,
            value_bytes,
            key,
            value,
        }))
    }

    /// Puts an entry into the slot, whatever was there. The caller holds the lock, and the entry fits.
    pub fn write(&self, key: &Key<'_>, value: &[u8], expires_ns: u64) {
        let lengths = key.bytes.len() as u64 | (value.len() as u64) << 32;
        let mut digest = Digest::new(key.hash);
        digest.pair(lengths, expires_ns);
        let odd = self.begin();
        self.cells[LENGTHS].store(lengths, Relaxed);
        self.cells[EXPIRES].store(expires_ns, Relaxed);
        let (key_cells, rest) = self.cells[DATA..].split_at(key.bytes.len().div_ceil(8));
        for (cell, word) in key_cells.iter().zip(words(key.bytes)) {
            cell.store(word, Relaxed);
        }
        let value_cells = &rest[..value.len().div_ceil(8)];
        for (cells, bytes) in value_cells.chunks(2).zip(value.chunks(16)) {
            let mut words = words(bytes);
            let (first, second) = (words.next().unwrap_or(0), words.next().unwrap_or(0));
            cells[0].store(first, Relaxed);
            if let Some(cell) = cells.get(1) {
                cell.store(second, Relaxed);
            }
            digest.pair(first, second);
        }
        self.cells[CHECKSUM].store(digest.finish(), Relaxed);
        self.end(odd);
    }

    /// Makes the slot empty. The caller holds the lock.
    pub fn clear(&self) {
        let odd = self.begin();
        self.cells[LENGTHS].store(0, Relaxed);
        self.cells[CHECKSUM].store(0, Relaxed);
        self.end(odd);
    }

    /// Makes the sequence odd before any other word changes. It may be odd already, where a writer has died.
    fn begin(&self) -> u64 {
        let odd = self.cells[SEQUENCE].load(Relaxed) | 1;
        self.cells[SEQUENCE].store(odd, Relaxed);
        C::fence(Release);
        odd
    }

    /// Makes it even again, behind all of them.
    fn end(&self, odd: u64) {
        self.cells[SEQUENCE].store(odd.wrapping_add(1), Release);
    }

    /// Notes that the entry was read. Only the first reader since the hand passed writes: to all others the line stays
    /// shared among the processors.
    #[inline]
    pub fn touch(&self) {
        if self.cells[REFERENCED].load(Relaxed) == 0 {
            self.cells[REFERENCED].store(1, Relaxed);
        }
    }

    /// Whether the entry was read since this was last called.
    pub fn take_referenced(&self) -> bool {
        let referenced = self.cells[REFERENCED].load(Relaxed) != 0;
        if referenced {
            self.cells[REFERENCED].store(0, Relaxed);
        }
        referenced
    }

    /// When the entry expires, for the holder of the lock; 0: never.
    pub fn expires_ns(&self) -> u64 {
        self.cells[EXPIRES].load(Relaxed)
    }

    /// The hash of the stored key if the entry is whole and in order, for the holder of the lock.
    pub fn sound_hash(&self) -> Option<u64> {
        if self.cells[SEQUENCE].load(Relaxed) & 1 == 1 {
            return None;
        }
        let content = self.content().ok()??;
        self.verified_hash(&content)
    }

    /// Whether the slot is empty and nobody has died in it, for the holder of the lock.
    pub fn is_clear(&self) -> bool {
        self.cells[SEQUENCE].load(Relaxed) & 1 == 0 && self.cells[LENGTHS].load(Relaxed) == 0
    }
}

/// Lengths that no entry of this slab has.
struct OutOfBounds;

#[inline]
fn load<C: Cell>(cell: &C) -> u64 {
    cell.load(Relaxed)
}

/// Bytes as words, the last one filled with zeros.
#[inline]
fn words(bytes: &[u8]) -> impl Iterator<Item = u64> {
    let (whole, rest) = bytes.as_chunks::<8>();
    let last = (!rest.is_empty()).then(|| {
        let mut word = [0; 8];
        word[..rest.len()].copy_from_slice(rest);
        u64::from_le_bytes(word)
    });
    whole.iter().map(|word| u64::from_le_bytes(*word)).chain(last)
}

/// Whether the words are these bytes. They are as many.
#[inline]
fn holds<C: Cell>(cells: &[C], bytes: &[u8]) -> bool {
    let (whole, rest) = bytes.as_chunks::<8>();
    let mut cells = cells.iter();
    for (word, cell) in whole.iter().zip(&mut cells) {
        if load(cell) != u64::from_le_bytes(*word) {
            return false;
        }
    }
    match cells.next() {
        Some(cell) => words(rest).next() == Some(load(cell)),
        None => true,
    }
}

/// Copies a value and adds it to its checksum, in one pass.
#[inline]
fn copy<C: Cell>(cells: &[C], buffer: &mut [u8], digest: &mut Digest) {
    let (whole, rest) = buffer.as_chunks_mut::<16>();
    let (pairs, last) = cells.split_at(whole.len() * 2);
    let (pairs, _) = pairs.as_chunks::<2>();
    for ([first, second], bytes) in pairs.iter().zip(whole) {
        let (first, second) = (load(first), load(second));
        *bytes = (u128::from(first) | u128::from(second) << 64).to_le_bytes();
        digest.pair(first, second);
    }
    if !last.is_empty() {
        let (first, second) = (load(&last[0]), last.get(1).map_or(0, load));
        let bytes = (u128::from(first) | u128::from(second) << 64).to_le_bytes();
        rest.copy_from_slice(&bytes[..rest.len()]);
        digest.pair(first, second);
    }
}

/// Adds a value to its checksum.
fn add<C: Cell>(cells: &[C], digest: &mut Digest) {
    for pair in cells.chunks(2) {
        digest.pair(load(&pair[0]), pair.get(1).map_or(0, load));
    }
}
