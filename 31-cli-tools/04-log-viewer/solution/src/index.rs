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
#[derive(Debug, Clone)]
pub struct Index {
    spans: Vec<Span>,
    span_bytes: u64,
    summary: Summary,
    /// Up to here the spans know how many of their records fulfil the filter.
    filtered_to: u64,
}

impl Default for Index {
    fn default() -> Self {
        Self {
            spans: Vec::new(),
            span_bytes: SPAN_BYTES,
            summary: Summary::default(),
            filtered_to: 0,
        }
    }
}

impl Index {
    /// Adds the span behind the last one.
    ///
    /// # Panics
    /// The span begins elsewhere.
    pub fn push(&mut self, span: Span) {
        assert_eq!(span.offset, self.end(), "spans stand one behind the other");
        self.summary.add(&span.summary);
        if self.filtered_to == span.offset {
            self.filtered_to = span.end;
        }
        match self.spans.last_mut() {
            Some(last) if span.end - last.offset <= self.span_bytes => last.join(&span),
            _ => self.spans.push(span),
        }
        while self.spans.len() > SPANS_MAX {
            self.halve();
        }
    }

    /// How far the file is known.
    pub fn end(&self) -> u64 {
        self.spans.last().map_or(0, |span| span.end)
    }

    /// What is known of all records.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// The spans, in their order.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// The number of the span in which `offset` lies.
    pub fn span_at(&self, offset: u64) -> Option<usize> {
        let number = self.spans.partition_point(|span| span.end <= offset);
        (number < self.spans.len()).then_some(number)
    }

    /// The number of the first span that has a record with a key of `key` or more.
    pub fn span_from_key(&self, key: i64) -> Option<usize> {
        let number = self.spans.partition_point(|span| span.key < key);
        (number < self.spans.len()).then_some(number)
    }

    /// How many records fulfil the filter in a span; `None` if they were not asked yet.
    pub fn matches(&self, number: usize) -> Option<u64> {
        let span = &self.spans[number];
        (span.end <= self.filtered_to).then_some(span.summary.matches)
    }

    /// Up to where the records were asked whether they fulfil the filter.
    pub fn filtered_to(&self) -> u64 {
        self.filtered_to
    }

    /// Forgets what fulfils the filter: there is another one.
    pub fn forget_matches(&mut self) {
        self.filtered_to = 0;
        self.summary.matches = 0;
        for span in &mut self.spans {
            span.summary.matches = 0;
        }
    }

    /// Notes that of the records in `span`, known already, so many fulfil the filter. Told from the start on.
    pub fn add_matches(&mut self, span: &Span) {
        if span.offset < self.filtered_to {
            return;
        }
        if let Some(number) = self.span_at(span.offset) {
            self.spans[number].summary.matches += span.summary.matches;
            self.summary.matches += span.summary.matches;
            self.filtered_to = span.end.min(self.end());
        }
    }

    /// Joins the spans in pairs.
    fn halve(&mut self) {
        self.span_bytes *= 2;
        let mut read = std::mem::take(&mut self.spans).into_iter();
        while let Some(mut span) = read.next() {
            if let Some(next) = read.next() {
                span.join(&next);
            }
            self.spans.push(span);
        }
    }
}

impl Span {
    /// A span without records at `offset`.
    pub fn empty(offset: u64, key_before: i64) -> Self {
        Self {
            offset,
            end: offset,
            key_before,
            key: key_before,
            summary: Summary::default(),
        }
    }

    fn join(&mut self, next: &Self) {
        self.end = next.end;
        self.key = next.key;
        self.summary.add(&next.summary);
    }
}

impl Summary {
    /// Counts a record.
    pub fn count(&mut self, head: &Head, is_match: bool) {
        self.records += 1;
        self.matches += u64::from(is_match);
        self.levels.insert(head.level);
        match (head.time_us, &mut self.times_us) {
            (None, _) => self.is_partly_timed = true,
            (Some(time_us), Some((first, last))) => {
                *first = time_us.min(*first);
                *last = time_us.max(*last);
            }
            (Some(time_us), none) => *none = Some((time_us, time_us)),
        }
    }

    /// Adds what is known of other records.
    pub fn add(&mut self, other: &Self) {
        self.records += other.records;
        self.matches += other.matches;
        self.levels = self.levels.union(other.levels);
        self.is_partly_timed |= other.is_partly_timed;
        self.times_us = match (self.times_us, other.times_us) {
            (Some((first, last)), Some((other_first, other_last))) => {
                Some((first.min(other_first), last.max(other_last)))
            }
            (one, other) => one.or(other),
        };
    }
}
