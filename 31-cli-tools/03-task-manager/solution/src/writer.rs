//! Writing to a store: commits, undo, compaction. What makes it safe is the order of the steps.

use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::log::{self, MAGIC, PAYLOAD_MAX};
use crate::state::{self, Kind, State, Transaction};
use crate::store::{StoreError, io_error, private, sync_directory, with_suffix};

/// Transactions that a compaction leaves as they are, so that they can be undone.
pub const KEPT: usize = 100;

/// A log with more records than these is compacted by the commit that made it so long.
pub const RECORDS_MAX: usize = KEPT + 1000;

/// The store, locked for writing until this is dropped.
#[derive(Debug)]
pub struct Writer {
    path: PathBuf,
    file: File,
    /// What stands in the log up to `end`.
    bytes: Vec<u8>,
    /// The tasks.
    pub state: State,
    /// Bytes of a torn record that were found behind the last whole one. They are cut off by the first commit.
    pub torn: usize,
    /// Held until it is closed.
    _lock: File,
}

impl Writer {
    /// Takes over the lock and what was read under it; `bytes` end where the last whole record does.
    pub(crate) fn new(
        path: &Path,
        lock: File,
        file: File,
        bytes: Vec<u8>,
        state: State,
        torn: usize,
    ) -> Self {
        Self {
            path: path.to_owned(),
            file,
            bytes,
            state,
            torn,
            _lock: lock,
        }
    }

    /// Appends a transaction, and returns when it is on the disk. One that does nothing is not written.
    ///
    /// # Errors
    /// As [`StoreError`] says; the log is then as it was.
    pub fn commit(&mut self, transaction: Transaction) -> Result<(), StoreError> {
        if transaction.put.is_empty() && transaction.drop.is_empty() {
            return Ok(());
        }
        let is_new = self.bytes.is_empty();
        let record = record(&transaction)?;
        if is_new {
            // First the name, then what it names: a log with a record in it is one that a power failure leaves there.
            sync_directory(&self.path)?;
        }
        let start = self.bytes.len();
        if is_new {
            self.bytes.extend_from_slice(MAGIC);
        }
        self.bytes.extend_from_slice(&record);
        if let Err(source) = self.append(start) {
            // A part of it may be there. If this fails too, what is left is a torn record.
            let _ = self.file.set_len(start as u64);
            self.bytes.truncate(start);
            return Err(io_error(&self.path, source));
        }
        self.state.apply(transaction);
        self.torn = 0;
        if self.state.records > RECORDS_MAX {
            // The commit is on the disk, whatever becomes of this. The next one tries again.
            let _ = self.compact();
        }
        Ok(())
    }

    /// Writes what `bytes` has from `start` on. The torn record that may lie there goes first: a new one that is shorter
    /// would leave the rest of it behind its end.
    fn append(&mut self, start: usize) -> io::Result<()> {
        if self.torn > 0 {
            self.file.set_len(start as u64)?;
        }
        self.file.seek(SeekFrom::Start(start as u64))?;
        self.file.write_all(&self.bytes[start..])?;
        self.file.sync_data()
    }

    /// Takes back the last transaction that was not yet taken back, and says which that was and what it took.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub fn undo(&mut self, at: Timestamp) -> Result<Option<(Kind, Transaction)>, StoreError> {
        let inverse = log::scan(&self.bytes).and_then(|scan| self.state.inverse(&scan.records, at));
        let inverse = inverse.map_err(|source| StoreError::Damaged {
            path: self.path.clone(),
            source,
        })?;
        if let Some((_, transaction)) = &inverse {
            self.commit(transaction.clone())?;
        }
        Ok(inverse)
    }

    /// Replaces the log by a shorter one: all but the last [`KEPT`] transactions become one.
    ///
    /// # Errors
    /// As [`StoreError`] says; the log is then as it was.
    pub fn compact(&mut self) -> Result<(), StoreError> {
        let damaged = |source| StoreError::Damaged {
            path: self.path.clone(),
            source,
        };
        let scan = log::scan(&self.bytes).map_err(damaged)?;
        let (old, kept) = scan.records.split_at(scan.records.len().saturating_sub(KEPT));
        let Some(last) = old.last() else {
            return Ok(());
        };
        let at = state::parse(last).map_err(damaged)?.at;
        let base = State::replay(old).map_err(damaged)?.to_base(at);
        let mut bytes = MAGIC.to_vec();
        bytes.extend(record(&base)?);
        bytes.extend_from_slice(&self.bytes[kept.first().map_or(scan.end, |record| record.offset)..]);
        let state = log::scan(&bytes)
            .and_then(|scan| State::replay(&scan.records))
            .map_err(damaged)?;

        let new = with_suffix(&self.path, ".new");
        let file = self
            .replace(&new, &bytes)
            .map_err(|source| io_error(&new, source))?;
        (self.file, self.bytes, self.state) = (file, bytes, state);
        sync_directory(&self.path)
    }

    /// The file is whole and on the disk before it gets its name: a rename that is on the disk before the contents are
    /// would leave an empty log.
    fn replace(&self, new: &Path, bytes: &[u8]) -> io::Result<File> {
        let mut file = private().read(true).open(new)?;
        file.set_len(0)?;
        file.set_permissions(fs::Permissions::from_mode(
            self.file.metadata()?.permissions().mode(),
        ))?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(new, &self.path)?;
        Ok(file)
    }
}

/// A transaction as it stands in the log.
fn record(transaction: &Transaction) -> Result<Vec<u8>, StoreError> {
    let payload = transaction.to_payload();
    if payload.len() > PAYLOAD_MAX {
        return Err(StoreError::TooLarge(payload.len()));
    }
    Ok(log::encode(&payload))
}
