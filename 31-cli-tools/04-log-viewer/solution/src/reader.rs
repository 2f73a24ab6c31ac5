//! Records out of anything that can be read, one after another, in a buffer that rolls.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use crate::record::Record;
use crate::skim::{Demand, Skim};
use crate::split::{End, Piece, RECORD_MAX, Splitter};
use crate::time::Clock;

/// Bytes asked for at once.
const READ_BYTES: usize = 128 << 10;

/// Reads a file from a place of its own: several readers of one file do not move one another.
#[derive(Debug, Clone)]
pub struct Positioned {
    file: Arc<File>,
    at: u64,
    /// It ends here, wherever the file does.
    until: u64,
}

impl Positioned {
    /// A reader at the offset `at`.
    pub fn new(file: Arc<File>, at: u64) -> Self {
        let until = u64::MAX;
        Self { file, at, until }
    }

    /// The same, but nothing from the offset `until` on.
    pub fn until(self, until: u64) -> Self {
        Self { until, ..self }
    }
}

impl Read for Positioned {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.until - self.at).unwrap_or(usize::MAX);
        let length = buffer.len().min(left);
        let count = self.file.read_at(&mut buffer[..length], self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

/// Divides a source into records. At most one record and one read are held.
#[derive(Debug)]
pub struct Records<R> {
    name: Arc<str>,
    source: R,
    splitter: Splitter,
    clock: Clock,
    buffer: Vec<u8>,
    /// The unread part of `buffer`; the current record stands before it.
    start: usize,
    filled: usize,
    /// The offset of `start` in the source.
    offset: u64,
    /// The latest time so far.
    key: i64,
    current: Option<Piece>,
    /// Which records need not be told.
    skim: Option<Skim>,
}

impl<R: Read> Records<R> {
    /// The records of `source`, whose times are read by `clock`.
    pub fn new(name: Arc<str>, source: R, clock: Clock) -> Self {
        Self {
            name,
            source,
            splitter: Splitter::new(clock.clone()),
            clock,
            buffer: Vec::new(),
            start: 0,
            filled: 0,
            offset: 0,
            key: i64::MIN,
            current: None,
            skim: None,
        }
    }

    /// Tells only records that fulfil `demand`, and perhaps others. The key goes on with those that are told.
    pub fn only(self, demand: Demand) -> Self {
        Self {
            skim: Some(Skim::new(demand)),
            ..self
        }
    }

    /// Goes on with another source, from its start. The order goes on too: what has no time stays behind what was.
    pub fn replace(&mut self, source: R) {
        let clock = self.clock.clone();
        let old = std::mem::replace(self, Self::new(Arc::clone(&self.name), source, clock));
        self.buffer = old.buffer;
        self.key = old.key;
        self.skim = old.skim.map(Skim::anew);
    }

    /// Goes to the next record; `false` where there is none, or none yet.
    ///
    /// # Errors
    /// The source cannot be read.
    pub fn advance(&mut self, end: End) -> io::Result<bool> {
        self.current = None;
        loop {
            self.skim();
            let unread = &self.buffer[self.start..self.filled];
            if let Some(piece) = self.splitter.split(unread, End::Open) {
                self.take(piece);
                return Ok(true);
            }
            if self.fill()? == 0 {
                let unread = &self.buffer[self.start..self.filled];
                let piece = match end {
                    End::Open => None,
                    end => self.splitter.split(unread, end),
                };
                return Ok(piece.inspect(|piece| self.take(*piece)).is_some());
            }
        }
    }

    /// The record that was gone to last.
    pub fn record(&self) -> Option<Record<'_>> {
        let piece = self.current?;
        Some(Record {
            file: &self.name,
            offset: self.offset - piece.length as u64,
            key: self.key,
            head: piece.head,
            bytes: &self.buffer[self.start - piece.length..self.start],
            continues: piece.continues,
        })
    }

    /// How far it has read, what was told and what was not.
    pub fn read_to(&self) -> u64 {
        self.offset + (self.filled - self.start) as u64
    }

    /// Where the record ends that was gone to last.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The latest time so far.
    pub fn key(&self) -> i64 {
        self.key
    }

    /// Records that lack a time, before the first that has one, are placed at `key`.
    pub fn set_key(&mut self, key: i64) {
        self.key = key;
    }

    /// Passes over records that are not to be told.
    fn skim(&mut self) {
        let Some(skim) = &mut self.skim else { return };
        if self.splitter.is_between_records() {
            let count = skim.passable(&self.buffer[self.start..self.filled], &self.clock);
            if count > 0 {
                self.splitter.pass();
                self.go_on(count);
            }
        }
    }

    fn go_on(&mut self, count: usize) {
        self.start += count;
        self.offset += count as u64;
        if let Some(skim) = &mut self.skim {
            skim.pass(count);
        }
    }

    fn take(&mut self, piece: Piece) {
        self.go_on(piece.length);
        self.key = self.key.max(piece.head.time_us.unwrap_or(i64::MIN));
        self.current = Some(piece);
    }

    fn fill(&mut self) -> io::Result<usize> {
        self.buffer.copy_within(self.start..self.filled, 0);
        self.filled -= self.start;
        self.start = 0;
        debug_assert!(
            self.filled <= RECORD_MAX + READ_BYTES,
            "a record is cut when it is too long"
        );
        if self.buffer.len() < self.filled + READ_BYTES {
            self.buffer.resize(self.filled + READ_BYTES, 0);
        }
        loop {
            match self.source.read(&mut self.buffer[self.filled..]) {
                Ok(count) => {
                    self.filled += count;
                    return Ok(count);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}
