//! Idle connections to upstreams, and how many connections each upstream has.
//!
//! The pool knows nothing of sockets: time comes in as an argument, and whether a connection is alive is the caller's
//! to say. What is newest is taken first: it is the likeliest to be alive, and the others may grow old and go.

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
    // Yours to design: the idle connections of each upstream, and how many are at work.
    connections: std::marker::PhantomData<(K, T)>,
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
        todo!("an empty pool within {limits:?}")
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
        let _ = (key, &mut is_alive);
        todo!("the newest idle one that is well at {now:?}, if reuse is {may_reuse}; or room; or none")
    }

    /// Gives a connection back that may be used again. In a full pool the one that is idle for longest goes.
    pub fn put(&mut self, key: &K, connection: T, born: Instant, now: Instant) {
        let _ = (key, connection);
        todo!("keep it, which was born at {born:?}, from {now:?} on")
    }

    /// Gives back the place of a connection that has ended, or was never made.
    pub fn release(&mut self, key: &K) {
        let _ = key;
        todo!("there is room for one more")
    }

    /// Drops what has been idle for too long.
    pub fn sweep(&mut self, now: Instant) {
        todo!("drop what is over at {now:?}")
    }

    /// Idle connections to all upstreams.
    pub fn idle_count(&self) -> usize {
        todo!("count the idle connections")
    }

    /// Upstreams that have a connection.
    pub fn upstream_count(&self) -> usize {
        todo!("count the upstreams")
    }
}
