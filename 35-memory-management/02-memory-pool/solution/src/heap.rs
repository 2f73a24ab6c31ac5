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
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering};

use crate::cache::Cache;
use crate::classes::{CLASSES, Class};
use crate::depot::{Depot, rounds};
use crate::pages::{PAGE, Pages, whole_pages};
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
        self.pages.set_limit(limit_bytes);
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

    /// The cache of the calling thread, or [`NONE`].
    #[inline]
    fn cache(&self) -> *mut Cache {
        // Relaxed: whoever put it there did so as the thread of this number.
        self.caches[thread::number()].load(Ordering::Relaxed)
    }

    /// Calls `action` with a cache that nobody else uses meanwhile.
    #[cold]
    #[inline(never)]
    fn with_cache<R>(&self, action: impl FnOnce(&Cache) -> R) -> R {
        let number = thread::claim();
        let mut cache = self.cache();
        if number != 0
            && ptr::eq(cache, &raw const NONE)
            && let Some(memory) = self.pages.map(size_of::<Cache>(), align_of::<Cache>())
        {
            cache = memory.as_ptr().cast();
            // Zeroes are a cache. Release: a report that sees it, sees those.
            self.caches[number].store(cache, Ordering::Release);
        }
        if !ptr::eq(cache, &raw const NONE) {
            // SAFETY: it is there while the heap is, and this thread alone has its number.
            return action(unsafe { &*cache });
        }
        while self
            .is_shared_locked
            .compare_exchange_weak(false, true, Ordering::Acquire, Ordering::Relaxed)
            .is_err()
        {
            std::thread::yield_now();
        }
        let result = action(&self.shared);
        self.is_shared_locked.store(false, Ordering::Release);
        result
    }

    /// A block when the loaded magazine had none.
    #[cold]
    fn take_slow(&self, class: Class) -> *mut u8 {
        let block = self.with_cache(|cache| {
            // SAFETY: `with_cache` says that the cache is ours.
            unsafe {
                // A thread without a number is here first and has not looked yet.
                if let Some(block) = cache.take(class) {
                    return Some(block);
                }
                if !cache.reload(class, &self.depot) && !self.load_fresh(class, cache) {
                    return None;
                }
                cache.take(class)
            }
        });
        block.map_or(ptr::null_mut(), NonNull::as_ptr)
    }

    /// Fills the empty magazine of a cache with fresh blocks; `false` where there is no memory.
    ///
    /// # Safety
    /// No other thread uses the cache, and it has no block of the class.
    unsafe fn load_fresh(&self, class: Class, cache: &Cache) -> bool {
        // SAFETY: the cache is ours. An empty loaded magazine has room already.
        let has_room = cache.has_room(class)
            || unsafe { cache.make_room(class, &self.depot, || self.depot.take_empty(&self.pages)) };
        if !has_room {
            return false;
        }
        let Some(run) = self.region.carve(class, rounds(class), &self.pages) else {
            return false;
        };
        self.made[class.index()].fetch_add(run.count, Ordering::Relaxed);
        // From the top down: blocks are taken in the order of their addresses.
        for index in (0..run.count).rev() {
            // SAFETY: the run has `count` blocks of this size, and the magazine room for them.
            let kept = unsafe { cache.put(class, run.start.add(index * class.size())) };
            debug_assert!(kept);
        }
        true
    }

    /// Gives a block back when the loaded magazine was full.
    ///
    /// Where there is no memory for one more magazine, the block is lost: it counts as handed out for ever.
    #[cold]
    fn put_slow(&self, class: Class, block: NonNull<u8>) {
        self.with_cache(|cache| {
            // SAFETY: `with_cache` says that the cache is ours; the block is free.
            unsafe {
                if !cache.put(class, block)
                    && cache.make_room(class, &self.depot, || self.depot.take_empty(&self.pages))
                {
                    cache.put(class, block);
                }
            }
        });
    }

    #[cold]
    fn map_large(&self, layout: Layout) -> *mut u8 {
        let Some(block) = self.pages.map(layout.size(), layout.align()) else {
            return ptr::null_mut();
        };
        self.large_blocks.fetch_add(1, Ordering::Relaxed);
        self.large_bytes
            .fetch_add(large_bytes(layout.size()), Ordering::Relaxed);
        block.as_ptr()
    }

    /// # Safety
    /// The block came from `map_large` with this size, and is not used any more.
    #[cold]
    unsafe fn unmap_large(&self, block: NonNull<u8>, size: usize) {
        // SAFETY: as the caller says.
        unsafe { self.pages.unmap(block, size) };
        self.large_blocks.fetch_sub(1, Ordering::Relaxed);
        self.large_bytes.fetch_sub(large_bytes(size), Ordering::Relaxed);
    }

    /// # Safety
    /// The block came from `map_large` with the old size, aligned to a page or less.
    #[cold]
    unsafe fn remap_large(&self, block: NonNull<u8>, old: usize, new: usize) -> *mut u8 {
        // SAFETY: as the caller says.
        let Some(moved) = (unsafe { self.pages.remap(block, old, new) }) else {
            return ptr::null_mut();
        };
        self.large_bytes.fetch_add(large_bytes(new), Ordering::Relaxed);
        self.large_bytes.fetch_sub(large_bytes(old), Ordering::Relaxed);
        moved.as_ptr()
    }
}

/// What is mapped for a large block of this size, which was mapped.
fn large_bytes(size: usize) -> usize {
    whole_pages(size).expect("a size that was mapped")
}

impl Default for Heap {
    fn default() -> Self {
        Self::new()
    }
}

// SAFETY: a block is in one place at a time: handed out, in a magazine of a cache, which one thread uses, or in a full
// magazine of the depot, which one thread takes. Blocks of a run do not overlap, and have the class's size and alignment.
// Nothing here panics, allocates by any other way, or uses a thread-local that may be gone.
unsafe impl GlobalAlloc for Heap {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(class) = Class::of(layout) else {
            return self.map_large(layout);
        };
        // SAFETY: the cache is there, and this thread alone uses it; from `NONE` nothing is taken.
        match unsafe { (*self.cache()).take(class) } {
            Some(block) => block.as_ptr(),
            None => self.take_slow(class),
        }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: a block that was handed out is not null.
        let block = unsafe { NonNull::new_unchecked(block) };
        let Some(class) = Class::of(layout) else {
            // SAFETY: `alloc` mapped it with the same layout.
            unsafe { self.unmap_large(block, layout.size()) };
            return;
        };
        // SAFETY: as in `alloc`; and the block is free from here on.
        if !unsafe { (*self.cache()).put(class, block) } {
            self.put_slow(class, block);
        }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is handed on.
        let block = unsafe { self.alloc(layout) };
        // The kernel's pages are zeroed; a small block may have been somebody's.
        if !block.is_null() && Class::of(layout).is_some() {
            // SAFETY: the block has that many bytes, and nobody else knows of it.
            unsafe { block.write_bytes(0, layout.size()) };
        }
        block
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let Ok(new_layout) = Layout::from_size_align(new_size, layout.align()) else {
            return ptr::null_mut();
        };
        match (Class::of(layout), Class::of(new_layout)) {
            (Some(old), Some(new)) if old == new => return block,
            (None, None) if layout.align() <= PAGE => {
                // SAFETY: a block that was handed out is not null; it has no class, so it was mapped.
                return unsafe { self.remap_large(NonNull::new_unchecked(block), layout.size(), new_size) };
            }
            _ => {}
        }
        // SAFETY: the new size is not zero, as the caller promises.
        let moved = unsafe { self.alloc(new_layout) };
        if !moved.is_null() {
            // SAFETY: both blocks have at least the smaller size, and are different; the old one is not used any more.
            unsafe {
                ptr::copy_nonoverlapping(block, moved, layout.size().min(new_size));
                self.dealloc(block, layout);
            }
        }
        moved
    }
}

impl Drop for Heap {
    fn drop(&mut self) {
        for cache in &mut self.caches {
            let cache = std::mem::replace(cache.get_mut(), (&raw const NONE).cast_mut());
            if let Some(cache) = NonNull::new(cache).filter(|cache| !ptr::eq(cache.as_ptr(), &raw const NONE))
            {
                // SAFETY: `with_cache` mapped it, and no thread is inside the heap any more.
                unsafe { self.pages.unmap(cache.cast(), size_of::<Cache>()) };
            }
        }
        // SAFETY: blocks, and what is kept of them, are used only while the heap lives.
        unsafe {
            self.depot.free(&self.pages);
            self.region.free(&self.pages);
        }
    }
}
