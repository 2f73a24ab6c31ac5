//! `sendmsg` and `recvmsg`, with descriptors as ancillary data (`SCM_RIGHTS`, `unix(7)`, `cmsg(3)`).
//!
//! ```text
//!  control buffer   ┌───────────┬────────────┬────────────┬───────────────┐
//!                   │ cmsg_len  │ cmsg_level │ cmsg_type  │ int, int, …   │
//!                   │           │ SOL_SOCKET │ SCM_RIGHTS │ a descriptor  │
//!                   └───────────┴────────────┴────────────┴───────────────┘
//! ```
//!
//! The kernel puts the descriptors into the receiver's table before the receiver has looked at them. Each one that is
//! not turned into an `OwnedFd` here stays open for ever.

use std::io;
use std::os::fd::BorrowedFd;

use super::Received;
use crate::frame::HEADER;

/// What the kernel passes at once (`SCM_MAX_FD`).
pub const DESCRIPTORS_MAX: usize = 253;

/// Sends header and message as one packet, without waiting. A socket whose other end is closed is an error and no
/// SIGPIPE.
///
/// # Errors
/// The system's own.
pub fn send(
    end: BorrowedFd<'_>,
    header: &[u8; HEADER],
    message: &[u8],
    descriptors: &[BorrowedFd<'_>],
) -> io::Result<()> {
    todo!("{end:?}: {header:?}, {} bytes, {descriptors:?}", message.len())
}

/// Receives a packet without waiting, and up to `limit` descriptors. `length` of what it returns is the whole
/// packet's, header included: 0 at the end of the connection.
///
/// # Errors
/// The system's own.
pub fn receive(
    end: BorrowedFd<'_>,
    header: &mut [u8; HEADER],
    buffer: &mut [u8],
    limit: usize,
) -> io::Result<Received> {
    todo!("{end:?}: {header:?}, {} bytes, {limit} descriptors", buffer.len())
}
