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

mod error;
mod event;

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::wire::VERSIONS;
pub use error::{RequestError, TooManyRequests};
pub use event::{Answer, Event, PastMessage, Request};

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
    // Yours to design: the phase of the connection, the session, requests without an outcome, rooms and how far they were heard.
}

impl Client {
    /// A client that wants to connect at once.
    pub fn new(config: Config, now: Duration) -> Self {
        todo!("a client with {config:?} at {now:?}")
    }

    /// Asks for something, now or when there is a connection again. Its ticket comes back with the outcome.
    ///
    /// # Errors
    /// When too much is asked for at a time, or what is asked for fits no frame.
    pub fn request(&mut self, request: Request) -> Result<u64, RequestError> {
        todo!("check {request:?}, number it, send it if there is a session")
    }

    /// What has happened, oldest first.
    pub fn poll_event(&mut self) -> Option<Event> {
        todo!("the next event")
    }

    /// How many requests have no outcome yet.
    pub fn pending(&self) -> usize {
        todo!("count the user's requests")
    }

    /// The nick that the server knows, as far as the answers tell.
    pub fn nick(&self) -> &str {
        todo!("the nick")
    }

    /// The number of the last message heard in a room that the client is in.
    pub fn last_heard(&self, room: &str) -> Option<u64> {
        todo!("how far {room} was heard")
    }

    /// Ends the session: `Bye` goes out behind what waits, and nothing more is asked for. Without a session it is over at
    /// once.
    pub fn quit(&mut self) {
        todo!("say Bye")
    }

    /// A connection is there: the client greets.
    pub fn connected(&mut self, now: Duration) {
        todo!("say Hello or Resume at {now:?}")
    }

    /// The connection is gone, or could not be made.
    pub fn disconnected(&mut self, now: Duration) {
        todo!("at {now:?}: tell, and say when to try again")
    }

    /// When to make a connection; `None` when there is one, or none is wanted.
    pub fn connect_at(&self) -> Option<Duration> {
        todo!("the end of the pause")
    }

    /// Bytes have come from the server.
    pub fn received(&mut self, bytes: &[u8], now: Duration) {
        todo!("{} bytes at {now:?}: decode, count, tell", bytes.len())
    }

    /// Whether the connection is to be closed. [`Client::disconnected`] is to be called then.
    pub fn is_finished(&self) -> bool {
        todo!("is the connection of any use?")
    }

    /// Whether the client will never want a connection again.
    pub fn is_over(&self) -> bool {
        todo!("is everything said?")
    }

    /// Does what is due by now. To be called a few times a second.
    pub fn tick(&mut self, now: Duration) {
        todo!("acknowledge, ask, give up at {now:?}")
    }

    /// Offers `write` the bytes that wait. It returns how many it took; the others stay. Returns how many those are, or `None`
    /// when nothing waits.
    pub fn transmit(&mut self, write: impl FnOnce(&[u8]) -> usize) -> Option<usize> {
        let _ = write;
        todo!("offer what waits")
    }
}
