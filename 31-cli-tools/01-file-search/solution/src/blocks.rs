//! Reads a source in large blocks of whole lines, in memory that does not grow with the source.
//!
//! ```text
//!  bytes  ┌─────────┬──────────────────┬─────────────┬────────┐
//!         │ history │ block: new lines │ part of a   │  free  │
//!         │         │ to be searched   │ line        │        │
//!         └─────────┴──────────────────┴─────────────┴────────┘
//!         0         block_start        block_end     filled
//! ```
//!
//! [`Blocks::fill`] moves what is still needed to the front and reads behind it. Only a line longer than the
//! whole buffer makes it grow.

use std::io::{self, Read};

use memchr::memrchr;

/// Bytes read at once: enough that a system call costs nothing beside the search, little enough to stay in the
/// second-level cache between the read and the search.
pub const BLOCK_BYTES: usize = 128 << 10;

/// The rolling buffer. One serves many files, one after another.
#[derive(Debug)]
pub struct Blocks {
    /// Its length is what it can hold; what lies behind `filled` is stale.
    bytes: Vec<u8>,
    /// Where the lines of the current block begin and end.
    block_start: usize,
    block_end: usize,
    /// Bytes that came from the source.
    filled: usize,
    /// The offset in the source of `bytes[0]`.
    base: u64,
}

impl Blocks {
    /// A buffer of [`BLOCK_BYTES`].
    pub fn new() -> Self {
        Self {
            bytes: vec![0; BLOCK_BYTES],
            block_start: 0,
            block_end: 0,
            filled: 0,
            base: 0,
        }
    }

    /// Forgets the source; the next [`Blocks::fill`] reads another, whose first byte has the given offset.
    pub fn clear(&mut self, offset: u64) {
        (self.block_start, self.block_end, self.filled, self.base) = (0, 0, 0, offset);
    }

    /// The history and the current block.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.block_end]
    }

    /// Where in [`Blocks::bytes`] the current block begins.
    pub fn block_start(&self) -> usize {
        self.block_start
    }

    /// The offset in the source of the first of [`Blocks::bytes`].
    pub fn base(&self) -> u64 {
        self.base
    }

    /// Everything that was read and not dropped, the part of a line behind the current block too.
    pub fn filled(&self) -> &[u8] {
        &self.bytes[..self.filled]
    }

    /// Drops what stands before `keep_from`, keeps the rest of the current block as history, and reads the next
    /// block: one or more whole lines, or what is left at the end of the source. `false` when nothing is left.
    ///
    /// # Errors
    /// What reading the source returns, but for an interruption, which is tried again.
    pub fn fill(&mut self, source: &mut impl Read, keep_from: usize) -> io::Result<bool> {
        self.bytes.copy_within(keep_from..self.filled, 0);
        self.base += keep_from as u64;
        self.filled -= keep_from;
        self.block_start = self.block_end - keep_from;
        self.block_end = self.block_start;
        loop {
            if self.filled == self.bytes.len() {
                self.bytes.resize(self.bytes.len() * 2, 0);
            }
            let read = match source.read(&mut self.bytes[self.filled..]) {
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let new = self.filled..self.filled + read;
            self.filled = new.end;
            if read == 0 {
                self.block_end = self.filled;
                return Ok(self.block_start < self.block_end);
            }
            // Only the new bytes: looking through a long line again after each read would take quadratic time.
            if let Some(feed) = memrchr(b'\n', &self.bytes[new.clone()]) {
                self.block_end = new.start + feed + 1;
                return Ok(true);
            }
        }
    }
}

impl Default for Blocks {
    fn default() -> Self {
        Self::new()
    }
}
