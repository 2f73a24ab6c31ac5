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

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::log::{self, Damage};
use crate::state::{self, State};
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
    path: PathBuf,
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
        let path = path.into();
        Self {
            path: fs::canonicalize(&path).unwrap_or(path),
        }
    }

    /// The tasks as they are now. A store that does not exist has none.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub fn read(&self) -> Result<State, StoreError> {
        match self.replay(&self.bytes()?) {
            // Where the lock cannot be had, there is no writer either.
            Err(damaged @ StoreError::Damaged { .. }) => match self.lock_file() {
                Ok(lock) if lock.lock_shared().is_ok() => self.replay(&self.bytes()?),
                _ => Err(damaged),
            },
            result => result,
        }
    }

    /// Whatever can be read, damaged or not.
    ///
    /// # Errors
    /// The file cannot be read at all.
    pub fn salvage(&self) -> Result<Salvaged, StoreError> {
        let bytes = self.bytes()?;
        let (records, mut damages) = log::salvage(&bytes);
        let mut state = State::default();
        for record in &records {
            match state::parse(record) {
                Ok(transaction) => state.apply(transaction),
                Err(damage) => damages.push(damage),
            }
        }
        Ok(Salvaged { state, damages })
    }

    /// Waits for the lock, and reads. The file and the directories above it are made if need be.
    ///
    /// # Errors
    /// As [`StoreError`] says; a damaged store is not locked for writing.
    pub fn lock(&self) -> Result<Writer, StoreError> {
        let directory = directory(&self.path);
        fs::create_dir_all(directory).map_err(|source| io_error(directory, source))?;
        let lock = self.lock_file()?;
        lock.lock().map_err(|source| io_error(&self.path, source))?;
        let mut file = private()
            .read(true)
            .open(&self.path)
            .map_err(|source| io_error(&self.path, source))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)
            .map_err(|source| io_error(&self.path, source))?;
        let damaged = |source| StoreError::Damaged {
            path: self.path.clone(),
            source,
        };
        let scan = log::scan(&bytes).map_err(damaged)?;
        let state = State::replay(&scan.records).map_err(damaged)?;
        let (end, torn) = (scan.end, scan.torn);
        bytes.truncate(end);
        Ok(Writer::new(&self.path, lock, file, bytes, state, torn))
    }

    fn bytes(&self) -> Result<Vec<u8>, StoreError> {
        match fs::read(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            result => result.map_err(|source| io_error(&self.path, source)),
        }
    }

    fn replay(&self, bytes: &[u8]) -> Result<State, StoreError> {
        let state = log::scan(bytes).and_then(|scan| State::replay(&scan.records));
        state.map_err(|source| StoreError::Damaged {
            path: self.path.clone(),
            source,
        })
    }

    fn lock_file(&self) -> Result<File, StoreError> {
        let path = with_suffix(&self.path, ".lock");
        private().open(&path).map_err(|source| io_error(&path, source))
    }
}

/// A file of the user's own, made if need be: what is to be done is nobody else's business.
pub(crate) fn private() -> OpenOptions {
    let mut options = File::options();
    options.write(true).create(true).truncate(false).mode(0o600);
    options
}

/// The directory that a file is in.
pub(crate) fn directory(path: &Path) -> &Path {
    path.parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Makes a name in a directory as durable as the file behind it.
pub(crate) fn sync_directory(path: &Path) -> Result<(), StoreError> {
    let directory = directory(path);
    let sync = File::open(directory).and_then(|file| file.sync_all());
    sync.map_err(|source| io_error(directory, source))
}

/// The path of a file beside another.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// What the system said about a path.
pub(crate) fn io_error(path: &Path, source: io::Error) -> StoreError {
    StoreError::Io {
        path: path.to_owned(),
        source,
    }
}
