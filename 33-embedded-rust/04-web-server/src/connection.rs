//! A connection without I/O: bytes in, bytes out, and a deadline for everything that a client could put off.
//!
//! ```text
//!            request whole                   all sent
//! Reading ─────────────────▶ Sending ───────────────────▶ Idle ──▶ Reading, with the first byte
//!    │ too slow: 408, last      │ too slow       last │     │ too long
//!    ▼                          ▼                     ▼     ▼
//! Sending                     abort                  Closing ──▶ abort, if the client does not close
//! ```
//!
//! One request is under way at a time: while a response is being sent no byte is taken, so TCP's window closes and the
//! client waits. Nothing is queued here, whatever a client pipelines.

use crate::request::Parser;
use crate::response::Response;
use crate::site::{Hardware, Site};

/// How long a request may take, from the first byte (or the opening of the connection) to the last.
pub const REQUEST_MS: u64 = 5_000;
/// How long a connection may wait for its next request.
pub const IDLE_MS: u64 = 15_000;
/// How long a response may take until TCP has taken its last byte.
pub const SEND_MS: u64 = 5_000;
/// How long a client may take to close, once the server has.
pub const LINGER_MS: u64 = 2_000;
/// How long a client is safe from others that want its place, while a request of its is under way.
pub const PATIENCE_MS: u64 = 1_000;

/// What a connection does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// There is none.
    Free,
    /// It waits for a request, or for the rest of one.
    Reading,
    /// A response is being sent.
    Sending,
    /// It waits for another request, of which no byte has come.
    Idle,
    /// The server has nothing more to send, and waits for the client to close.
    Closing,
}

/// What is to be done with the socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Nothing.
    Keep,
    /// Close it: no more will be sent. Said once.
    Close,
    /// Reset it.
    Abort,
}

/// A connection, or the place for one.
#[derive(Debug)]
pub struct Connection {
    parser: Parser,
    response: Response,
    phase: Phase,
    /// When the phase began.
    since_ms: u64,
    /// Whether the response is the last.
    is_last: bool,
    /// Whether the client sends no more.
    input_ended: bool,
}

impl Connection {
    /// The place for one.
    pub const fn new() -> Self {
        Self {
            parser: Parser::new(),
            response: Response::new(),
            phase: Phase::Free,
            since_ms: 0,
            is_last: false,
            input_ended: false,
        }
    }

    /// A client has connected.
    pub fn open(&mut self, now_ms: u64) {
        todo!("a client at {now_ms} ms, in the place of {self:?}")
    }

    /// The connection is gone.
    pub fn free(&mut self) {
        todo!("forget {self:?}")
    }

    /// What it does.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Takes bytes that came, as far as the end of a request; how many. None while a response is being sent, and all once
    /// the connection is closing.
    pub fn receive(&mut self, bytes: &[u8], site: &mut Site<impl Hardware>, now_ms: u64) -> usize {
        todo!(
            "{bytes:?} at {now_ms} ms, for {self:?} and a site with {:?}",
            site.counters
        )
    }

    /// The bytes to send next; none when there is nothing to send.
    pub fn to_send(&self) -> &[u8] {
        todo!("what is to be sent of {:?}", self.response)
    }

    /// That many of these were sent.
    pub fn sent(&mut self, count: usize, now_ms: u64) {
        todo!(
            "{count} bytes were sent at {now_ms} ms, of {:?}; the last: {}",
            self.response,
            self.is_last
        )
    }

    /// The client sends no more than what it has sent.
    pub fn end_input(&mut self) {
        todo!("{:?} receives no more; it knew: {}", self.phase, self.input_ended)
    }

    /// What is to be done with the socket, after all was received and sent that could be.
    pub fn poll(&mut self, site: &mut Site<impl Hardware>, now_ms: u64) -> Action {
        todo!(
            "what is due at {now_ms} ms, in {:?} since {} ms; {:?}, {:?}",
            self.phase,
            self.since_ms,
            self.parser,
            site.counters
        )
    }

    /// When it must be polled again at the latest, though nothing comes.
    pub fn due_ms(&self) -> Option<u64> {
        todo!(
            "when {:?}, which began at {} ms, is over",
            self.phase,
            self.since_ms
        )
    }

    /// How good a choice it is when somebody must give up a place: the smallest is the best, and nothing is no choice.
    ///
    /// First who waits between requests, the longest wait first; then who has taken longer than [`PATIENCE_MS`] for what
    /// is under way.
    pub fn claim(&self, now_ms: u64) -> Option<(u8, u64)> {
        todo!(
            "whether {:?} since {} ms is to give up its place at {now_ms} ms",
            self.phase,
            self.since_ms
        )
    }
}

impl Default for Connection {
    fn default() -> Self {
        Self::new()
    }
}
