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

use crate::frame::FrameError;

/// Bytes of a refusal.
pub const REFUSAL_LEN: usize = 8;

/// Why the server closes the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// As many connections as allowed are being served.
    Busy,
    /// A frame is longer than allowed.
    TooLarge,
    /// The next frame was not complete in time.
    Timeout,
    /// The stream ended inside a frame.
    Truncated,
    /// The server stops; frames that were not echoed were not handled.
    Stopping,
}

impl Refusal {
    /// The number on the wire.
    pub fn code(self) -> u32 {
        match self {
            Self::Busy => 1,
            Self::TooLarge => 2,
            Self::Timeout => 3,
            Self::Truncated => 4,
            Self::Stopping => 5,
        }
    }

    /// The eight bytes on the wire.
    pub fn to_bytes(self) -> [u8; REFUSAL_LEN] {
        let mut bytes = [0xFF; REFUSAL_LEN];
        bytes[4..].copy_from_slice(&self.code().to_be_bytes());
        bytes
    }

    /// The refusal that these bytes are; `None` when they are none, or have a code that is not known.
    pub fn from_bytes(bytes: [u8; REFUSAL_LEN]) -> Option<Self> {
        [
            Self::Busy,
            Self::TooLarge,
            Self::Timeout,
            Self::Truncated,
            Self::Stopping,
        ]
        .into_iter()
        .find(|refusal| refusal.to_bytes() == bytes)
    }
}

impl From<FrameError> for Refusal {
    fn from(error: FrameError) -> Self {
        match error {
            FrameError::TooLarge { .. } => Self::TooLarge,
            FrameError::Truncated { .. } => Self::Truncated,
        }
    }
}
