//! Which lines match: several patterns compiled into one regular expression.
//!
//! [`Matcher::find_line`] gets a block of many lines. Asking line after line is right and slow; searching the whole
//! block at once is fast, and takes thought: no match may leave its line.

use std::ops::Range;

/// How patterns are to be read.
#[derive(Debug, Clone, Copy, Default)]
pub struct MatchOptions {
    /// Letters match in either case.
    pub ignore_case: bool,
    /// A match begins and ends at the edge of a word.
    pub word: bool,
}

/// A pattern that cannot be compiled.
#[derive(Debug, thiserror::Error)]
#[error("invalid pattern {pattern:?}: {reason}")]
pub struct PatternError {
    /// The pattern as it was given.
    pub pattern: String,
    /// What is wrong with it, in one line.
    pub reason: String,
}

/// Compiled patterns.
#[derive(Debug, Clone)]
pub struct Matcher {}

impl Matcher {
    /// Compiles `patterns`; a line matches when one of them does. A line feed in a pattern separates two patterns.
    ///
    /// # Errors
    /// The first pattern that is not a regular expression, or that is too large.
    pub fn new(patterns: &[String], options: MatchOptions) -> Result<Self, PatternError> {
        todo!("compile {patterns:?} with {options:?}")
    }

    /// The first line of `block` that matches, of those that begin at `from` or behind it. `from` is where a line
    /// begins. The range includes the line's terminator.
    pub fn find_line(&self, block: &[u8], from: usize) -> Option<Range<usize>> {
        todo!("search {} bytes from {from} on", block.len())
    }
}
