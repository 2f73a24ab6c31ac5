//! A pool for threads: values of one type, with owners that go wherever they like.
//!
//! The slots are in a `Table`, the free ones in a `FreeList`. A slot keeps its link beside the value and not in it:
//! a thread that is late may read the link while another writes the value.

use std::cell::UnsafeCell;
use std::fmt;
use std::marker::PhantomData;
use std::mem::{ManuallyDrop, MaybeUninit};
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};

use crate::error::{PoolError, Rejected};
use crate::free_list::{FreeList, Links};
use crate::pool::no_slot;
use crate::report::Statistics;
use crate::table::{Global, Table};

/// Places that indices can name.
const SLOTS_MAX: usize = u32::MAX as usize;

/// A pool that threads share. A clone is the same pool.
pub struct SharedPool<T> {
    inner: Arc<Inner<T>>,
}

/// A value in a slot of a [`SharedPool`]. It keeps the pool's memory alive.
pub struct Owned<T> {
    inner: Arc<Inner<T>>,
    /// The slot, which nobody else has; there is a value in it.
    index: u32,
    /// Where the value is.
    value: NonNull<T>,
    /// The owner has a value.
    owned: PhantomData<T>,
}

struct Slot<T> {
    /// The list's.
    link: AtomicU64,
    /// The owner's.
    value: UnsafeCell<MaybeUninit<T>>,
}

struct Inner<T> {
    slots: Table<Slot<T>>,
    /// Slots that were out and are not.
    free: FreeList,
    /// Slots that were ever out: those below this index.
    made: AtomicU32,
    live: AtomicUsize,
    peak: AtomicUsize,
    limit: usize,
}

// SAFETY: through the pool values go from one thread to another, which `T: Send` allows; nobody reaches a value through
// the pool itself. Of every slot the link is atomic, and the value belongs to the slot's one owner.
unsafe impl<T: Send> Send for Inner<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for Inner<T> {}
// SAFETY: an owner is its value, and a pool that can be used from any thread.
unsafe impl<T: Send> Send for Owned<T> {}
// SAFETY: a shared owner gives out shared references to its value, and nothing else.
unsafe impl<T: Send + Sync> Sync for Owned<T> {}

impl<T> Links<AtomicU64> for Table<Slot<T>> {
    fn link(&self, index: u32) -> &AtomicU64 {
        // SAFETY: the list asks for slots that were put into it, which are reserved; they stay while the table lives. The
        // reference is to the link alone, since the value may be somebody's.
        unsafe { &(*self.place(index).as_ptr()).link }
    }
}

impl<T> SharedPool<T> {
    /// A pool that grows as it needs.
    pub fn new() -> Self {
        Self::with_limit(SLOTS_MAX)
    }

    /// A pool of at most `limit` values at a time, and never more than `u32::MAX`.
    pub fn with_limit(limit: usize) -> Self {
        Self {
            inner: Arc::new(Inner {
                slots: Table::new(),
                free: FreeList::new(AtomicU64::new(0)),
                made: AtomicU32::new(0),
                live: AtomicUsize::new(0),
                peak: AtomicUsize::new(0),
                limit: limit.min(SLOTS_MAX),
            }),
        }
    }

    /// Moves a value into a slot.
    ///
    /// # Panics
    /// Where [`SharedPool::try_insert`] fails.
    pub fn insert(&self, value: T) -> Owned<T> {
        self.try_insert(value)
            .unwrap_or_else(|rejected| no_slot(rejected.error))
    }

    /// Moves a value into a slot.
    ///
    /// # Errors
    /// The value, when the pool is at its limit or the global allocator refuses a chunk.
    pub fn try_insert(&self, value: T) -> Result<Owned<T>, Rejected<T>> {
        let index = match self.inner.claim() {
            Ok(index) => index,
            Err(error) => return Err(Rejected { value, error }),
        };
        // SAFETY: the slot is reserved; the pointer is to its value alone, for others may look at the link.
        let slot = unsafe { UnsafeCell::raw_get(&raw const (*self.inner.slots.place(index).as_ptr()).value) };
        let slot = NonNull::new(slot.cast::<T>()).expect("a place has an address");
        // SAFETY: the slot is nobody else's, and made for a `T`.
        unsafe { slot.write(value) };
        Ok(Owned {
            inner: Arc::clone(&self.inner),
            index,
            value: slot,
            owned: PhantomData,
        })
    }

    /// How many slots are taken, were taken at most, and were ever made.
    pub fn statistics(&self) -> Statistics {
        let inner = &self.inner;
        Statistics {
            live: inner.live.load(Ordering::Relaxed),
            peak: inner.peak.load(Ordering::Relaxed),
            capacity: inner.made.load(Ordering::Relaxed) as usize,
        }
    }
}

impl<T> Inner<T> {
    /// A slot without a value, for whoever calls.
    fn claim(&self) -> Result<u32, PoolError> {
        // It is raised before a slot is taken and lowered after one is back, so the slots that are out are never more than
        // it says. Acquire: whoever finds room here finds the slot in the list, too, and makes no new one.
        let counted = self
            .live
            .try_update(Ordering::Acquire, Ordering::Relaxed, |live| {
                (live < self.limit).then_some(live + 1)
            });
        let Ok(before) = counted else {
            return Err(PoolError::Full { limit: self.limit });
        };
        let index = self.free.pop(&self.slots).or_else(|| self.make());
        if index.is_none() {
            self.live.fetch_sub(1, Ordering::Relaxed);
            return Err(PoolError::OutOfMemory);
        }
        if before >= self.peak.load(Ordering::Relaxed) {
            self.peak.fetch_max(before + 1, Ordering::Relaxed);
        }
        index.ok_or(PoolError::OutOfMemory)
    }

    /// A slot that was never out; `None` where there is no memory for it.
    #[cold]
    fn make(&self) -> Option<u32> {
        let mut made = self.made.load(Ordering::Relaxed);
        loop {
            // The place first: an index that was counted must be one that can be used.
            let next = made.checked_add(1)?;
            if !self.slots.reserve(made, &Global) {
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

    /// Takes a slot back, whose value is gone.
    fn give_back(&self, index: u32) {
        self.free.push(&self.slots, index);
        // Release: see `claim`.
        self.live.fetch_sub(1, Ordering::Release);
    }
}

impl<T> Drop for Inner<T> {
    fn drop(&mut self) {
        // SAFETY: every owner keeps the pool alive: there are none, but for those that were forgotten.
        unsafe { self.slots.free(&Global) };
    }
}

impl<T> Clone for SharedPool<T> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
        }
    }
}

impl<T> Default for SharedPool<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for SharedPool<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SharedPool").field(&self.statistics()).finish()
    }
}

/// Returns a slot when it goes, even when the destructor of its value panics.
struct Returned<'pool, T> {
    inner: &'pool Inner<T>,
    index: u32,
}

impl<T> Drop for Returned<'_, T> {
    fn drop(&mut self) {
        self.inner.give_back(self.index);
    }
}

impl<T> Owned<T> {
    /// Takes the value out, and returns the slot.
    pub fn into_inner(owned: Self) -> T {
        let owned = ManuallyDrop::new(owned);
        // SAFETY: `owned` is not used behind this, so there is one `Arc` as before, and one value.
        let (inner, value) = unsafe { ((&raw const owned.inner).read(), owned.value.read()) };
        inner.give_back(owned.index);
        value
    }
}

impl<T> Deref for Owned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the value is initialised, and its owner is borrowed.
        unsafe { self.value.as_ref() }
    }
}

impl<T> DerefMut for Owned<T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the value is initialised, and its owner is borrowed for this alone.
        unsafe { self.value.as_mut() }
    }
}

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        let _returned = Returned {
            inner: &*self.inner,
            index: self.index,
        };
        // SAFETY: the value is initialised, and nobody uses it behind this.
        unsafe { self.value.drop_in_place() };
    }
}

impl<T: fmt::Debug> fmt::Debug for Owned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
