//! A word of memory that other processes may write at any time. Given: nothing in this file is left to do.
//!
//! What is built of cells runs over the region, over a test's own memory, and over the atomics of Loom, which tries
//! every order in which threads can see each other's writes.

use std::sync::atomic::{self, AtomicU64, Ordering};

/// A 64-bit word that is only ever read and written as a whole.
pub trait Cell {
    /// Reads it.
    fn load(&self, order: Ordering) -> u64;
    /// Writes it.
    fn store(&self, value: u64, order: Ordering);
    /// A fence, which orders what this thread did to *any* cell before and after it.
    fn fence(order: Ordering);
}

impl Cell for AtomicU64 {
    #[inline]
    fn load(&self, order: Ordering) -> u64 {
        self.load(order)
    }

    #[inline]
    fn store(&self, value: u64, order: Ordering) {
        self.store(value, order);
    }

    #[inline]
    fn fence(order: Ordering) {
        atomic::fence(order);
    }
}
