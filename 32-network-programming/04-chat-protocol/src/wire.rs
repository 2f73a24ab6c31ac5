//! The protocol as bytes, without any I/O.
//!
//! ```text
//!  0       1       2       3                     3 + length
//! +-------+-------+-------+------ - - - ---------+
//! | length, u16   | type  | body                 |
//! +-------+-------+-------+------ - - - ---------+
//! ```
//!
//! - [`Frame`]: every frame there is; [`Frame::encode`] writes one, [`Frame::parse`] reads a body
//! - [`Decoder`]: finds the frames in a stream that arrives in pieces
//! - [`Reason`], [`Failure`], [`Change`]: the codes within
//! - [`is_name`], [`is_text`]: what a nick, a room and a text may consist of
//!
//! Numbers are in network byte order. Of the type, bit 7 says that the server sends it, bit 6 that who does not know it
//! skips it, and bit 4 that it is numbered: a request of the client's, or an event of the server's.

mod codes;
mod decoder;
mod encode;
mod frame;
mod names;
mod parse;

use std::ops::RangeInclusive;

pub use codes::{Change, Failure, Reason};
pub use decoder::Decoder;
pub use frame::{Frame, Token};
pub use names::{Names, is_name, is_text};

/// Bytes before the body.
pub const HEADER_LEN: usize = 3;
/// The longest body, in bytes.
pub const MAX_BODY: usize = 4096;
/// The longest nick or name of a room, in bytes of UTF-8.
pub const MAX_NAME: usize = 32;
/// The longest text, in bytes of UTF-8.
pub const MAX_TEXT: usize = 2000;
/// The most messages that one request for history gets.
pub const MAX_HISTORY: u8 = 100;
/// What the first frame of a client begins with.
pub const MAGIC: [u8; 4] = *b"CHAT";
/// The versions that this library speaks. Presence, gaps and resuming are what the second one adds.
pub const VERSIONS: RangeInclusive<u8> = 1..=2;

/// In a type: the server sends it.
pub const FROM_SERVER: u8 = 0x80;
/// In a type: who does not know it skips it.
pub const OPTIONAL: u8 = 0x40;
/// In a type: it is numbered.
pub const NUMBERED: u8 = 0x10;

/// Why a stream of bytes is not a stream of frames. Nothing behind it can be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// A header announces more than [`MAX_BODY`].
    #[error("a body of {length} bytes, where {MAX_BODY} are allowed")]
    TooLong {
        /// What the header says.
        length: usize,
    },
    /// A type that is not known and must not be skipped.
    #[error("the unknown type {kind:#04x}")]
    UnknownType {
        /// The type.
        kind: u8,
    },
    /// A body that is not as its type's is drawn.
    #[error("a body that does not fit the type {kind:#04x}")]
    Malformed {
        /// The type.
        kind: u8,
    },
}
