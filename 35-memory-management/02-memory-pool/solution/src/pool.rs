//! A pool of values of one type, for one thread at a time.
//!
//! A [`Handle`] owns its value as a box does, and returns the slot when it goes. It borrows the pool, so the compiler
//! knows that no handle outlives it; it is not `Copy`, so nobody gives a slot back twice or uses it afterwards.

use std::alloc::Layout;
use std::fmt;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;

use crate::blocks::Blocks;
use crate::error::{PoolError, Rejected};
use crate::report::Statistics;

/// Slots for values of type `T`. Values are where their handles are: the pool itself drops none.
///
/// There is no `Drop` here, and that is on purpose: values may hold handles into their own pool.
pub struct Pool<T> {
    blocks: Blocks,
    /// Handles put values in and take them out, on the thread that has the pool.
    values: PhantomData<T>,
}

/// A value in a slot of a pool.
pub struct Handle<'pool, T> {
    blocks: &'pool Blocks,
    /// A slot of `blocks` that nobody else has, with a value in it.
    value: NonNull<T>,
    /// The handle owns a value.
    owned: PhantomData<T>,
}

/// Returns a slot when it goes, even when the destructor of its value panics.
struct Slot<'pool, T> {
    blocks: &'pool Blocks,
    /// A slot of `blocks`, whose value is gone or somebody else's.
    slot: NonNull<T>,
}

impl<T> Pool<T> {
    /// A pool that grows as it needs; it takes no memory yet.
    pub fn new() -> Self {
        Self::with_limit(usize::MAX)
    }

    /// A pool of at most `limit` values at a time; it takes no memory yet.
    pub fn with_limit(limit: usize) -> Self {
        Self {
            blocks: Blocks::new(Layout::new::<T>(), limit),
            values: PhantomData,
        }
    }

    /// Moves a value into a slot.
    ///
    /// # Panics
    /// Where [`Pool::try_insert`] fails.
    #[inline]
    pub fn insert(&self, value: T) -> Handle<'_, T> {
        match self.blocks.take() {
            Ok(slot) => self.fill(slot, value),
            Err(error) => no_slot(error),
        }
    }

    /// Moves a value into a slot.
    ///
    /// # Errors
    /// The value, when the pool is at its limit or the global allocator refuses a chunk.
    #[inline]
    pub fn try_insert(&self, value: T) -> Result<Handle<'_, T>, Rejected<T>> {
        match self.blocks.take() {
            Ok(slot) => Ok(self.fill(slot, value)),
            Err(error) => Err(Rejected { value, error }),
        }
    }

    /// How many slots are taken, were taken at most, and have memory; it takes as long as there are free slots.
    pub fn statistics(&self) -> Statistics {
        self.blocks.statistics()
    }

    /// How many values were leaked or forgotten: their slots are taken, and no handle is left to return them.
    ///
    /// That it borrows the pool for itself alone is the proof that there are no handles.
    pub fn leaked(&mut self) -> usize {
        self.statistics().live
    }

    #[inline]
    fn fill(&self, slot: NonNull<u8>, value: T) -> Handle<'_, T> {
        let slot = slot.cast::<T>();
        // SAFETY: the slot was made for a `T`, and is nobody else's.
        unsafe { slot.write(value) };
        Handle {
            blocks: &self.blocks,
            value: slot,
            owned: PhantomData,
        }
    }
}

#[cold]
#[inline(never)]
pub(crate) fn no_slot(error: PoolError) -> ! {
    panic!("no slot for a value: {error}")
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for Pool<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pool").field(&self.statistics()).finish()
    }
}

impl<'pool, T> Handle<'pool, T> {
    /// Takes the value out, and returns the slot. An associated function: `T` may have an `into_inner` of its own.
    pub fn into_inner(handle: Self) -> T {
        let (slot, value) = handle.into_slot();
        // SAFETY: the handle owned an initialised value, and is gone.
        let value = unsafe { value.read() };
        drop(slot);
        value
    }

    /// Gives the slot up: the value stays for as long as the pool is borrowed, and is never dropped.
    pub fn leak(handle: Self) -> &'pool mut T {
        let (slot, mut value) = handle.into_slot();
        std::mem::forget(slot);
        // SAFETY: the slot is never returned, so the value stays where it is while the pool lives, and is only ours.
        unsafe { value.as_mut() }
    }

    /// The two duties of a handle: the slot has to be returned, the value to be dropped.
    #[inline]
    fn into_slot(self) -> (Slot<'pool, T>, NonNull<T>) {
        let handle = ManuallyDrop::new(self);
        let slot = Slot {
            blocks: handle.blocks,
            slot: handle.value,
        };
        (slot, handle.value)
    }
}

impl<T> Deref for Handle<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: the value is initialised, and the handle is borrowed.
        unsafe { self.value.as_ref() }
    }
}

impl<T> DerefMut for Handle<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the value is initialised, and the handle is borrowed for this alone.
        unsafe { self.value.as_mut() }
    }
}

impl<T> Drop for Handle<'_, T> {
    #[inline]
    fn drop(&mut self) {
        let _slot = Slot {
            blocks: self.blocks,
            slot: self.value,
        };
        // SAFETY: the value is initialised, and nobody uses it behind this.
        unsafe { self.value.drop_in_place() };
    }
}

impl<T: fmt::Debug> fmt::Debug for Handle<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T> Drop for Slot<'_, T> {
    #[inline]
    fn drop(&mut self) {
        let slot = self.slot.cast();
        // The compiler knows which of the two it is.
        if size_of::<T>() == 0 {
            // SAFETY: the slot came from `blocks`, and its value is gone.
            unsafe { self.blocks.give_back(slot) };
        } else {
            // SAFETY: as above; a slot for a value with bytes has bytes.
            unsafe { self.blocks.give_back_bytes(slot) };
        }
    }
}
