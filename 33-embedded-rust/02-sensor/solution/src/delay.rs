//! A delay that sleeps: it counts ticks, and lets the processor stand still in between.

use embedded_hal::delay::DelayNs;

use crate::clock;

/// Nanoseconds of a tick.
pub const TICK_NS: u32 = 1_000_000;

/// Waits by ticks. `W` sleeps until the next interrupt.
#[derive(Debug, Clone, Copy)]
pub struct Ticks<W> {
    wait_for_interrupt: W,
}

impl<W: Fn()> Ticks<W> {
    /// A delay that calls `wait_for_interrupt` until enough ticks have come.
    pub fn new(wait_for_interrupt: W) -> Self {
        Self { wait_for_interrupt }
    }

    /// Sleeps until tick `until` has come. At once, when it already has.
    pub fn sleep_until(&self, until: u32) {
        // The difference is read as signed: a tick that has passed lies up to 2^31 ticks back.
        while until.wrapping_sub(clock::now()).cast_signed() > 0 {
            (self.wait_for_interrupt)();
        }
    }
}

impl<W: Fn()> DelayNs for Ticks<W> {
    fn delay_ns(&mut self, ns: u32) {
        if ns > 0 {
            // The tick that is running has begun already: one more than the time has.
            self.sleep_until(clock::now().wrapping_add(ns.div_ceil(TICK_NS) + 1));
        }
    }
}
