//! How often a transaction is tried, after which errors, and how long after.
//!
//! A sensor may be busy and not acknowledge; another controller may have been faster. Such a transaction may be
//! tried again, a bounded number of times, with a pause that doubles. An error that would only repeat itself is
//! reported at once.

use embedded_hal::i2c::ErrorKind;

/// The bound and the first pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// How often a transaction is tried in all; 0 counts as 1.
    pub attempts: u8,
    /// The pause before the second attempt, in microseconds. Each later one is twice as long as the one before.
    pub pause_us: u32,
}

impl Retry {
    /// Every transaction is tried once.
    pub const NEVER: Self = Self {
        attempts: 1,
        pause_us: 0,
    };

    /// The pause before the next attempt, after `failed` attempts of which the last one ended with `kind`; none
    /// when there shall be no other.
    pub fn pause_after(&self, failed: u8, kind: ErrorKind) -> Option<u32> {
        todo!("{self:?}, after {failed} failures, the last of them {kind:?}")
    }
}
