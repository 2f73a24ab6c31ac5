//! The state of a link: what each frame changes, and which frame is due.
//!
//! What stands in `outbox` is sent again and again until its acknowledgement comes; `expected` tells news from
//! repetitions. Both start at zero with each session, and a frame of another session changes neither.

use heapless::Vec;

use super::{RETRY_MS, SendError, State, TRIES, Versions};
use crate::frame::{Frame, Kind, PAYLOAD_MAX};
use crate::message::Counters;

/// A frame of the protocol's own that is due. One place is enough: a reply that a later one displaces is asked for
/// again.
#[derive(Debug, Clone, Copy)]
enum Reply {
    Ack {
        version: u8,
        sequence: u8,
    },
    Welcome {
        version: u8,
    },
    /// To the session that asked. Ours, if there is one, goes on.
    Refuse {
        session: u16,
    },
}

/// All but the bytes.
#[derive(Debug)]
pub struct Session {
    versions: Versions,
    /// Whether a hello is for us. A connector hears its own where the line echoes.
    listens: bool,
    pub state: State,
    /// The session that both ends are in, or the one that the hello proposes.
    number: u16,
    /// The message under way, until it is acknowledged.
    pub outbox: Option<Vec<u8, PAYLOAD_MAX>>,
    /// Its sequence number, or that of the next.
    sequence: u8,
    /// The tick at which the hello or the message was last sent.
    sent_at: u32,
    /// How often it was sent; 0: due at once.
    tries: u8,
    /// The message that came and was not taken yet.
    pub inbox: Option<Vec<u8, PAYLOAD_MAX>>,
    /// The sequence number of the next one.
    expected: u8,
    reply: Option<Reply>,
    /// A range or a version, as the frame that is due points at it.
    payload: [u8; 2],
    pub counters: Counters,
}

impl Session {
    /// A session in which nothing was said.
    pub const fn new(versions: Versions, state: State, number: u16) -> Self {
        assert!(
            1 <= versions.min && versions.min <= versions.max && versions.max <= 15,
            "versions are 1 to 15, the lowest first"
        );
        Self {
            versions,
            listens: matches!(state, State::Listening),
            state,
            number,
            outbox: None,
            sequence: 0,
            sent_at: 0,
            tries: 0,
            inbox: None,
            expected: 0,
            reply: None,
            payload: [0; 2],
            counters: Counters::ZERO,
        }
    }

    pub fn send(&mut self, payload: &[u8]) -> Result<(), SendError> {
        if !matches!(self.state, State::Up { .. }) {
            return Err(SendError::Down);
        }
        if self.outbox.is_some() {
            return Err(SendError::Busy);
        }
        self.outbox = Some(Vec::from_slice(payload).map_err(|_| SendError::TooLong)?);
        self.tries = 0;
        Ok(())
    }

    /// Does what a whole frame asks for.
    pub fn accept(&mut self, frame: &Frame) {
        match (frame.kind, self.state) {
            (Kind::Hello, _) if self.listens => self.hello(frame),
            (Kind::Welcome | Kind::Refuse, State::Connecting) if frame.session == self.number => {
                self.state = self.answered(frame);
            }
            (Kind::Data, State::Up { version }) if self.is_ours(frame, version) => self.data(frame, version),
            (Kind::Ack, State::Up { version }) if self.is_ours(frame, version) => {
                self.acknowledged(frame.sequence);
            }
            _ => {}
        }
    }

    /// The state that the answer to our hello leads to; the same, if it makes no sense.
    fn answered(&self, frame: &Frame) -> State {
        let offered = self.versions.min..=self.versions.max;
        match (frame.kind, frame.payload, Versions::parse(frame.payload)) {
            (Kind::Welcome, &[version], _) if offered.contains(&version) => State::Up { version },
            (Kind::Refuse, _, Some(versions)) => State::Refused(versions),
            _ => self.state,
        }
    }

    fn is_ours(&self, frame: &Frame, version: u8) -> bool {
        frame.session == self.number && frame.version == version
    }

    /// Begins the session that a hello proposes, or welcomes it again.
    fn hello(&mut self, frame: &Frame) {
        let Some(theirs) = Versions::parse(frame.payload) else {
            return;
        };
        if let State::Up { version } = self.state
            && frame.session == self.number
        {
            self.reply = Some(Reply::Welcome { version });
            return;
        }
        let Some(version) = self.versions.common(theirs) else {
            self.reply = Some(Reply::Refuse {
                session: frame.session,
            });
            return;
        };
        *self = Self {
            reply: Some(Reply::Welcome { version }),
            counters: self.counters,
            listens: true,
            ..Self::new(self.versions, State::Up { version }, frame.session)
        };
    }

    /// Lets go of the message under way, if it is the one that is acknowledged. One never sent cannot be.
    fn acknowledged(&mut self, sequence: u8) {
        if sequence == self.sequence && self.tries > 0 && self.outbox.take().is_some() {
            self.sequence = self.sequence.wrapping_add(1);
        }
    }

    /// Delivers news, and acknowledges it as often as it comes.
    fn data(&mut self, frame: &Frame, version: u8) {
        if frame.sequence == self.expected {
            if self.inbox.is_some() {
                // Not acknowledged, so it comes again: that is all the flow control there is.
                return;
            }
            self.inbox = Some(Vec::from_slice(frame.payload).expect("the decoder holds no longer payload"));
            self.expected = self.expected.wrapping_add(1);
            self.counters.delivered += 1;
        } else if frame.sequence == self.expected.wrapping_sub(1) {
            self.counters.repeated += 1;
        } else {
            return;
        }
        self.reply = Some(Reply::Ack {
            version,
            sequence: frame.sequence,
        });
    }

    /// The frame that is due at tick `now`, if there is one; it then counts as sent.
    pub fn due(&mut self, now: u32) -> Option<Frame<'_>> {
        if let Some(reply) = self.reply.take() {
            return Some(self.reply(reply));
        }
        // A welcome ends the hello's tries; the first message begins its own in `send`.
        let is_waiting = self.state == State::Connecting || self.outbox.is_some();
        if !is_waiting || (self.tries > 0 && now.wrapping_sub(self.sent_at) < RETRY_MS) {
            return None;
        }
        if self.tries == TRIES {
            self.state = State::Lost;
            self.outbox = None;
            return None;
        }
        self.counters.resent += u32::from(self.tries > 0);
        self.tries += 1;
        self.sent_at = now;
        if let (State::Up { version }, Some(message)) = (self.state, &self.outbox) {
            return Some(Frame {
                version,
                kind: Kind::Data,
                session: self.number,
                sequence: self.sequence,
                payload: message,
            });
        }
        self.payload = [self.versions.min, self.versions.max];
        Some(opening(Kind::Hello, self.number, &self.payload))
    }

    /// The frame of a reply.
    fn reply(&mut self, reply: Reply) -> Frame<'_> {
        match reply {
            Reply::Ack { version, sequence } => Frame {
                version,
                kind: Kind::Ack,
                session: self.number,
                sequence,
                payload: &[],
            },
            Reply::Welcome { version } => {
                self.payload[0] = version;
                opening(Kind::Welcome, self.number, &self.payload[..1])
            }
            Reply::Refuse { session } => {
                self.payload = [self.versions.min, self.versions.max];
                opening(Kind::Refuse, session, &self.payload)
            }
        }
    }
}

/// A frame of a kind that looks the same in all versions.
fn opening(kind: Kind, session: u16, payload: &[u8]) -> Frame<'_> {
    Frame {
        version: 0,
        kind,
        session,
        sequence: 0,
        payload,
    }
}
