//! The framing, without any I/O: bytes go in as they came, whole frames come out.
//!
//! ```text
//!  0       1       2       3       4                    4 + length
//! +-------+-------+-------+-------+------- - - - --------+
//! |  length, u32, big-endian      |  payload             |
//! +-------+-------+-------+-------+------- - - - --------+
//! ```
//!
//! *Incomplete* (`Ok(None)`) asks for more bytes; *invalid* (`Err`) is beyond repair.

/// Bytes before the payload.
pub const HEADER_LEN: usize = 4;

/// Why a stream of bytes is not a stream of frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// The header announces more than the maximum.
    #[error("a frame of {length} bytes, where {max_frame} are allowed")]
    TooLarge {
        /// What the header says.
        length: u32,
        /// What the decoder was made with.
        max_frame: usize,
    },
    /// The stream ended inside a frame.
    #[error("the stream ended {buffered} bytes into a frame")]
    Truncated {
        /// How much of the frame had come, its header included.
        buffered: usize,
    },
}

/// The frame of `payload`: its length in network byte order, then the payload itself.
///
/// # Panics
/// When the payload is longer than a `u32` can say.
pub fn encode(payload: &[u8]) -> Vec<u8> {
    todo!("the length, then the {} bytes", payload.len())
}

/// Finds the frames in a stream of bytes that arrives in pieces.
#[derive(Debug)]
pub struct FrameDecoder {
    // Yours to design: where the bytes are, which of them have been taken, and the maximum.
}

impl FrameDecoder {
    /// An empty decoder for payloads of up to `max_frame` bytes.
    pub fn new(max_frame: usize) -> Self {
        todo!("a decoder for payloads of up to {max_frame} bytes")
    }

    /// Takes bytes until one header and one longest payload are held, and returns how many it took.
    ///
    /// The caller takes frames out before it offers the rest: that is what bounds the memory.
    pub fn push(&mut self, bytes: &[u8]) -> usize {
        todo!("take what fits of {} bytes", bytes.len())
    }

    /// Takes the payload of the next whole frame; `Ok(None)` when more bytes are needed for one.
    ///
    /// # Errors
    /// [`FrameError::TooLarge`] as soon as a header announces too much, and at every call from then on.
    pub fn next_frame(&mut self) -> Result<Option<&[u8]>, FrameError> {
        todo!("read the header, check the length, lend the payload")
    }

    /// Says whether the stream may end here. To be asked once [`FrameDecoder::next_frame`] has nothing left.
    ///
    /// # Errors
    /// [`FrameError::Truncated`] inside a frame.
    pub fn finish(&self) -> Result<(), FrameError> {
        todo!("an end inside a frame is an error")
    }

    /// Bytes that were taken in and have not come out as frames.
    pub fn buffered(&self) -> usize {
        todo!("count the unread bytes")
    }
}
