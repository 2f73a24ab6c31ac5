//! The region: a file, mapped into this process. The only module that turns addresses into references.
//!
//! What other processes may write at any time must never be behind a `&u8` or a `&Header`: the compiler may read such
//! memory twice and believe that it found the same. Everything is reached as atomics, which promise nothing of the kind.

use std::fs::File;
use std::os::fd::BorrowedFd;
use std::path::Path;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, AtomicU64};

use crate::error::OpenError;
use crate::layout::{Config, Header};

/// A mapped region whose header is in order.
pub struct Region {
    /// Where the file is mapped. Never moves, and is unmapped on drop.
    base: NonNull<u8>,
    /// Bytes of the mapping: the file's size, which the header and the geometry agree with.
    bytes: usize,
    /// Opened by this handle alone, so that the locks on it are this handle's.
    file: File,
    header: Header,
}

// SAFETY: the mapping belongs to the process, not to a thread, and is only reached through atomics.
unsafe impl Send for Region {}
// SAFETY: likewise.
unsafe impl Sync for Region {}

impl Region {
    /// Makes the file `path` with an empty region in it. The file appears with its contents or not at all.
    ///
    /// # Errors
    /// [`OpenError`]: also when there is a file of that name.
    pub fn create(path: &Path, config: Config, seed: u64) -> Result<Self, OpenError> {
        todo!("make {path:?} for {config:?} and {seed}")
    }

    /// Opens the region in the file `path`.
    ///
    /// # Errors
    /// [`OpenError`]
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        todo!("map {path:?}")
    }

    /// Opens the region behind a descriptor that came from somebody else.
    ///
    /// The descriptor is not kept: it is the same open file as the giver's, and so would be the locks on it.
    ///
    /// # Errors
    /// [`OpenError`]: also without `/proc`, which is the way to open an open file again.
    pub fn attach(descriptor: BorrowedFd<'_>) -> Result<Self, OpenError> {
        todo!("open {descriptor:?} again")
    }

    /// The part of the header that never changes.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The file.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// `count` words from byte `at` on.
    ///
    /// # Panics
    /// When they are not all in the region, or `at` is not a multiple of 8.
    pub fn cells(&self, at: usize, count: usize) -> &[AtomicU64] {
        todo!(
            "{count} words at {at} of {} bytes from {:?}",
            self.bytes,
            self.base
        )
    }

    /// The lock of the set at byte `at`.
    ///
    /// # Panics
    /// When it is not in the region, or `at` is not a multiple of 4.
    pub fn lock_word(&self, at: usize) -> &AtomicU32 {
        todo!("the lock at {at}")
    }

    /// The counter that gives each handle its number.
    pub fn next_owner(&self) -> &AtomicU64 {
        todo!("a word of the header")
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        todo!("unmap {:?}", self.base)
    }
}
