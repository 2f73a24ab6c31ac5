//! Where records begin and end in a stretch of bytes.
//!
//! A record is a line, with the lines behind it that continue it, or for the journal all its fields. A line continues
//! the record before it if it fits no format with a structure, has no time of its own, and either that record has a
//! time or the line begins with a blank. Whether a record has ended is known only when the next line is there; what
//! holds at the end of the bytes is the caller's to say, with an [`End`].

use crate::record::Head;
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

/// Divides bytes into records.
#[derive(Debug, Clone)]
pub struct Splitter {}

impl Splitter {
    /// A splitter at the start of a file, or of any record.
    pub fn new(clock: Clock) -> Self {
        todo!("read times by {clock:?}")
    }

    /// The record at the start of `bytes`, which follow those told before; `None` if its end is not there yet.
    pub fn split(&mut self, bytes: &[u8], end: End) -> Option<Piece> {
        todo!("the first record of {} bytes, {end:?}", bytes.len())
    }
}
