//! Every frame there is, and the byte that stands for its type.

use std::fmt;

use super::{Change, Failure, Names, Reason};

/// What lets a client come back to its session. Whoever knows it is that client.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Token(pub [u8; 16]);

impl fmt::Debug for Token {
    /// Not the token itself: logs are read by many.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(…)")
    }
}

/// A frame; texts are borrowed from where it was read, or from who writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the brief draws each of them, field by field")]
pub enum Frame<'a> {
    // Either side.
    Ping {
        nonce: u32,
    },
    Pong {
        nonce: u32,
    },
    // The client, about its session.
    Hello {
        min: u8,
        max: u8,
        nick: &'a str,
    },
    Resume {
        version: u8,
        token: Token,
        received: u64,
    },
    Ack {
        received: u64,
    },
    Bye,
    // The client's requests, numbered from 1 in each session. Each has one answer.
    Join {
        id: u32,
        room: &'a str,
    },
    Leave {
        id: u32,
        room: &'a str,
    },
    Say {
        id: u32,
        room: &'a str,
        text: &'a str,
    },
    Whisper {
        id: u32,
        nick: &'a str,
        text: &'a str,
    },
    Rename {
        id: u32,
        nick: &'a str,
    },
    History {
        id: u32,
        room: &'a str,
        after: u64,
        limit: u8,
    },
    Who {
        id: u32,
        room: &'a str,
    },
    // The server, about the session. The token is there from version 2 on.
    Welcome {
        version: u8,
        token: Option<Token>,
    },
    Resumed {
        request: u32,
    },
    ResumeFailed,
    Gap {
        missed: u64,
        answered: u32,
    },
    Goodbye {
        reason: Reason,
    },
    // The server's answers and events: both sides count these, from 1 in each session.
    Done {
        id: u32,
    },
    Failed {
        id: u32,
        failure: Failure,
    },
    Joined {
        id: u32,
        room: &'a str,
        last: u64,
    },
    Said {
        id: u32,
        seq: u64,
    },
    Message {
        room: &'a str,
        seq: u64,
        nick: &'a str,
        text: &'a str,
    },
    Whispered {
        nick: &'a str,
        text: &'a str,
    },
    Past {
        id: u32,
        seq: u64,
        nick: &'a str,
        text: &'a str,
    },
    PastEnd {
        id: u32,
        last: u64,
    },
    Members {
        id: u32,
        more: bool,
        names: Names<'a>,
    },
    // Optional, version 2. The new nick is there when the change is `Renamed`, and empty otherwise.
    Presence {
        change: Change,
        room: &'a str,
        nick: &'a str,
        new_nick: &'a str,
    },
    /// An optional frame of a later version.
    Unknown {
        kind: u8,
        body: &'a [u8],
    },
}

impl Frame<'_> {
    /// The byte that stands for its type.
    pub fn kind(&self) -> u8 {
        match self {
            Self::Hello { .. } => 0x01,
            Self::Resume { .. } => 0x02,
            Self::Ping { .. } => 0x03,
            Self::Pong { .. } => 0x04,
            Self::Ack { .. } => 0x05,
            Self::Bye => 0x06,
            Self::Join { .. } => 0x10,
            Self::Leave { .. } => 0x11,
            Self::Say { .. } => 0x12,
            Self::Whisper { .. } => 0x13,
            Self::Rename { .. } => 0x14,
            Self::History { .. } => 0x15,
            Self::Who { .. } => 0x16,
            Self::Welcome { .. } => 0x81,
            Self::Resumed { .. } => 0x82,
            Self::ResumeFailed => 0x83,
            Self::Gap { .. } => 0x84,
            Self::Goodbye { .. } => 0x85,
            Self::Done { .. } => 0x90,
            Self::Failed { .. } => 0x91,
            Self::Joined { .. } => 0x92,
            Self::Said { .. } => 0x93,
            Self::Message { .. } => 0x94,
            Self::Whispered { .. } => 0x95,
            Self::Past { .. } => 0x96,
            Self::PastEnd { .. } => 0x97,
            Self::Members { .. } => 0x98,
            Self::Presence { .. } => 0xD0,
            Self::Unknown { kind, .. } => *kind,
        }
    }

    /// The number of the request that this answers; the last frame of an answer has it, the others have none.
    pub fn answers(&self) -> Option<u32> {
        match *self {
            Self::Done { id }
            | Self::Failed { id, .. }
            | Self::Joined { id, .. }
            | Self::Said { id, .. }
            | Self::PastEnd { id, .. }
            | Self::Members { id, more: false, .. } => Some(id),
            _ => None,
        }
    }

    /// The number that a request has.
    pub fn request(&self) -> Option<u32> {
        match *self {
            Self::Join { id, .. }
            | Self::Leave { id, .. }
            | Self::Say { id, .. }
            | Self::Whisper { id, .. }
            | Self::Rename { id, .. }
            | Self::History { id, .. }
            | Self::Who { id, .. } => Some(id),
            Self::Unknown { kind, body }
                if kind & (super::FROM_SERVER | super::NUMBERED) == super::NUMBERED =>
            {
                body.first_chunk().map(|id| u32::from_be_bytes(*id))
            }
            _ => None,
        }
    }
}
