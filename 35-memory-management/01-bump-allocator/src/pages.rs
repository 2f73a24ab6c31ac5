//! Advice to the kernel about pages. Given: nothing in this file is left to do.

use std::ptr::NonNull;

/// Bytes of a huge page on x86-64, and on AArch64 with 4 KiB pages.
pub const HUGE_PAGE: usize = 2 << 20;

/// Tells the kernel that `size` bytes from `chunk` on will be filled: it may map them by huge pages, of which
/// one takes a single page fault where small pages take 512.
///
/// Call it once, right after taking a chunk of [`HUGE_PAGE`] bytes or more, and take such a chunk with a `Layout`
/// aligned to [`HUGE_PAGE`]. `madvise(2)` refuses a start off the boundary of a page, where the global allocator
/// puts large chunks aligned to 16; this function then does nothing and says nothing. Nor can a huge page begin
/// off its own boundary: up to the next one, the chunk has small pages.
///
/// It is advice: a kernel that does not follow it changes nothing.
///
/// # Safety
/// The bytes belong to the caller.
pub unsafe fn advise_huge_pages(chunk: NonNull<u8>, size: usize) {
    // Miri has no pages.
    if cfg!(all(target_os = "linux", not(miri))) {
        // SAFETY: the advice changes how the caller's bytes are mapped, never what they hold.
        unsafe { libc::madvise(chunk.as_ptr().cast(), size, libc::MADV_HUGEPAGE) };
    }
}
