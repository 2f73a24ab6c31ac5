//! The ticks since start, counted by the SysTick interrupt and read by the main loop.
//!
//! The counter is a `u32` and wraps from `u32::MAX` to zero, after 49.7 days of milliseconds. Who compares two
//! readings subtracts them with `wrapping_sub`: the difference is right as long as it is below 2^32 ticks.

use core::sync::atomic::{AtomicU32, Ordering};

/// Written by [`tick`] alone. Relaxed is enough: nothing else is published through it.
static TICKS: AtomicU32 = AtomicU32::new(0);

/// Counts one tick. The SysTick exception calls it.
pub fn tick() {
    // After u32::MAX comes zero: atomic addition wraps.
    TICKS.fetch_add(1, Ordering::Relaxed);
}

/// The ticks so far.
pub fn now() -> u32 {
    TICKS.load(Ordering::Relaxed)
}
