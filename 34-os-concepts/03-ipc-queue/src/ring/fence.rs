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

/// Registers this process, once. Whether the kernel does that.
pub fn register() -> bool {
    todo!("register this process")
}

/// The cheap half. Every process that calls this has registered.
pub fn light() {
    todo!("keep the compiler from changing the order")
}

/// The dear half.
pub fn heavy() {
    todo!("a fence in every thread of every registered process")
}
