//! A file that can be read at any place: its index, and the few blocks of it that were looked at last.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use regex::bytes::Regex;

use crate::filter::Filter;
use crate::index::{Index, Span};
use crate::record::{Head, Record};
use crate::split::{End, Splitter};
use crate::time::Clock;

/// Blocks that are kept: going up and down across the edge of two reads neither again.
const BLOCKS_KEPT: usize = 2;

/// Which records are wanted.
#[derive(Debug, Clone)]
pub struct Want {
    /// Those that fulfil this.
    pub filter: Arc<Filter>,
    /// The number of the filter: what was counted for another one says nothing.
    pub generation: u64,
    /// And have a match of this.
    pub pattern: Option<Regex>,
}

/// Where a record stands, and its head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Its first byte.
    pub offset: u64,
    /// How many bytes it has.
    pub length: usize,
    /// The latest time up to it.
    pub key: i64,
    /// Format, time and level.
    pub head: Head,
    /// It fulfils the filter.
    is_match: bool,
}

/// What a walk came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// This record.
    Entry(Entry),
    /// There is none as far as the file is known.
    None,
    /// The allowance is used up; go on from here.
    Later(u64),
}

/// A span that was read.
#[derive(Debug)]
struct Block {
    from: u64,
    to: u64,
    generation: u64,
    bytes: Vec<u8>,
    entries: Vec<Entry>,
}

/// A file and its index.
#[derive(Debug)]
pub struct Source {
    /// Its name.
    pub name: Arc<str>,
    /// What is known of it.
    pub index: Index,
    file: Arc<File>,
    clock: Clock,
    /// The one used last is the last.
    blocks: Vec<Block>,
}

impl Entry {
    /// Where the next record begins.
    pub fn end(&self) -> u64 {
        self.offset + self.length as u64
    }
}

impl Source {
    /// A file of which nothing is known yet.
    pub fn new(name: Arc<str>, file: Arc<File>, clock: Clock) -> Self {
        Self {
            name,
            index: Index::default(),
            file,
            clock,
            blocks: Vec::new(),
        }
    }

    /// Forgets everything: the file begins anew.
    pub fn empty(&mut self) {
        self.index = Index::default();
        self.blocks.clear();
    }

    /// Whether all of the file was read and asked.
    pub fn is_settled(&self) -> bool {
        let length = self.file.metadata().map_or(0, |metadata| metadata.len());
        self.index.end() >= length && self.index.filtered_to() >= self.index.end()
    }

    /// The first wanted record at or behind `offset`. Each block that is read takes one from `allowance`.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn next(&mut self, offset: u64, want: &Want, allowance: &mut u32) -> io::Result<Found> {
        let Some(first) = self.index.span_at(offset) else {
            return Ok(Found::None);
        };
        for number in first..self.index.spans().len() {
            if !self.may_match(number, want) {
                continue;
            }
            if *allowance == 0 {
                return Ok(Found::Later(self.index.spans()[number].offset.max(offset)));
            }
            *allowance -= 1;
            let block = self.block(number, want)?;
            let start = block.entries.partition_point(|entry| entry.offset < offset);
            let mut candidates = block.entries[start..].iter();
            if let Some(entry) = candidates.find(|entry| block.is_wanted(entry, want)) {
                return Ok(Found::Entry(*entry));
            }
        }
        Ok(Found::None)
    }

    /// The last wanted record before `offset`.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn previous(&mut self, offset: u64, want: &Want, allowance: &mut u32) -> io::Result<Found> {
        let behind = self.index.spans().partition_point(|span| span.offset < offset);
        for number in (0..behind).rev() {
            if !self.may_match(number, want) {
                continue;
            }
            if *allowance == 0 {
                return Ok(Found::Later(self.index.spans()[number].end.min(offset)));
            }
            *allowance -= 1;
            let block = self.block(number, want)?;
            let end = block.entries.partition_point(|entry| entry.offset < offset);
            let mut candidates = block.entries[..end].iter().rev();
            if let Some(entry) = candidates.find(|entry| block.is_wanted(entry, want)) {
                return Ok(Found::Entry(*entry));
            }
        }
        Ok(Found::None)
    }

    /// Where the first record begins whose key is at least `key`; the end of what is known if there is none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn seek(&mut self, key: i64, want: &Want) -> io::Result<u64> {
        let Some(number) = self.index.span_from_key(key) else {
            return Ok(self.index.end());
        };
        let end = self.index.spans()[number].end;
        let entries = &self.block(number, want)?.entries;
        let at = entries.partition_point(|entry| entry.key < key);
        Ok(entries.get(at).map_or(end, |entry| entry.offset))
    }

    /// The record that begins at `offset`, or the next one.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn entry(&mut self, offset: u64, want: &Want) -> io::Result<Option<Entry>> {
        let Some(number) = self.index.span_at(offset) else {
            return Ok(None);
        };
        let entries = &self.block(number, want)?.entries;
        let at = entries.partition_point(|entry| entry.offset < offset);
        Ok(entries.get(at).copied())
    }

    /// The bytes of a record.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(&self, entry: &Entry) -> io::Result<Vec<u8>> {
        let in_block = self
            .blocks
            .iter()
            .find(|block| block.from <= entry.offset && entry.end() <= block.to);
        if let Some(block) = in_block {
            let at = (entry.offset - block.from) as usize;
            return Ok(block.bytes[at..at + entry.length].to_vec());
        }
        let mut bytes = vec![0; entry.length];
        let count = read_at(&self.file, &mut bytes, entry.offset)?;
        bytes.truncate(count);
        Ok(bytes)
    }

    /// A record out of its entry and its bytes.
    pub fn record<'a>(&'a self, entry: &Entry, bytes: &'a [u8]) -> Record<'a> {
        Record {
            file: &self.name,
            offset: entry.offset,
            key: entry.key,
            head: entry.head,
            bytes,
            continues: false,
        }
    }

    fn may_match(&self, number: usize, want: &Want) -> bool {
        self.index.matches(number) != Some(0) && want.filter.may_match(&self.index.spans()[number].summary)
    }

    /// Reads and divides a span, if it is not at hand.
    fn block(&mut self, number: usize, want: &Want) -> io::Result<&Block> {
        let span = self.index.spans()[number];
        let is_it = |block: &Block| {
            (block.from, block.to, block.generation) == (span.offset, span.end, want.generation)
        };
        let block = match self.blocks.iter().position(is_it) {
            Some(at) => self.blocks.remove(at),
            None => {
                if self.blocks.len() == BLOCKS_KEPT {
                    self.blocks.remove(0);
                }
                self.load(&span, want)?
            }
        };
        self.blocks.push(block);
        Ok(self.blocks.last().expect("one was just pushed"))
    }

    fn load(&self, span: &Span, want: &Want) -> io::Result<Block> {
        let mut bytes = vec![0; (span.end - span.offset) as usize];
        let count = read_at(&self.file, &mut bytes, span.offset)?;
        bytes.truncate(count);
        let mut splitter = Splitter::new(self.clock.clone());
        let (mut entries, mut at, mut key) = (Vec::new(), 0, span.key_before);
        while let Some(piece) = splitter.split(&bytes[at..], End::Closed) {
            key = key.max(piece.head.time_us.unwrap_or(i64::MIN));
            let mut entry = Entry {
                offset: span.offset + at as u64,
                length: piece.length,
                key,
                head: piece.head,
                is_match: false,
            };
            entry.is_match = want
                .filter
                .matches(&self.record(&entry, &bytes[at..at + piece.length]));
            entries.push(entry);
            at += piece.length;
        }
        Ok(Block {
            from: span.offset,
            to: span.end,
            generation: want.generation,
            bytes,
            entries,
        })
    }
}

impl Block {
    fn is_wanted(&self, entry: &Entry, want: &Want) -> bool {
        let at = (entry.offset - self.from) as usize;
        let has_match = |pattern: &Regex| pattern.is_match(&self.bytes[at..at + entry.length]);
        entry.is_match && want.pattern.as_ref().is_none_or(has_match)
    }
}

/// Fills `bytes` from `offset`; fewer if the file ends.
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut count = 0;
    while count < bytes.len() {
        match file.read_at(&mut bytes[count..], offset + count as u64) {
            Ok(0) => break,
            Ok(read) => count += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(count)
}
