//! A word in memory that processes share, and can sleep on (`futex(2)`).

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::control::Word;

/// A count whose lower half the kernel compares: it knows words of 32 bits only. A waiter that sleeps through exactly
/// 2³² changes of its word would be woken late; it looks again by itself long before.
#[derive(Debug, Default)]
#[repr(transparent)]
pub struct FutexWord(AtomicU64);

impl FutexWord {
    /// The half that changes.
    fn low(&self) -> *const u32 {
        let halves: *const u32 = (&raw const self.0).cast();
        if cfg!(target_endian = "big") {
            halves.wrapping_add(1)
        } else {
            halves
        }
    }

    /// The call without `FUTEX_PRIVATE_FLAG`: the kernel finds waiters of other processes, which have this page at
    /// other addresses.
    fn call(&self, operation: libc::c_int, value: u32, time: *const libc::timespec) {
        // SAFETY: the word is aligned and lives through the call; `time` is null or points to a time that does. An
        // error means that there was nothing to wait for, or a signal came, or the time is up: callers look again.
        unsafe {
            libc::syscall(libc::SYS_futex, self.low(), operation, value, time);
        }
    }
}

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
        let time = nix::sys::time::TimeSpec::from_duration(time);
        self.call(libc::FUTEX_WAIT, value as u32, time.as_ref());
    }

    fn wake(&self, count: u32) {
        self.call(libc::FUTEX_WAKE, count, std::ptr::null());
    }
}
