//! A cache of sets and ways, as arithmetic: which accesses of a list miss.
//!
//! ```text
//! address   │ tag …                     │ set   │ offset │      offset: log2(line) bits, set: log2(sets) bits
//! set 0     [ way ][ way ] … [ way ]      a line can be in any way of its one set
//! set 1     [ way ][ way ] … [ way ]      a full set gives up the line that was used longest ago (LRU)
//!   …
//! ```
//!
//! The number of sets is `bytes / line / ways`.

use thiserror::Error;

/// Why there is no such cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum GeometryError {
    /// The line or the number of sets is no power of two.
    #[error("lines and sets of a cache come in powers of two")]
    NoPowerOfTwo,
    /// The bytes are no multiple of a line for each way, or one of the three is zero.
    #[error("the bytes of a cache are sets × ways × line")]
    Uneven,
}

/// A cache that replaces the least recently used line of a set. It holds addresses and no data.
#[derive(Debug, Clone)]
pub struct Cache {
    // What the cache has, and which lines are in it: yours to choose.
}

impl Cache {
    /// An empty cache of `bytes` bytes.
    ///
    /// # Errors
    /// [`GeometryError`] when the numbers make no cache; of two reasons, the one that comes first above.
    pub fn new(bytes: usize, ways: usize, line_bytes: usize) -> Result<Self, GeometryError> {
        todo!("{bytes} bytes, {ways} ways, lines of {line_bytes}")
    }

    /// Sets of the cache.
    pub fn sets(&self) -> usize {
        todo!("count the sets")
    }

    /// The set in which the line with `address` is kept.
    pub fn set_of(&self, address: usize) -> usize {
        todo!("the set of {address:#x}")
    }

    /// Reads or writes `size` bytes from `address` on, lowest line first. The number of lines that were not there, and
    /// now are.
    pub fn access(&mut self, address: usize, size: usize) -> usize {
        todo!("the lines from {address:#x} on for {size} bytes that are not there")
    }
}
