//! The server's core: what a server does, without sockets, clocks or threads.
//!
//! Events come in as calls, each with the time: [`Server::connected`], [`Server::received`], [`Server::closed`],
//! [`Server::tick`]. What is to be done comes out when it is asked for: [`Server::transmit`] offers the bytes that a
//! connection is to get, [`Server::woken`] names the connections for which that has become worth a call, and
//! [`Server::is_finished`] says when to close one.
//!
//! Nothing is copied to a queue of the transport's: what a connection has not taken lies in its session's `Outbox`, which is
//! bounded. So a client that does not read costs that bound, and nobody else notices.
//!
//! Time is a [`Duration`] since a moment of the caller's choice, and never goes back.

mod connection;
mod handshake;
mod members;
mod outbox;
mod request;
mod room;
mod session;
mod transmit;

use std::collections::HashMap;
use std::mem;
use std::time::Duration;

use slab::Slab;

use crate::limits::Limits;
use crate::wire::{FROM_SERVER, Frame, Reason, Token};
use connection::Connection;
use room::Room;
use session::Session;

/// A connection, from [`Server::connected`] to [`Server::closed`]. Numbers are used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnectionId(pub usize);

/// All sessions and rooms of a chat server.
pub struct Server {
    limits: Limits,
    /// Makes tokens that nobody can guess.
    new_token: Box<dyn FnMut() -> Token + Send>,
    connections: Slab<Connection>,
    sessions: Slab<Session>,
    rooms: Slab<Room>,
    /// Sessions by nick, by token, and rooms by name.
    nicks: HashMap<String, usize>,
    tokens: HashMap<Token, usize>,
    room_names: HashMap<String, usize>,
    /// Connections that have something to send, or are to be closed, since this was last asked for.
    woken: Vec<ConnectionId>,
    /// Where the bytes of one transmission are put together.
    scratch: Vec<u8>,
    is_stopping: bool,
}

impl Server {
    /// A server with nobody on it. `new_token` draws session tokens: from the system's randomness, or in a test from
    /// anything that does not repeat.
    pub fn new(limits: Limits, new_token: impl FnMut() -> Token + Send + 'static) -> Self {
        Self {
            limits,
            new_token: Box::new(new_token),
            connections: Slab::new(),
            sessions: Slab::new(),
            rooms: Slab::new(),
            nicks: HashMap::new(),
            tokens: HashMap::new(),
            room_names: HashMap::new(),
            woken: Vec::new(),
            scratch: Vec::new(),
            is_stopping: false,
        }
    }

    /// A client has connected. One too many is told so, and is to be closed as any other.
    pub fn connected(&mut self, now: Duration) -> ConnectionId {
        let is_full = self.connections.len() >= self.limits.max_connections;
        let id = ConnectionId(self.connections.insert(Connection::new(now)));
        if self.is_stopping {
            self.dismiss(id, Reason::Stopping, now);
        } else if is_full {
            self.dismiss(id, Reason::Busy, now);
        }
        id
    }

    /// Bytes have come from a connection.
    pub fn received(&mut self, id: ConnectionId, bytes: &[u8], now: Duration) {
        let connection = &mut self.connections[id.0];
        if connection.farewell.is_some() {
            return;
        }
        connection.heard(now);
        connection.decoder.push(bytes);
        self.process(id, now);
    }

    /// Whether to read from the connection. It is not read from while it has sent more than its rate, or is to be closed.
    pub fn wants_input(&self, id: ConnectionId) -> bool {
        let connection = &self.connections[id.0];
        !connection.is_paused && connection.farewell.is_none()
    }

    /// The connection is gone, whoever closed it. Its number is free.
    pub fn closed(&mut self, id: ConnectionId, now: Duration) {
        self.detach(id, now);
        self.connections.remove(id.0);
        self.woken.retain(|woken| *woken != id);
    }

    /// Does what is due by now. To be called a few times a second.
    pub fn tick(&mut self, now: Duration) {
        let ids: Vec<usize> = self.connections.iter().map(|(id, _)| id).collect();
        for id in ids.into_iter().map(ConnectionId) {
            if self.connections[id.0].is_paused {
                self.process(id, now);
                // It may be read from again.
                self.wake(id, now);
            }
            self.check_deadlines(id, now);
        }
        let timeout = self.limits.resume_timeout;
        let is_over = |session: &Session| session.detached_at.is_some_and(|at| now >= at + timeout);
        let over: Vec<usize> = self
            .sessions
            .iter()
            .filter(|(_, s)| is_over(s))
            .map(|(id, _)| id)
            .collect();
        for session in over {
            self.end_session(session, now);
        }
    }

    /// No more connections; those that are there get what waits for them, then `Goodbye`.
    pub fn stop(&mut self, now: Duration) {
        self.is_stopping = true;
        let ids: Vec<usize> = self.connections.iter().map(|(id, _)| id).collect();
        for id in ids.into_iter().map(ConnectionId) {
            let connection = &mut self.connections[id.0];
            connection.farewell.get_or_insert(Reason::Stopping);
            self.wake(id, now);
        }
    }

    /// The connections for which [`Server::transmit`] or [`Server::is_finished`] has news, once each.
    pub fn woken(&mut self) -> std::vec::Drain<'_, ConnectionId> {
        for id in &self.woken {
            self.connections[id.0].is_woken = false;
        }
        self.woken.drain(..)
    }

    /// How many sessions there are, with and without a connection.
    pub fn sessions(&self) -> usize {
        self.sessions.len()
    }

    /// Handles the whole frames that have arrived, as far as the rate allows.
    fn process(&mut self, id: ConnectionId, now: Duration) {
        // The frames borrow from the decoder while everything else changes.
        let mut decoder = mem::take(&mut self.connections[id.0].decoder);
        loop {
            let connection = &mut self.connections[id.0];
            if connection.farewell.is_some() {
                break;
            }
            connection.is_paused = !connection.bucket.has_room(now, &self.limits);
            if connection.is_paused {
                break;
            }
            match decoder.next_frame() {
                Ok(Some(frame)) => {
                    connection.bucket.take(now, &self.limits);
                    self.handle(id, frame, now);
                }
                Ok(None) => break,
                Err(_) => self.dismiss(id, Reason::Malformed, now),
            }
        }
        self.connections[id.0].decoder = decoder;
    }

    fn handle(&mut self, id: ConnectionId, frame: Frame<'_>, now: Duration) {
        let connection = &mut self.connections[id.0];
        let session = connection.session;
        let version = session.map_or(0, |session| self.sessions[session].version);
        match (session, frame) {
            (_, Frame::Ping { nonce }) => {
                connection.pong = Some(nonce);
                self.wake(id, now);
            }
            (_, Frame::Pong { .. }) => {}
            (None, Frame::Hello { min, max, nick }) => self.hello(id, min, max, nick, now),
            (
                None,
                Frame::Resume {
                    version,
                    token,
                    received,
                },
            ) => self.resume(id, version, token, received, now),
            (Some(session), Frame::Ack { received }) if version >= 2 => {
                if !self.sessions[session].outbox.acknowledge(received) {
                    self.dismiss(id, Reason::Malformed, now);
                }
            }
            (Some(session), Frame::Bye) => {
                // It is gone for everybody else; what waits for it still goes out.
                self.retire(session, now);
                self.connections[id.0].farewell = Some(Reason::Bye);
                self.wake(id, now);
            }
            (Some(session), frame) if frame.request().is_some() => self.request(id, session, frame, now),
            (_, Frame::Unknown { kind, .. }) if kind & FROM_SERVER == 0 && frame.request().is_none() => {}
            _ => self.dismiss(id, Reason::Malformed, now),
        }
    }

    /// Marks a connection as one to look at, if it is not marked yet.
    fn wake(&mut self, id: ConnectionId, now: Duration) {
        let connection = &mut self.connections[id.0];
        if !connection.is_woken {
            connection.is_woken = true;
            self.woken.push(id);
        }
        if !connection.is_waiting {
            connection.is_waiting = true;
            connection.progress_at = now;
        }
    }
}
