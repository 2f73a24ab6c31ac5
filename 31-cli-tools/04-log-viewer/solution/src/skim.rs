//! Looking ahead: records that cannot be wanted need not be told apart.
//!
//! Most filters demand some bytes of a record, as `"timeout while"` does. A search for these goes over a block many times
//! faster than a division into records. What lies before the next place where they stand can be passed over, up to the
//! record that has it:
//!
//! ```text
//! unread  2026-… a\n  2026-… b\n    at c\n  2026-… d timeout while…
//!                                           ▲ start      ▲ stop
//! ```
//!
//! A record begins for certain at a line with a structure or a time of its own: such a line continues nothing. So the
//! way back from the place leads to the first of these. Records of the journal may hold any lines, also such as these:
//! nothing is passed over from the first line on that may begin one.

use memchr::memmem::Finder;

use crate::formats;
use crate::record::{Format, without_terminator};
use crate::split::RECORD_MAX;
use crate::time::Clock;

/// Two underlines at the start of a line: perhaps the start of a record of the journal.
const JOURNAL: &[u8] = b"\n__";

/// Bytes without which no record fulfils a filter.
#[derive(Debug, Clone)]
pub struct Demand {
    finder: Finder<'static>,
    /// A record with a backslash may have them escaped.
    or_escaped: bool,
}

/// What is known of the unread bytes of a source.
#[derive(Debug)]
pub(crate) struct Skim {
    demand: Demand,
    journal: Finder<'static>,
    /// Neither the demanded bytes nor a record of the journal begin before this.
    clear: usize,
    /// They do here.
    is_stop: bool,
    /// No record is known to begin before this, but for the first.
    barren: usize,
}

impl Demand {
    /// The bytes of `needle`, as they are.
    pub fn new(needle: &[u8]) -> Option<Self> {
        (!needle.is_empty()).then(|| Self {
            finder: Finder::new(needle).into_owned(),
            or_escaped: false,
        })
    }

    /// The same, but perhaps with escapes.
    pub fn or_escaped(self) -> Self {
        Self {
            or_escaped: true,
            ..self
        }
    }

    /// How much is passed over because of it: more is better.
    pub fn rank(&self) -> (bool, usize) {
        (!self.or_escaped, self.finder.needle().len())
    }

    /// Where a record may fulfil it first.
    fn find(&self, bytes: &[u8]) -> Option<usize> {
        let found = self.finder.find(bytes);
        let before = &bytes[..found.unwrap_or(bytes.len())];
        match self.or_escaped {
            true => memchr::memchr(b'\\', before).or(found),
            false => found,
        }
    }
}

impl Skim {
    pub(crate) fn new(demand: Demand) -> Self {
        Self {
            demand,
            journal: Finder::new(JOURNAL).into_owned(),
            clear: 0,
            is_stop: false,
            barren: 0,
        }
    }

    /// The same for another source.
    pub(crate) fn anew(self) -> Self {
        Self::new(self.demand)
    }

    /// How many of the `unread` bytes belong to records that do not fulfil the demand. The first of them begins a record,
    /// and so does the first behind them.
    pub(crate) fn passable(&mut self, unread: &[u8], clock: &Clock) -> usize {
        self.look(unread);
        let mut end = self.clear;
        while let Some(feed) = memchr::memrchr(b'\n', unread.get(self.barren..end).unwrap_or_default()) {
            let start = self.barren + feed + 1;
            if begins_record(&unread[start..], clock) {
                return start;
            }
            end = start - 1;
        }
        self.barren = self.clear;
        0
    }

    /// Goes `count` bytes on.
    pub(crate) fn pass(&mut self, count: usize) {
        self.is_stop &= count <= self.clear;
        self.clear = self.clear.saturating_sub(count);
        self.barren = self.barren.saturating_sub(count);
    }

    /// Looks for the next stop.
    fn look(&mut self, unread: &[u8]) {
        if self.is_stop {
            return;
        }
        if self.clear == 0 && unread.starts_with(&JOURNAL[1..]) {
            self.is_stop = true;
            return;
        }
        let new = &unread[self.clear..];
        let found = self.demand.find(new);
        let before = &new[..found.unwrap_or(new.len())];
        let stop = self.journal.find(before).map(|feed| feed + 1).or(found);
        self.is_stop = stop.is_some();
        // Either may have begun at the end.
        let longest = self.demand.finder.needle().len().max(JOURNAL.len());
        let clear = stop.map_or((unread.len() + 1).saturating_sub(longest), |at| self.clear + at);
        self.clear = self.clear.max(clear);
    }
}

/// Whether the line at the start of `bytes` is whole, and continues nothing.
fn begins_record(bytes: &[u8], clock: &Clock) -> bool {
    let Some(feed) = memchr::memchr(b'\n', bytes) else {
        return false;
    };
    let line = without_terminator(&bytes[..(feed + 1).min(RECORD_MAX)]);
    let head = formats::head(line, clock);
    head.format != Format::Plain || head.time_us.is_some()
}
