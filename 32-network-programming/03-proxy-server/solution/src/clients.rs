//! What each client may have: connections at a time, and new ones a second.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::time::{Duration, Instant};

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
    limits: ClientLimits,
    clients: HashMap<IpAddr, Client>,
    /// How many of them it took for the last look at who is gone.
    swept_at: usize,
}

#[derive(Debug)]
struct Client {
    connections: usize,
    /// When the allowance for new connections would be whole again. Each new one moves it by `1 / rate` seconds.
    whole_at: Instant,
}

/// How many clients are remembered before the first look at who is gone.
const SWEEP_MIN: usize = 1024;

impl Clients {
    /// Nobody is connected.
    pub fn new(limits: ClientLimits) -> Self {
        Self {
            limits,
            clients: HashMap::new(),
            swept_at: SWEEP_MIN,
        }
    }

    /// Counts a new connection in, if its client may have it. A network of IPv6, a /64, is one client: it has more
    /// addresses than could be counted.
    pub fn enter(&mut self, address: IpAddr, now: Instant) -> bool {
        self.sweep(now);
        let limits = self.limits;
        let client = self.clients.entry(client(address)).or_insert(Client {
            connections: 0,
            whole_at: now,
        });
        let each = Duration::from_secs(1) / limits.rate;
        let whole_at = client.whole_at.max(now) + each;
        if client.connections >= limits.connections || whole_at > now + Duration::from_secs(1) {
            return false;
        }
        client.connections += 1;
        client.whole_at = whole_at;
        true
    }

    /// Counts out a connection that was let in.
    pub fn leave(&mut self, address: IpAddr) {
        if let Some(client) = self.clients.get_mut(&client(address)) {
            client.connections = client.connections.saturating_sub(1);
        }
    }

    /// Clients that are remembered.
    pub fn len(&self) -> usize {
        self.clients.len()
    }

    /// Whether no client is remembered.
    pub fn is_empty(&self) -> bool {
        self.clients.is_empty()
    }

    /// Forgets who has neither a connection nor used up any allowance; seldom enough to cost each entry little.
    fn sweep(&mut self, now: Instant) {
        if self.clients.len() >= self.swept_at {
            self.clients
                .retain(|_, client| client.connections > 0 || client.whole_at > now);
            self.swept_at = (self.clients.len() * 2).max(SWEEP_MIN);
        }
    }
}

/// The client that has an address.
fn client(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address => address,
    }
}
