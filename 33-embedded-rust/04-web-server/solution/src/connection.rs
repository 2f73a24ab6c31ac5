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

use crate::request::{Method, Parser, Progress};
use crate::response::{Part, Persistence, Response};
use crate::site::{Hardware, Site};
use crate::status::Status;

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
        self.free();
        self.enter(Phase::Reading, now_ms);
    }

    /// The connection is gone.
    pub fn free(&mut self) {
        self.parser.next();
        self.response.clear();
        self.phase = Phase::Free;
        self.is_last = false;
        self.input_ended = false;
    }

    fn enter(&mut self, phase: Phase, now_ms: u64) {
        self.phase = phase;
        self.since_ms = now_ms;
    }

    /// What it does.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Takes bytes that came, as far as the end of a request; how many. None while a response is being sent, and all once
    /// the connection is closing.
    pub fn receive(&mut self, bytes: &[u8], site: &mut Site<impl Hardware>, now_ms: u64) -> usize {
        match self.phase {
            Phase::Free | Phase::Sending => return 0,
            Phase::Closing => return bytes.len(),
            Phase::Idle if bytes.is_empty() => return 0,
            Phase::Idle => self.enter(Phase::Reading, now_ms),
            Phase::Reading => {}
        }
        let (taken, progress) = self.parser.feed(bytes);
        match progress {
            Progress::More => {}
            Progress::Complete => self.answer(site, now_ms),
            Progress::Refused(status) => self.refuse(status, site, now_ms),
        }
        taken
    }

    fn answer(&mut self, site: &mut Site<impl Hardware>, now_ms: u64) {
        let request = self.parser.request();
        let answer = site.answer(&request, now_ms);
        let part = if request.method == Method::Head {
            Part::Head
        } else {
            Part::All
        };
        let persistence = if request.keep_alive {
            Persistence::KeepAlive(request.version)
        } else {
            Persistence::Close
        };
        self.response.begin(&answer, part, persistence);
        self.is_last = persistence == Persistence::Close;
        self.parser.next();
        self.enter(Phase::Sending, now_ms);
    }

    fn refuse(&mut self, status: Status, site: &mut Site<impl Hardware>, now_ms: u64) {
        let answer = site.refuse(status);
        self.response.begin(&answer, Part::All, Persistence::Close);
        self.is_last = true;
        self.enter(Phase::Sending, now_ms);
    }

    /// The bytes to send next; none when there is nothing to send.
    pub fn to_send(&self) -> &[u8] {
        self.response.to_send()
    }

    /// That many of these were sent.
    pub fn sent(&mut self, count: usize, now_ms: u64) {
        self.response.sent(count);
        if self.phase == Phase::Sending && self.to_send().is_empty() && !self.is_last {
            self.enter(Phase::Idle, now_ms);
        }
    }

    /// The client sends no more than what it has sent.
    pub fn end_input(&mut self) {
        self.input_ended = true;
    }

    /// What is to be done with the socket, after all was received and sent that could be.
    pub fn poll(&mut self, site: &mut Site<impl Hardware>, now_ms: u64) -> Action {
        let is_late = self.due_ms().is_some_and(|due_ms| now_ms >= due_ms);
        let closes = match self.phase {
            Phase::Free => false,
            Phase::Sending if self.to_send().is_empty() => true,
            Phase::Sending | Phase::Closing if is_late => return Action::Abort,
            Phase::Sending | Phase::Closing => false,
            Phase::Reading if is_late && !self.input_ended && !self.parser.is_idle() => {
                self.refuse(Status::RequestTimeout, site, now_ms);
                false
            }
            Phase::Reading | Phase::Idle => is_late || self.input_ended,
        };
        if closes {
            self.enter(Phase::Closing, now_ms);
            return Action::Close;
        }
        Action::Keep
    }

    /// When it must be polled again at the latest, though nothing comes.
    pub fn due_ms(&self) -> Option<u64> {
        let limit_ms = match self.phase {
            Phase::Free => return None,
            Phase::Reading => REQUEST_MS,
            Phase::Sending => SEND_MS,
            Phase::Idle => IDLE_MS,
            Phase::Closing => LINGER_MS,
        };
        Some(self.since_ms + limit_ms)
    }

    /// How good a choice it is when somebody must give up a place: the smallest is the best, and nothing is no choice.
    ///
    /// First who waits between requests, the longest wait first; then who has taken longer than [`PATIENCE_MS`] for what
    /// is under way.
    pub fn claim(&self, now_ms: u64) -> Option<(u8, u64)> {
        match self.phase {
            Phase::Free => None,
            Phase::Idle => Some((0, self.since_ms)),
            _ if now_ms - self.since_ms >= PATIENCE_MS => Some((1, self.since_ms)),
            _ => None,
        }
    }
}

impl Default for Connection {
    fn default() -> Self {
        Self::new()
    }
}
