//! A word in memory that processes share, and can sleep on (`futex(2)`).

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::control::Word;

/// A count whose lower half the kernel compares: it knows words of 32 bits only. A waiter that sleeps through exactly
/// 2³² changes of its word would be woken late; it looks again by itself long before.
#[derive(Debug, Default)]
#[repr(transparent)]
pub struct FutexWord(AtomicU64);

impl Word for FutexWord {
    #[inline]
    fn load(&self, order: Ordering) -> u64 {
        self.0.load(order)
    }

    #[inline]
    fn store(&self, value: u64, order: Ordering) {
        self.0.store(value, order);
    }

    #[inline]
    fn swap(&self, value: u64, order: Ordering) -> u64 {
        self.0.swap(value, order)
    }

    #[inline]
    fn compare_exchange(&self, current: u64, new: u64, success: Ordering) -> Result<u64, u64> {
        self.0.compare_exchange(current, new, success, Ordering::Relaxed)
    }

    fn wait(&self, value: u64, time: Duration) {
        todo!("sleep while it is {value}, for {time:?}")
    }

    fn wake(&self, count: u32) {
        todo!("wake {count}")
    }
}
