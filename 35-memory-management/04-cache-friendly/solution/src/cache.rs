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
    line_bytes: usize,
    ways: usize,
    /// The lines of each set, least recently used first; never more than `ways`.
    sets: Vec<Vec<usize>>,
}

impl Cache {
    /// An empty cache of `bytes` bytes.
    ///
    /// # Errors
    /// [`GeometryError`] when the numbers make no cache; of two reasons, the one that comes first above.
    pub fn new(bytes: usize, ways: usize, line_bytes: usize) -> Result<Self, GeometryError> {
        if bytes == 0 || ways == 0 || line_bytes == 0 {
            return Err(GeometryError::Uneven);
        }
        let set_bytes = ways.checked_mul(line_bytes).ok_or(GeometryError::Uneven)?;
        if !line_bytes.is_power_of_two() {
            return Err(GeometryError::NoPowerOfTwo);
        }
        if !bytes.is_multiple_of(set_bytes) {
            return Err(GeometryError::Uneven);
        }
        let sets = bytes / set_bytes;
        if !sets.is_power_of_two() {
            return Err(GeometryError::NoPowerOfTwo);
        }
        Ok(Self {
            line_bytes,
            ways,
            sets: vec![Vec::new(); sets],
        })
    }

    /// Sets of the cache.
    pub fn sets(&self) -> usize {
        self.sets.len()
    }

    /// The set in which the line with `address` is kept.
    pub fn set_of(&self, address: usize) -> usize {
        address / self.line_bytes % self.sets.len()
    }

    /// Reads or writes `size` bytes from `address` on, lowest line first. The number of lines that were not there, and
    /// now are.
    pub fn access(&mut self, address: usize, size: usize) -> usize {
        let Some(more) = size.checked_sub(1) else {
            return 0;
        };
        let last = address.saturating_add(more) / self.line_bytes;
        (address / self.line_bytes..=last)
            .filter(|line| !self.touch(*line))
            .count()
    }

    /// Makes `line` the most recently used of its set. Whether it was there.
    fn touch(&mut self, line: usize) -> bool {
        let index = line % self.sets.len();
        let set = &mut self.sets[index];
        let place = set.iter().position(|held| *held == line);
        if let Some(place) = place {
            set.remove(place);
        } else if set.len() == self.ways {
            set.remove(0);
        }
        set.push(line);
        place.is_some()
    }
}
