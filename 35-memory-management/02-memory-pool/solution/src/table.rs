//! A table that grows without moving: places named by index, in chunks of doubling size. Given: nothing is left to do.
//!
//! ```text
//! index     0 … 63   64 … 191   192 … 447   …        chunk k begins at 64 · (2^k − 1), and has 64 · 2^k places
//! chunk        0         1           2      …
//! ```
//!
//! Chunks are taken when the first of their places is reserved, zeroed, and stay until the table ends.

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicPtr, Ordering};

/// Places in the first chunk.
const FIRST: u64 = 64;

/// Chunks that hold all indices of 32 bits.
const CHUNKS: usize = 27;

/// Where a table has its chunks from.
pub trait Source {
    /// Zeroed memory of this layout, which has a size; `None` where there is none.
    fn take_zeroed(&self, layout: Layout) -> Option<NonNull<u8>>;

    /// Takes memory back.
    ///
    /// # Safety
    /// It came from this source with the same layout, and is not used any more.
    unsafe fn give_back(&self, memory: NonNull<u8>, layout: Layout);
}

/// The program's global allocator.
#[derive(Debug)]
pub struct Global;

impl Source for Global {
    fn take_zeroed(&self, layout: Layout) -> Option<NonNull<u8>> {
        debug_assert_ne!(layout.size(), 0);
        // SAFETY: the layout has a size.
        NonNull::new(unsafe { alloc_zeroed(layout) })
    }

    unsafe fn give_back(&self, memory: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller says that it came from here.
        unsafe { dealloc(memory.as_ptr(), layout) };
    }
}

/// Places for `T`, which has a size. What a place holds at first is zeroes.
#[derive(Debug)]
pub struct Table<T> {
    /// Null until a place in the chunk is reserved; then it stays as it is.
    chunks: [AtomicPtr<T>; CHUNKS],
}

impl<T> Table<T> {
    /// A table without places.
    pub const fn new() -> Self {
        Self {
            chunks: [const { AtomicPtr::new(ptr::null_mut()) }; CHUNKS],
        }
    }

    /// Sees to it that the place `index` is there; `false` where the source has no chunk for it.
    pub fn reserve(&self, index: u32, source: &impl Source) -> bool {
        let (chunk, _) = position(index);
        // Acquire, as in `place`: the zeroes were before.
        if !self.chunks[chunk].load(Ordering::Acquire).is_null() {
            return true;
        }
        let Some(layout) = chunk_layout::<T>(chunk) else {
            return false;
        };
        let Some(memory) = source.take_zeroed(layout) else {
            return false;
        };
        let installed = self.chunks[chunk].compare_exchange(
            ptr::null_mut(),
            memory.as_ptr().cast(),
            Ordering::AcqRel,
            Ordering::Acquire,
        );
        if installed.is_err() {
            // Somebody else was first.
            // SAFETY: it came from there a moment ago, and nobody has seen it.
            unsafe { source.give_back(memory, layout) };
        }
        true
    }

    /// The place `index`, which was reserved.
    #[inline]
    pub fn place(&self, index: u32) -> NonNull<T> {
        let (chunk, offset) = position(index);
        let first = NonNull::new(self.chunks[chunk].load(Ordering::Acquire)).expect("the place is reserved");
        // SAFETY: the chunk has more than `offset` places.
        unsafe { first.add(offset) }
    }

    /// Gives all chunks back. What is in the places is not dropped.
    ///
    /// # Safety
    /// All came from `source`, and no place is used any more.
    pub unsafe fn free(&mut self, source: &impl Source) {
        for (index, chunk) in self.chunks.iter_mut().enumerate() {
            let chunk = std::mem::replace(chunk.get_mut(), ptr::null_mut());
            if let (Some(memory), Some(layout)) = (NonNull::new(chunk), chunk_layout::<T>(index)) {
                // SAFETY: `reserve` took it with this layout.
                unsafe { source.give_back(memory.cast(), layout) };
            }
        }
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// The chunk of a place, and which of its places it is.
#[inline]
fn position(index: u32) -> (usize, usize) {
    let shifted = u64::from(index) + FIRST;
    let chunk = shifted.ilog2() - FIRST.ilog2();
    (chunk as usize, (shifted - (FIRST << chunk)) as usize)
}

/// How a chunk is asked for; `None` where it would be too large.
fn chunk_layout<T>(chunk: usize) -> Option<Layout> {
    Layout::array::<T>(usize::try_from(FIRST << chunk).ok()?).ok()
}
