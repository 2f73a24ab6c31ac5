//! A pool for threads: values of one type, with owners that go wherever they like.
//!
//! The slots are in a `Table`, the free ones in a `FreeList`. A slot keeps its link beside the value and not in it:
//! a thread that is late may read the link while another writes the value.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use crate::error::Rejected;
use crate::report::Statistics;

/// A pool that threads share. A clone is the same pool.
pub struct SharedPool<T> {
    /// What the pool and all owners share. Yours to add: a table of slots, a free list and counters.
    inner: Arc<PhantomData<T>>,
}

/// A value in a slot of a [`SharedPool`]. It keeps the pool's memory alive.
pub struct Owned<T> {
    /// What the pool shares. Beside it are yours to add: the slot's index, and where the value is.
    inner: Arc<PhantomData<T>>,
}

// Yours to say, and to show: when may a pool and its owners be sent, and when shared?

impl<T> SharedPool<T> {
    /// A pool that grows as it needs.
    pub fn new() -> Self {
        todo!()
    }

    /// A pool of at most `limit` values at a time, and never more than `u32::MAX`.
    pub fn with_limit(limit: usize) -> Self {
        todo!("a pool of at most {limit} values")
    }

    /// Moves a value into a slot.
    ///
    /// # Panics
    /// Where [`SharedPool::try_insert`] fails.
    pub fn insert(&self, value: T) -> Owned<T> {
        let _ = value;
        todo!()
    }

    /// Moves a value into a slot.
    ///
    /// # Errors
    /// The value, when the pool is at its limit or the global allocator refuses a chunk.
    pub fn try_insert(&self, value: T) -> Result<Owned<T>, Rejected<T>> {
        let _ = value;
        todo!()
    }

    /// How many slots are taken, were taken at most, and were ever made.
    pub fn statistics(&self) -> Statistics {
        todo!("{:?}", self.inner)
    }
}

impl<T> Clone for SharedPool<T> {
    fn clone(&self) -> Self {
        todo!()
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

impl<T> Owned<T> {
    /// Takes the value out, and returns the slot.
    pub fn into_inner(owned: Self) -> T {
        todo!("{:?}", owned.inner)
    }
}

impl<T> Deref for Owned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        todo!()
    }
}

impl<T> DerefMut for Owned<T> {
    fn deref_mut(&mut self) -> &mut T {
        todo!()
    }
}

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        todo!()
    }
}

impl<T: fmt::Debug> fmt::Debug for Owned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
