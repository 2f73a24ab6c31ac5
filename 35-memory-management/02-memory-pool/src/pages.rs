//! Memory from the kernel, in whole pages: `mmap(2)`, `munmap(2)`, `mremap(2)`; with a count and a limit.

use std::alloc::Layout;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::table::Source;

/// Bytes of a page. A kernel with larger ones rounds up by itself, and alignments are kept all the same.
pub const PAGE: usize = 4096;

/// An account with the kernel.
#[derive(Debug)]
pub struct Pages {
    /// Bytes that are mapped, never more than `limit` but for a limit that was lowered.
    mapped: AtomicUsize,
    /// The most that `mapped` has been.
    peak: AtomicUsize,
    limit: AtomicUsize,
}

impl Pages {
    /// An account without pages and without a limit.
    pub const fn new() -> Self {
        Self {
            mapped: AtomicUsize::new(0),
            peak: AtomicUsize::new(0),
            limit: AtomicUsize::new(usize::MAX),
        }
    }

    /// From now on nothing is mapped that would bring the bytes above `limit`. What is mapped stays.
    pub fn set_limit(&self, limit: usize) {
        todo!("{limit}, in the place of {}", self.limit.load(Ordering::Relaxed))
    }

    /// Bytes that are mapped.
    pub fn mapped_bytes(&self) -> usize {
        self.mapped.load(Ordering::Relaxed)
    }

    /// The most bytes that were mapped at a time.
    pub fn peak_bytes(&self) -> usize {
        self.peak.load(Ordering::Relaxed)
    }

    /// Maps `bytes` zeroed bytes, rounded up to whole pages, at a multiple of `align`.
    ///
    /// `None` beyond the limit, where the kernel refuses, or where the sum overflows.
    pub fn map(&self, bytes: usize, align: usize) -> Option<NonNull<u8>> {
        todo!("map {bytes} bytes at a multiple of {align}")
    }

    /// Gives pages back.
    ///
    /// # Safety
    /// They came from this account with the same size, and are not used any more.
    pub unsafe fn unmap(&self, block: NonNull<u8>, bytes: usize) {
        todo!("unmap {bytes} bytes at {block:p}")
    }

    /// Changes the size of a mapping, and moves it where it has to: addresses change, pages are not copied. Aligned to
    /// [`PAGE`] only. `None` leaves everything as it is.
    ///
    /// # Safety
    /// The pages came from this account with the size `old`. After success they are used at the new address only.
    pub unsafe fn remap(&self, block: NonNull<u8>, old: usize, new: usize) -> Option<NonNull<u8>> {
        todo!("make the {old} bytes at {block:p} {new} bytes")
    }
}

impl Default for Pages {
    fn default() -> Self {
        Self::new()
    }
}

impl Source for Pages {
    fn take_zeroed(&self, layout: Layout) -> Option<NonNull<u8>> {
        self.map(layout.size(), layout.align())
    }

    unsafe fn give_back(&self, memory: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller says that it came from here.
        unsafe { self.unmap(memory, layout.size()) };
    }
}

/// `bytes` rounded up to pages; `None` where that overflows.
pub fn whole_pages(bytes: usize) -> Option<usize> {
    bytes.checked_next_multiple_of(PAGE)
}
