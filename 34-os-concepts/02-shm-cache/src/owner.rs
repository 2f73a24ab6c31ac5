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
use std::sync::atomic::AtomicU64;

use crate::lock::Owners;

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
    todo!("the next number of {next:?}, and a lock on {file:?}")
}

impl<'a> Owner<'a> {
    /// The owner that [`register`] gave `number` to.
    pub fn new(file: &'a File, number: u32) -> Self {
        Self { file, number }
    }
}

impl Owners for Owner<'_> {
    fn is_gone(&self, number: u32) -> bool {
        todo!(
            "ask about {number} in {:?}, unless it is {}",
            self.file,
            self.number
        )
    }
}
