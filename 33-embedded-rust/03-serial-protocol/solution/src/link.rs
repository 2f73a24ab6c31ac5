//! One end of the line: messages in, messages out, each delivered once and in order, whatever the line does.
//!
//! No I/O and no clock: bytes and ticks come in as arguments, frames go out as slices.
//!
//! ```text
//! connector                                listener
//!    │── hello  session 7, speaks 1 to 2 ─────▶│
//!    │◀─ welcome session 7, version 2 ─────────│   or refuse, with what the listener speaks
//!    │── data 0 ──────────────╳                │
//!    │      RETRY_MS later                     │
//!    │── data 0 ──────────────────────────────▶│   delivered
//!    │                     ╳────────── ack 0 ──│
//!    │── data 0 ──────────────────────────────▶│   known already: acknowledged, not delivered
//!    │◀─ ack 0 ────────────────────────────────│
//! ```
//!
//! One frame is under way in each direction at a time, which is what the fixed memory pays for. Both ends may send.
//!
//! - [`Link`]: bytes become frames, frames become bytes
//! - `session.rs`: what a frame changes, and what is due

mod session;

use heapless::Vec;

use crate::cobs::Decoder;
use crate::frame::{FRAME_MAX, Frame, PAYLOAD_MAX, WIRE_MAX};
use crate::message::Counters;
use session::Session;

/// Milliseconds after which a frame that nobody has answered is sent again.
pub const RETRY_MS: u32 = 100;

/// How often a frame is sent before the line counts as dead.
pub const TRIES: u8 = 16;

/// The versions of the protocol that an end speaks, 1 to 15.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions {
    /// The lowest.
    pub min: u8,
    /// The highest.
    pub max: u8,
}

/// Where the link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Waits for a hello.
    Listening,
    /// Says hello.
    Connecting,
    /// Both ends speak this version.
    Up {
        /// The version.
        version: u8,
    },
    /// The peer speaks none of our versions, but these.
    Refused(Versions),
    /// The peer has not answered [`TRIES`] times.
    Lost,
}

/// Why a message is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendError {
    /// The link is not up.
    Down,
    /// The message before it is still under way.
    Busy,
    /// It is longer than [`PAYLOAD_MAX`].
    TooLong,
}

/// One end of the line. All its memory is inside.
#[derive(Debug)]
pub struct Link {
    decoder: Decoder<FRAME_MAX>,
    session: Session,
    /// The frame that was sent last, as it stood on the line.
    wire: [u8; WIRE_MAX],
}

/// The size is part of the contract: nothing grows while the program runs.
const _: () = assert!(size_of::<Link>() <= 768);

impl Versions {
    /// The highest version that is in both ranges.
    pub fn common(self, other: Self) -> Option<u8> {
        let highest = self.max.min(other.max);
        (highest >= self.min.max(other.min)).then_some(highest)
    }

    /// A range as the payload of a hello or a refusal has it.
    fn parse(payload: &[u8]) -> Option<Self> {
        match *payload {
            [min @ 1..=15, max @ 1..=15] if min <= max => Some(Self { min, max }),
            _ => None,
        }
    }
}

impl Link {
    /// An end that waits for the other's hello.
    pub const fn listen(versions: Versions) -> Self {
        Self::new(Session::new(versions, State::Listening, 0))
    }

    /// An end that says hello, with a session number that the listener has not seen lately.
    pub const fn connect(versions: Versions, number: u16) -> Self {
        Self::new(Session::new(versions, State::Connecting, number))
    }

    const fn new(session: Session) -> Self {
        Self {
            decoder: Decoder::new(),
            session,
            wire: [0; WIRE_MAX],
        }
    }

    /// Where it stands.
    pub fn state(&self) -> State {
        self.session.state
    }

    /// Whether a message is under way, not acknowledged yet.
    pub fn is_sending(&self) -> bool {
        self.session.outbox.is_some()
    }

    /// What it has seen since it was made.
    pub fn counters(&self) -> Counters {
        self.session.counters
    }

    /// Takes one byte of the line.
    pub fn receive(&mut self, byte: u8) {
        match self.decoder.push(byte).map(|outcome| outcome.map(Frame::parse)) {
            None => {}
            Some(Ok(Ok(frame))) => self.session.accept(&frame),
            Some(_) => self.session.counters.damaged += 1,
        }
    }

    /// The next bytes for the line at tick `now`, if any are due. To be called until there are none, as often as
    /// frames shall be on time.
    ///
    /// Ticks are milliseconds and wrap.
    pub fn poll(&mut self, now: u32) -> Option<&[u8]> {
        let frame = self.session.due(now)?;
        Some(frame.encode(&mut self.wire))
    }

    /// Sends a message, from the next [`Link::poll`] on until it is acknowledged.
    ///
    /// # Errors
    /// When it cannot be taken; nothing has changed then.
    pub fn send(&mut self, payload: &[u8]) -> Result<(), SendError> {
        self.session.send(payload)
    }

    /// Takes the message that came. Until then the next one is not acknowledged.
    pub fn take(&mut self) -> Option<Vec<u8, PAYLOAD_MAX>> {
        self.session.inbox.take()
    }
}
