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

use std::mem::{offset_of, size_of};

use super::control::{Control, Lines};
use crate::queue::{OpenError, Options};

const MAGIC: [u8; 8] = *b"ipcq-rg\x01";

/// Bytes before the words.
pub const HEADER: usize = 128;

const SOLE: u32 = 1;

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

// The drawing above, held against the structures.
const _: () = {
    assert!(size_of::<Control<u64>>() == 8 * 128);
    assert!(offset_of!(Control<u64>, head) == 4 * 128);
    assert!(size_of::<Lines<u64>>() == 128);
};

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
        if !(1..=CAPACITY_MAX).contains(&options.capacity) {
            return Err(OpenError::Limit("a ring has 1 to 65536 slots"));
        }
        if !(1..=MESSAGE_MAX).contains(&options.max_message) {
            return Err(OpenError::Limit(
                "a ring's messages have up to 1 to 1048576 bytes",
            ));
        }
        Ok(Self {
            capacity: options.capacity.next_power_of_two(),
            max_message: options.max_message,
            sole: options.sole,
        })
    }

    /// Bytes from one message to the next.
    pub fn stride(&self) -> usize {
        self.max_message.next_multiple_of(64)
    }

    /// Where the messages begin.
    pub fn messages(&self) -> usize {
        (Self::LENGTHS + 4 * self.capacity).next_multiple_of(4096)
    }

    /// Bytes of the whole file.
    pub fn size(&self) -> usize {
        self.messages() + self.capacity * self.stride()
    }

    /// The header of the file.
    pub fn to_bytes(&self) -> [u8; HEADER] {
        let number = |value: usize| u32::try_from(value).expect("limits are below that").to_le_bytes();
        let mut bytes = [0; HEADER];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..12].copy_from_slice(&number(self.capacity));
        bytes[12..16].copy_from_slice(&number(self.max_message));
        bytes[16..20].copy_from_slice(&(if self.sole { SOLE } else { 0 }).to_le_bytes());
        bytes
    }

    /// Reads the header of a file of `size` bytes.
    ///
    /// # Errors
    /// [`OpenError::Foreign`] for anything that [`Layout::to_bytes`] does not make.
    pub fn from_bytes(bytes: &[u8; HEADER], size: u64) -> Result<Self, OpenError> {
        let number = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        if bytes[..8] != MAGIC {
            return Err(OpenError::Foreign("the file begins with other bytes"));
        }
        let layout = Self {
            capacity: number(8) as usize,
            max_message: number(12) as usize,
            sole: number(16) & SOLE != 0,
        };
        let possible = layout.capacity.is_power_of_two()
            && layout.capacity <= CAPACITY_MAX
            && (1..=MESSAGE_MAX).contains(&layout.max_message);
        if !possible || layout.to_bytes() != *bytes {
            return Err(OpenError::Foreign("the header has numbers that cannot be"));
        }
        if layout.size() as u64 != size {
            return Err(OpenError::Foreign(
                "the file has another size than its header says",
            ));
        }
        Ok(layout)
    }
}
