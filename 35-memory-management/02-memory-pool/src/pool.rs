//! A pool of values of one type, for one thread at a time.
//!
//! A [`Handle`] owns its value as a box does, and returns the slot when it goes. It borrows the pool, so the compiler
//! knows that no handle outlives it; it is not `Copy`, so nobody gives a slot back twice or uses it afterwards.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;

use crate::blocks::Blocks;
use crate::error::Rejected;
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

impl<T> Pool<T> {
    /// A pool that grows as it needs; it takes no memory yet.
    pub fn new() -> Self {
        todo!()
    }

    /// A pool of at most `limit` values at a time; it takes no memory yet.
    pub fn with_limit(limit: usize) -> Self {
        todo!("a pool of at most {limit} values")
    }

    /// Moves a value into a slot.
    ///
    /// # Panics
    /// Where [`Pool::try_insert`] fails.
    #[inline]
    pub fn insert(&self, value: T) -> Handle<'_, T> {
        let _ = value;
        todo!("a slot of {:p} for the value", &self.blocks)
    }

    /// Moves a value into a slot.
    ///
    /// # Errors
    /// The value, when the pool is at its limit or the global allocator refuses a chunk.
    #[inline]
    pub fn try_insert(&self, value: T) -> Result<Handle<'_, T>, Rejected<T>> {
        let _ = value;
        todo!("a slot of {:p} for the value, or the value back", &self.blocks)
    }

    /// How many slots are taken, were taken at most, and have memory; it takes as long as there are free slots.
    pub fn statistics(&self) -> Statistics {
        todo!()
    }

    /// How many values were leaked or forgotten: their slots are taken, and no handle is left to return them.
    ///
    /// That it borrows the pool for itself alone is the proof that there are no handles.
    pub fn leaked(&mut self) -> usize {
        todo!()
    }
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
        todo!(
            "the value at {:p}, and its slot back to {:p}",
            handle.value,
            handle.blocks
        )
    }

    /// Gives the slot up: the value stays for as long as the pool is borrowed, and is never dropped.
    pub fn leak(handle: Self) -> &'pool mut T {
        todo!("the value at {:p}", handle.value)
    }
}

impl<T> Deref for Handle<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        todo!()
    }
}

impl<T> DerefMut for Handle<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        todo!()
    }
}

impl<T> Drop for Handle<'_, T> {
    #[inline]
    fn drop(&mut self) {
        todo!(
            "drop the value at {:p}, and give its slot back whatever happens",
            self.value
        )
    }
}

impl<T: fmt::Debug> fmt::Debug for Handle<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
