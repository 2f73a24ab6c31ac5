//! One large file on several threads.
//!
//! ```text
//!  file     │        SEGMENT_BYTES        │        SEGMENT_BYTES        │    │
//!  lines  ──┴───┴────────┴────┴─────┴─────┼───┴──────┴────┴─────────────┼──┴─┤
//!  ticket   0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 2 2
//! ```
//!
//! A segment has the lines that begin in it, and reads over its end to finish the last one. Its ticket puts what it
//! prints in its place. A line's number is known only when all before it is counted, and context may lie in another
//! segment: who asks for these gets one thread.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use memchr::memchr;

use crate::options::{Options, Report};
use crate::search::{BINARY_PREFIX_BYTES, SearchOptions};

/// Bytes of a segment: much more than it costs to begin one.
const SEGMENT_BYTES: u64 = 8 << 20;

/// A file shorter than this is not worth a second thread.
const FILE_BYTES_MIN: u64 = 4 * SEGMENT_BYTES;

/// A file, and which of its segments comes next.
#[derive(Debug)]
pub struct Segments {
    file: File,
    count: u64,
    next: AtomicU64,
}

/// Reads the lines that begin in one segment.
#[derive(Debug)]
pub struct Segment<'a> {
    file: &'a File,
    /// The offset of the next byte to read; the first is where a line begins.
    at: u64,
    /// The line that holds the byte before this offset is the last.
    end: u64,
    is_done: bool,
}

impl Segments {
    /// The segments of the file at `path`, if it can be divided and that is worth it.
    pub fn of(path: &Path, options: &Options) -> Option<Self> {
        let SearchOptions {
            line_numbers,
            before,
            after,
            ..
        } = options.search;
        let needs_what_is_before = line_numbers || before > 0 || after > 0;
        if needs_what_is_before || !matches!(options.report, Report::Lines(_)) || options.sources.threads < 2
        {
            return None;
        }
        let metadata = path.metadata().ok().filter(std::fs::Metadata::is_file)?;
        if metadata.len() < FILE_BYTES_MIN {
            return None;
        }
        let file = File::open(path).ok()?;
        // Whether the file is binary must be known to every segment.
        let mut prefix = vec![0; BINARY_PREFIX_BYTES as usize];
        file.read_exact_at(&mut prefix, 0).ok()?;
        let is_binary = memchr(0, &prefix).is_some();
        let count = metadata.len().div_ceil(SEGMENT_BYTES);
        (!is_binary).then_some(Self {
            file,
            count,
            next: AtomicU64::new(0),
        })
    }

    /// The next segment's ticket, if one is left.
    pub fn draw(&self) -> Option<u64> {
        let ticket = self.next.fetch_add(1, Ordering::Relaxed);
        (ticket < self.count).then_some(ticket)
    }

    /// The segment with `ticket`, and the offset at which its first line begins; none if no line begins in it.
    ///
    /// # Errors
    /// What reading the file returns.
    pub fn segment(&self, ticket: u64) -> io::Result<Option<(Segment<'_>, u64)>> {
        let offset = ticket * SEGMENT_BYTES;
        // The last one takes what was appended meanwhile too.
        let end = if ticket + 1 == self.count {
            u64::MAX
        } else {
            offset + SEGMENT_BYTES
        };
        let start = if offset == 0 {
            Some(0)
        } else {
            self.line_start(offset, end)?
        };
        Ok(start.map(|at| {
            (
                Segment {
                    file: &self.file,
                    at,
                    end,
                    is_done: false,
                },
                at,
            )
        }))
    }

    /// Where the first line begins at `offset` or behind it, but before `end`.
    fn line_start(&self, offset: u64, end: u64) -> io::Result<Option<u64>> {
        let mut at = offset - 1;
        let mut block = [0; 4096];
        while at < end {
            let read = self.file.read_at(&mut block, at)?;
            if read == 0 {
                return Ok(None);
            }
            if let Some(feed) = memchr(b'\n', &block[..read]) {
                return Ok(Some(at + feed as u64 + 1).filter(|start| *start < end));
            }
            at += read as u64;
        }
        Ok(None)
    }
}

impl Read for Segment<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.is_done {
            return Ok(0);
        }
        let mut read = self.file.read_at(buffer, self.at)?;
        let before_last = (self.end - 1).saturating_sub(self.at).min(read as u64) as usize;
        if let Some(feed) = memchr(b'\n', &buffer[before_last..read]) {
            read = before_last + feed + 1;
            self.is_done = true;
        }
        self.at += read as u64;
        Ok(read)
    }
}
