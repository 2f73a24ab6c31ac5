//! Memory from the kernel, in whole pages: `mmap(2)`, `munmap(2)`, `mremap(2)`; with a count and a limit.

use std::alloc::Layout;
use std::ptr::{self, NonNull};
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
        self.limit.store(limit, Ordering::Relaxed);
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
        let bytes = whole_pages(bytes)?;
        // The kernel aligns to pages. For more, map more, and give back what is too much on either side.
        let slack = align.saturating_sub(PAGE);
        let asked = bytes.checked_add(slack)?;
        self.charge(bytes)?;
        let Some(start) = system_map(asked) else {
            self.refund(bytes);
            return None;
        };
        let before = start.addr().get().wrapping_neg() & (align - 1);
        if slack == 0 || before > slack {
            debug_assert_eq!(slack, 0);
            return Some(start);
        }
        // SAFETY: `before` is at most `slack`, so both parts are inside what was mapped, and nobody has seen them.
        unsafe {
            let block = start.add(before);
            system_unmap(start, before);
            system_unmap(block.add(bytes), slack - before);
            Some(block)
        }
    }

    /// Gives pages back.
    ///
    /// # Safety
    /// They came from this account with the same size, and are not used any more.
    pub unsafe fn unmap(&self, block: NonNull<u8>, bytes: usize) {
        let bytes = whole_pages(bytes).expect("a size that was mapped");
        // SAFETY: the caller says that they are ours.
        unsafe { system_unmap(block, bytes) };
        self.refund(bytes);
    }

    /// Changes the size of a mapping, and moves it where it has to: addresses change, pages are not copied. Aligned to
    /// [`PAGE`] only. `None` leaves everything as it is.
    ///
    /// # Safety
    /// The pages came from this account with the size `old`. After success they are used at the new address only.
    pub unsafe fn remap(&self, block: NonNull<u8>, old: usize, new: usize) -> Option<NonNull<u8>> {
        let (old, new) = (whole_pages(old)?, whole_pages(new)?);
        if old == new {
            return Some(block);
        }
        if new > old {
            self.charge(new - old)?;
        }
        // SAFETY: the caller says that the pages are ours.
        let moved = unsafe { libc::mremap(block.as_ptr().cast(), old, new, libc::MREMAP_MAYMOVE) };
        if moved == libc::MAP_FAILED {
            self.refund(new.saturating_sub(old));
            return None;
        }
        self.refund(old.saturating_sub(new));
        NonNull::new(moved.cast())
    }

    /// Counts bytes before they are mapped; `None` where they would be beyond the limit.
    fn charge(&self, bytes: usize) -> Option<()> {
        let limit = self.limit.load(Ordering::Relaxed);
        let before = self
            .mapped
            .try_update(Ordering::Relaxed, Ordering::Relaxed, |mapped| {
                mapped.checked_add(bytes).filter(|&sum| sum <= limit)
            })
            .ok()?;
        self.peak.fetch_max(before + bytes, Ordering::Relaxed);
        Some(())
    }

    fn refund(&self, bytes: usize) {
        self.mapped.fetch_sub(bytes, Ordering::Relaxed);
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

fn system_map(bytes: usize) -> Option<NonNull<u8>> {
    // SAFETY: a new mapping at an address of the kernel's choice touches nobody's memory.
    let start = unsafe {
        libc::mmap(
            ptr::null_mut(),
            bytes,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
            -1,
            0,
        )
    };
    if start == libc::MAP_FAILED {
        return None;
    }
    NonNull::new(start.cast())
}

/// # Safety
/// The pages are the caller's, and not used any more.
unsafe fn system_unmap(start: NonNull<u8>, bytes: usize) {
    if bytes > 0 {
        // SAFETY: as the caller says.
        let result = unsafe { libc::munmap(start.as_ptr().cast(), bytes) };
        debug_assert_eq!(result, 0, "munmap of pages that were mapped");
    }
}
