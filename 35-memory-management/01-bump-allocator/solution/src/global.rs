//! A global allocator on a region of fixed size: for a program that starts, allocates what it needs, and ends;
//! or for firmware without a heap.
//!
//! All its state is one number, the bytes used, which threads change by compare-and-exchange. A number that
//! comes back to an earlier value means the same state again, so there is nothing for an ABA problem to harm.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::UnsafeCell;
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::placement;

/// An allocator of `N` bytes. Blocks go up, so that the last one can grow and shrink where it is; only the last
/// one gives its bytes back.
///
/// ```ignore
/// use bump_allocator::BumpGlobal;
///
/// #[global_allocator]
/// static ALLOCATOR: BumpGlobal<{ 1 << 20 }> = BumpGlobal::new();
///
/// println!("{} bytes used", ALLOCATOR.used_bytes());
/// ```
#[repr(C, align(16))]
pub struct BumpGlobal<const N: usize> {
    /// The bytes. Each belongs to the block that it was handed out with, or to nobody.
    region: UnsafeCell<[MaybeUninit<u8>; N]>,
    /// Bytes from the start of the region that belong to blocks, or to the padding between them; at most `N`.
    used: AtomicUsize,
}

// SAFETY: a byte of the region is handed out to one caller at a time, since the change of `used` that claims it
// succeeds for one thread only; the allocator itself never reads or writes a byte that it has handed out, but
// for the copy in `realloc`, where the block is the caller's.
unsafe impl<const N: usize> Sync for BumpGlobal<N> {}

impl<const N: usize> BumpGlobal<N> {
    /// An allocator with nothing handed out.
    pub const fn new() -> Self {
        Self {
            region: UnsafeCell::new([MaybeUninit::uninit(); N]),
            used: AtomicUsize::new(0),
        }
    }

    /// Bytes of the region that blocks and the padding between them take: after `alloc` where the new block ends,
    /// after `dealloc` of the last block where that one began.
    pub fn used_bytes(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    /// The first byte of the region; it may reach all of it.
    fn base(&self) -> *mut u8 {
        self.region.get().cast()
    }

    /// The first byte of a block of ours, counted from the start of the region.
    fn offset_of(&self, block: *mut u8) -> usize {
        let offset = block.addr().wrapping_sub(self.base().addr());
        debug_assert!(offset <= N, "a block at {block:p} is not of this allocator");
        offset
    }
}

impl<const N: usize> Default for BumpGlobal<N> {
    fn default() -> Self {
        Self::new()
    }
}

// SAFETY: blocks are inside the region, aligned, and disjoint: each lies between the old and the new value of a
// successful change of `used`. Nothing here panics or allocates.
unsafe impl<const N: usize> GlobalAlloc for BumpGlobal<N> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let start = self.base().addr();
        let mut used = self.used.load(Ordering::Relaxed);
        loop {
            let Some(address) = placement::up(start + used, start + N, layout) else {
                return ptr::null_mut();
            };
            let offset = address - start;
            // Acquire: what the last owner of these bytes did to them was before, see `dealloc`.
            let claim = self.used.compare_exchange_weak(
                used,
                offset + layout.size(),
                Ordering::Acquire,
                Ordering::Relaxed,
            );
            match claim {
                // SAFETY: `up` found that the block ends inside the region.
                Ok(_) => return unsafe { self.base().add(offset) },
                Err(now) => used = now,
            }
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let offset = self.offset_of(block);
        // Only the last block ends where the used bytes do. Release: whoever gets the bytes next, sees the end
        // of what was done to them here.
        let _ = self.used.compare_exchange(
            offset + layout.size(),
            offset,
            Ordering::Release,
            Ordering::Relaxed,
        );
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let offset = self.offset_of(block);
        if new_size <= N - offset {
            // In place if it is the last block. It may grow or shrink: acquire for the one, release for the other.
            let resized = self.used.compare_exchange(
                offset + layout.size(),
                offset + new_size,
                Ordering::AcqRel,
                Ordering::Relaxed,
            );
            if resized.is_ok() {
                return block;
            }
        }
        if new_size <= layout.size() {
            return block; // The bytes behind it are lost: they belong to nobody.
        }
        let Ok(new_layout) = Layout::from_size_align(new_size, layout.align()) else {
            return ptr::null_mut();
        };
        // SAFETY: the new size is not zero, being greater than the old.
        let moved = unsafe { self.alloc(new_layout) };
        if !moved.is_null() {
            // SAFETY: the old block has this many bytes and the new one more; it is new, so they do not overlap.
            unsafe { ptr::copy_nonoverlapping(block, moved, layout.size()) };
            // The old one is not the last any more: there is nothing to give back.
        }
        moved
    }
}
