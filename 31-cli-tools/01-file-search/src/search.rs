//! Searches one source and tells a [`Sink`] what is to be printed, in the order of the lines.
//!
//! The searcher knows lines, contexts and gaps but not how they look; the sink knows nothing of blocks.

use std::io::{self, Read};

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

/// Searches sources one after another.
#[derive(Debug)]
pub struct Searcher {}

impl Searcher {
    /// A searcher for what `matcher` matches.
    pub fn new(matcher: Matcher, options: SearchOptions) -> Self {
        todo!("keep {matcher:?} and {options:?}")
    }

    /// Searches `source` to its end, or to where its goal is reached.
    ///
    /// # Errors
    /// [`SearchError::Read`] and [`SearchError::Write`]; what was told before stays told.
    pub fn search(&mut self, mut source: impl Read, sink: &mut impl Sink) -> Result<Summary, SearchError> {
        let mut block = [0; 4096];
        let read = source.read(&mut block).map_err(SearchError::Read)?;
        sink.block_end().map_err(SearchError::Write)?;
        todo!("find the whole lines among the first {read} bytes")
    }
}
