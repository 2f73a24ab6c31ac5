//! The lock's word in the region, and the two calls of `futex(2)` that it needs.
//!
//! The futex is a shared one: the kernel finds it by the file and the offset in it, wherever each process has the file
//! mapped. `FUTEX_PRIVATE_FLAG` would make it one of this address space alone.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::lock::{Wake, Word};

impl Word for AtomicU32 {
    const SPINS: u32 = 100;

    fn load(&self, order: Ordering) -> u32 {
        self.load(order)
    }

    fn compare_exchange(
        &self,
        current: u32,
        new: u32,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u32, u32> {
        self.compare_exchange(current, new, success, failure)
    }

    fn swap(&self, value: u32, order: Ordering) -> u32 {
        self.swap(value, order)
    }

    fn wait(&self, expected: u32) -> Wake {
        todo!("FUTEX_WAIT while it is {expected}")
    }

    fn wake_one(&self) {
        todo!("FUTEX_WAKE")
    }
}
