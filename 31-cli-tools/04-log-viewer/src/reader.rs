//! Records out of anything that can be read, one after another, in a buffer that rolls.

use std::io::{self, Read};
use std::marker::PhantomData;
use std::sync::Arc;

use crate::record::Record;
use crate::split::End;
use crate::time::Clock;

/// Divides a source into records. At most one record and one read are held.
#[derive(Debug)]
pub struct Records<R> {
    source: PhantomData<R>,
}

impl<R: Read> Records<R> {
    /// The records of `source`, whose times are read by `clock`.
    pub fn new(name: Arc<str>, source: R, clock: Clock) -> Self {
        let _ = source;
        todo!("read {name} by {clock:?}")
    }

    /// Goes to the next record; `false` where there is none, or none yet.
    ///
    /// # Errors
    /// The source cannot be read.
    pub fn advance(&mut self, end: End) -> io::Result<bool> {
        todo!("split, read on, and at the end split as {end:?} says")
    }

    /// The record that was gone to last.
    pub fn record(&self) -> Option<Record<'_>> {
        todo!("the record, its offset and its key")
    }
}
