//! Advice to the kernel about large tables.
//!
//! The translation of addresses has a cache too, the TLB. It holds some thousand pages: with pages of 4 KiB that is a few
//! megabytes, with pages of 2 MiB it is gigabytes. Where the kernel gives huge pages on request
//! (`/sys/kernel/mm/transparent_hugepage/enabled` says `madvise`), this is the request.

/// Bytes of a huge page on x86-64, and on AArch64 with pages of 4 KiB.
pub const HUGE_PAGE: usize = 2 << 20;

/// Asks the kernel to put the huge pages that lie whole within `memory` on huge pages. Call it before the first write:
/// a page that exists already stays what it is.
///
/// Only advice: it fails silently, and changes nothing that a program can see but time.
pub fn advise_huge_pages<T>(memory: &mut [T]) {
    let range = memory.as_mut_ptr_range();
    let (start, end) = (range.start.addr(), range.end.addr());
    let first = start.next_multiple_of(HUGE_PAGE);
    let last = end / HUGE_PAGE * HUGE_PAGE;
    if first >= last {
        return;
    }
    #[cfg(all(target_os = "linux", not(miri)))]
    // SAFETY: the range lies within `memory`, which is borrowed for us alone. MADV_HUGEPAGE changes no byte of it.
    unsafe {
        let place = range.start.cast::<u8>().add(first - start);
        libc::madvise(place.cast(), last - first, libc::MADV_HUGEPAGE);
    }
}
