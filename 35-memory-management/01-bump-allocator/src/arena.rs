//! The arena: a cursor that goes down through a chunk, and the next chunk when it has come to the start.
//!
//! [`Bump::try_alloc_layout`] is what all the rest of the interface is made of. Its fast path is inlined into
//! the caller, where size and alignment are constants: two subtractions, a comparison, a mask and a store.

use std::alloc::Layout;
use std::cell::Cell;
use std::fmt;
use std::ptr::NonNull;

use crate::AllocError;

/// An arena: allocating is moving a pointer, and everything is given back at once.
///
/// References into it cannot outlive it, nor a [`Bump::reset`]. Destructors of what it holds **do not run**: a
/// `String` in an arena leaks its bytes, an `&str` copied into it does not. Memory comes from the global
/// allocator by chunks, which double from [`CHUNK_FIRST`](crate::CHUNK_FIRST) to
/// [`CHUNK_MAX`](crate::CHUNK_MAX).
///
/// It may change threads, but not be shared between them: the cursor is a plain `Cell`.
pub struct Bump {
    /// The lowest byte of the newest block. It may reach the whole newest chunk, and lies between `start` and
    /// that chunk's end; without a chunk it dangles at the address that `start` has.
    cursor: Cell<NonNull<u8>>,
    /// The address below which no block may begin.
    start: Cell<usize>,
    // More fields: the chunks, what they hold together, the limit.
}

impl Bump {
    /// An arena without a chunk: the first allocation takes one.
    pub const fn new() -> Self {
        todo!()
    }

    /// An arena with one chunk, in which a block of `bytes` bytes has room.
    ///
    /// # Panics
    /// Where [`Bump::try_with_capacity`] fails.
    pub fn with_capacity(bytes: usize) -> Self {
        todo!("an arena with room for {bytes} bytes")
    }

    /// As [`Bump::with_capacity`].
    ///
    /// # Errors
    /// [`AllocError`] when the size overflows or the global allocator has no such chunk.
    pub fn try_with_capacity(bytes: usize) -> Result<Self, AllocError> {
        todo!("an arena with room for {bytes} bytes")
    }

    /// An arena whose chunks never take more than `limit_bytes` together.
    pub const fn with_limit(limit_bytes: usize) -> Self {
        let _ = limit_bytes;
        todo!()
    }

    /// Bounds what the chunks may take together, from the next chunk on; `None` lifts the bound. Chunks that
    /// the arena has already stay.
    pub fn set_limit(&self, limit_bytes: Option<usize>) {
        todo!("bound the chunks to {limit_bytes:?}")
    }

    /// Allocates a block for `layout`. A layout of size zero gets an aligned address and takes nothing.
    ///
    /// # Panics
    /// Where [`Bump::try_alloc_layout`] fails.
    #[inline]
    pub fn alloc_layout(&self, layout: Layout) -> NonNull<u8> {
        todo!("a block of {layout:?}")
    }

    /// As [`Bump::alloc_layout`]. The bytes are not initialised; they are the caller's until the arena is
    /// reset or dropped.
    ///
    /// # Errors
    /// [`AllocError`], and then nothing has changed.
    #[inline]
    pub fn try_alloc_layout(&self, layout: Layout) -> Result<NonNull<u8>, AllocError> {
        todo!(
            "a block of {layout:?} between {:#x} and {:p}",
            self.start.get(),
            self.cursor.get()
        )
    }

    /// Gives all blocks back at once. The largest chunk stays, empty; the others go to the global allocator.
    ///
    /// It borrows the arena for itself alone, so no reference into it can be left.
    pub fn reset(&mut self) {
        todo!("keep the largest chunk, give the others back")
    }

    /// Chunks that the arena has.
    pub fn chunk_count(&self) -> usize {
        todo!("count the chunks")
    }

    /// Bytes that the arena has from the global allocator, headers included.
    pub fn held_bytes(&self) -> usize {
        todo!("what the chunks take")
    }

    /// Bytes handed out since the arena was made or reset, the padding before their neighbours included.
    pub fn allocated_bytes(&self) -> usize {
        todo!("what the blocks and their padding take")
    }

    /// Bytes left in the newest chunk: a block of that size without alignment takes no new one.
    pub fn free_bytes(&self) -> usize {
        todo!("what is left in the newest chunk")
    }
}

impl Default for Bump {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Bump {
    fn drop(&mut self) {
        todo!("give all chunks back")
    }
}

impl fmt::Debug for Bump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bump").finish_non_exhaustive()
    }
}
