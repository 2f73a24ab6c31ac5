//! Blocks of one layout, for one thread at a time: chunks, and a list of what was given back.
//!
//! ```text
//! chunk 0, 16 blocks    | out | free─┐ out | … | out |
//! chunk 1, 32 blocks    | out | ▲    └─▶ free ─▶ … | fresh | fresh | fresh |
//!                               free                ▲ cursor                ▲ end
//! ```
//!
//! A free block holds the address of the next one: the list costs no memory. A fresh block, which was never out, is
//! not in the list, and taken only when the list is empty. So the number of blocks that were ever fresh is the most that
//! were out at a time; and those of them that are not in the list are out now. Nobody counts while blocks come and go.

use std::alloc::Layout;
use std::cell::Cell;
use std::ptr::NonNull;

use crate::error::PoolError;
use crate::report::Statistics;

/// Blocks in the first chunk; each chunk has twice as many as the one before.
pub const CHUNK_FIRST: usize = 16;

/// A fixed-block allocator.
pub struct Blocks {
    /// The block that was given back last; each block in the list is nobody else's.
    free: Cell<Option<NonNull<u8>>>,
    /// What was asked for.
    layout: Layout,
    /// The most blocks there may be.
    limit: usize,
    // More fields: where the next fresh block is, the chunks, how many blocks they have.
}

// SAFETY: yours to show: why may the blocks change threads, all together?
unsafe impl Send for Blocks {}

impl Blocks {
    /// An allocator of blocks for `layout`, at most `limit` at a time; it takes no memory yet.
    pub fn new(layout: Layout, limit: usize) -> Self {
        todo!("no chunk yet; at most {limit} blocks of {layout:?}")
    }

    /// A block that nobody else has, aligned, with whatever was in it last.
    ///
    /// # Errors
    /// [`PoolError::Full`] at the limit, [`PoolError::OutOfMemory`] where the global allocator refuses a chunk.
    #[inline]
    pub fn take(&self) -> Result<NonNull<u8>, PoolError> {
        todo!(
            "the block {:?}, or a fresh one of {:?}, at most {}",
            self.free.get(),
            self.layout,
            self.limit
        )
    }

    /// Takes a block back.
    ///
    /// # Safety
    /// It came from `take` of the same `Blocks`, and is not used any more.
    #[inline]
    pub unsafe fn give_back(&self, block: NonNull<u8>) {
        todo!("put {block:p} on top of {:?}", self.free.get())
    }

    /// How many blocks are out, were out at most, and have memory.
    pub fn statistics(&self) -> Statistics {
        todo!("how many of {:?} are out", self.layout)
    }
}

impl Drop for Blocks {
    fn drop(&mut self) {
        todo!("give the chunks back")
    }
}
