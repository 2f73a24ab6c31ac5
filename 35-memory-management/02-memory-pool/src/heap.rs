//! A general-purpose allocator: size classes over `mmap`, with a cache for each thread.
//!
//! ```text
//! small     cache of the thread ─▶ its spare magazine ─▶ a full one from the depot ─▶ fresh blocks from the region
//! large     mmap, munmap, mremap
//! ```
//!
//! A block belongs to no thread. Whoever frees it puts it into the cache at hand; what is too much there goes to the
//! depot a magazine at a time, and serves whoever needs blocks of that class. Caches are kept by the number of a thread,
//! and a number goes from a thread that ends to one that starts, with the cache.

use std::alloc::{GlobalAlloc, Layout};
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering};

use crate::cache::Cache;
use crate::classes::{CLASSES, Class};
use crate::depot::Depot;
use crate::pages::Pages;
use crate::region::Region;
use crate::report::{ClassUse, Report};
use crate::thread::{self, NUMBERS};

/// What a thread has that has no cache yet: there is nothing in it, and nothing fits in.
static NONE: Cache = Cache::new();

/// The allocator. As a `static` it can be a program's `#[global_allocator]`; one that ends gives all its pages back.
pub struct Heap {
    /// By the number of a thread; 0 is no thread's, and its entry stays [`NONE`]. Each entry is used by one thread at a
    /// time, and once it is not [`NONE`] it stays as it is.
    caches: [AtomicPtr<Cache>; NUMBERS],
    depot: Depot,
    region: Region,
    pages: Pages,
    /// For threads that came when all numbers were taken: whoever has the lock has the cache.
    is_shared_locked: AtomicBool,
    shared: Cache,
    /// Blocks that were carved, by class.
    made: [AtomicUsize; CLASSES],
    large_blocks: AtomicUsize,
    large_bytes: AtomicUsize,
}

impl Heap {
    /// A heap without memory.
    pub const fn new() -> Self {
        Self {
            caches: [const { AtomicPtr::new((&raw const NONE).cast_mut()) }; NUMBERS],
            depot: Depot::new(),
            region: Region::new(),
            pages: Pages::new(),
            is_shared_locked: AtomicBool::new(false),
            shared: Cache::new(),
            made: [const { AtomicUsize::new(0) }; CLASSES],
            large_blocks: AtomicUsize::new(0),
            large_bytes: AtomicUsize::new(0),
        }
    }

    /// Lets the heap map no more than this many bytes in all; what it has, it keeps.
    pub fn set_limit(&self, limit_bytes: usize) {
        todo!("tell the pages: {limit_bytes} bytes")
    }

    /// What is out, and what it took. Allocates nothing.
    pub fn report(&self) -> Report {
        let caches = || {
            let all = self.caches.iter().map(|cache| cache.load(Ordering::Acquire));
            all.filter(|&cache| !ptr::eq(cache, &raw const NONE))
        };
        let mut classes = [ClassUse::default(); CLASSES];
        for class in (0..).map_while(Class::nth) {
            let made = self.made[class.index()].load(Ordering::Relaxed);
            let cached: usize = caches()
                // SAFETY: caches stay while the heap lives, and their fields are atomic.
                .map(|cache| unsafe { (*cache).blocks(class) })
                .sum();
            let free = cached + self.shared.blocks(class) + self.depot.blocks(class);
            classes[class.index()] = ClassUse {
                size_bytes: class.size(),
                made,
                live: made.saturating_sub(free), // Others may have moved blocks while this looked.
            };
        }
        Report {
            classes,
            large_blocks: self.large_blocks.load(Ordering::Relaxed),
            large_bytes: self.large_bytes.load(Ordering::Relaxed),
            mapped_bytes: self.pages.mapped_bytes(),
            peak_mapped_bytes: self.pages.peak_bytes(),
        }
    }
}

impl Default for Heap {
    fn default() -> Self {
        Self::new()
    }
}

// SAFETY: yours to show: in which places can a block be, and why in one at a time? Nothing may panic or allocate here.
unsafe impl GlobalAlloc for Heap {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        todo!(
            "a block of {layout:?}: from the cache of thread {}, the depot, or {:?}; or mapped",
            thread::number(),
            self.region
        )
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        todo!(
            "take {block:p}, {layout:?}, back; shared: {:?}",
            self.is_shared_locked
        )
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        todo!("a block of {layout:?}, zeroed: large ones are already")
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        todo!("make {block:p}, {layout:?}, {new_size} bytes long")
    }
}

impl Drop for Heap {
    fn drop(&mut self) {
        todo!("give all pages back")
    }
}
