//! A delay that sleeps: it counts ticks, and lets the processor stand still in between.

use embedded_hal::delay::DelayNs;

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
        (self.wait_for_interrupt)();
        todo!("until tick {until}, and not at all when it has passed")
    }
}

impl<W: Fn()> DelayNs for Ticks<W> {
    fn delay_ns(&mut self, ns: u32) {
        todo!("{ns} ns at least, in ticks of {TICK_NS}")
    }
}
