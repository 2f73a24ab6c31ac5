//! What a client asks for, and what it gets to hear.

use std::time::Duration;

use super::RequestError;
use crate::wire::{Change, Failure, Frame, Reason, is_name, is_text};

/// Something to ask the server for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the frames of the same names say what they mean")]
pub enum Request {
    Join { room: String },
    Leave { room: String },
    Say { room: String, text: String },
    Whisper { nick: String, text: String },
    Rename { nick: String },
    History { room: String, after: u64, limit: u8 },
    Who { room: String },
}

/// A message of a room's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastMessage {
    /// Its number in the room.
    pub seq: u64,
    /// Who said it, by the nick of that time.
    pub nick: String,
    /// What was said.
    pub text: String,
}

/// The server's answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is done: `Leave`, `Whisper`, `Rename`.
    Done,
    /// It is not done, and nothing has changed.
    Failed(Failure),
    /// In the room, whose last message has this number.
    Joined {
        /// The number; 0 in a new room.
        last: u64,
    },
    /// Said, and numbered.
    Said {
        /// The number of the message in its room.
        seq: u64,
    },
    /// What was asked for, oldest first.
    History(Vec<PastMessage>),
    /// The nicks of the room, sorted.
    Members(Vec<String>),
}

/// What a client gets to hear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A session has begun, in this version. After [`Event::SessionLost`] the client enters its rooms again by itself.
    Welcome {
        /// The version that both speak.
        version: u8,
    },
    /// The session goes on; nothing is lost unless an [`Event::Gap`] follows.
    Resumed,
    /// The connection is lost, and will be tried again.
    Disconnected {
        /// What the server said, if it said something.
        reason: Option<Reason>,
        /// The pause before the next attempt.
        retry_in: Duration,
    },
    /// The session is over, and the next connection begins a new one.
    SessionLost,
    /// So many frames were dropped because they could not be delivered in time. Messages of rooms are fetched from the history;
    /// whispers and presence among them are lost.
    Gap {
        /// How many.
        missed: u64,
    },
    /// Nothing more will come.
    Finished {
        /// What the server said, if it said something.
        reason: Option<Reason>,
    },
    /// The outcome of a request.
    Answer {
        /// Its ticket.
        id: u64,
        /// What was asked for.
        request: Request,
        /// What the server says.
        answer: Answer,
    },
    /// The request was lost with its session: nobody knows whether it was carried out.
    Uncertain {
        /// Its ticket.
        id: u64,
        /// What was asked for.
        request: Request,
    },
    /// The request was carried out, and its answer is in a gap.
    Unanswered {
        /// Its ticket.
        id: u64,
        /// What was asked for.
        request: Request,
    },
    /// Somebody, the client itself too, has said something in a room.
    Message {
        /// The room.
        room: String,
        /// The message.
        message: PastMessage,
    },
    /// Messages of a room are gone for good.
    Lost {
        /// The room.
        room: String,
        /// The number of the first.
        from: u64,
        /// The number of the last.
        to: u64,
    },
    /// Somebody has said something to this client alone.
    Whispered {
        /// Who.
        nick: String,
        /// What.
        text: String,
    },
    /// A member of a room has changed.
    Presence {
        /// What it did.
        change: Change,
        /// Where.
        room: String,
        /// Who.
        nick: String,
        /// Its new nick, if that is the change.
        new_nick: String,
    },
}

impl Request {
    /// The frame that asks for it.
    pub(super) fn frame(&self, id: u32) -> Frame<'_> {
        match self {
            Self::Join { room } => Frame::Join { id, room },
            Self::Leave { room } => Frame::Leave { id, room },
            Self::Say { room, text } => Frame::Say { id, room, text },
            Self::Whisper { nick, text } => Frame::Whisper { id, nick, text },
            Self::Rename { nick } => Frame::Rename { id, nick },
            Self::History { room, after, limit } => Frame::History {
                id,
                room,
                after: *after,
                limit: *limit,
            },
            Self::Who { room } => Frame::Who { id, room },
        }
    }

    /// Whether it fits a frame, and the server would not refuse it for its form.
    pub(super) fn check(&self) -> Result<(), RequestError> {
        let (name, text) = match self {
            Self::Say { room: name, text } | Self::Whisper { nick: name, text } => (name, Some(text)),
            Self::Join { room: name }
            | Self::Leave { room: name }
            | Self::Rename { nick: name }
            | Self::History { room: name, .. }
            | Self::Who { room: name } => (name, None),
        };
        if !is_name(name) {
            return Err(RequestError::BadName(name.clone()));
        }
        match text {
            Some(text) if !is_text(text) => Err(RequestError::BadText),
            _ => Ok(()),
        }
    }
}
