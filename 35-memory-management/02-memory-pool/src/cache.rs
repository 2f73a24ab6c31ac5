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
use std::sync::atomic::{AtomicPtr, AtomicU32};

use crate::classes::{CLASSES, Class};
use crate::depot::Depot;

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
    /// Likewise of the spare; a bit of yours says whether it is full or empty.
    spare: AtomicU32,
}

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
        todo!("what is below {:?}, if that is not {:?}", slot.top, slot.bottom)
    }

    /// Keeps a block of the class; `false` where the loaded magazine is full.
    ///
    /// # Safety
    /// As for [`Cache::take`]; and the block is a free one.
    #[inline]
    pub unsafe fn put(&self, class: Class, block: NonNull<u8>) -> bool {
        let slot = &self.slots[class.index()];
        todo!("{block:p} at {:?}, if that is not {:?}", slot.top, slot.end)
    }

    /// For a slot whose loaded magazine is empty, or that has none: loads the spare, or a full one of the depot's.
    /// `false` where neither has blocks.
    ///
    /// # Safety
    /// As for [`Cache::take`].
    pub unsafe fn reload(&self, class: Class, depot: &Depot) -> bool {
        let slot = &self.slots[class.index()];
        todo!("the spare {:?}, or one of the depot at {depot:p}", slot.spare)
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
        let _ = take_empty;
        todo!("away with {:?}, to the depot at {depot:p} at last", slot.loaded)
    }

    /// Whether the loaded magazine has room for a block of the class.
    pub fn has_room(&self, class: Class) -> bool {
        todo!("whether there is a place in {:?}", self.slots[class.index()])
    }

    /// Blocks of the class that are here.
    pub fn blocks(&self, class: Class) -> usize {
        todo!("count what is in {:?}", self.slots[class.index()])
    }
}

impl Default for Cache {
    fn default() -> Self {
        Self::new()
    }
}
