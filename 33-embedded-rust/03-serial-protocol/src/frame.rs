//! A frame: what travels between two zeros of the line.
//!
//! ```text
//! byte 0        bits 7:4 version of the protocol, bits 3:0 kind
//! byte 1, 2     session, low byte first
//! byte 3        sequence number
//! byte 4 …      payload, 0 to 160 bytes
//! last two      CRC-16/GENIBUS of all before, high byte first
//!
//! kind          version   sequence number      payload
//! 0 data        agreed    its own              a message
//! 1 ack         agreed    of the data          none
//! 2 hello       0         0                    lowest and highest version that the sender speaks
//! 3 welcome     0         0                    the version agreed on
//! 4 refuse      0         0                    lowest and highest version that the sender speaks
//!
//! on the line   00  COBS(frame)  00
//! ```
//!
//! The zero in front costs a byte and ends whatever noise stood on the line, which would take the frame with it.
//! Kinds 2 to 4 look the same in all versions of the protocol: whoever meets can find out what both speak.

use crate::cobs;

/// Bytes before the payload.
pub const HEADER: usize = 4;

/// The longest payload.
pub const PAYLOAD_MAX: usize = 160;

/// The longest frame.
pub const FRAME_MAX: usize = HEADER + PAYLOAD_MAX + 2;

/// The most that a frame takes on the line.
pub const WIRE_MAX: usize = 1 + cobs::encoded_max(FRAME_MAX) + 1;

/// What a frame is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// Carries a message.
    Data = 0,
    /// Says that the data with this sequence number has come.
    Ack = 1,
    /// Begins a session.
    Hello = 2,
    /// Agrees to it.
    Welcome = 3,
    /// Has no version in common.
    Refuse = 4,
}

/// A frame, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// The version of the protocol, 0 to 15.
    pub version: u8,
    /// What it is for.
    pub kind: Kind,
    /// Which session it belongs to.
    pub session: u16,
    /// The number of the data that it carries or acknowledges.
    pub sequence: u8,
    /// At most [`PAYLOAD_MAX`] bytes.
    pub payload: &'a [u8],
}

/// Why bytes are no frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// Fewer bytes than the header and the checksum.
    TooShort,
    /// The checksum is not that of the bytes before it.
    Checksum,
    /// Whole, but of a kind that this version does not know.
    UnknownKind(u8),
}

impl<'a> Frame<'a> {
    /// Takes decoded bytes apart.
    ///
    /// # Errors
    /// When they are no frame; the checksum is looked at before anything that it protects.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        todo!("check the length, the checksum and the kind of {bytes:02x?}")
    }

    /// Writes it as it stands on the line, zeros included, and returns what was written.
    ///
    /// # Panics
    /// When the payload is longer than [`PAYLOAD_MAX`], or the version has more than four bits.
    pub fn encode<'o>(&self, out: &'o mut [u8; WIRE_MAX]) -> &'o [u8] {
        todo!("put together, sum up and stuff {self:?} into {} bytes", out.len())
    }
}
