//! Reads a file from its start to its end, and sums its records up in spans.

use std::fs::File;
use std::io;
use std::sync::Arc;

use crate::filter::Filter;
use crate::histogram::Histogram;
use crate::index::{SPAN_BYTES, Span};
use crate::reader::{Positioned, Records};
use crate::split::End;
use crate::time::Clock;

/// So much is read in a step: whoever has asked hears of it after a millisecond or two.
pub const STEP_BYTES: u64 = 1 << 20;

/// So much in the first step: what a first screen shows, which waits for it.
const FIRST_STEP_BYTES: u64 = 128 << 10;

/// A file that is being read.
#[derive(Debug)]
pub struct Scanner {
    records: Records<Positioned>,
    /// The span that is not full yet.
    span: Span,
}

impl Scanner {
    /// A scanner at the start of a file; records without a time, before the first that has one, are placed at `key`.
    pub fn new(name: Arc<str>, file: Positioned, key: i64, clock: Clock) -> Self {
        let mut records = Records::new(name, file, clock);
        records.set_key(key);
        Self {
            records,
            span: Span::empty(0, key),
        }
    }

    /// Reads on for a step, and adds to `spans` what it has summed up; events that fulfil `filter` are counted in
    /// `histogram`. `false` at the end of the file, where everything is told that `end` allows.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn step(
        &mut self,
        filter: &Filter,
        histogram: &mut Histogram,
        end: End,
        spans: &mut Vec<Span>,
    ) -> io::Result<bool> {
        let stop = match self.records.offset() {
            0 => FIRST_STEP_BYTES,
            offset => offset + STEP_BYTES,
        };
        while self.records.offset() < stop {
            if !self.records.advance(end)? {
                self.close(spans);
                return Ok(false);
            }
            let record = self.records.record().expect("one was just gone to");
            let is_match = !record.continues && filter.matches(&record);
            if !record.continues {
                self.span.summary.count(&record.head, is_match);
            }
            if let (true, Some(time_us)) = (is_match, record.head.time_us) {
                histogram.add(time_us, record.head.level);
            }
            self.span.end = self.records.offset();
            self.span.key = self.records.key();
            if self.span.end - self.span.offset >= SPAN_BYTES {
                self.close(spans);
            }
        }
        Ok(true)
    }

    /// Where the last record ends that was summed up.
    pub fn offset(&self) -> u64 {
        self.records.offset()
    }

    /// How far the file was read.
    pub fn read_to(&self) -> u64 {
        self.records.read_to()
    }

    /// The latest time so far.
    pub fn key(&self) -> i64 {
        self.records.key()
    }

    fn close(&mut self, spans: &mut Vec<Span>) {
        let next = Span::empty(self.span.end, self.span.key);
        let span = std::mem::replace(&mut self.span, next);
        if span.end > span.offset {
            spans.push(span);
        }
    }
}

/// A scanner of a file that someone may write to.
pub fn of_file(name: &Arc<str>, file: &Arc<File>, key: i64, clock: &Clock) -> Scanner {
    let positioned = Positioned::new(Arc::clone(file), 0);
    Scanner::new(Arc::clone(name), positioned, key, clock.clone())
}
