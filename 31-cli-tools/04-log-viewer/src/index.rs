//! A sparse index: where in a file some of its records begin, and what lies between them.
//!
//! A checkpoint stands at every [`SPAN_BYTES`] or so. What lies between two of them is a span: it can be read and divided
//! alone, and its [`Summary`] says whether that is worth the while. When there are more than [`SPANS_MAX`] spans, they are
//! joined in pairs and grow twice as large from then on: a file of a terabyte costs as little as one of two gigabytes.

use crate::level::Levels;
use crate::record::Head;

/// How large a span is at first.
pub const SPAN_BYTES: u64 = 64 << 10;

/// No more spans are held.
pub const SPANS_MAX: usize = 1 << 15;

/// What is known of many records at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// How many they are.
    pub records: u64,
    /// How many of them fulfil the filter.
    pub matches: u64,
    /// Their levels.
    pub levels: Levels,
    /// The earliest and the latest time, if there is any.
    pub times_us: Option<(i64, i64)>,
    /// One of them has no time.
    pub is_partly_timed: bool,
}

/// Records that stand one behind the other in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Where the first of them begins.
    pub offset: u64,
    /// Where the last of them ends.
    pub end: u64,
    /// The key before the first: the latest time of all records before.
    pub key_before: i64,
    /// The key of the last.
    pub key: i64,
    /// What is known of them.
    pub summary: Summary,
}

/// The spans of a file, from its start to where it was read.
#[derive(Debug, Clone, Default)]
pub struct Index {}

impl Index {
    /// Adds the span behind the last one.
    ///
    /// # Panics
    /// The span begins elsewhere.
    pub fn push(&mut self, span: Span) {
        todo!("keep {span:?}, and no more than the limit")
    }

    /// How far the file is known.
    pub fn end(&self) -> u64 {
        todo!("the end of the last span")
    }

    /// What is known of all records.
    pub fn summary(&self) -> &Summary {
        todo!("what all spans come to")
    }

    /// The spans, in their order.
    pub fn spans(&self) -> &[Span] {
        todo!("the spans")
    }

    /// The number of the span in which `offset` lies.
    pub fn span_at(&self, offset: u64) -> Option<usize> {
        todo!("the span around {offset}")
    }

    /// The number of the first span that has a record with a key of `key` or more.
    pub fn span_from_key(&self, key: i64) -> Option<usize> {
        todo!("the first span that reaches {key}")
    }
}

impl Summary {
    /// Counts a record.
    pub fn count(&mut self, head: &Head, is_match: bool) {
        todo!("count {head:?}, which is a match: {is_match}")
    }
}
