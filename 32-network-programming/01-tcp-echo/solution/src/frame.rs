//! The framing, without any I/O: bytes go in as they came, whole frames come out.
//!
//! ```text
//!  0       1       2       3       4                    4 + length
//! +-------+-------+-------+-------+------- - - - --------+
//! |  length, u32, big-endian      |  payload             |
//! +-------+-------+-------+-------+------- - - - --------+
//! ```
//!
//! - [`encode`] makes a frame of a payload
//! - [`FrameDecoder::push`] and [`FrameDecoder::next_frame`]: the plain way, a copy in and a payload out
//! - [`FrameDecoder::space`], [`FrameDecoder::commit`], [`FrameDecoder::complete`], [`FrameDecoder::consume`]:
//!   the servers' way. The kernel reads into the buffer and writes out of it, since the echo of a frame is the
//!   very bytes that arrived.
//!
//! *Incomplete* (`Ok(None)`) asks for more bytes; *invalid* (`Err`) is beyond repair.

/// Bytes before the payload.
pub const HEADER_LEN: usize = 4;

/// What a new decoder reserves, unless its limit is less. Small frames never need more, and a thousand idle
/// connections hold 16 MiB.
const INITIAL_CAPACITY: usize = 16 << 10;

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
    let length = u32::try_from(payload.len()).expect("a payload's length fits its header");
    let mut frame = Vec::with_capacity(HEADER_LEN + payload.len());
    frame.extend_from_slice(&length.to_be_bytes());
    frame.extend_from_slice(payload);
    frame
}

/// Finds the frames in a stream of bytes that arrives in pieces.
///
/// ```text
/// buffer  |  consumed  |  frame  frame  fra      |  free          |
///         0          start                      end       buffer.len()
/// ```
#[derive(Debug)]
pub struct FrameDecoder {
    /// Initialised throughout, so that a read can land in it. At most twice [`FrameDecoder::limit`] long, and
    /// grown only when bytes have filled it: a header that announces 16 MiB costs nothing yet.
    buffer: Vec<u8>,
    /// Where the unread bytes begin; always at the first byte of a header. Frames are taken by moving this
    /// index, never by moving the bytes behind them.
    start: usize,
    /// Where the unread bytes end. `end - start` never exceeds [`FrameDecoder::limit`].
    end: usize,
    max_frame: usize,
}

/// What lies at the head of some unread bytes.
enum Head {
    /// A whole frame of this many bytes, header included.
    Frame(usize),
    Incomplete,
    TooLarge(FrameError),
}

impl FrameDecoder {
    /// An empty decoder for payloads of up to `max_frame` bytes.
    pub fn new(max_frame: usize) -> Self {
        let capacity = INITIAL_CAPACITY.min(HEADER_LEN + max_frame);
        Self {
            buffer: vec![0; capacity],
            start: 0,
            end: 0,
            max_frame,
        }
    }

    /// Takes bytes until one header and one longest payload are held, and returns how many it took.
    ///
    /// The caller takes frames out before it offers the rest: that is what bounds the memory.
    pub fn push(&mut self, bytes: &[u8]) -> usize {
        let mut taken = 0;
        while taken < bytes.len() {
            let space = self.space();
            let count = space.len().min(bytes.len() - taken);
            if count == 0 {
                break;
            }
            space[..count].copy_from_slice(&bytes[taken..taken + count]);
            self.commit(count);
            taken += count;
        }
        taken
    }

    /// Takes the payload of the next whole frame; `Ok(None)` when more bytes are needed for one.
    ///
    /// # Errors
    /// [`FrameError::TooLarge`] as soon as a header announces too much, and at every call from then on.
    pub fn next_frame(&mut self) -> Result<Option<&[u8]>, FrameError> {
        match head(&self.buffer[self.start..self.end], self.max_frame) {
            Head::Frame(length) => {
                let payload = self.start + HEADER_LEN..self.start + length;
                self.start += length;
                Ok(Some(&self.buffer[payload]))
            }
            Head::Incomplete => Ok(None),
            Head::TooLarge(error) => Err(error),
        }
    }

    /// Says whether the stream may end here. To be asked once [`FrameDecoder::next_frame`] has nothing left.
    ///
    /// # Errors
    /// [`FrameError::Truncated`] inside a frame.
    pub fn finish(&self) -> Result<(), FrameError> {
        match self.buffered() {
            0 => Ok(()),
            buffered => Err(FrameError::Truncated { buffered }),
        }
    }

    /// Bytes that were taken in and have not come out as frames.
    pub fn buffered(&self) -> usize {
        self.end - self.start
    }

    /// Where the next bytes go; tell [`FrameDecoder::commit`] how many came. Empty at the limit.
    pub fn space(&mut self) -> &mut [u8] {
        let unread = self.buffered();
        if unread == 0 {
            (self.start, self.end) = (0, 0);
        }
        // Bytes move only when at least as many have been consumed since the last move: each byte that passes
        // pays for one other, and the whole stream costs what its bytes cost. Otherwise the buffer grows.
        if self.start > 0 && unread <= self.start && self.buffer.len() - self.end < self.buffer.len() / 2 {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, unread);
        } else if self.end == self.buffer.len() && unread < self.limit() {
            let grown = (self.buffer.len() * 2).min(2 * self.limit());
            self.buffer.resize(grown, 0);
        }
        let room = self.limit() - unread;
        let until = self.buffer.len().min(self.end + room);
        &mut self.buffer[self.end..until]
    }

    /// Counts in the first `count` bytes of what [`FrameDecoder::space`] returned.
    ///
    /// # Panics
    /// When `count` is more than that.
    pub fn commit(&mut self, count: usize) {
        self.end += count;
        assert!(
            self.end <= self.buffer.len() && self.buffered() <= self.limit(),
            "more than there was space"
        );
    }

    /// All whole frames that are held, headers and all, as the one run of bytes that they are; and beside it
    /// the error, if an invalid frame comes next.
    pub fn complete(&self) -> (&[u8], Option<FrameError>) {
        let unread = &self.buffer[self.start..self.end];
        let mut length = 0;
        loop {
            match head(&unread[length..], self.max_frame) {
                Head::Frame(frame) => length += frame,
                Head::Incomplete => return (&unread[..length], None),
                Head::TooLarge(error) => return (&unread[..length], Some(error)),
            }
        }
    }

    /// Lets go of the first `count` unread bytes, which must be whole frames.
    ///
    /// # Panics
    /// When there are fewer.
    pub fn consume(&mut self, count: usize) {
        assert!(count <= self.buffered(), "only what is held can be consumed");
        self.start += count;
    }

    /// The most unread bytes that are ever needed: one frame of the greatest length.
    fn limit(&self) -> usize {
        HEADER_LEN + self.max_frame
    }
}

/// Reads the header at the start of `unread`, if it is there.
fn head(unread: &[u8], max_frame: usize) -> Head {
    let Some((&header, _)) = unread.split_first_chunk::<HEADER_LEN>() else {
        return Head::Incomplete;
    };
    let length = u32::from_be_bytes(header);
    let payload = usize::try_from(length).unwrap_or(usize::MAX);
    if payload > max_frame {
        return Head::TooLarge(FrameError::TooLarge { length, max_frame });
    }
    if unread.len() - HEADER_LEN < payload {
        Head::Incomplete
    } else {
        Head::Frame(HEADER_LEN + payload)
    }
}
