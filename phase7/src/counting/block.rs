//! A block of memory of any allocator: what a test needs to drive a [`GlobalAlloc`] without unsafe code.

use std::alloc::{GlobalAlloc, Layout};
use std::fmt;
use std::ptr::NonNull;
use std::slice;

/// What the new bytes of a block hold.
pub const FILL: u8 = 0xa5;

/// A block, given back to its allocator on drop.
///
/// It believes the allocator, as everybody must: one that hands out bytes twice shows as contents that
/// change. Null and addresses off their alignment are found before a byte is touched.
pub struct Block<'a, A: GlobalAlloc> {
    allocator: &'a A,
    /// The first of `layout.size()` initialised bytes that `allocator` handed out with `layout`.
    pointer: NonNull<u8>,
    layout: Layout,
}

impl<'a, A: GlobalAlloc> Block<'a, A> {
    /// Asks for a block and fills it; `None` where the allocator says null.
    ///
    /// # Panics
    /// When the layout has no bytes, or the address is not aligned.
    #[track_caller]
    pub fn allocate(allocator: &'a A, layout: Layout) -> Option<Self> {
        assert_ne!(layout.size(), 0, "no allocator is asked for nothing");
        // SAFETY: the layout has a size.
        let block = Self::adopt(allocator, unsafe { allocator.alloc(layout) }, layout)?;
        // SAFETY: the allocator has just handed out that many bytes, and nobody else knows of them.
        unsafe { block.pointer.write_bytes(FILL, layout.size()) };
        Some(block)
    }

    /// Asks for a block of zeroed memory and leaves it as it came.
    ///
    /// # Panics
    /// As [`Block::allocate`].
    #[track_caller]
    pub fn allocate_zeroed(allocator: &'a A, layout: Layout) -> Option<Self> {
        assert_ne!(layout.size(), 0, "no allocator is asked for nothing");
        // SAFETY: the layout has a size.
        Self::adopt(allocator, unsafe { allocator.alloc_zeroed(layout) }, layout)
    }

    #[track_caller]
    fn adopt(allocator: &'a A, pointer: *mut u8, layout: Layout) -> Option<Self> {
        let pointer = NonNull::new(pointer)?;
        assert_eq!(
            pointer.addr().get() % layout.align(),
            0,
            "the address modulo its alignment, {layout:?}"
        );
        Some(Self {
            allocator,
            pointer,
            layout,
        })
    }

    /// Changes the size; the bytes that are new are filled. The block itself comes back where the allocator
    /// says null.
    ///
    /// # Panics
    /// When the new size is zero or overflows, or the new address is not aligned.
    #[track_caller]
    pub fn resize(self, new_size: usize) -> Result<Self, Self> {
        assert_ne!(new_size, 0, "no block is resized to nothing");
        let layout =
            Layout::from_size_align(new_size, self.layout.align()).expect("the new size fits a layout");
        // SAFETY: the block is the allocator's, with this layout; the new size is neither zero nor too large.
        let moved = unsafe {
            self.allocator
                .realloc(self.pointer.as_ptr(), self.layout, new_size)
        };
        let Some(block) = Self::adopt(self.allocator, moved, layout) else {
            return Err(self);
        };
        let old_size = self.layout.size();
        std::mem::forget(self); // `block` has taken its place.
        if let Some(added) = new_size.checked_sub(old_size) {
            // SAFETY: the block has `new_size` bytes, of which the last `added` are new.
            unsafe { block.pointer.add(old_size).write_bytes(FILL, added) };
        }
        Ok(block)
    }

    /// The address of its first byte.
    pub fn address(&self) -> usize {
        self.pointer.addr().get()
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: the bytes are initialised, and the block is borrowed.
        unsafe { slice::from_raw_parts(self.pointer.as_ptr(), self.layout.size()) }
    }

    /// Its bytes, to change them.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: the bytes are initialised, and the block is borrowed for this alone.
        unsafe { slice::from_raw_parts_mut(self.pointer.as_ptr(), self.layout.size()) }
    }
}

impl<A: GlobalAlloc> fmt::Debug for Block<'_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Block")
            .field("pointer", &self.pointer)
            .field("layout", &self.layout)
            .finish()
    }
}

impl<A: GlobalAlloc> Drop for Block<'_, A> {
    fn drop(&mut self) {
        // SAFETY: the allocator handed it out with this layout, and this is the only place that gives it back.
        unsafe { self.allocator.dealloc(self.pointer.as_ptr(), self.layout) };
    }
}

// SAFETY: a block is its bytes and a shared allocator; bytes may change threads, and `&A` may when `A: Sync`.
unsafe impl<A: GlobalAlloc + Sync> Send for Block<'_, A> {}
