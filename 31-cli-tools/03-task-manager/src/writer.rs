//! Writing to a store: commits, undo, compaction. What makes it safe is the order of the steps.

use jiff::Timestamp;

use crate::state::{Kind, State, Transaction};
use crate::store::StoreError;

/// Transactions that a compaction leaves as they are, so that they can be undone.
pub const KEPT: usize = 100;

/// A log with more records than these is compacted by the commit that made it so long.
pub const RECORDS_MAX: usize = KEPT + 1000;

/// The store, locked for writing until this is dropped.
#[derive(Debug)]
pub struct Writer {
    /// The tasks.
    pub state: State,
    /// Bytes of a torn record that were found behind the last whole one. They are cut off by the first commit.
    pub torn: usize,
}

impl Writer {
    /// Appends a transaction, and returns when it is on the disk. One that does nothing is not written.
    ///
    /// # Errors
    /// As [`StoreError`] says; the log is then as it was.
    pub fn commit(&mut self, transaction: Transaction) -> Result<(), StoreError> {
        todo!("append {transaction:?}")
    }

    /// Takes back the last transaction that was not yet taken back, and says which that was and what it took.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub fn undo(&mut self, at: Timestamp) -> Result<Option<(Kind, Transaction)>, StoreError> {
        todo!("undo at {at}")
    }

    /// Replaces the log by a shorter one: all but the last [`KEPT`] transactions become one.
    ///
    /// # Errors
    /// As [`StoreError`] says; the log is then as it was.
    pub fn compact(&mut self) -> Result<(), StoreError> {
        todo!("write a shorter log and give it the name of the old one")
    }
}
