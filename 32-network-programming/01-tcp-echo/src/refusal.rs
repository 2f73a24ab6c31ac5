//! How the server says no: eight bytes, then the end of the stream.
//!
//! ```text
//!  0       1       2       3       4       5       6       7       8
//! +-------+-------+-------+-------+-------+-------+-------+-------+
//! |  FF      FF      FF      FF   |  code, u32, big-endian        |
//! +-------+-------+-------+-------+-------+-------+-------+-------+
//! ```
//!
//! No frame is that long, so a refusal is never taken for an echo.

/// Bytes of a refusal.
pub const REFUSAL_LEN: usize = 8;

/// Why the server closes the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Code 1: as many connections as allowed are being served.
    Busy,
    /// Code 2: a frame is longer than allowed.
    TooLarge,
    /// Code 3: the next frame was not complete in time.
    Timeout,
    /// Code 4: the stream ended inside a frame.
    Truncated,
    /// Code 5: the server stops; frames that were not echoed were not handled.
    Stopping,
}

impl Refusal {
    /// The number on the wire.
    pub fn code(self) -> u32 {
        todo!("the code of {self:?}")
    }

    /// The eight bytes on the wire.
    pub fn to_bytes(self) -> [u8; REFUSAL_LEN] {
        todo!("the bytes of {self:?}")
    }

    /// The refusal that these bytes are; `None` when they are none, or have a code that is not known.
    pub fn from_bytes(bytes: [u8; REFUSAL_LEN]) -> Option<Self> {
        todo!("read {bytes:?}")
    }
}
