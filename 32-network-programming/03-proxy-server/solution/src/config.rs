//! What a proxy is told: whom to ask for names, where it may connect, and its bounds.

use std::net::SocketAddr;
use std::time::Duration;

use crate::clients::ClientLimits;
use crate::policy::Policy;
use crate::pool::PoolLimits;

/// All of it.
#[derive(Debug, Clone)]
pub struct Config {
    /// Name servers, asked in this order.
    pub name_servers: Vec<SocketAddr>,
    /// Where it may connect.
    pub policy: Policy,
    /// Who may use it; everybody, when absent.
    pub credentials: Option<Credentials>,
    /// How long each phase of a connection may take.
    pub timeouts: Timeouts,
    /// Clients' connections at a time, all together.
    pub connections: usize,
    /// What each client may have.
    pub client: ClientLimits,
    /// Connections to upstreams.
    pub pool: PoolLimits,
}

/// A user name and a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Without a colon, which HTTP takes for the end of it.
    pub user: String,
    /// Anything.
    pub password: String,
}

/// How long each phase may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// From the first byte of a request to its last before the body; the first request's from the accept.
    pub handshake: Duration,
    /// One name server's for one answer.
    pub attempt: Duration,
    /// From name to addresses.
    pub resolve: Duration,
    /// From addresses to a connection.
    pub connect: Duration,
    /// Without a byte in either direction.
    pub idle: Duration,
    /// From accept to end.
    pub total: Duration,
    /// For what is under way when the proxy is told to stop.
    pub grace: Duration,
}

/// What a proxy has done by its end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Connections that were served.
    pub served: u64,
    /// Connections that were closed at once, since there were too many.
    pub refused: u64,
    /// Connections that the end of the grace period has cut.
    pub cut: u64,
}
