//! The arena: a cursor that goes down through a chunk, and the next chunk when it has come to the start.
//!
//! [`Bump::try_alloc_layout`] is what all the rest of the interface is made of. Its fast path is inlined into
//! the caller, where size and alignment are constants: two subtractions, a comparison, a mask and a store.

use std::alloc::Layout;
use std::cell::Cell;
use std::fmt;
use std::ptr::NonNull;

use crate::chunk::{CHUNK_ALIGN, CHUNK_FIRST, CHUNK_MAX, Chunk};
use crate::{AllocError, placement};

/// An arena: allocating is moving a pointer, and everything is given back at once.
///
/// References into it cannot outlive it, nor a [`Bump::reset`]. Destructors of what it holds **do not run**: a
/// `String` in an arena leaks its bytes, an `&str` copied into it does not. Memory comes from the global
/// allocator by chunks, which double from [`CHUNK_FIRST`] to [`CHUNK_MAX`].
///
/// It may change threads, but not be shared between them: the cursor is a plain `Cell`.
pub struct Bump {
    /// The lowest byte of the newest block. It may reach the whole newest chunk, and lies between `start` and
    /// that chunk's end; without a chunk it dangles at the address that `start` has.
    cursor: Cell<NonNull<u8>>,
    /// The address below which no block may begin. A copy of what `newest` says, so that the fast path reads
    /// the arena and never a chunk.
    start: Cell<usize>,
    /// The chunk that blocks come from; the older ones hang on it.
    newest: Cell<Option<Chunk>>,
    /// The sum of the sizes of all chunks.
    held_bytes: Cell<usize>,
    /// What `held_bytes` may not grow past.
    limit_bytes: Cell<Option<usize>>,
}

// SAFETY: the chunks belong to this arena alone, and values in them are reached only through borrows of it, of
// which none is left when it moves. Values are never dropped, so it does not matter what they are.
unsafe impl Send for Bump {}

impl Bump {
    /// An arena without a chunk: the first allocation takes one.
    pub const fn new() -> Self {
        let nowhere = NonNull::<u8>::dangling();
        Self {
            cursor: Cell::new(nowhere),
            start: Cell::new(1), // The address of `nowhere`: no room, not even for a byte.
            newest: Cell::new(None),
            held_bytes: Cell::new(0),
            limit_bytes: Cell::new(None),
        }
    }

    /// An arena with one chunk, in which a block of `bytes` bytes has room.
    ///
    /// # Panics
    /// Where [`Bump::try_with_capacity`] fails.
    pub fn with_capacity(bytes: usize) -> Self {
        Self::try_with_capacity(bytes).unwrap_or_else(|error| failed(error))
    }

    /// As [`Bump::with_capacity`].
    ///
    /// # Errors
    /// [`AllocError`] when the size overflows or the global allocator has no such chunk.
    pub fn try_with_capacity(bytes: usize) -> Result<Self, AllocError> {
        let arena = Self::new();
        let layout = Layout::from_size_align(bytes, 1).map_err(|_| AllocError::SizeOverflow)?;
        arena.add_chunk(layout)?;
        Ok(arena)
    }

    /// An arena whose chunks never take more than `limit_bytes` together.
    pub const fn with_limit(limit_bytes: usize) -> Self {
        let mut arena = Self::new();
        arena.limit_bytes = Cell::new(Some(limit_bytes));
        arena
    }

    /// Bounds what the chunks may take together, from the next chunk on; `None` lifts the bound. Chunks that
    /// the arena has already stay.
    pub fn set_limit(&self, limit_bytes: Option<usize>) {
        self.limit_bytes.set(limit_bytes);
    }

    /// Allocates a block for `layout`. A layout of size zero gets an aligned address and takes nothing.
    ///
    /// # Panics
    /// Where [`Bump::try_alloc_layout`] fails.
    #[inline(always)]
    pub fn alloc_layout(&self, layout: Layout) -> NonNull<u8> {
        if needs_no_room(layout) {
            return layout.dangling_ptr();
        }
        match self.bump(layout) {
            Some(block) => block,
            None => self.grow_or_panic(layout),
        }
    }

    /// As [`Bump::alloc_layout`]. The bytes are not initialised; they are the caller's until the arena is
    /// reset or dropped.
    ///
    /// # Errors
    /// [`AllocError`], and then nothing has changed.
    #[inline(always)]
    pub fn try_alloc_layout(&self, layout: Layout) -> Result<NonNull<u8>, AllocError> {
        if needs_no_room(layout) {
            return Ok(layout.dangling_ptr());
        }
        match self.bump(layout) {
            Some(block) => Ok(block),
            None => self.grow(layout),
        }
    }

    /// The fast path: a block from the newest chunk, if it has room.
    #[inline(always)]
    fn bump(&self, layout: Layout) -> Option<NonNull<u8>> {
        let cursor = self.cursor.get();
        let (start, top) = (self.start.get(), cursor.addr().get());
        let address = if layout.align() <= CHUNK_ALIGN {
            placement::down_to_aligned(start, top, layout)?
        } else {
            placement::down(start, top, layout)?
        };
        // SAFETY: the address lies between `start` and the cursor, hence in the chunk that the cursor may reach.
        let block = unsafe { cursor.sub(cursor.addr().get() - address) };
        debug_assert!(block.addr().get().is_multiple_of(layout.align()));
        self.cursor.set(block);
        Some(block)
    }

    /// The slow path: a chunk in which `layout` has room, and the block from there.
    #[cold]
    #[inline(never)]
    fn grow(&self, layout: Layout) -> Result<NonNull<u8>, AllocError> {
        self.add_chunk(layout)?;
        Ok(self.bump(layout).expect("the chunk was sized for this block"))
    }

    /// As [`Bump::grow`], for callers that cannot go on. It returns in a register, which `Result` does not.
    #[cold]
    #[inline(never)]
    fn grow_or_panic(&self, layout: Layout) -> NonNull<u8> {
        self.grow(layout).unwrap_or_else(|error| failed(error))
    }

    /// Takes a chunk in which `layout` has room: twice the size of the newest, or else the smallest that does.
    fn add_chunk(&self, layout: Layout) -> Result<(), AllocError> {
        let newest = self.newest.get();
        let smallest = Chunk::size_for(layout)?;
        let doubled = newest.map_or(CHUNK_FIRST, |chunk| chunk.size().saturating_mul(2).min(CHUNK_MAX));
        let chunk = match self.take_chunk(doubled.max(smallest)) {
            Err(_) if smallest < doubled => self.take_chunk(smallest)?,
            taken => taken?,
        };
        if let Some(newest) = newest {
            newest.set_used(self.used_of_newest(newest));
        }
        self.held_bytes.set(self.held_bytes.get() + chunk.size());
        self.make_newest(chunk);
        Ok(())
    }

    /// A chunk of exactly `size` bytes, if limit and allocator allow it; the arena has not changed.
    fn take_chunk(&self, size: usize) -> Result<Chunk, AllocError> {
        if let Some(limit_bytes) = self.limit_bytes.get()
            && self
                .held_bytes
                .get()
                .checked_add(size)
                .is_none_or(|sum| sum > limit_bytes)
        {
            return Err(AllocError::LimitExceeded {
                chunk_bytes: size,
                limit_bytes,
            });
        }
        Chunk::take(size, self.newest.get()).ok_or(AllocError::OutOfMemory { chunk_bytes: size })
    }

    /// Starts to allocate from the end of `chunk`.
    fn make_newest(&self, chunk: Chunk) {
        self.cursor.set(chunk.end());
        self.start.set(chunk.start());
        self.newest.set(Some(chunk));
    }

    /// Gives all blocks back at once. The largest chunk stays, empty; the others go to the global allocator.
    ///
    /// It borrows the arena for itself alone, so no reference into it can be left.
    pub fn reset(&mut self) {
        let Some(largest) = self.chunks().max_by_key(|chunk| chunk.size()) else {
            return;
        };
        self.free_all_but(Some(largest));
        largest.set_previous(None);
        self.held_bytes.set(largest.size());
        self.make_newest(largest);
    }

    /// Frees every chunk but `kept`. The caller mends the fields.
    fn free_all_but(&mut self, kept: Option<Chunk>) {
        let mut next = self.newest.get();
        while let Some(chunk) = next {
            next = chunk.previous();
            if Some(chunk) != kept {
                // SAFETY: `&mut self` means that no block is borrowed, and nothing reads the list from here on
                // but the chunk that is kept.
                unsafe { chunk.free() };
            }
        }
    }

    /// The chunks, newest first.
    fn chunks(&self) -> impl Iterator<Item = Chunk> {
        std::iter::successors(self.newest.get(), |chunk| chunk.previous())
    }

    /// Bytes above the cursor.
    fn used_of_newest(&self, newest: Chunk) -> usize {
        newest.end().addr().get() - self.cursor.get().addr().get()
    }

    /// Chunks that the arena has.
    pub fn chunk_count(&self) -> usize {
        self.chunks().count()
    }

    /// Bytes that the arena has from the global allocator, headers included.
    pub fn held_bytes(&self) -> usize {
        self.held_bytes.get()
    }

    /// Bytes handed out since the arena was made or reset, the padding before their neighbours included.
    pub fn allocated_bytes(&self) -> usize {
        let newest = self.newest.get().map_or(0, |newest| self.used_of_newest(newest));
        newest + self.chunks().skip(1).map(Chunk::used).sum::<usize>()
    }

    /// Bytes left in the newest chunk: a block of that size without alignment takes no new one.
    pub fn free_bytes(&self) -> usize {
        self.cursor.get().addr().get() - self.start.get()
    }
}

impl Default for Bump {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Bump {
    fn drop(&mut self) {
        self.free_all_but(None);
    }
}

impl fmt::Debug for Bump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bump")
            .field("chunk_count", &self.chunk_count())
            .field("held_bytes", &self.held_bytes())
            .field("allocated_bytes", &self.allocated_bytes())
            .field("limit_bytes", &self.limit_bytes.get())
            .finish()
    }
}

/// Whether any aligned address will do. No bytes without alignment have one at the cursor, wherever that is: the
/// fast path serves them too, and strings are spared a branch.
#[inline(always)]
fn needs_no_room(layout: Layout) -> bool {
    layout.size() == 0 && layout.align() > 1
}

/// The end of an allocation without `try_`.
#[cold]
#[inline(never)]
pub(crate) fn failed(error: AllocError) -> ! {
    panic!("failed to allocate in an arena: {error}")
}
