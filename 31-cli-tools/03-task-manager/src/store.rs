//! The store: one log, one lock, any number of readers.
//!
//! ```text
//! tasks.log        the log; only the holder of the lock writes to it
//! tasks.log.lock   an empty file, locked with flock(2) by whoever writes; the kernel unlocks it when that one dies
//! tasks.log.new    a compaction under way; without a name of its own, and worth nothing, until it is renamed
//! ```
//!
//! A commit is one append and one fdatasync(2): until that returns nobody is told that anything was done. The lock lies
//! beside the log because the log is replaced: whoever waited for a lock on the old file would hold a lock on nothing.
//!
//! Readers take no lock. What stands in the log before the last whole record never changes, and a rename replaces it as
//! a whole. Only a torn record that a writer cuts off while somebody reads can look like damage: then the reader takes
//! the lock, and looks again.

use std::io;
use std::path::PathBuf;

use crate::log::Damage;
use crate::state::State;
use crate::writer::Writer;

/// Why a store cannot be read or written. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The system said no.
    #[error("{}: {}", path.display(), crate::reason(source))]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// The log is not as it was written.
    #[error("{}: {source}; nothing is written, \"export --salvage\" prints what can be read", path.display())]
    Damaged {
        /// The log.
        path: PathBuf,
        /// The first damage.
        source: Damage,
    },
    /// One transaction is larger than a record can be.
    #[error("a change of {0} bytes is more than the store takes at once")]
    TooLarge(usize),
}

/// A store that may not exist yet.
#[derive(Debug, Clone)]
pub struct Store {
    /// The log.
    pub path: PathBuf,
}

/// What is left of a damaged store.
#[derive(Debug)]
pub struct Salvaged {
    /// The tasks that can be read.
    pub state: State,
    /// What cannot.
    pub damages: Vec<Damage>,
}

impl Store {
    /// The store in this file. A symbolic link is followed, so that a compaction replaces the file and not the link.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        todo!("the store in {:?}", path.into())
    }

    /// The tasks as they are now. A store that does not exist has none.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub fn read(&self) -> Result<State, StoreError> {
        todo!("read {self:?}")
    }

    /// Whatever can be read, damaged or not.
    ///
    /// # Errors
    /// The file cannot be read at all.
    pub fn salvage(&self) -> Result<Salvaged, StoreError> {
        todo!("salvage {self:?}")
    }

    /// Waits for the lock, and reads. The file and the directories above it are made if need be.
    ///
    /// # Errors
    /// As [`StoreError`] says; a damaged store is not locked for writing.
    pub fn lock(&self) -> Result<Writer, StoreError> {
        todo!("lock {self:?}")
    }
}
