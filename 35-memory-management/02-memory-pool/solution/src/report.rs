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
        self.large_blocks + self.classes.iter().map(|class| class.live).sum::<usize>()
    }

    /// Bytes that they take: the sizes of their classes, and whole pages.
    pub fn live_bytes(&self) -> usize {
        let small: usize = self
            .classes
            .iter()
            .map(|class| class.live * class.size_bytes)
            .sum();
        self.large_bytes + small
    }
}

/// The leak report: a line for each class that has blocks out, then one for large blocks.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.live_blocks() == 0 {
            return f.write_str("nothing is out\n");
        }
        for class in self.classes.iter().filter(|class| class.live > 0) {
            writeln!(f, "{} of {} bytes", blocks(class.live), class.size_bytes)?;
        }
        if self.large_blocks > 0 {
            writeln!(
                f,
                "{}, large, {} bytes",
                blocks(self.large_blocks),
                self.large_bytes
            )?;
        }
        Ok(())
    }
}

/// A count with its noun.
fn blocks(count: usize) -> String {
    match count {
        1 => "1 block".into(),
        _ => format!("{count} blocks"),
    }
}
