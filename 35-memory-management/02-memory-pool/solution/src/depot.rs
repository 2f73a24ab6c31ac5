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
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};

use crate::classes::{CLASSES, Class};
use crate::free_list::{FreeList, Links};
use crate::pages::Pages;
use crate::table::Table;

/// The most blocks that a magazine holds.
pub const ROUNDS_MAX: usize = 63;

/// The most bytes that the blocks of a full magazine have, where it holds more than one.
const MAGAZINE_BYTES: usize = 32 << 10;

/// As many magazines as numbers of 31 bits can name: a cache has a use for the last bit.
const MAGAZINES_MAX: u32 = (1 << 31) - 1;

/// How many blocks of a class a full magazine holds.
pub const fn rounds(class: Class) -> usize {
    let rounds = MAGAZINE_BYTES / class.size();
    if rounds > ROUNDS_MAX { ROUNDS_MAX } else { rounds }
}

/// Places for free blocks. Zeroes are an empty magazine.
#[repr(C)]
pub struct Magazine {
    /// The lists'.
    link: AtomicU64,
    /// The owner's; whoever has the magazine knows how many of these are blocks.
    blocks: UnsafeCell<[*mut u8; ROUNDS_MAX]>,
}

/// A list of magazines and how many are in it, alone on its cache line.
#[repr(align(64))]
struct Lane {
    list: FreeList,
    /// Raised before a magazine comes, lowered after one went.
    count: AtomicUsize,
}

impl Lane {
    const fn new() -> Self {
        Self {
            list: FreeList::new(AtomicU64::new(0)),
            count: AtomicUsize::new(0),
        }
    }
}

/// All magazines of a heap, but for those that a cache has.
pub struct Depot {
    magazines: Table<Magazine>,
    /// Magazines that were ever made: those below this index.
    made: AtomicU32,
    empty: Lane,
    full: [Lane; CLASSES],
}

// SAFETY: a magazine's link is atomic, and its blocks belong to the one who took it out of a list.
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
            empty: Lane::new(),
            full: [const { Lane::new() }; CLASSES],
        }
    }

    /// An empty magazine; a new one where there is none. `None` where there is no memory for it.
    pub fn take_empty(&self, pages: &Pages) -> Option<u32> {
        self.empty.list.pop(&self.magazines).or_else(|| self.make(pages))
    }

    /// Takes an empty magazine back.
    pub fn put_empty(&self, magazine: u32) {
        self.empty.list.push(&self.magazines, magazine);
    }

    /// A full magazine of the class, if there is one.
    pub fn take_full(&self, class: Class) -> Option<u32> {
        let lane = &self.full[class.index()];
        let magazine = lane.list.pop(&self.magazines)?;
        lane.count.fetch_sub(1, Ordering::Relaxed);
        Some(magazine)
    }

    /// Takes a magazine that is full of blocks of the class.
    pub fn put_full(&self, class: Class, magazine: u32) {
        let lane = &self.full[class.index()];
        lane.count.fetch_add(1, Ordering::Relaxed);
        lane.list.push(&self.magazines, magazine);
    }

    /// Blocks of the class that are in full magazines here.
    pub fn blocks(&self, class: Class) -> usize {
        self.full[class.index()].count.load(Ordering::Relaxed) * rounds(class)
    }

    /// The first place for a block of a magazine, which the caller has taken.
    pub fn first_round(&self, magazine: u32) -> NonNull<*mut u8> {
        let magazine = self.magazines.place(magazine).as_ptr();
        // SAFETY: the magazine is there; no reference to it is made, but a pointer to its blocks.
        let blocks = unsafe { UnsafeCell::raw_get(&raw const (*magazine).blocks) };
        NonNull::new(blocks.cast()).expect("a place has an address")
    }

    #[cold]
    fn make(&self, pages: &Pages) -> Option<u32> {
        let mut made = self.made.load(Ordering::Relaxed);
        loop {
            let next = made.checked_add(1).filter(|&next| next <= MAGAZINES_MAX)?;
            if !self.magazines.reserve(made, pages) {
                return None;
            }
            match self
                .made
                .compare_exchange_weak(made, next, Ordering::Relaxed, Ordering::Relaxed)
            {
                Ok(index) => return Some(index),
                Err(now) => made = now,
            }
        }
    }

    /// Gives the magazines' memory back.
    ///
    /// # Safety
    /// It came from `pages`, and no magazine is used any more.
    pub unsafe fn free(&mut self, pages: &Pages) {
        // SAFETY: as the caller says.
        unsafe { self.magazines.free(pages) };
    }
}

impl Default for Depot {
    fn default() -> Self {
        Self::new()
    }
}
