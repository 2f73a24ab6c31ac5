//! A thread's own blocks: for each class the magazine that is loaded, and a spare one.
//!
//! ```text
//! slot of a class      loaded  | block | block | block |       |       |
//!                                ▲ bottom              ▲ top           ▲ end
//!                      spare   full or empty, or none yet
//! ```
//!
//! Taking a block moves `top` down, giving one back moves it up; at either end the slow path exchanges magazines. The spare
//! keeps a thread that goes up and down around an end from going to the depot each time: between two visits there are
//! at least as many operations as a magazine has rounds.
//!
//! One thread at a time uses a cache. Its fields are atomic so that a report may look from another one; in order there
//! is nothing but plain loads and stores.

use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering::Relaxed};

use crate::classes::{CLASSES, Class};
use crate::depot::{Depot, rounds};

/// A cache for all classes. Zeroes are one without magazines: it takes nothing and gives nothing.
#[derive(Debug)]
pub struct Cache {
    slots: [Slot; CLASSES],
}

/// The blocks of one class.
#[derive(Debug)]
struct Slot {
    /// Behind the last block of the loaded magazine.
    top: AtomicPtr<*mut u8>,
    /// The loaded magazine's first place; null, as the other two, where none is loaded.
    bottom: AtomicPtr<*mut u8>,
    /// Behind the place that is the last one for blocks of this class.
    end: AtomicPtr<*mut u8>,
    /// The number of the loaded magazine, plus 1; 0 where there is none.
    loaded: AtomicU32,
    /// Likewise of the spare, with [`FULL`] where it is full, and otherwise empty.
    spare: AtomicU32,
}

/// Set in the number of a spare magazine that is full.
const FULL: u32 = 1 << 31;

impl Cache {
    /// A cache without magazines.
    pub const fn new() -> Self {
        Self {
            slots: [const {
                Slot {
                    top: AtomicPtr::new(ptr::null_mut()),
                    bottom: AtomicPtr::new(ptr::null_mut()),
                    end: AtomicPtr::new(ptr::null_mut()),
                    loaded: AtomicU32::new(0),
                    spare: AtomicU32::new(0),
                }
            }; CLASSES],
        }
    }

    /// A block of the class, if the loaded magazine has one.
    ///
    /// # Safety
    /// No other thread uses the cache meanwhile, and its magazines are there.
    #[inline]
    pub unsafe fn take(&self, class: Class) -> Option<NonNull<u8>> {
        let slot = &self.slots[class.index()];
        let top = slot.top.load(Relaxed);
        if top == slot.bottom.load(Relaxed) {
            return None;
        }
        // SAFETY: between bottom and top there are blocks, and the magazine is ours.
        unsafe {
            let top = top.sub(1);
            slot.top.store(top, Relaxed);
            Some(NonNull::new_unchecked(*top))
        }
    }

    /// Keeps a block of the class; `false` where the loaded magazine is full.
    ///
    /// # Safety
    /// As for [`Cache::take`]; and the block is a free one.
    #[inline]
    pub unsafe fn put(&self, class: Class, block: NonNull<u8>) -> bool {
        let slot = &self.slots[class.index()];
        let top = slot.top.load(Relaxed);
        if top == slot.end.load(Relaxed) {
            return false;
        }
        // SAFETY: below the end there is room, and the magazine is ours.
        unsafe {
            top.write(block.as_ptr());
            slot.top.store(top.add(1), Relaxed);
        }
        true
    }

    /// For a slot whose loaded magazine is empty, or that has none: loads the spare, or a full one of the depot's.
    /// `false` where neither has blocks.
    ///
    /// # Safety
    /// As for [`Cache::take`].
    pub unsafe fn reload(&self, class: Class, depot: &Depot) -> bool {
        let slot = &self.slots[class.index()];
        let (loaded, spare) = (slot.loaded.load(Relaxed), slot.spare.load(Relaxed));
        if spare & FULL != 0 {
            slot.load(class, depot, spare & !FULL, true);
            slot.spare.store(loaded, Relaxed);
            return true;
        }
        let Some(full) = depot.take_full(class) else {
            return false;
        };
        slot.load(class, depot, full + 1, true);
        // One empty magazine is kept.
        if spare == 0 {
            slot.spare.store(loaded, Relaxed);
        } else if loaded != 0 {
            depot.put_empty(loaded - 1);
        }
        true
    }

    /// For a slot whose loaded magazine is full, or that has none: loads an empty one, which is the spare or comes from
    /// `take_empty`. `false` where there is none.
    ///
    /// # Safety
    /// As for [`Cache::take`].
    pub unsafe fn make_room(
        &self,
        class: Class,
        depot: &Depot,
        take_empty: impl FnOnce() -> Option<u32>,
    ) -> bool {
        let slot = &self.slots[class.index()];
        let (loaded, spare) = (slot.loaded.load(Relaxed), slot.spare.load(Relaxed));
        // A full one, or 0.
        let kept = if loaded == 0 { 0 } else { loaded | FULL };
        if spare != 0 && spare & FULL == 0 {
            slot.load(class, depot, spare, false);
            slot.spare.store(kept, Relaxed);
            return true;
        }
        let Some(empty) = take_empty() else {
            return false;
        };
        if loaded != 0 {
            if spare != 0 {
                depot.put_full(class, (spare & !FULL) - 1);
            }
            slot.spare.store(kept, Relaxed);
        }
        slot.load(class, depot, empty + 1, false);
        true
    }

    /// Whether the loaded magazine has room for a block of the class.
    pub fn has_room(&self, class: Class) -> bool {
        let slot = &self.slots[class.index()];
        slot.top.load(Relaxed) != slot.end.load(Relaxed)
    }

    /// Blocks of the class that are here.
    pub fn blocks(&self, class: Class) -> usize {
        let slot = &self.slots[class.index()];
        let (top, bottom) = (slot.top.load(Relaxed).addr(), slot.bottom.load(Relaxed).addr());
        let spare = if slot.spare.load(Relaxed) & FULL == 0 {
            0
        } else {
            rounds(class)
        };
        top.saturating_sub(bottom) / size_of::<*mut u8>() + spare
    }
}

impl Default for Cache {
    fn default() -> Self {
        Self::new()
    }
}

impl Slot {
    /// Makes the magazine with this number, plus 1, the loaded one.
    fn load(&self, class: Class, depot: &Depot, number: u32, is_full: bool) {
        let bottom = depot.first_round(number - 1).as_ptr();
        let end = bottom.wrapping_add(rounds(class));
        self.bottom.store(bottom, Relaxed);
        self.end.store(end, Relaxed);
        self.top.store(if is_full { end } else { bottom }, Relaxed);
        self.loaded.store(number, Relaxed);
    }
}
