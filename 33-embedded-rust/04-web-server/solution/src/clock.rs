//! Milliseconds since start, counted by the SysTick interrupt and read by the main loop.
//!
//! The processor adds 32 bits at once, and 32 bits of milliseconds wrap after 49.7 days, which a server should outlive.
//! The interrupt counts 32 bits; the main loop, which looks more often than that, notices the wrap and counts it.

use core::sync::atomic::{AtomicU32, Ordering};

/// Written by [`tick`] alone. Relaxed is enough: nothing else is published through it.
static TICKS: AtomicU32 = AtomicU32::new(0);

/// Counts one millisecond. The SysTick exception calls it.
pub fn tick() {
    // After u32::MAX comes zero: atomic addition wraps.
    TICKS.fetch_add(1, Ordering::Relaxed);
}

/// The main loop's reading of the ticks. There is one.
#[derive(Debug, Default)]
pub struct Clock {
    /// The time at the last look.
    last_ms: u64,
}

impl Clock {
    /// A clock that begins at zero.
    pub const fn new() -> Self {
        Self { last_ms: 0 }
    }

    /// Milliseconds since start. To be asked once in 49 days at least.
    pub fn now_ms(&mut self) -> u64 {
        let passed = TICKS.load(Ordering::Relaxed).wrapping_sub(self.last_ms as u32);
        self.last_ms += u64::from(passed);
        self.last_ms
    }
}
