//! The cache: hash, set, lock, repair.

use std::os::fd::BorrowedFd;
use std::path::Path;
use std::time::Duration;

use crate::clock::Clock;
use crate::error::{CacheError, OpenError};
use crate::layout::Config;
use crate::region::Region;

/// A handle of a region. Threads may share it; processes open their own.
pub struct SharedCache {
    region: Region,
    /// What stands in a lock that this handle holds.
    number: u32,
    clock: Clock,
}

/// What a region holds, and what has happened to it since it was made.
///
/// Hits and misses are not here: to count them each read would write to a line that all processors share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stats {
    /// Slots of the region.
    pub slots: u64,
    /// Bytes of a slab.
    pub slab_bytes: u32,
    /// Entries, expired ones included.
    pub entries: u64,
    /// Entries that had to go, unexpired, to make room.
    pub evictions: u64,
    /// Expired entries that made room.
    pub expirations: u64,
    /// Entries that were dropped because they were damaged.
    pub corruptions: u64,
    /// Locks taken over from processes that had died.
    pub recoveries: u64,
}

impl SharedCache {
    /// Makes the file `path`, with an empty region in it, and opens that.
    ///
    /// # Errors
    /// [`OpenError`]: also when there is a file of that name.
    pub fn create(path: &Path, config: Config) -> Result<Self, OpenError> {
        todo!("make {path:?} for {config:?}")
    }

    /// Opens the region in the file `path`.
    ///
    /// # Errors
    /// [`OpenError`]
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        todo!("open {path:?}")
    }

    /// Opens the region in `path` if it is one of this configuration, and makes it if there is none.
    ///
    /// # Errors
    /// [`OpenError`]: [`OpenError::Other`] when it is one of another configuration.
    pub fn open_or_create(path: &Path, config: Config) -> Result<Self, OpenError> {
        todo!("open {path:?}, or make it for {config:?}")
    }

    /// Opens the region behind a descriptor: one of `memfd_create(2)` that was inherited or came through a socket, or
    /// that of a file whose name is gone.
    ///
    /// # Errors
    /// [`OpenError`]: also without `/proc`.
    pub fn attach(descriptor: BorrowedFd<'_>) -> Result<Self, OpenError> {
        todo!("attach to {descriptor:?}")
    }

    /// Lets entries expire by `clock`.
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The descriptor of the region's file, to be given to another process.
    pub fn descriptor(&self) -> BorrowedFd<'_> {
        todo!("of {:?}", self.region.file())
    }

    /// Reads the value of `key` into `buffer`, and returns that part of it; `None` for a miss.
    ///
    /// Whatever the answer is, the buffer may have changed.
    ///
    /// # Errors
    /// [`CacheError`]: a key that cannot be, or a value that is longer than the buffer.
    pub fn get<'b>(&self, key: &[u8], buffer: &'b mut [u8]) -> Result<Option<&'b [u8]>, CacheError> {
        todo!(
            "look for {key:?}, {} bytes for the value, as number {}",
            buffer.len(),
            self.number
        )
    }

    /// Stores `value` for `key`. With a `ttl`, it expires when that much time has passed.
    ///
    /// # Errors
    /// [`CacheError`]: a key that cannot be, or an entry that does not fit into a slab.
    pub fn set(&self, key: &[u8], value: &[u8], ttl: Option<Duration>) -> Result<(), CacheError> {
        todo!("store {key:?}, {value:?} for {ttl:?}")
    }

    /// Drops the entry of `key`; whether there was one.
    ///
    /// # Errors
    /// [`CacheError`]: a key that cannot be.
    pub fn remove(&self, key: &[u8]) -> Result<bool, CacheError> {
        todo!("drop {key:?}")
    }

    /// Adds up the counters of all sets, without a lock: what happens meanwhile is in the sums or not.
    pub fn stats(&self) -> Stats {
        todo!("add up the counters of {:?}", self.region.header())
    }

    /// Looks at every entry, drops and counts those that are damaged, and returns their number.
    pub fn check(&self) -> u64 {
        todo!("look at every set of {:?}", self.region.header())
    }
}
