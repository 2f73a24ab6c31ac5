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
//! not turned into an [`OwnedFd`] here stays open for ever.

use std::io;
use std::mem;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

use super::Received;
use crate::frame::HEADER;

/// What the kernel passes at once (`SCM_MAX_FD`).
pub const DESCRIPTORS_MAX: usize = 253;

/// Bytes of `count` descriptors.
const fn size(count: usize) -> libc::c_uint {
    (count * mem::size_of::<RawFd>()) as libc::c_uint
}

/// Memory for control messages: for as many descriptors as there can be, and aligned as `cmsghdr` must be.
#[repr(C, align(8))]
struct Control([u8; 16 + 4 * (DESCRIPTORS_MAX + 1)]);

impl Control {
    const EMPTY: Self = Self([0; _]);
}

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
    if descriptors.len() > DESCRIPTORS_MAX {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut parts = [part(header), part(message)];
    let mut control = Control::EMPTY;
    // SAFETY: all bytes zero are a `msghdr`: null pointers and lengths of 0.
    let mut packet: libc::msghdr = unsafe { mem::zeroed() };
    packet.msg_iov = parts.as_mut_ptr();
    packet.msg_iovlen = parts.len() as _;
    if !descriptors.is_empty() {
        let numbers: Vec<RawFd> = descriptors.iter().map(AsRawFd::as_raw_fd).collect();
        packet.msg_control = (&raw mut control).cast();
        // SAFETY: the macros compute sizes.
        unsafe {
            packet.msg_controllen = libc::CMSG_SPACE(size(numbers.len())) as _;
        }
        // SAFETY: the control buffer is aligned and holds `msg_controllen` bytes, enough for this one message with
        // at most DESCRIPTORS_MAX numbers.
        unsafe {
            let first = libc::CMSG_FIRSTHDR(&raw const packet);
            (*first).cmsg_level = libc::SOL_SOCKET;
            (*first).cmsg_type = libc::SCM_RIGHTS;
            (*first).cmsg_len = libc::CMSG_LEN(size(numbers.len())) as _;
            libc::CMSG_DATA(first)
                .cast::<RawFd>()
                .copy_from_nonoverlapping(numbers.as_ptr(), numbers.len());
        }
    }
    // SAFETY: the header, the message and the control buffer live through the call, which only reads them.
    let sent = unsafe {
        libc::sendmsg(
            end.as_raw_fd(),
            &raw const packet,
            libc::MSG_NOSIGNAL | libc::MSG_DONTWAIT,
        )
    };
    if sent < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
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
    let limit = limit.min(DESCRIPTORS_MAX);
    let mut parts = [
        libc::iovec {
            iov_base: header.as_mut_ptr().cast(),
            iov_len: header.len(),
        },
        libc::iovec {
            iov_base: buffer.as_mut_ptr().cast(),
            iov_len: buffer.len(),
        },
    ];
    let mut control = Control::EMPTY;
    // SAFETY: all bytes zero are a `msghdr`: null pointers and lengths of 0.
    let mut packet: libc::msghdr = unsafe { mem::zeroed() };
    packet.msg_iov = parts.as_mut_ptr();
    packet.msg_iovlen = parts.len() as _;
    if limit > 0 {
        packet.msg_control = (&raw mut control).cast();
        // SAFETY: the macro computes a size; not more than the buffer has, for `limit` is no more than the most.
        packet.msg_controllen = unsafe { libc::CMSG_SPACE(size(limit)) } as _;
    }
    // SAFETY: header, buffer and control buffer are ours alone and live through the call, and the lengths are theirs.
    let length = unsafe {
        libc::recvmsg(
            end.as_raw_fd(),
            &raw mut packet,
            libc::MSG_DONTWAIT | libc::MSG_CMSG_CLOEXEC,
        )
    };
    let length = usize::try_from(length).map_err(|_| io::Error::last_os_error())?;
    let mut descriptors = descriptors_in(&packet);
    // CMSG_SPACE rounds up: there may have been room for one more than was asked for.
    let surplus = descriptors.len() > limit;
    descriptors.truncate(limit);
    Ok(Received {
        length,
        descriptors,
        truncated: surplus || packet.msg_flags & libc::MSG_CTRUNC != 0,
    })
}

/// All descriptors of a packet that has just been received, each owned from here on.
fn descriptors_in(packet: &libc::msghdr) -> Vec<OwnedFd> {
    let mut descriptors = Vec::new();
    if packet.msg_control.is_null() {
        return descriptors;
    }
    // SAFETY: the kernel has filled the control buffer and set its length; the macros stay inside of that. Each number
    // is a descriptor that the kernel has made for this process just now, so nothing else owns it.
    unsafe {
        let mut message = libc::CMSG_FIRSTHDR(packet);
        while !message.is_null() {
            if (*message).cmsg_level == libc::SOL_SOCKET && (*message).cmsg_type == libc::SCM_RIGHTS {
                let bytes = (*message).cmsg_len as usize - libc::CMSG_LEN(0) as usize;
                let numbers = libc::CMSG_DATA(message).cast::<RawFd>();
                for index in 0..bytes / mem::size_of::<RawFd>() {
                    descriptors.push(OwnedFd::from_raw_fd(numbers.add(index).read_unaligned()));
                }
            }
            message = libc::CMSG_NXTHDR(packet, message);
        }
    }
    descriptors
}

/// Bytes to send. The structure is made for both directions, hence the pointer to what may be changed.
fn part(bytes: &[u8]) -> libc::iovec {
    libc::iovec {
        iov_base: bytes.as_ptr().cast_mut().cast(),
        iov_len: bytes.len(),
    }
}
