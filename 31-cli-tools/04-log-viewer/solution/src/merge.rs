//! Several sources as one, ordered by time.
//!
//! A record's place is its key, the latest time of its source so far, then the number of its source, then its place in
//! that source. So a record without a time stays behind the one before it, one that comes too late does too, and no
//! source is ever reordered in itself. One record of each source is held.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Read};

use crate::reader::Records;
use crate::record::Record;
use crate::split::End;

/// Sources and the next record of each.
#[derive(Debug)]
pub struct Merge<R> {
    sources: Vec<Records<R>>,
    /// Key and number of each source that has a record to tell.
    ready: BinaryHeap<Reverse<(i64, usize)>>,
    /// The sources that have none, and are asked again by [`Merge::refill`].
    idle: Vec<usize>,
    /// The source whose record was told last.
    told: Option<usize>,
    errors: Vec<(usize, io::Error)>,
}

impl<R: Read> Merge<R> {
    /// Merges `sources`; those with equal keys in this order.
    pub fn new(sources: Vec<Records<R>>) -> Self {
        Self {
            idle: (0..sources.len()).collect(),
            sources,
            ready: BinaryHeap::new(),
            told: None,
            errors: Vec::new(),
        }
    }

    /// Asks the sources that had nothing whether they have something now. Once before the first record.
    pub fn refill(&mut self, end: End) {
        for number in std::mem::take(&mut self.idle) {
            self.advance(number, end);
        }
    }

    /// Asks one of them.
    pub fn refill_one(&mut self, number: usize, end: End) {
        if let Some(at) = self.idle.iter().position(|idle| *idle == number) {
            self.idle.remove(at);
            self.advance(number, end);
        }
    }

    /// The next record and the number of its source; `None` when no source has one.
    pub fn next_record(&mut self, end: End) -> Option<(usize, Record<'_>)> {
        if let Some(number) = self.told.take() {
            self.advance(number, end);
        }
        let Reverse((_, number)) = self.ready.pop()?;
        self.told = Some(number);
        let record = self.sources[number].record();
        Some((number, record.expect("a source is ready when it has a record")))
    }

    /// A source.
    pub fn source(&mut self, number: usize) -> &mut Records<R> {
        &mut self.sources[number]
    }

    /// Which source could not be read any further, and why.
    pub fn take_errors(&mut self) -> Vec<(usize, io::Error)> {
        std::mem::take(&mut self.errors)
    }

    fn advance(&mut self, number: usize, end: End) {
        match self.sources[number].advance(end) {
            Ok(true) => self.ready.push(Reverse((self.sources[number].key(), number))),
            Ok(false) => self.idle.push(number),
            Err(error) => self.errors.push((number, error)),
        }
    }
}
