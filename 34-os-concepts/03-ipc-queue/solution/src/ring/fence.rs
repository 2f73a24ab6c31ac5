//! A pair of fences of which one costs nothing (`membarrier(2)`).
//!
//! A sender that has stored `tail` must not look at the word of those who wait before its store can be seen. On every
//! processor that takes a fence, which waits until all stores so far have reached the cache. The lines of the message
//! have to be fetched from the core that read them last; without the fence several messages' lines are on their way at
//! once.
//!
//! But the fence matters only when somebody is about to go to sleep, which is rare and slow anyway. So the sleeper
//! pays for both: `MEMBARRIER_CMD_GLOBAL_EXPEDITED` interrupts each processor that runs a thread of a registered process,
//! and returns when all have passed a full fence. The sender only keeps the compiler from changing the order.

use std::sync::OnceLock;
use std::sync::atomic::{Ordering, compiler_fence, fence};

/// `linux/membarrier.h`
const GLOBAL_EXPEDITED: libc::c_int = 1 << 1;
const REGISTER_GLOBAL_EXPEDITED: libc::c_int = 1 << 2;

fn membarrier(command: libc::c_int) -> bool {
    // SAFETY: the call takes three numbers and touches no memory.
    unsafe { libc::syscall(libc::SYS_membarrier, command, 0, 0) == 0 }
}

/// Registers this process, once. Whether the kernel does that.
pub fn register() -> bool {
    static REGISTERED: OnceLock<bool> = OnceLock::new();
    *REGISTERED.get_or_init(|| membarrier(REGISTER_GLOBAL_EXPEDITED))
}

/// The cheap half. Every process that calls this has registered.
#[inline]
pub fn light() {
    compiler_fence(Ordering::SeqCst);
}

/// The dear half.
pub fn heavy() {
    fence(Ordering::SeqCst);
    membarrier(GLOBAL_EXPEDITED);
}
