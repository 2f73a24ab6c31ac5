//! The time by which entries expire. Given: nothing in this file is left to do.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use nix::time::{ClockId, clock_gettime};

/// A clock that all processes of a region share, in nanoseconds.
#[derive(Debug, Clone)]
pub enum Clock {
    /// `CLOCK_BOOTTIME`: since the machine was started, the same in every process, never set back, and it goes on while
    /// the machine sleeps.
    Boot,
    /// What the number says.
    Manual(Arc<AtomicU64>),
}

impl Clock {
    /// The time now. Never 0, which stands for "never".
    pub fn now_ns(&self) -> u64 {
        match self {
            Self::Boot => {
                let now = clock_gettime(ClockId::CLOCK_BOOTTIME).expect("Linux has this clock");
                now.tv_sec() as u64 * 1_000_000_000 + now.tv_nsec() as u64
            }
            Self::Manual(now_ns) => now_ns.load(SeqCst).max(1),
        }
    }
}
