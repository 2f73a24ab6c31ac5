//! Searches one source and tells a [`Sink`] what is to be printed, in the order of the lines.
//!
//! The searcher knows lines, contexts and gaps but not how they look; the sink knows nothing of blocks. A line
//! that nobody prints costs nothing here: newlines are counted only up to a line whose number is asked for.

use std::io::{self, Read};
use std::ops::Range;

use crate::blocks::Blocks;
use crate::lines;
use crate::matcher::Matcher;

/// A NUL byte among the first so many bytes makes a source binary.
pub const BINARY_PREFIX_BYTES: u64 = 64 << 10;

/// What is wanted of a source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Goal {
    /// The selected lines and their contexts. A binary source is left at its first selected line.
    #[default]
    Lines,
    /// Their number only.
    Count,
    /// Whether there is one.
    First,
}

/// What to look for besides the pattern.
#[derive(Debug, Clone, Copy, Default)]
pub struct SearchOptions {
    /// What is wanted.
    pub goal: Goal,
    /// Selects the lines that do not match.
    pub invert: bool,
    /// Numbers the lines.
    pub line_numbers: bool,
    /// Lines of context before a selected line.
    pub before: usize,
    /// Lines of context behind a selected line.
    pub after: usize,
}

/// Why a line is told to a sink.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// It is selected.
    Selected,
    /// It stands near a selected line.
    Context,
}

/// A line of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Why it is told.
    pub kind: LineKind,
    /// Counted from 1; absent unless asked for.
    pub number: Option<u64>,
    /// The offset of its first byte in the source.
    pub offset: u64,
    /// The line with its terminator, if it has one.
    pub bytes: &'a [u8],
}

/// What takes the lines of a source.
pub trait Sink {
    /// Takes the next line.
    ///
    /// # Errors
    /// Ends the search, which returns [`SearchError::Write`].
    fn line(&mut self, line: &Line<'_>) -> io::Result<()>;

    /// Lines were left out between the last line told and the next one. Told only if there are contexts.
    ///
    /// # Errors
    /// As [`Sink::line`].
    fn gap(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Everything read so far is told, and the next read may wait.
    ///
    /// # Errors
    /// As [`Sink::line`].
    fn block_end(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a search came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Selected lines, up to where the search stopped.
    pub selected: u64,
    /// The source is binary.
    pub binary: bool,
}

/// Why a search failed.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The source cannot be read: the next one may be better.
    #[error(transparent)]
    Read(io::Error),
    /// The sink takes no more: there is no point in going on.
    #[error(transparent)]
    Write(io::Error),
}

/// Searches sources one after another, with one buffer for all.
#[derive(Debug)]
pub struct Searcher {
    matcher: Matcher,
    options: SearchOptions,
    blocks: Blocks,
}

/// Where a search of one source stands. Positions are offsets in the source, because blocks move.
struct Progress {
    summary: Summary,
    /// Everything before was told, or must not be told again.
    told_to: u64,
    /// Lines of context still to come behind the last selected line.
    after_left: usize,
    /// `numbered_to` is the beginning of the line with this number; every line told later begins there or behind.
    number: u64,
    numbered_to: u64,
}

impl Searcher {
    /// A searcher for what `matcher` matches.
    pub fn new(matcher: Matcher, options: SearchOptions) -> Self {
        Self {
            matcher,
            options,
            blocks: Blocks::new(),
        }
    }

    /// Searches `source` to its end, or to where its goal is reached.
    ///
    /// # Errors
    /// [`SearchError::Read`] and [`SearchError::Write`]; what was told before stays told.
    pub fn search(&mut self, source: impl Read, sink: &mut impl Sink) -> Result<Summary, SearchError> {
        self.search_at(0, source, sink)
    }

    /// As [`Searcher::search`], where `source` is the rest of something from `offset` on. Its lines are numbered
    /// from 1 all the same.
    ///
    /// # Errors
    /// As [`Searcher::search`].
    pub fn search_at(
        &mut self,
        offset: u64,
        mut source: impl Read,
        sink: &mut impl Sink,
    ) -> Result<Summary, SearchError> {
        self.blocks.clear(offset);
        let mut progress = Progress {
            summary: Summary::default(),
            told_to: offset,
            after_left: 0,
            number: 1,
            numbered_to: offset,
        };
        let mut keep_from = 0;
        while self
            .blocks
            .fill(&mut source, keep_from)
            .map_err(SearchError::Read)?
        {
            progress.summary.binary |= self.has_nul_in_prefix();
            let mut block = Block {
                bytes: self.blocks.bytes(),
                base: self.blocks.base(),
                options: self.options,
                progress: &mut progress,
                sink,
            };
            block
                .search(&self.matcher, self.blocks.block_start())
                .map_err(SearchError::Write)?;
            if block.is_done() {
                break;
            }
            keep_from = block.history_start();
            block.number_at(keep_from);
            sink.block_end().map_err(SearchError::Write)?;
        }
        Ok(progress.summary)
    }

    /// Whether the new bytes hold a NUL among the first [`BINARY_PREFIX_BYTES`] of the source.
    fn has_nul_in_prefix(&self) -> bool {
        let prefix = BINARY_PREFIX_BYTES.saturating_sub(self.blocks.base()) as usize;
        let filled = self.blocks.filled();
        memchr::memchr(0, &filled[..prefix.min(filled.len())]).is_some()
    }
}

/// One block, while it is searched.
struct Block<'a, S> {
    bytes: &'a [u8],
    base: u64,
    options: SearchOptions,
    progress: &'a mut Progress,
    sink: &'a mut S,
}

impl<S: Sink> Block<'_, S> {
    /// Tells what is selected of the lines that begin at `from` or behind it.
    fn search(&mut self, matcher: &Matcher, from: usize) -> io::Result<()> {
        let mut position = from;
        while position < self.bytes.len() && !self.is_done() {
            let end = self.bytes.len();
            let line = matcher.find_line(self.bytes, position).unwrap_or(end..end);
            if self.options.invert {
                self.select_all(position..line.start)?;
            } else if !line.is_empty() {
                self.select(line.clone())?;
            }
            position = line.end;
        }
        if self.is_done() {
            Ok(())
        } else {
            self.tell_after(self.bytes.len())
        }
    }

    /// Whether the rest of the source is of no interest.
    fn is_done(&self) -> bool {
        let summary = &self.progress.summary;
        match self.options.goal {
            Goal::Lines => summary.binary && summary.selected > 0,
            Goal::Count => false,
            Goal::First => summary.selected > 0,
        }
    }

    /// Selects every line in `range`.
    fn select_all(&mut self, range: Range<usize>) -> io::Result<()> {
        if self.options.goal == Goal::Count {
            let lines = &self.bytes[range];
            let unended = lines.last().is_some_and(|last| *last != b'\n');
            self.progress.summary.selected += lines::count(lines) + u64::from(unended);
            return Ok(());
        }
        let mut position = range.start;
        while position < range.end && !self.is_done() {
            let end = lines::end(self.bytes, position);
            self.select(position..end)?;
            position = end;
        }
        Ok(())
    }

    /// Selects a line: tells it, and what of its context stands before it.
    fn select(&mut self, line: Range<usize>) -> io::Result<()> {
        self.progress.summary.selected += 1;
        if self.options.goal != Goal::Lines || self.is_done() {
            return Ok(());
        }
        if self.options.before > 0 || self.options.after > 0 {
            self.tell_after(line.start)?;
            self.tell_before(line.start)?;
        }
        self.tell(LineKind::Selected, line)?;
        self.progress.after_left = self.options.after;
        Ok(())
    }

    /// Tells what is still to come of the last selected line's context, up to `limit`.
    fn tell_after(&mut self, limit: usize) -> io::Result<()> {
        while self.progress.after_left > 0 && self.told_to() < limit {
            self.progress.after_left -= 1;
            let start = self.told_to();
            self.tell(LineKind::Context, start..lines::end(self.bytes, start))?;
        }
        Ok(())
    }

    /// Tells the context before the line that begins at `start`, and first the gap, if there is one.
    fn tell_before(&mut self, start: usize) -> io::Result<()> {
        let told_to = self.told_to();
        let mut position =
            told_to + lines::back(&self.bytes[told_to..], start - told_to, self.options.before);
        let is_first = self.progress.summary.selected == 1;
        if !is_first && self.base + position as u64 > self.progress.told_to {
            self.sink.gap()?;
        }
        while position < start {
            let end = lines::end(self.bytes, position);
            self.tell(LineKind::Context, position..end)?;
            position = end;
        }
        Ok(())
    }

    /// Tells one line.
    fn tell(&mut self, kind: LineKind, line: Range<usize>) -> io::Result<()> {
        let number = self.number_at(line.start);
        self.progress.told_to = self.base + line.end as u64;
        let offset = self.base + line.start as u64;
        self.sink.line(&Line {
            kind,
            number,
            offset,
            bytes: &self.bytes[line],
        })
    }

    /// The number of the line that begins at `start`; from now on no earlier one can be asked for.
    fn number_at(&mut self, start: usize) -> Option<u64> {
        if !self.options.line_numbers {
            return None;
        }
        let numbered_to = (self.progress.numbered_to - self.base) as usize;
        self.progress.number += lines::count(&self.bytes[numbered_to..start]);
        self.progress.numbered_to = self.base + start as u64;
        Some(self.progress.number)
    }

    /// Where in this block the lines begin that were not told; 0 when they begin before it.
    fn told_to(&self) -> usize {
        self.progress.told_to.saturating_sub(self.base) as usize
    }

    /// Where the lines begin that the next block may need as context.
    fn history_start(&self) -> usize {
        let end = self.bytes.len();
        let told_to = self.told_to().min(end);
        told_to + lines::back(&self.bytes[told_to..], end - told_to, self.options.before)
    }
}
