//! Finds the frames in a stream of bytes that arrives in pieces.

use super::{Frame, HEADER_LEN, MAX_BODY, WireError};

/// Bytes that have arrived and have not come out as frames.
///
/// Whoever pushes a piece takes all frames out before the next: then no more is ever held than one piece and one frame.
#[derive(Debug, Default)]
pub struct Decoder {
    buffer: Vec<u8>,
    /// Where the unread bytes start.
    start: usize,
}

impl Decoder {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes bytes as they came.
    pub fn push(&mut self, bytes: &[u8]) {
        // What was read is forgotten once it is at least as long as what moves: each byte moves once on average.
        if self.start >= self.buffered() {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// Bytes that have not come out as frames.
    pub fn buffered(&self) -> usize {
        self.buffer.len() - self.start
    }

    /// Takes the next whole frame; `Ok(None)` when more bytes are needed for one.
    ///
    /// # Errors
    /// As [`Frame::parse`], and [`WireError::TooLong`] as soon as a header announces too much. There is no way on then: every
    /// later call gives the same error.
    pub fn next_frame(&mut self) -> Result<Option<Frame<'_>>, WireError> {
        let unread = &self.buffer[self.start..];
        let Some(&[high, low, kind]) = unread.first_chunk::<HEADER_LEN>() else {
            // Two bytes say enough to refuse.
            return match unread.first_chunk::<2>() {
                Some(length) => length_of(*length).map(|_| None),
                None => Ok(None),
            };
        };
        let length = length_of([high, low])?;
        let Some(body) = unread[HEADER_LEN..].get(..length) else {
            return Ok(None);
        };
        let frame = Frame::parse(kind, body)?;
        self.start += HEADER_LEN + length;
        Ok(Some(frame))
    }
}

fn length_of(bytes: [u8; 2]) -> Result<usize, WireError> {
    let length = usize::from(u16::from_be_bytes(bytes));
    if length > MAX_BODY {
        return Err(WireError::TooLong { length });
    }
    Ok(length)
}
