//! A global allocator on a region of fixed size: for a program that starts, allocates what it needs, and ends;
//! or for firmware without a heap.
//!
//! All its state is one number, the bytes used, which threads change by compare-and-exchange. A number that
//! comes back to an earlier value means the same state again, so there is nothing for an ABA problem to harm.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::UnsafeCell;
use std::mem::MaybeUninit;
use std::sync::atomic::AtomicUsize;

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

// SAFETY: yours to show: why do no two threads ever get the same byte?
unsafe impl<const N: usize> Sync for BumpGlobal<N> {}

impl<const N: usize> BumpGlobal<N> {
    /// An allocator with nothing handed out.
    pub const fn new() -> Self {
        todo!()
    }

    /// Bytes of the region that blocks and the padding between them take: after `alloc` where the new block ends,
    /// after `dealloc` of the last block where that one began.
    pub fn used_bytes(&self) -> usize {
        todo!("read {:?}", self.used)
    }
}

impl<const N: usize> Default for BumpGlobal<N> {
    fn default() -> Self {
        Self::new()
    }
}

// SAFETY: yours to show: why are blocks inside the region, aligned and disjoint? Nothing may panic or allocate here.
unsafe impl<const N: usize> GlobalAlloc for BumpGlobal<N> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        todo!("a block of {layout:?} in the region at {:p}", self.region.get())
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        todo!("give back {block:p}, {layout:?}, if it is the last")
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        todo!("make {block:p}, {layout:?}, {new_size} bytes long, where it is if it is the last")
    }
}
