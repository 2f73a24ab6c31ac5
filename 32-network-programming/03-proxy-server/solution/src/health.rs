//! Which addresses have failed of late: there is no point in asking them again at once.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// How many connects in a row may fail before an address is passed over.
pub const FAILURES_MAX: u32 = 3;

/// For how long it is passed over.
pub const REST: Duration = Duration::from_secs(10);

/// Addresses that are remembered.
pub const REMEMBERED_MAX: usize = 4096;

/// What is known of the addresses that failed.
#[derive(Debug, Default)]
pub struct Health {
    failed: HashMap<SocketAddr, Failures>,
}

#[derive(Debug)]
struct Failures {
    /// Failures in a row.
    count: u32,
    last: Instant,
}

impl Health {
    /// Whether a connect may be tried at `now`.
    ///
    /// After its rest an address may be tried again; one more failure, and it rests again.
    pub fn is_fit(&self, address: SocketAddr, now: Instant) -> bool {
        match self.failed.get(&address) {
            Some(failures) => failures.count < FAILURES_MAX || now >= failures.last + REST,
            None => true,
        }
    }

    /// Notes that a connect has failed.
    pub fn failed(&mut self, address: SocketAddr, now: Instant) {
        if self.failed.len() >= REMEMBERED_MAX && !self.failed.contains_key(&address) {
            // Those whose rest is over first; if nobody's is, this one is not remembered.
            self.failed.retain(|_, failures| now < failures.last + REST);
            if self.failed.len() >= REMEMBERED_MAX {
                return;
            }
        }
        let failures = self
            .failed
            .entry(address)
            .or_insert(Failures { count: 0, last: now });
        failures.count = failures.count.saturating_add(1);
        failures.last = now;
    }

    /// Notes that a connect has succeeded: what was before does not count any more.
    pub fn succeeded(&mut self, address: SocketAddr) {
        self.failed.remove(&address);
    }
}
