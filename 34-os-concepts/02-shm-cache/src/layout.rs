//! The region, byte by byte. All numbers are little-endian; the brief draws it.
//!
//! ```text
//! 0        header, one page
//! 4096     set 0
//! +stride  set 1 …
//!
//! set:     0 control line (64)   64 tags, 32 of 16 bits (64)   128 slot 0   +stride slot 1 …
//! slot:    0 sequence  8 lengths  16 expires  24 checksum  32 referenced  40 key, then value
//! ```
//!
//! Every offset is a multiple of 8, and each word is only ever reached as one atomic number of 64 bits; the
//! exception is the lock, the first 32 bits of a set.

use crate::error::OpenError;

/// The first eight bytes of a region.
pub const MAGIC: [u8; 8] = *b"SHMCACHE";
/// The version of this layout.
pub const VERSION: u32 = 1;
/// Bytes of the header: a page, so that the sets begin at a line.
pub const HEADER_BYTES: usize = 4096;
/// Where in the header the number of the next process to attach stands.
pub const NEXT_OWNER_AT: usize = 64;

/// Slots of a set.
pub const SET_SLOTS: usize = 32;
/// Bytes of a set before its first slot: the control line and the tags.
pub const SET_HEADER_BYTES: usize = 128;
/// Bytes of a slot before its slab.
pub const SLOT_HEADER_BYTES: usize = 40;
/// Bytes of a cache line: slots are so aligned.
const LINE_BYTES: usize = 64;

/// Bytes of the longest key.
pub const KEY_BYTES_MAX: usize = 255;
/// Bytes of the smallest slab.
pub const SLAB_BYTES_MIN: u32 = 16;
/// Bytes of the largest slab.
pub const SLAB_BYTES_MAX: u32 = 1 << 20;
/// Slots of the largest region.
pub const SLOTS_MAX: u64 = 1 << 32;

/// Words of a set's control line and what each counts. Word 0 is the lock, and is never touched as a word.
pub mod control {
    /// The slot at which the clock's hand stands.
    pub const HAND: usize = 1;
    /// Entries that had to go although they had not expired.
    pub const EVICTIONS: usize = 2;
    /// Entries that had expired when the hand took them.
    pub const EXPIRATIONS: usize = 3;
    /// Entries that were dropped because they were damaged.
    pub const CORRUPTIONS: usize = 4;
    /// How often the set's lock was taken over from a process that had died.
    pub const RECOVERIES: usize = 5;
}

/// The word of a set at which its tags begin, four to a word.
pub const TAGS_WORD: usize = LINE_BYTES / 8;
/// Words of tags.
pub const TAG_WORDS: usize = SET_SLOTS / 4;

/// What whoever makes a region decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    /// Slots of the region, which is as many entries as it can hold; rounded up to a multiple of [`SET_SLOTS`].
    pub slots: u64,
    /// Bytes for a key and a value together, each rounded up to a multiple of 8.
    pub slab_bytes: u32,
}

impl Default for Config {
    /// A hundred thousand entries or so, in slots of two cache lines.
    fn default() -> Self {
        Self {
            slots: 1 << 17,
            slab_bytes: 88,
        }
    }
}

/// Where everything is in a region; proven to fit, so that offsets need no more checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geometry {
    /// Sets of the region.
    pub set_count: u64,
    /// Bytes of a slab.
    pub slab_bytes: u32,
}

impl Geometry {
    /// The geometry of a region as it is asked for.
    ///
    /// # Errors
    /// [`OpenError::Slots`] and [`OpenError::Slab`] for numbers out of range.
    pub fn new(config: Config) -> Result<Self, OpenError> {
        todo!("check {config:?}, and round the slots up to whole sets")
    }

    /// Slots of the region.
    pub fn slots(&self) -> u64 {
        todo!("{} sets of {SET_SLOTS}", self.set_count)
    }

    /// Bytes from one set to the next.
    pub fn set_bytes(&self) -> usize {
        todo!("the bytes of a set with slabs of {}", self.slab_bytes)
    }

    /// Bytes of the whole region.
    pub fn region_bytes(&self) -> u64 {
        todo!("{HEADER_BYTES} and {} sets", self.set_count)
    }

    /// Where the set of a key begins: the upper half of the product of hash and number of sets.
    pub fn set_at(&self, hash: u64) -> usize {
        todo!("the set of {hash:#x} among {}", self.set_count)
    }
}

/// Bytes from one slot to the next: header and slab, rounded up to whole lines.
pub const fn slot_bytes(slab_bytes: u32) -> usize {
    (SLOT_HEADER_BYTES + slab_bytes as usize).next_multiple_of(LINE_BYTES)
}

/// Bytes from one set to the next.
pub const fn set_bytes(slab_bytes: u32) -> usize {
    SET_HEADER_BYTES + SET_SLOTS * slot_bytes(slab_bytes)
}

/// The part of the header that never changes: bytes 0 to 56.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Where everything is.
    pub geometry: Geometry,
    /// What this region's hashes begin with.
    pub seed: u64,
}

/// Bytes of an encoded [`Header`], checksum included.
pub const ENCODED_BYTES: usize = 56;

impl Header {
    /// The header's first bytes.
    pub fn encode(&self) -> [u8; ENCODED_BYTES] {
        todo!(
            "{MAGIC:?}, {VERSION}, {:?}, {}, checksum",
            self.geometry,
            self.seed
        )
    }

    /// Reads the header of a file of `file_bytes` bytes, and believes nothing that it says without a look.
    ///
    /// # Errors
    /// [`OpenError`], whose variants are tried in the order in which the brief names them.
    pub fn decode(bytes: &[u8; ENCODED_BYTES], file_bytes: u64) -> Result<Self, OpenError> {
        todo!("read {bytes:?} of a file of {file_bytes} bytes, and believe nothing")
    }
}
