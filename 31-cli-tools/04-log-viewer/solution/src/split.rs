//! Where records begin and end in a stretch of bytes.
//!
//! A record is a line, with the lines behind it that continue it, or for the journal all its fields. A line continues
//! the record before it if it fits no format with a structure, has no time of its own, and either that record has a
//! time or the line begins with a blank. Whether a record has ended is known only when the next line is there; what
//! holds at the end of the bytes is the caller's to say, with an [`End`].

use crate::formats::{self, journal};
use crate::record::{Format, Head, without_terminator};
use crate::time::Clock;

/// No record is longer: it ends before the line that would make it so, and a line that is longer alone is divided.
pub const RECORD_MAX: usize = 1 << 20;

/// What follows behind the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// More, at once: a record whose end is not seen is not told.
    Open,
    /// Perhaps more, later: what is whole is told, a line without its terminator is held back.
    Quiet,
    /// Nothing: the last line may lack its terminator.
    Closed,
}

/// A record at the start of the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// How many bytes it has.
    pub length: usize,
    /// Format, time and level.
    pub head: Head,
    /// It belongs to the record before, which was told at an end that was none.
    pub continues: bool,
}

/// What was told last.
#[derive(Debug, Clone, Copy)]
enum Told {
    /// A record whose end was seen, or nothing.
    Whole,
    /// A record that may go on with further lines.
    Record(Head),
    /// A record whose last line has no terminator yet.
    Line(Head),
}

/// Divides bytes into records.
#[derive(Debug, Clone)]
pub struct Splitter {
    clock: Clock,
    told: Told,
    /// The head of the next line, if it was looked at to end the record before.
    next: Option<Head>,
}

impl Splitter {
    /// A splitter at the start of a file, or of any record.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            told: Told::Whole,
            next: None,
        }
    }

    /// Whether nothing that was told can go on.
    pub(crate) fn is_between_records(&self) -> bool {
        matches!(self.told, Told::Whole)
    }

    /// Goes on at the start of a later record.
    pub(crate) fn pass(&mut self) {
        debug_assert!(self.is_between_records(), "what was told could go on");
        self.next = None;
    }

    /// The record at the start of `bytes`, which follow those told before; `None` if its end is not there yet.
    pub fn split(&mut self, bytes: &[u8], end: End) -> Option<Piece> {
        if bytes.is_empty() {
            return None;
        }
        let first = line_length(bytes, end)?;
        let line = without_terminator(&bytes[..first]);
        let (head, continues) = match self.told {
            Told::Line(head) => (head, true),
            Told::Whole => (
                self.next.unwrap_or_else(|| formats::head(line, &self.clock)),
                false,
            ),
            Told::Record(before) => {
                let head = formats::head(line, &self.clock);
                match is_continuation(line, &head, &before) {
                    true => (before, true),
                    false => (head, false),
                }
            }
        };
        let piece = if head.format == Format::Journal && !continues {
            self.journal(bytes, head, end)?
        } else {
            self.lines(bytes, first, head, continues, end)?
        };
        Some(piece)
    }

    /// A record that goes on from its first line as long as lines continue it.
    fn lines(&mut self, bytes: &[u8], first: usize, head: Head, continues: bool, end: End) -> Option<Piece> {
        let mut length = first;
        let (told, next) = loop {
            let rest = &bytes[length..];
            let Some(more) = line_length(rest, end).filter(|_| !rest.is_empty()) else {
                // A line that is not whole yet and too long already ends the record as it would if it were whole.
                if bytes.len() > RECORD_MAX {
                    break (Told::Whole, None);
                }
                let told = match (end, bytes[length - 1]) {
                    (End::Open, _) => return None,
                    (_, b'\n') => Told::Record(head),
                    _ => Told::Line(head),
                };
                break (told, None);
            };
            let line = without_terminator(&rest[..more]);
            let of_line = formats::head(line, &self.clock);
            if length + more > RECORD_MAX || !is_continuation(line, &of_line, &head) {
                break (Told::Whole, Some(of_line).filter(|_| more <= RECORD_MAX));
            }
            length += more;
        };
        (self.told, self.next) = (told, next);
        Some(Piece {
            length,
            head,
            continues,
        })
    }

    /// A record of the journal: it says itself where it ends.
    fn journal(&mut self, bytes: &[u8], first: Head, end: End) -> Option<Piece> {
        let length = match journal::length(bytes) {
            Some(length) => length.min(RECORD_MAX),
            None if bytes.len() >= RECORD_MAX => RECORD_MAX,
            None if end == End::Closed => bytes.len(),
            None => {
                self.next = Some(first);
                return None;
            }
        };
        (self.told, self.next) = (Told::Whole, None);
        Some(Piece {
            length,
            head: journal::head(&bytes[..length]),
            continues: false,
        })
    }
}

/// The length of the line at the start of `bytes`, with its terminator; one that is too long ends where it is.
fn line_length(bytes: &[u8], end: End) -> Option<usize> {
    match memchr::memchr(b'\n', bytes) {
        Some(feed) => Some((feed + 1).min(RECORD_MAX)),
        None if bytes.len() >= RECORD_MAX => Some(RECORD_MAX),
        None => (end == End::Closed).then_some(bytes.len()),
    }
}

fn is_continuation(line: &[u8], of_line: &Head, record: &Head) -> bool {
    of_line.format == Format::Plain
        && of_line.time_us.is_none()
        && record.format != Format::Journal
        && (record.time_us.is_some() || matches!(line.first(), Some(b' ' | b'\t')))
}
