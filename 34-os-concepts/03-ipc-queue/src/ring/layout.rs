//! The file that a ring is, byte by byte.
//!
//! ```text
//! offset   bytes
//!      0   8            "ipcq-rg\1"; the last byte is the version
//!      8   4            capacity: slots, a power of two up to 65,536
//!     12   4            bytes of the longest message, 1 to 1,048,576
//!     16   4            flags: 1 for one sender and one receiver at a time
//!     20   108          0
//!    128   8 × 128      the words of `Control`, one at the start of each 128 bytes: tail, send turn, receivers wait,
//!                       senders came, head, receive turn, senders wait, receivers came
//!   1152   4 × slots    the length of the message in each slot
//!      …                up to the next multiple of 4,096
//!      D   slots × stride   the messages; the stride is the longest, rounded up to a multiple of 64
//! ```
//!
//! Numbers are little-endian, which the words are because the machine is. Lengths stand apart from messages so that a
//! message of 64 bytes is one cache line and not two; sixteen lengths share one.
//!
//! Nothing here is read again once a ring is open: whoever can write to the file could change it in between.

use crate::queue::{OpenError, Options};

/// Bytes before the words.
pub const HEADER: usize = 128;

/// Slots that a ring can have.
pub const CAPACITY_MAX: usize = 1 << 16;

/// Bytes that its longest message can have.
pub const MESSAGE_MAX: usize = 1 << 20;

/// Where everything is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Slots, a power of two.
    pub capacity: usize,
    /// Bytes of the longest message.
    pub max_message: usize,
    /// For one sender and one receiver at a time.
    pub sole: bool,
}

impl Layout {
    /// Where the words are.
    pub const CONTROL: usize = HEADER;

    /// Where the lengths are.
    pub const LENGTHS: usize = HEADER + 8 * 128;

    /// For these options; the capacity is rounded up to a power of two.
    ///
    /// # Errors
    /// [`OpenError::Limit`].
    pub fn of(options: &Options) -> Result<Self, OpenError> {
        todo!("measures for {options:?}")
    }

    /// Bytes from one message to the next.
    pub fn stride(&self) -> usize {
        todo!("from {}", self.max_message)
    }

    /// Where the messages begin.
    pub fn messages(&self) -> usize {
        todo!("behind {} lengths", self.capacity)
    }

    /// Bytes of the whole file.
    pub fn size(&self) -> usize {
        todo!("of all")
    }

    /// The header of the file.
    pub fn to_bytes(&self) -> [u8; HEADER] {
        todo!("the header of {self:?}")
    }

    /// Reads the header of a file of `size` bytes.
    ///
    /// # Errors
    /// [`OpenError::Foreign`] for anything that [`Layout::to_bytes`] does not make.
    pub fn from_bytes(bytes: &[u8; HEADER], size: u64) -> Result<Self, OpenError> {
        todo!("check {bytes:?} and {size}")
    }
}
