//! Which addresses have failed of late: there is no point in asking them again at once.

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
    // Yours to design: how often in a row each address has failed, and when.
}

impl Health {
    /// Whether a connect may be tried at `now`.
    ///
    /// After its rest an address may be tried again; one more failure, and it rests again.
    pub fn is_fit(&self, address: SocketAddr, now: Instant) -> bool {
        todo!("whether {address} may be tried at {now:?}")
    }

    /// Notes that a connect has failed.
    pub fn failed(&mut self, address: SocketAddr, now: Instant) {
        todo!("{address} has failed at {now:?}")
    }

    /// Notes that a connect has succeeded: what was before does not count any more.
    pub fn succeeded(&mut self, address: SocketAddr) {
        todo!("{address} is well")
    }
}
