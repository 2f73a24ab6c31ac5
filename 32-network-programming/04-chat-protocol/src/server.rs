//! The server's core: what a server does, without sockets, clocks or threads.
//!
//! Events come in as calls, each with the time: [`Server::connected`], [`Server::received`], [`Server::closed`],
//! [`Server::tick`]. What is to be done comes out when it is asked for: [`Server::transmit`] offers the bytes that a
//! connection is to get, [`Server::woken`] names the connections for which that has become worth a call, and
//! [`Server::is_finished`] says when to close one.
//!
//! Nothing is copied to a queue of the transport's: what a connection has not taken lies in its session's outbox, which is
//! bounded. So a client that does not read costs that bound, and nobody else notices.
//!
//! Time is a [`Duration`] since a moment of the caller's choice, and never goes back.

use std::time::Duration;
use std::vec;

use crate::limits::Limits;
use crate::wire::Token;

/// A connection, from [`Server::connected`] to [`Server::closed`]. Numbers are used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnectionId(pub usize);

/// All sessions and rooms of a chat server.
pub struct Server {
    // Yours to design: connections, sessions, rooms. A session outlives its connections.
}

impl Server {
    /// A server with nobody on it. `new_token` draws session tokens: from the system's randomness, or in a test from
    /// anything that does not repeat.
    pub fn new(limits: Limits, new_token: impl FnMut() -> Token + Send + 'static) -> Self {
        let _ = new_token;
        todo!("an empty server within {limits:?}")
    }

    /// A client has connected. One too many is told so, and is to be closed as any other.
    pub fn connected(&mut self, now: Duration) -> ConnectionId {
        todo!("a place for a connection at {now:?}")
    }

    /// Bytes have come from a connection.
    pub fn received(&mut self, id: ConnectionId, bytes: &[u8], now: Duration) {
        todo!(
            "{id:?} sent {} bytes at {now:?}: decode, carry out, answer",
            bytes.len()
        )
    }

    /// Whether to read from the connection. It is not read from while it has sent more than its rate, or is to be closed.
    pub fn wants_input(&self, id: ConnectionId) -> bool {
        todo!("is {id:?} within its rate?")
    }

    /// The connection is gone, whoever closed it. Its number is free.
    pub fn closed(&mut self, id: ConnectionId, now: Duration) {
        todo!("the session of {id:?} waits for its client from {now:?} on, or is over")
    }

    /// Does what is due by now. To be called a few times a second.
    pub fn tick(&mut self, now: Duration) {
        todo!("look at every deadline at {now:?}")
    }

    /// No more connections; those that are there get what waits for them, then `Goodbye`.
    pub fn stop(&mut self, now: Duration) {
        todo!("say goodbye to all at {now:?}")
    }

    /// The connections for which [`Server::transmit`] or [`Server::is_finished`] has news, once each.
    pub fn woken(&mut self) -> vec::Drain<'_, ConnectionId> {
        todo!("name them, and forget them")
    }

    /// How many sessions there are, with and without a connection.
    pub fn sessions(&self) -> usize {
        todo!("count the sessions")
    }

    /// Offers `write` what waits for the connection, many frames at a time. It returns how many bytes it took, from the
    /// front; the others stay. Returns what was left behind of what was offered, or `None` when nothing waits.
    pub fn transmit(
        &mut self,
        id: ConnectionId,
        now: Duration,
        write: impl FnOnce(&[u8]) -> usize,
    ) -> Option<usize> {
        let _ = write;
        todo!("offer what waits for {id:?} at {now:?}, and note how much of it was taken")
    }

    /// Whether the connection is to be closed: `Goodbye` has been sent, or there is no hope that it will be.
    pub fn is_finished(&self, id: ConnectionId) -> bool {
        todo!("has {id:?} heard the last word?")
    }
}
