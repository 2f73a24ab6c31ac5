//! The ticks since start, counted by the SysTick interrupt and read by the main loop.
//!
//! The counter is a `u32` and wraps from `u32::MAX` to zero, after 49.7 days of milliseconds. Who compares two
//! readings subtracts them with `wrapping_sub`: the difference is right as long as it is below 2^32 ticks.

/// Counts one tick. The SysTick exception calls it.
pub fn tick() {
    todo!("count a tick where the main loop can read it")
}

/// The ticks so far.
pub fn now() -> u32 {
    todo!("the ticks counted so far")
}
