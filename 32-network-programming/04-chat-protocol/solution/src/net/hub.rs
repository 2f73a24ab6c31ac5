//! The core, shared by the tasks of all connections, and who is to be woken when it has something for them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::{Duration, Instant};

use rustls::crypto::ring;

use crate::limits::Limits;
use crate::server::{ConnectionId, Server};
use crate::wire::Token;

/// Bytes that are read from one connection before the others have their turn.
const READ_LEN: usize = 8 << 10;

/// Connections beyond the limit that are told so; more are closed without a word.
const MAX_TURNED_AWAY: usize = 64;

/// The one chat that all endpoints serve.
pub(super) struct Hub {
    state: Mutex<State>,
    limits: Limits,
    started: Instant,
}

/// What the lock guards. It is never held across an `await`, and never contended on one thread.
pub(super) struct State {
    pub(super) server: Server,
    /// The task of each connection, by its number.
    wakers: Vec<Option<Waker>>,
    connections: usize,
    /// Where bytes are read into, on their way to the core.
    pub(super) input: Vec<u8>,
}

impl Hub {
    pub(super) fn new(limits: Limits) -> Self {
        let state = State {
            server: Server::new(limits, random_token),
            wakers: Vec::new(),
            connections: 0,
            input: vec![0; READ_LEN],
        };
        Self {
            state: Mutex::new(state),
            limits,
            started: Instant::now(),
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time as the core has it.
    pub(super) fn now(&self) -> Duration {
        self.started.elapsed()
    }

    pub(super) fn tick(&self) {
        let mut state = self.lock();
        state.server.tick(self.now());
        state.wake(None);
    }

    pub(super) fn stop(&self) {
        let mut state = self.lock();
        state.server.stop(self.now());
        state.wake(None);
    }
}

impl State {
    /// Says which task carries a connection.
    pub(super) fn set_waker(&mut self, id: ConnectionId, waker: &Waker) {
        let slot = &mut self.wakers[id.0];
        if !slot.as_ref().is_some_and(|old| old.will_wake(waker)) {
            *slot = Some(waker.clone());
        }
    }

    /// Wakes the tasks for which the core has news, but for the one that is running.
    pub(super) fn wake(&mut self, running: Option<ConnectionId>) {
        for id in self.server.woken().filter(|id| Some(*id) != running) {
            if let Some(waker) = &self.wakers[id.0] {
                waker.wake_by_ref();
            }
        }
    }
}

/// A connection's place in the core, given back on drop.
pub(super) struct Seat {
    pub(super) hub: Arc<Hub>,
    pub(super) id: ConnectionId,
}

impl Seat {
    /// Takes a place; `None` when there are so many connections that one more cannot even be told so.
    pub(super) fn take(hub: &Arc<Hub>) -> Option<Self> {
        let mut state = hub.lock();
        if state.connections >= hub.limits.max_connections + MAX_TURNED_AWAY {
            return None;
        }
        state.connections += 1;
        let id = state.server.connected(hub.now());
        if state.wakers.len() <= id.0 {
            state.wakers.resize(id.0 + 1, None);
        }
        drop(state);
        let hub = Arc::clone(hub);
        Some(Self { hub, id })
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.hub.limits
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut state = self.hub.lock();
        state.connections -= 1;
        state.wakers[self.id.0] = None;
        state.server.closed(self.id, self.hub.now());
        state.wake(None);
    }
}

/// A token out of the system's randomness.
fn random_token() -> Token {
    let mut token = [0; 16];
    let random = ring::default_provider().secure_random;
    random.fill(&mut token).expect("the system has randomness");
    Token(token)
}
