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

use std::alloc::{Layout, alloc, dealloc};
use std::cell::Cell;
use std::ptr::NonNull;

use crate::error::PoolError;
use crate::report::Statistics;

/// Blocks in the first chunk; each chunk has twice as many as the one before.
pub const CHUNK_FIRST: usize = 16;

/// More chunks than an address space has room for.
const CHUNKS_MAX: usize = usize::BITS as usize;

/// A block in the list.
struct Free {
    next: Option<NonNull<Free>>,
}

/// A fixed-block allocator.
pub struct Blocks {
    /// The block that was given back last; each block in the list is nobody else's.
    free: Cell<Option<NonNull<Free>>>,
    /// The next fresh block, if it is below `end`.
    cursor: Cell<NonNull<u8>>,
    /// The address behind the newest chunk; the cursor's where there is none.
    end: Cell<usize>,
    /// Blocks without bytes that are out: they cannot be in the list, and are the only ones that are counted.
    live: Cell<usize>,
    /// From one block to the next: a multiple of the alignment, with room for a [`Free`]. 0 where blocks have no bytes.
    stride: usize,
    /// Of a block: what was asked for, and never less strict than a [`Free`]'s where it has bytes.
    align: usize,
    /// The most blocks there may be.
    limit: usize,
    /// Blocks in all chunks.
    capacity: Cell<usize>,
    /// How many chunks there are.
    count: Cell<usize>,
    /// The chunks; the first `count` are there.
    chunks: [Cell<NonNull<u8>>; CHUNKS_MAX],
}

// SAFETY: blocks of memory belong to no thread, and whoever has `Blocks` has all pointers into its lists.
unsafe impl Send for Blocks {}

impl Blocks {
    /// An allocator of blocks for `layout`, at most `limit` at a time; it takes no memory yet.
    pub fn new(layout: Layout, limit: usize) -> Self {
        let (stride, align) = if layout.size() == 0 {
            (0, layout.align())
        } else {
            let align = layout.align().max(align_of::<Free>());
            // A sum beyond isize::MAX saturates, and no chunk can be that large.
            let size = layout.size().max(size_of::<Free>());
            (size.checked_next_multiple_of(align).unwrap_or(usize::MAX), align)
        };
        let dangling = NonNull::without_provenance(
            std::num::NonZero::new(layout.align()).expect("an alignment is not zero"),
        );
        Self {
            free: Cell::new(None),
            cursor: Cell::new(dangling),
            end: Cell::new(dangling.addr().get()),
            live: Cell::new(0),
            stride,
            align,
            limit,
            capacity: Cell::new(0),
            count: Cell::new(0),
            chunks: [const { Cell::new(NonNull::dangling()) }; CHUNKS_MAX],
        }
    }

    /// A block that nobody else has, aligned, with whatever was in it last.
    ///
    /// # Errors
    /// [`PoolError::Full`] at the limit, [`PoolError::OutOfMemory`] where the global allocator refuses a chunk.
    #[inline]
    pub fn take(&self) -> Result<NonNull<u8>, PoolError> {
        if let Some(free) = self.free.get() {
            // SAFETY: a block in the list is ours, and holds what `give_back` wrote.
            self.free.set(unsafe { free.as_ref().next });
            return Ok(free.cast());
        }
        let fresh = self.cursor.get();
        if fresh.addr().get() == self.end.get() {
            return self.take_slow();
        }
        // SAFETY: the cursor is below the end, by a multiple of the stride.
        self.cursor.set(unsafe { fresh.add(self.stride) });
        Ok(fresh)
    }

    /// Takes a block back.
    ///
    /// # Safety
    /// It came from `take` of the same `Blocks`, and is not used any more.
    #[inline]
    pub unsafe fn give_back(&self, block: NonNull<u8>) {
        if self.stride == 0 {
            self.live.set(self.live.get() - 1);
        } else {
            // SAFETY: as the caller says.
            unsafe { self.give_back_bytes(block) };
        }
    }

    /// As [`Blocks::give_back`], for blocks that have bytes.
    ///
    /// # Safety
    /// As there; and the layout has a size.
    #[inline]
    pub unsafe fn give_back_bytes(&self, block: NonNull<u8>) {
        let free = block.cast::<Free>();
        // SAFETY: the block is aligned for it, large enough, and ours from here on.
        unsafe {
            free.write(Free {
                next: self.free.get(),
            })
        };
        self.free.set(Some(free));
    }

    /// How many blocks are out, were out at most, and have memory. It walks through the list, and so takes as long as
    /// there are free blocks.
    pub fn statistics(&self) -> Statistics {
        let capacity = self.capacity.get();
        if self.stride == 0 {
            return Statistics {
                live: self.live.get(),
                peak: capacity,
                capacity,
            };
        }
        let fresh = (self.end.get() - self.cursor.get().addr().get()) / self.stride;
        // SAFETY: blocks in the list are ours, and hold what `give_back` wrote.
        let next = |free: &NonNull<Free>| unsafe { free.as_ref().next };
        let free = std::iter::successors(self.free.get(), next).count();
        // Fresh blocks are taken only when all that are not fresh are out.
        let peak = capacity - fresh;
        Statistics {
            live: peak - free,
            peak,
            capacity,
        }
    }

    /// A block from the next chunk, or one without bytes.
    #[cold]
    #[inline(never)]
    fn take_slow(&self) -> Result<NonNull<u8>, PoolError> {
        if self.stride == 0 {
            return self.without_bytes();
        }
        self.add_chunk()?;
        self.take()
    }

    /// All blocks without bytes are at one address; they are only counted.
    fn without_bytes(&self) -> Result<NonNull<u8>, PoolError> {
        let live = self.live.get();
        if live == self.limit {
            return Err(PoolError::Full { limit: self.limit });
        }
        self.live.set(live + 1);
        self.capacity.set(self.capacity.get().max(live + 1));
        Ok(self.cursor.get())
    }

    fn add_chunk(&self) -> Result<(), PoolError> {
        let count = self.count.get();
        let blocks = self.blocks_of(count);
        if blocks == 0 {
            return Err(PoolError::Full { limit: self.limit });
        }
        let layout = self.chunk_layout(count).ok_or(PoolError::OutOfMemory)?;
        // SAFETY: neither the stride nor the number of blocks is zero.
        let chunk = NonNull::new(unsafe { alloc(layout) }).ok_or(PoolError::OutOfMemory)?;
        self.chunks[count].set(chunk);
        self.count.set(count + 1);
        self.capacity.set(self.capacity.get() + blocks);
        self.cursor.set(chunk);
        self.end.set(chunk.addr().get() + layout.size());
        Ok(())
    }

    /// Blocks in the chunk with this index: twice as many as in the one before, as far as the limit allows.
    fn blocks_of(&self, chunk: usize) -> usize {
        let doubled = |index: usize| {
            u32::try_from(index)
                .ok()
                .and_then(|shift| CHUNK_FIRST.checked_mul(1_usize.checked_shl(shift)?))
                .unwrap_or(usize::MAX)
        };
        let before = doubled(chunk).saturating_sub(CHUNK_FIRST); // 16 + 32 + … below 16 << n is (16 << n) - 16.
        doubled(chunk).min(self.limit.saturating_sub(before))
    }

    /// How the chunk with this index is asked for; `None` where there can be none of its size.
    fn chunk_layout(&self, chunk: usize) -> Option<Layout> {
        let bytes = self.stride.checked_mul(self.blocks_of(chunk))?;
        Layout::from_size_align(bytes, self.align).ok()
    }
}

impl Drop for Blocks {
    fn drop(&mut self) {
        for index in 0..self.count.get() {
            let layout = self
                .chunk_layout(index)
                .expect("the chunk was taken with this layout");
            // SAFETY: `add_chunk` took it with the same layout; blocks that are still out are never used again, since
            // they may be used only while the allocator lives.
            unsafe { dealloc(self.chunks[index].get().as_ptr(), layout) };
        }
    }
}
