//! What is out, what was out at most, and what was never given back.

use std::fmt;

use crate::classes::CLASSES;

/// The figures of a pool.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Slots that are taken.
    pub live: usize,
    /// The high-water mark: the most slots that were taken at a time.
    pub peak: usize,
    /// Slots that there is memory for.
    pub capacity: usize,
}

/// The blocks of one size class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClassUse {
    /// Bytes of a block.
    pub size_bytes: usize,
    /// Blocks that were carved from regions so far.
    pub made: usize,
    /// Blocks that are handed out.
    pub live: usize,
}

/// What a heap has handed out. Exact while no other thread is inside the heap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    /// A line for each size class, smallest first.
    pub classes: [ClassUse; CLASSES],
    /// Blocks too large for a class that are handed out.
    pub large_blocks: usize,
    /// Bytes that are mapped for them, in whole pages.
    pub large_bytes: usize,
    /// Bytes that are mapped for everything.
    pub mapped_bytes: usize,
    /// The high-water mark of `mapped_bytes`.
    pub peak_mapped_bytes: usize,
}

impl Report {
    /// Blocks that are handed out, of any size.
    pub fn live_blocks(&self) -> usize {
        todo!(
            "count what is out of {} classes, and large blocks",
            self.classes.len()
        )
    }

    /// Bytes that they take: the sizes of their classes, and whole pages.
    pub fn live_bytes(&self) -> usize {
        todo!("the bytes that these blocks take")
    }
}

/// The leak report: a line for each class that has blocks out, then one for large blocks.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        todo!(
            "write a line for each class with blocks out of {} to {f:p}",
            self.classes.len()
        )
    }
}
