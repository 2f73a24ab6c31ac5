//! How long to pause before a service is started again.
//!
//! Pauses grow by doubling, from `first` to at most `cap`: a service that dies at once must not keep the machine
//! busy with its deaths. A run of at least `reset_after` counts as stable, and the pauses begin anew.

use std::time::Duration;

/// The pauses of one service.
///
/// ```text
/// failures   0      1      2      3     …
/// pause      first  ×2     ×4     ×8    … never above cap
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backoff {
    first: Duration,
    cap: Duration,
    reset_after: Duration,
    /// Ends in a row without a stable run between them.
    failures: u32,
}

impl Backoff {
    /// No failure so far.
    pub fn new(first: Duration, cap: Duration, reset_after: Duration) -> Self {
        Self {
            first,
            cap,
            reset_after,
            failures: 0,
        }
    }

    /// The pause behind a run of length `ran_for`.
    pub fn next_pause(&mut self, ran_for: Duration) -> Duration {
        if ran_for >= self.reset_after {
            self.failures = 0;
        }
        // Beyond 2³¹ the factor stands still: whatever `first` is, the cap is reached or `first` is zero.
        let factor = 1_u32 << self.failures.min(31);
        self.failures = self.failures.saturating_add(1);
        self.first.saturating_mul(factor).min(self.cap)
    }

    /// Begins anew, as when somebody starts the service by hand.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}
