//! Magazines: arrays of free blocks that threads exchange whole, full ones for empty ones.
//!
//! ```text
//! magazine, 512 bytes    | link | block | block | … 63 of them |
//! ```
//!
//! A block in a magazine is not touched: neither its contents nor its page. A magazine has a number, and the lists of full
//! and of empty ones are lists of numbers, so 63 blocks change hands with one exchange.

use std::cell::UnsafeCell;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, AtomicU64};

use crate::classes::{CLASSES, Class};
use crate::free_list::{FreeList, Links};
use crate::pages::Pages;
use crate::table::Table;

/// The most blocks that a magazine holds.
pub const ROUNDS_MAX: usize = 63;

/// How many blocks of a class a full magazine holds.
pub const fn rounds(class: Class) -> usize {
    let _ = class;
    todo!()
}

/// Places for free blocks. Zeroes are an empty magazine.
#[repr(C)]
pub struct Magazine {
    /// The lists'.
    link: AtomicU64,
    /// The owner's; whoever has the magazine knows how many of these are blocks.
    blocks: UnsafeCell<[*mut u8; ROUNDS_MAX]>,
}

/// All magazines of a heap, but for those that a cache has.
pub struct Depot {
    magazines: Table<Magazine>,
    /// Magazines that were ever made: those below this index.
    made: AtomicU32,
    /// Those that are empty.
    empty: FreeList,
    /// Those that are full, by class.
    full: [FreeList; CLASSES],
    // More fields, if you need them.
}

// SAFETY: yours to show: who may touch the blocks of a magazine?
unsafe impl Sync for Depot {}
// SAFETY: as above; a heap's memory belongs to no thread.
unsafe impl Send for Depot {}

impl Links<AtomicU64> for Table<Magazine> {
    #[inline]
    fn link(&self, index: u32) -> &AtomicU64 {
        // SAFETY: the lists ask for magazines that were put into them, which are reserved, and stay while the heap lives.
        // The reference is to the link alone, since the rest may be somebody's.
        unsafe { &(*self.place(index).as_ptr()).link }
    }
}

impl Depot {
    /// No magazines yet.
    pub const fn new() -> Self {
        Self {
            magazines: Table::new(),
            made: AtomicU32::new(0),
            empty: FreeList::new(AtomicU64::new(0)),
            full: [const { FreeList::new(AtomicU64::new(0)) }; CLASSES],
        }
    }

    /// An empty magazine; a new one where there is none. `None` where there is no memory for it.
    pub fn take_empty(&self, pages: &Pages) -> Option<u32> {
        todo!(
            "one of {:?}, or a new one, number {:?}, from {pages:?}",
            self.empty,
            self.made
        )
    }

    /// Takes an empty magazine back.
    pub fn put_empty(&self, magazine: u32) {
        todo!("{magazine} into {:?}", self.empty)
    }

    /// A full magazine of the class, if there is one.
    pub fn take_full(&self, class: Class) -> Option<u32> {
        todo!("one of {:?}", self.full[class.index()])
    }

    /// Takes a magazine that is full of blocks of the class.
    pub fn put_full(&self, class: Class, magazine: u32) {
        todo!("{magazine} into {:?}", self.full[class.index()])
    }

    /// Blocks of the class that are in full magazines here.
    pub fn blocks(&self, class: Class) -> usize {
        todo!("count what is in the magazines of {:?}", self.full[class.index()])
    }

    /// The first place for a block of a magazine, which the caller has taken.
    pub fn first_round(&self, magazine: u32) -> NonNull<*mut u8> {
        let magazine = self.magazines.place(magazine).as_ptr();
        // SAFETY: the magazine is there; no reference to it is made, but a pointer to its blocks.
        let blocks = unsafe { UnsafeCell::raw_get(&raw const (*magazine).blocks) };
        NonNull::new(blocks.cast()).expect("a place has an address")
    }

    /// Gives the magazines' memory back.
    ///
    /// # Safety
    /// It came from `pages`, and no magazine is used any more.
    pub unsafe fn free(&mut self, pages: &Pages) {
        todo!("give the magazines back to {pages:?}")
    }
}

impl Default for Depot {
    fn default() -> Self {
        Self::new()
    }
}
