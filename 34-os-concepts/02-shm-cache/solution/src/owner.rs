//! Who holds a lock, and whether that process still lives.
//!
//! Each attached handle has a number of its own, taken from a counter in the region, and as long as it lives it holds
//! a lock of the kernel on byte 2⁴⁰ + number of the file (which need not have such a byte). The kernel drops that lock
//! when the last descriptor of the open file is closed, which happens when the process ends, in whatever way. So the
//! question "is it dead?" is a question about a lock and not about a process id, which may have been given to somebody
//! else, still belong to a zombie, or mean nothing in another namespace.
//!
//! The lock belongs to the *open file description* (`F_OFD_SETLK`). The older `F_SETLK` belongs to the process, and is
//! lost when any descriptor of the file is closed in it, another handle's for example.

use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};

use crate::lock::{Owners, WAITERS};

/// The byte that stands for number 0, which nobody has. No region is that long.
const FIRST_BYTE: i64 = 1 << 40;

/// A number, and the kernel's lock that keeps it.
pub struct Owner<'a> {
    /// The open file, which nobody else has: it was opened by this handle.
    file: &'a File,
    number: u32,
}

/// Takes a number that no process had before, and lets the kernel keep it until `file` is closed for good.
///
/// # Errors
/// When the kernel cannot lock the byte, for any reason but that it is locked.
pub fn register(file: &File, next: &AtomicU64) -> io::Result<u32> {
    loop {
        let number = next.fetch_add(1, Relaxed) as u32 & !WAITERS;
        if number == 0 {
            continue;
        }
        match fcntl(file, FcntlArg::F_OFD_SETLK(&byte_of(number))) {
            Ok(_) => return Ok(number),
            // Behind two thousand million others the count begins anew: somebody still has that one.
            Err(Errno::EAGAIN | Errno::EACCES) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

impl<'a> Owner<'a> {
    /// The owner that [`register`] gave `number` to.
    #[inline]
    pub fn new(file: &'a File, number: u32) -> Self {
        Self { file, number }
    }
}

impl Owners for Owner<'_> {
    #[cold]
    fn is_gone(&self, number: u32) -> bool {
        // A handle's own lock is no obstacle to itself, so the kernel would call its byte free.
        if number == self.number {
            return false;
        }
        let mut lock = byte_of(number);
        match fcntl(self.file, FcntlArg::F_OFD_GETLK(&mut lock)) {
            Ok(_) => lock.l_type == libc::F_UNLCK as libc::c_short,
            // Who cannot be asked about is better thought to live: the caller asks again.
            Err(_) => false,
        }
    }
}

/// A write lock on the byte of a number.
fn byte_of(number: u32) -> libc::flock {
    libc::flock {
        l_type: libc::F_WRLCK as libc::c_short,
        l_whence: libc::SEEK_SET as libc::c_short,
        l_start: FIRST_BYTE + i64::from(number),
        l_len: 1,
        // The kernel wants 0 here for locks of this kind.
        l_pid: 0,
    }
}
