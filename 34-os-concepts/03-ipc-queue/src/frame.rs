//! What stands before a message in a packet of a pipe or a socket: its length.
//!
//! ```text
//!  0               4
//! ┌───────────────┬───────────────────┐
//! │ length, u32   │ the message       │
//! │ little-endian │ length bytes      │
//! └───────────────┴───────────────────┘
//! ```
//!
//! Packets have boundaries of their own, so why say the length again? Because a pipe has no packet without bytes, and
//! a socket no way to tell one from the end of the connection; and because somebody else may write into a FIFO.

use crate::queue::RecvError;

/// Bytes before the message.
pub const HEADER: usize = 4;

/// The header of a message of `length` bytes. Transports take no message whose length does not fit.
pub fn header(length: usize) -> [u8; HEADER] {
    todo!("the header of {length} bytes")
}

/// The length of the message in a packet of `packet` bytes that begins with `header`.
///
/// # Errors
/// [`RecvError::Corrupt`] when the packet is no header and message.
pub fn length(header: [u8; HEADER], packet: usize) -> Result<usize, RecvError> {
    todo!("check {header:?} against a packet of {packet} bytes")
}
