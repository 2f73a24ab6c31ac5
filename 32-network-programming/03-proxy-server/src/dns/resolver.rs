//! Questions on the network: over UDP, over TCP when an answer does not fit, to one server after the other.
//!
//! Whoever can guess a query can forge its answer. So each query has a socket of its own, with a port that the kernel
//! picks, connected to the server that is asked; its id comes from a generator that nobody can follow; and an answer
//! has to repeat the question. What does not fit is ignored, and the true answer awaited.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use super::name::NameError;

/// How often each server is asked before the resolver gives up.
pub const ROUNDS: usize = 2;

/// Answers that are kept.
pub const CACHE_CAPACITY: usize = 4096;

/// How long IPv4 addresses wait for IPv6 addresses (RFC 8305, section 3).
pub const RESOLUTION_DELAY: Duration = Duration::from_millis(50);

/// Why a name has no addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// It is no host name.
    #[error("{0}")]
    Name(#[from] NameError),
    /// There is no such name, or it has no addresses.
    #[error("no such name")]
    NotFound,
    /// No server has answered.
    #[error("no name server has answered")]
    Unanswered,
}

/// A stub resolver with its cache.
#[derive(Debug)]
pub struct Resolver {
    // Yours to design: the servers, the time for each, the cache, what ids come from.
}

impl Resolver {
    /// A resolver that asks these servers in this order, each for `attempt`.
    pub fn new(servers: Vec<SocketAddr>, attempt: Duration) -> Self {
        todo!("a resolver that asks {servers:?}, each for {attempt:?}")
    }

    /// The addresses of `host`, IPv6 ones first.
    ///
    /// # Errors
    /// When it is no name, has no addresses, or nobody says so.
    pub async fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, ResolveError> {
        todo!("ask for the addresses of {host}")
    }
}
