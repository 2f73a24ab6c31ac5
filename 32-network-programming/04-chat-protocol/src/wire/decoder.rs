//! Finds the frames in a stream of bytes that arrives in pieces.

use super::{Frame, WireError};

/// Bytes that have arrived and have not come out as frames.
///
/// Whoever pushes a piece takes all frames out before the next: then no more is ever held than one piece and one frame.
#[derive(Debug, Default)]
pub struct Decoder {
    // Yours to design: where the bytes are, and which of them have been taken.
}

impl Decoder {
    /// An empty one.
    pub fn new() -> Self {
        todo!("a decoder without bytes")
    }

    /// Takes bytes as they came.
    pub fn push(&mut self, bytes: &[u8]) {
        todo!("keep {} bytes", bytes.len())
    }

    /// Bytes that have not come out as frames.
    pub fn buffered(&self) -> usize {
        todo!("count the unread bytes")
    }

    /// Takes the next whole frame; `Ok(None)` when more bytes are needed for one.
    ///
    /// # Errors
    /// As [`Frame::parse`], and [`WireError::TooLong`] as soon as a header announces too much. There is no way on then: every
    /// later call gives the same error.
    pub fn next_frame(&mut self) -> Result<Option<Frame<'_>>, WireError> {
        todo!("read the header, check the length, parse the body")
    }
}
