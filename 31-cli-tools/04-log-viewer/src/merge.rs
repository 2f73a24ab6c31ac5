//! Several sources as one, ordered by time.
//!
//! A record's place is its key, the latest time of its source so far, then the number of its source, then its place in
//! that source. So a record without a time stays behind the one before it, one that comes too late does too, and no
//! source is ever reordered in itself. One record of each source is held.

use std::io::{self, Read};
use std::marker::PhantomData;

use crate::reader::Records;
use crate::record::Record;
use crate::split::End;

/// Sources and the next record of each.
#[derive(Debug)]
pub struct Merge<R> {
    sources: PhantomData<R>,
}

impl<R: Read> Merge<R> {
    /// Merges `sources`; those with equal keys in this order.
    pub fn new(sources: Vec<Records<R>>) -> Self {
        todo!("merge {} sources", sources.len())
    }

    /// Asks the sources that had nothing whether they have something now. Once before the first record.
    pub fn refill(&mut self, end: End) {
        todo!("advance the sources that have no record, {end:?}")
    }

    /// The next record and the number of its source; `None` when no source has one.
    pub fn next_record(&mut self, end: End) -> Option<(usize, Record<'_>)> {
        todo!("the record with the least key, {end:?}")
    }

    /// Which source could not be read any further, and why.
    pub fn take_errors(&mut self) -> Vec<(usize, io::Error)> {
        todo!("what has failed")
    }
}
