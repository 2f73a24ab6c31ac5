//! Dates as people type them, and as they are shown to people.
//!
//! ```text
//! when   = "now" | offset | moment | day [["at"] time] | time ["today" …]
//! day    = "today" | "tomorrow" | "yesterday" | weekday | "eow" | "eom" | "eoy" | 2026-11-27 | 11-27 | offset in days
//! offset = ["+" | "in"] N unit        unit: min, h, d, w, m, y, or the whole word
//! time   = 17:00 | 5pm | 5:30pm | noon | midnight
//! moment = 2026-11-27T17:00 | 2026-11-27T17:00:00Z | 20261127T170000Z
//! ```
//!
//! Nothing here asks for the time: "now", with its time zone, is an argument.

use jiff::{Timestamp, Zoned};

/// A day or a moment. A moment's first second is its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// The first second of it.
    pub first: Timestamp,
    /// The last second of it: what is due "tomorrow" may be done all day.
    pub last: Timestamp,
}

/// Not a date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot read the date {0:?}")]
pub struct DateError(pub String);

/// Reads what was typed at `now`, in the time zone of `now`.
///
/// A time that the clocks skip is moved forward by as much as they are; of one that comes twice the first is meant.
///
/// # Errors
/// [`DateError`] with the text.
pub fn parse(text: &str, now: &Zoned) -> Result<When, DateError> {
    todo!("read {text:?} at {now}")
}

/// A date for people: a word where there is one, and a time unless it is the end of the day.
///
/// What is shown of the next week can be typed.
pub fn show(timestamp: Timestamp, now: &Zoned) -> String {
    todo!("show {timestamp} at {now}")
}
