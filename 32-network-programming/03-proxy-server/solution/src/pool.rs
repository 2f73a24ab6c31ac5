//! Idle connections to upstreams, and how many connections each upstream has.
//!
//! The pool knows nothing of sockets: time comes in as an argument, and whether a connection is alive is the caller's
//! to say. What is newest is taken first: it is the likeliest to be alive, and the others may grow old and go.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

/// The bounds of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolLimits {
    /// Idle connections to one upstream.
    pub idle_per_upstream: usize,
    /// Connections to one upstream, idle or at work.
    pub per_upstream: usize,
    /// How long a connection may be idle.
    pub idle: Duration,
    /// How old a connection may be when it is taken again.
    pub age: Duration,
}

/// Connections of type `T` to upstreams named by `K`.
#[derive(Debug)]
pub struct Pool<K, T> {
    limits: PoolLimits,
    /// An upstream is here as long as it has a connection.
    upstreams: HashMap<K, Upstream<T>>,
}

#[derive(Debug)]
struct Upstream<T> {
    /// Connections at work, or about to be made.
    at_work: usize,
    /// The newest at the end.
    idle: Vec<Idle<T>>,
}

#[derive(Debug)]
struct Idle<T> {
    connection: T,
    born: Instant,
    since: Instant,
}

/// What [`Pool::take`] has found.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken<T> {
    /// An idle connection, and when it was born.
    Idle(T, Instant),
    /// None, but there is room for a new one. It counts from now on.
    Room,
    /// The upstream has as many connections as it may.
    Full,
}

impl<K: Hash + Eq + Clone, T> Pool<K, T> {
    /// An empty pool.
    pub fn new(limits: PoolLimits) -> Self {
        Self {
            limits,
            upstreams: HashMap::new(),
        }
    }

    /// Takes the newest idle connection that is neither too old nor dead, or room for a new one.
    ///
    /// Either counts as at work, until it is given back with [`Pool::put`] or [`Pool::release`]. Idle connections that
    /// are found unfit are dropped. With `may_reuse` false none is looked at, and an idle one makes room for the new.
    pub fn take(
        &mut self,
        key: &K,
        now: Instant,
        may_reuse: bool,
        mut is_alive: impl FnMut(&T) -> bool,
    ) -> Taken<T> {
        let limits = self.limits;
        let upstream = self.upstreams.entry(key.clone()).or_insert_with(|| Upstream {
            at_work: 0,
            idle: Vec::new(),
        });
        upstream.idle.retain(|idle| idle.is_fit(&limits, now));
        while may_reuse && let Some(idle) = upstream.idle.pop() {
            if is_alive(&idle.connection) {
                upstream.at_work += 1;
                return Taken::Idle(idle.connection, idle.born);
            }
        }
        if upstream.at_work + upstream.idle.len() >= limits.per_upstream {
            if upstream.idle.is_empty() {
                self.forget_if_unused(key);
                return Taken::Full;
            }
            upstream.idle.remove(0);
        }
        upstream.at_work += 1;
        Taken::Room
    }

    /// Gives a connection back that may be used again. In a full pool the one that is idle for longest goes.
    pub fn put(&mut self, key: &K, connection: T, born: Instant, now: Instant) {
        let limits = self.limits;
        let Some(upstream) = self.upstreams.get_mut(key) else {
            return;
        };
        upstream.at_work -= 1;
        upstream.idle.push(Idle {
            connection,
            born,
            since: now,
        });
        upstream.idle.retain(|idle| idle.is_fit(&limits, now));
        if upstream.idle.len() > limits.idle_per_upstream {
            upstream.idle.remove(0);
        }
        self.forget_if_unused(key);
    }

    /// Gives back the place of a connection that has ended, or was never made.
    pub fn release(&mut self, key: &K) {
        if let Some(upstream) = self.upstreams.get_mut(key) {
            upstream.at_work -= 1;
        }
        self.forget_if_unused(key);
    }

    /// Drops what has been idle for too long.
    pub fn sweep(&mut self, now: Instant) {
        let limits = self.limits;
        self.upstreams.retain(|_, upstream| {
            upstream.idle.retain(|idle| idle.is_fit(&limits, now));
            upstream.at_work > 0 || !upstream.idle.is_empty()
        });
    }

    /// Idle connections to all upstreams.
    pub fn idle_count(&self) -> usize {
        self.upstreams.values().map(|upstream| upstream.idle.len()).sum()
    }

    /// Upstreams that have a connection.
    pub fn upstream_count(&self) -> usize {
        self.upstreams.len()
    }

    fn forget_if_unused(&mut self, key: &K) {
        if let Some(upstream) = self.upstreams.get(key)
            && upstream.at_work == 0
            && upstream.idle.is_empty()
        {
            self.upstreams.remove(key);
        }
    }
}

impl<T> Idle<T> {
    fn is_fit(&self, limits: &PoolLimits, now: Instant) -> bool {
        now < self.since + limits.idle && now < self.born + limits.age
    }
}
