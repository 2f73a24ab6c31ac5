//! A chunk: the memory that an arena has from the global allocator, and the header at its low end.
//!
//! ```text
//! chunk              start = chunk + size_of::<Header>()                        end = chunk + size
//! | previous | size | used |              free                | block | block | block |
//! ```
//!
//! `chunk`, `start` and `end` are multiples of [`CHUNK_ALIGN`]. Chunks form a list, newest first.

use std::alloc::{Layout, alloc, dealloc};
use std::ptr::NonNull;

use crate::AllocError;
use crate::pages::{self, HUGE_PAGE};

/// Bytes of an arena's first chunk, header included.
pub const CHUNK_FIRST: usize = 4 << 10;

/// Bytes at which chunks stop doubling. One larger than this holds a single block that needs it.
pub const CHUNK_MAX: usize = 8 << 20;

/// The alignment of a chunk's start and end: a block aligned to this or less needs no padding against them.
pub const CHUNK_ALIGN: usize = 16;

/// What stands at the low end of a chunk. It is reached through [`Chunk`] alone.
#[repr(C, align(16))]
struct Header {
    /// The chunk before this one.
    previous: Option<Chunk>,
    /// Bytes of this chunk, header included: the size of the layout that it is given back with.
    size: usize,
    /// Bytes of blocks and padding, counted when a newer chunk took over; the newest chunk's is not kept up.
    used: usize,
}

const _: () = assert!(align_of::<Header>() == CHUNK_ALIGN && size_of::<Header>().is_multiple_of(CHUNK_ALIGN));

/// A chunk that has not been given back. A plain pointer: copies are equal, and whoever frees one frees all.
///
/// The pointer may reach every byte of the chunk, the header's and the blocks'.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Chunk(NonNull<Header>);

impl Chunk {
    /// Bytes of the smallest chunk that is sure to hold a block of `layout`, wherever the chunk lies.
    pub fn size_for(layout: Layout) -> Result<usize, AllocError> {
        // The end is a multiple of CHUNK_ALIGN; a stricter alignment may take the rest as padding.
        let padding = layout.align().saturating_sub(CHUNK_ALIGN);
        size_of::<Header>()
            .checked_add(padding)
            .and_then(|sum| sum.checked_add(layout.size()))
            .and_then(|sum| sum.checked_next_multiple_of(CHUNK_ALIGN))
            .filter(|&size| layout_of(size).is_some())
            .ok_or(AllocError::SizeOverflow)
    }

    /// Takes a chunk of `size` bytes from the global allocator; `None` where that has none.
    ///
    /// `size` comes from [`Chunk::size_for`], or is a multiple of [`CHUNK_ALIGN`] not below such a size.
    pub fn take(size: usize, previous: Option<Chunk>) -> Option<Self> {
        debug_assert!(
            size > size_of::<Header>() && size.is_multiple_of(CHUNK_ALIGN),
            "a chunk of {size} bytes"
        );
        let layout = layout_of(size)?;
        // SAFETY: the size is not zero.
        let memory = NonNull::new(unsafe { alloc(layout) })?;
        debug_assert!(memory.addr().get().is_multiple_of(layout.align()));
        if size >= HUGE_PAGE {
            // SAFETY: the chunk is ours.
            unsafe { pages::advise_huge_pages(memory, size) };
        }
        let header = memory.cast::<Header>();
        // SAFETY: the chunk is aligned for a header, has room for one, and is nobody else's.
        unsafe {
            header.write(Header {
                previous,
                size,
                used: 0,
            })
        };
        Some(Self(header))
    }

    /// Gives the memory back.
    ///
    /// # Safety
    /// Nothing in the chunk is used after this, and no copy of `self`.
    pub unsafe fn free(self) {
        let layout = layout_of(self.size()).expect("the chunk was taken with this layout");
        // SAFETY: `take` had the chunk from the global allocator with the same layout.
        unsafe { dealloc(self.0.as_ptr().cast(), layout) };
    }

    /// The chunk before this one.
    pub fn previous(self) -> Option<Chunk> {
        // SAFETY: the chunk is live, so its header is initialised; headers are shared by no reference.
        unsafe { (*self.0.as_ptr()).previous }
    }

    /// Puts `previous` in the place of the chunk before this one.
    pub fn set_previous(self, previous: Option<Chunk>) {
        // SAFETY: as in `previous`.
        unsafe { (*self.0.as_ptr()).previous = previous };
    }

    /// Bytes of the chunk, header included.
    pub fn size(self) -> usize {
        // SAFETY: as in `previous`.
        unsafe { (*self.0.as_ptr()).size }
    }

    /// Bytes of blocks and padding that the chunk had when a newer one took over.
    pub fn used(self) -> usize {
        // SAFETY: as in `previous`.
        unsafe { (*self.0.as_ptr()).used }
    }

    /// Keeps the count of bytes for when this chunk is no longer the newest.
    pub fn set_used(self, used: usize) {
        // SAFETY: as in `previous`.
        unsafe { (*self.0.as_ptr()).used = used };
    }

    /// The address of the first byte that a block may have.
    pub fn start(self) -> usize {
        self.0.addr().get() + size_of::<Header>()
    }

    /// Behind the last byte that a block may have: where the cursor of an empty chunk stands.
    pub fn end(self) -> NonNull<u8> {
        // SAFETY: the chunk has `size` bytes, so this points to its end.
        unsafe { self.0.cast::<u8>().add(self.size()) }
    }
}

/// How a chunk of `size` bytes is asked for; `None` where there can be none of that size.
///
/// Chunks that fill huge pages begin at the boundary of one.
fn layout_of(size: usize) -> Option<Layout> {
    let align = if size >= HUGE_PAGE { HUGE_PAGE } else { CHUNK_ALIGN };
    Layout::from_size_align(size, align).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement;

    #[test]
    fn the_smallest_chunk_holds_the_block_wherever_it_lies() {
        for align in (0..13).map(|power| 1 << power) {
            for size in [1, 15, 16, 17, 4096, 5000] {
                let layout = Layout::from_size_align(size, align).expect("a layout");
                let bytes = Chunk::size_for(layout).expect("no overflow");
                for chunk in (1 << 20..(1 << 20) + 2 * align).step_by(CHUNK_ALIGN) {
                    let placed = placement::down(chunk + size_of::<Header>(), chunk + bytes, layout);
                    assert!(placed.is_some(), "{layout:?} in {bytes} bytes at {chunk:#x}");
                }
            }
        }
    }
}
