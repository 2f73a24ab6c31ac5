//! The client's core: a session that outlives its connections, without sockets or clocks.
//!
//! - [`Client::request`] asks for something; the answer comes as an [`Event`], and so does everything else
//! - [`Client::connected`], [`Client::received`], [`Client::disconnected`], [`Client::tick`]: what happens outside
//! - [`Client::transmit`], [`Client::is_finished`], [`Client::connect_at`]: what is to be done outside
//!
//! Each request has exactly one outcome, whatever the network does: an [`Event::Answer`], or an [`Event::Uncertain`] when
//! the session was lost with it, or an [`Event::Unanswered`] when it was carried out and the answer is in a gap.
//!
//! Each message of a room comes once and in order, from the message after `Joined` on; where some cannot be had any more,
//! an [`Event::Lost`] stands in their place.
//!
//! Time is a [`Duration`] since a moment of the caller's choice, and never goes back.

mod answers;
mod error;
mod event;
mod link;
mod receive;
mod requests;
mod rooms;

use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::time::Duration;

use crate::wire::{Decoder, Frame, Reason, Token, VERSIONS};
pub use error::{RequestError, TooManyRequests};
pub use event::{Answer, Event, PastMessage, Request};
use link::Phase;
use requests::Requests;
use rooms::Rooms;

/// What a client is made with.
#[derive(Debug, Clone)]
pub struct Config {
    /// The nick to begin with.
    pub nick: String,
    /// The versions to offer, within [`VERSIONS`].
    pub versions: RangeInclusive<u8>,
    /// How long the server may say nothing until it is asked with a `Ping`.
    pub ping_after: Duration,
    /// How long it may say nothing until the connection counts as lost; also how long a handshake may take.
    pub silence_timeout: Duration,
    /// The pause before the first attempt to connect again; it doubles with each attempt in vain.
    pub retry_min: Duration,
    /// The longest pause.
    pub retry_max: Duration,
    /// Where the jitter of the pauses begins, so that not all clients of a server that was restarted come at once.
    pub seed: u64,
}

impl Config {
    /// The usual configuration.
    pub fn new(nick: &str) -> Self {
        Self {
            nick: nick.to_owned(),
            versions: VERSIONS,
            ping_after: Duration::from_secs(15),
            silence_timeout: Duration::from_secs(45),
            retry_min: Duration::from_millis(250),
            retry_max: Duration::from_secs(15),
            seed: 1,
        }
    }
}

/// One client and its session.
#[derive(Debug)]
pub struct Client {
    config: Config,
    phase: Phase,
    /// The session to come back to, and its version.
    session: Option<Session>,
    /// Numbered frames that have come in this session.
    received: u64,
    /// Of these, how many the server was told of.
    acknowledged: u64,
    requests: Requests,
    rooms: Rooms,
    events: VecDeque<Event>,
    decoder: Decoder,
    /// Bytes for the connection. Bounded, since the requests are.
    out: Vec<u8>,
    /// When something was last heard.
    heard_at: Duration,
    is_pinged: bool,
    /// The connection is of no use any more.
    is_broken: bool,
    /// What the server gave as the reason.
    reason: Option<Reason>,
    /// There has been a session.
    was_welcome: bool,
    /// Attempts in vain since the last session.
    attempts: u32,
    random: u64,
}

/// What `Welcome` said.
#[derive(Debug, Clone, Copy)]
struct Session {
    version: u8,
    token: Option<Token>,
}

impl Client {
    /// A client that wants to connect at once.
    pub fn new(config: Config, now: Duration) -> Self {
        let random = config.seed | 1;
        Self {
            config,
            phase: Phase::Waiting { until: now },
            session: None,
            received: 0,
            acknowledged: 0,
            requests: Requests::default(),
            rooms: Rooms::default(),
            events: VecDeque::new(),
            decoder: Decoder::new(),
            out: Vec::new(),
            heard_at: now,
            is_pinged: false,
            is_broken: false,
            reason: None,
            was_welcome: false,
            attempts: 0,
            random,
        }
    }

    /// Asks for something, now or when there is a connection again. Its ticket comes back with the outcome.
    ///
    /// # Errors
    /// When too much is asked for at a time, or what is asked for fits no frame.
    pub fn request(&mut self, request: Request) -> Result<u64, RequestError> {
        request.check()?;
        let id = self.requests.ask(request)?;
        self.flush_requests();
        Ok(id)
    }

    /// What has happened, oldest first.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// How many requests have no outcome yet.
    pub fn pending(&self) -> usize {
        self.requests.pending()
    }

    /// The nick that the server knows, as far as the answers tell.
    pub fn nick(&self) -> &str {
        &self.config.nick
    }

    /// The number of the last message heard in a room that the client is in.
    pub fn last_heard(&self, room: &str) -> Option<u64> {
        self.rooms.last(room)
    }

    /// Ends the session: `Bye` goes out behind what waits, and nothing more is asked for. Without a session it is over at
    /// once.
    pub fn quit(&mut self) {
        match self.phase {
            Phase::Open => {
                Frame::Bye.encode(&mut self.out);
                self.phase = Phase::Leaving;
            }
            Phase::Leaving | Phase::Over => {}
            Phase::Waiting { .. } | Phase::Shaking => self.finish(Some(Reason::Bye)),
        }
    }

    /// Puts into `out` the requests that this connection has not carried yet, once there is a session.
    fn flush_requests(&mut self) {
        if matches!(self.phase, Phase::Open) {
            self.requests.send(&mut self.out);
        }
    }
}
