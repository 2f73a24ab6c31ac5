//! The lock's word in the region, and the two calls of `futex(2)` that it needs.
//!
//! The futex is a shared one: the kernel finds it by the file and the offset in it, wherever each process has the file
//! mapped. `FUTEX_PRIVATE_FLAG` would make it one of this address space alone.

use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::lock::{Wake, Word};

/// How long to sleep before looking whether the holder still lives.
const PATIENCE: libc::timespec = libc::timespec {
    tv_sec: 0,
    tv_nsec: 10_000_000,
};

impl Word for AtomicU32 {
    const SPINS: u32 = 100;

    #[inline]
    fn load(&self, order: Ordering) -> u32 {
        self.load(order)
    }

    #[inline]
    fn compare_exchange(
        &self,
        current: u32,
        new: u32,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u32, u32> {
        self.compare_exchange(current, new, success, failure)
    }

    #[inline]
    fn swap(&self, value: u32, order: Ordering) -> u32 {
        self.swap(value, order)
    }

    fn wait(&self, expected: u32) -> Wake {
        // SAFETY: the word is mapped as long as this reference lives; the kernel reads it, and the time, and no more.
        let result = unsafe {
            libc::syscall(
                libc::SYS_futex,
                ptr::from_ref(self),
                libc::FUTEX_WAIT,
                expected,
                ptr::from_ref(&PATIENCE),
            )
        };
        if result == -1 && nix::errno::Errno::last() == nix::errno::Errno::ETIMEDOUT {
            Wake::TimedOut
        } else {
            // Woken, or it was another number (EAGAIN), or a signal came (EINTR): the caller looks again.
            Wake::Woken
        }
    }

    #[cold]
    fn wake_one(&self) {
        // SAFETY: the kernel only takes the address as a name.
        unsafe {
            libc::syscall(libc::SYS_futex, ptr::from_ref(self), libc::FUTEX_WAKE, 1);
        }
    }
}
