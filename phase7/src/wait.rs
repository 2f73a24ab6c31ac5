//! Awaiting a condition under a deadline. A test never waits for time to pass: it waits for what it needs.

use std::time::{Duration, Instant};

/// How long the helpers of this crate wait when the caller does not say: long enough for a loaded machine.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// Looks again and again until `probe` answers, and returns its answer.
///
/// # Panics
/// At the deadline, naming `what` was awaited.
#[track_caller]
pub fn until_some<T>(what: &str, deadline: Duration, mut probe: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    let mut pause = Duration::from_micros(200);
    loop {
        if let Some(answer) = probe() {
            return answer;
        }
        assert!(
            started.elapsed() < deadline,
            "waited {deadline:?} in vain for {what}"
        );
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(10));
    }
}

/// Looks again and again until `condition` holds.
///
/// # Panics
/// At the deadline, naming `what` was awaited.
#[track_caller]
pub fn until(what: &str, deadline: Duration, mut condition: impl FnMut() -> bool) {
    until_some(what, deadline, || condition().then_some(()));
}
