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

use crate::classes::Class;
use crate::pages::Pages;

/// Bytes of a region, and its alignment.
pub const REGION: usize = 2 << 20;

/// Where fresh blocks come from.
#[derive(Debug)]
pub struct Region {
    /// The next free byte of the newest region.
    cursor: AtomicPtr<u8>,
    /// All regions.
    newest: AtomicPtr<u8>,
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
        todo!(
            "{count} blocks of {class:?} at {:p}, or in a new region from {pages:?}",
            self.cursor.load(Ordering::Relaxed)
        )
    }

    /// Unmaps all regions.
    ///
    /// # Safety
    /// They came from `pages`, and no block of theirs is used any more.
    pub unsafe fn free(&mut self, pages: &Pages) {
        todo!(
            "give {:p} and all before it back to {pages:?}",
            *self.newest.get_mut()
        )
    }
}

impl Default for Region {
    fn default() -> Self {
        Self::new()
    }
}
