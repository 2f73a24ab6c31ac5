//! Fresh blocks, carved from large regions by moving one pointer. Blocks of all classes lie side by side: whoever gives a
//! block back says its size, so no block needs a header, and no page a class.
//!
//! ```text
//! region, 2 MiB, at a multiple of 2 MiB
//! | header | 63 × 64 bytes | 63 × 16 | pad | 2 × 16 KiB | …        free         |
//!                                                        ▲ cursor              ▲ the next multiple of 2 MiB
//! ```
//!
//! The cursor alone is the state. Where the region ends is the next multiple of its size, so a cursor at a multiple,
//! null among them, has no room. A region is never unmapped while the heap lives: no cursor comes back, there is no ABA.

use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicPtr, Ordering};

use crate::classes::{ALIGN_MAX, Class, SMALL_MAX};
use crate::pages::Pages;

/// Bytes of a region, and its alignment.
pub const REGION: usize = 2 << 20;

const _: () = assert!(size_of::<Header>() + ALIGN_MAX + SMALL_MAX <= REGION);

/// What stands at the start of a region.
#[repr(C, align(16))]
struct Header {
    /// The region that was taken before.
    previous: *mut Header,
}

/// Where fresh blocks come from.
#[derive(Debug)]
pub struct Region {
    /// The next free byte of the newest region.
    cursor: AtomicPtr<u8>,
    /// All regions.
    newest: AtomicPtr<Header>,
}

/// Fresh blocks, one behind the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// The first block.
    pub start: NonNull<u8>,
    /// How many there are; at least one.
    pub count: usize,
}

impl Region {
    /// No region yet.
    pub const fn new() -> Self {
        Self {
            cursor: AtomicPtr::new(ptr::null_mut()),
            newest: AtomicPtr::new(ptr::null_mut()),
        }
    }

    /// Up to `count` fresh blocks of a class, zeroed, which is what the kernel's pages are. Fewer where the region ends;
    /// `None` where there is no region to be had.
    pub fn carve(&self, class: Class, count: usize, pages: &Pages) -> Option<Run> {
        debug_assert!(count > 0);
        // Relaxed, here and below: nothing is read behind the cursor but zeroes of the kernel's.
        let mut cursor = self.cursor.load(Ordering::Relaxed);
        loop {
            let claim = match place(cursor, class, count) {
                Some((run, behind)) => self.exchange(cursor, behind).map(|()| run),
                None => self.carve_new(cursor, class, count, pages)?,
            };
            match claim {
                Ok(run) => return Some(run),
                Err(now) => cursor = now,
            }
        }
    }

    /// Takes a region, and the first blocks of it; `Ok(Err(cursor))` where somebody else took one first.
    #[cold]
    fn carve_new(
        &self,
        cursor: *mut u8,
        class: Class,
        count: usize,
        pages: &Pages,
    ) -> Option<Result<Run, *mut u8>> {
        let region = pages.map(REGION, REGION)?;
        let header = region.cast::<Header>();
        // SAFETY: the region has room for a header.
        let first = unsafe { header.add(1) }.cast::<u8>().as_ptr();
        let (run, behind) = place(first, class, count).expect("an empty region has room for a block");
        if let Err(now) = self.exchange(cursor, behind) {
            // SAFETY: it was mapped a moment ago, and nobody has seen it.
            unsafe { pages.unmap(region, REGION) };
            return Some(Err(now));
        }
        // The list is only read when the heap ends.
        let previous = self.newest.swap(header.as_ptr(), Ordering::Relaxed);
        // SAFETY: the header is ours: blocks begin behind it.
        unsafe { header.write(Header { previous }) };
        Some(Ok(run))
    }

    fn exchange(&self, old: *mut u8, new: *mut u8) -> Result<(), *mut u8> {
        self.cursor
            .compare_exchange(old, new, Ordering::Relaxed, Ordering::Relaxed)
            .map(drop)
    }

    /// Unmaps all regions.
    ///
    /// # Safety
    /// They came from `pages`, and no block of theirs is used any more.
    pub unsafe fn free(&mut self, pages: &Pages) {
        let mut next = std::mem::replace(self.newest.get_mut(), ptr::null_mut());
        while let Some(region) = NonNull::new(next) {
            // SAFETY: every region in the list has a header.
            next = unsafe { region.as_ref().previous };
            // SAFETY: as the caller says.
            unsafe { pages.unmap(region.cast(), REGION) };
        }
        *self.cursor.get_mut() = ptr::null_mut();
    }
}

impl Default for Region {
    fn default() -> Self {
        Self::new()
    }
}

/// Blocks at the cursor or a little above, and where they end; `None` where no block fits below the region's end.
fn place(cursor: *mut u8, class: Class, count: usize) -> Option<(Run, *mut u8)> {
    let room = cursor.addr().wrapping_neg() & (REGION - 1);
    let padding = cursor.addr().wrapping_neg() & (class.align() - 1);
    let count = count.min(room.checked_sub(padding)? / class.size());
    if count == 0 {
        return None;
    }
    // The end of a region may be the address behind its mapping, and is never read.
    let start = NonNull::new(cursor.wrapping_add(padding))?;
    let behind = cursor.wrapping_add(padding + count * class.size());
    Some((Run { start, count }, behind))
}
