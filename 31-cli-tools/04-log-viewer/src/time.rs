//! Times as logs write them, in microseconds since 1970-01-01T00:00:00Z.
//!
//! Each parser takes the bytes at which a time may begin and returns it with its length. None looks at the machine's
//! clock or zone: both are in the [`Clock`].

use jiff::tz::TimeZone;

/// What a time in a log leaves out: the zone, and the year.
#[derive(Debug, Clone)]
pub struct Clock {}

impl Clock {
    /// A clock that stands at `now_us`; times without a zone are those of `zone`.
    pub fn new(now_us: i64, zone: TimeZone) -> Self {
        todo!("keep {now_us} and {zone:?}")
    }

    /// `2026-11-20T22:01:02.5+01:00` and its variants: `T` or a blank, `-` or `/`, `.` or `,` before a fraction, a zone
    /// or none. Seconds may be missing.
    pub fn iso(&self, text: &[u8]) -> Option<(i64, usize)> {
        todo!("a time at the start of {text:?}")
    }

    /// `Nov 20 22:01:02`, the time of RFC 3164: the last one that is not more than a day ahead of now.
    pub fn bsd(&self, text: &[u8]) -> Option<(i64, usize)> {
        todo!("a time without a year at the start of {text:?}")
    }

    /// `20/Nov/2026:22:01:02 +0000`, the time of an access log.
    pub fn access(&self, text: &[u8]) -> Option<(i64, usize)> {
        todo!("a time at the start of {text:?}")
    }

    /// The time that a filter or a flag names: as [`Clock::iso`] has it, a date alone, or `-90m` for so long ago
    /// (`s`, `m`, `h`, `d`).
    pub fn value(&self, text: &str) -> Option<i64> {
        todo!("the time that {text:?} names")
    }
}

/// `2026-11-20T22:01:02.500000Z`.
pub fn rfc3339(time_us: i64) -> String {
    todo!("write {time_us}")
}
