//! What each client may have: connections at a time, and new ones a second.

use std::net::IpAddr;
use std::time::Instant;

/// The bounds of one client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientLimits {
    /// Connections at a time.
    pub connections: usize,
    /// New connections a second, on average, with a second's worth at once.
    pub rate: u32,
}

/// Who is connected, and how often.
#[derive(Debug)]
pub struct Clients {
    // Yours to design: who has how many, and when they came. It must not grow for ever.
}

impl Clients {
    /// Nobody is connected.
    pub fn new(limits: ClientLimits) -> Self {
        todo!("nobody yet, within {limits:?}")
    }

    /// Counts a new connection in, if its client may have it. A network of IPv6, a /64, is one client: it has more
    /// addresses than could be counted.
    pub fn enter(&mut self, address: IpAddr, now: Instant) -> bool {
        todo!("whether {address} may have one more at {now:?}")
    }

    /// Counts out a connection that was let in.
    pub fn leave(&mut self, address: IpAddr) {
        todo!("{address} has one less")
    }

    /// Clients that are remembered.
    pub fn len(&self) -> usize {
        todo!("count the clients")
    }

    /// Whether no client is remembered.
    pub fn is_empty(&self) -> bool {
        todo!("count the clients")
    }
}
