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
    // The fields are yours.
}

impl Backoff {
    /// No failure so far.
    pub fn new(first: Duration, cap: Duration, reset_after: Duration) -> Self {
        todo!("no failure so far: {first:?} {cap:?} {reset_after:?}")
    }

    /// The pause behind a run of length `ran_for`.
    pub fn next_pause(&mut self, ran_for: Duration) -> Duration {
        todo!("pause behind a run of {ran_for:?}")
    }

    /// Begins anew, as when somebody starts the service by hand.
    pub fn reset(&mut self) {
        todo!("begin anew")
    }
}
