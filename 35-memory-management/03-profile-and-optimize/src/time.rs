//! A moment, as the log writes it: `2026-03-14T09:26:53.589Z`.

use super::record::is_number;

/// A moment in UTC, between the years 1970 and 9999.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Time {
    /// As it was written.
    pub text: String,
    /// Milliseconds since the beginning of 1970, without leap seconds.
    pub unix_ms: u64,
    /// The hour of the day, in two digits.
    pub hour: String,
}

impl Time {
    /// Reads `YYYY-MM-DDThh:mm:ss.mmmZ`; the date must be one of the calendar, and a second is at most 59.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
        let (clock, milliseconds) = time.split_once('.')?;
        let date = numbers(date, "-", &[4, 2, 2])?;
        let clock = numbers(clock, ":", &[2, 2, 2])?;
        let milliseconds = numbers(milliseconds, ".", &[3])?[0];

        let (year, month, day) = (date[0], date[1], date[2]);
        let is_date = year >= 1970
            && (1..=12).contains(&month)
            && (1..=month_lengths(year)[month as usize - 1]).contains(&day);
        if !is_date || clock[0] > 23 || clock[1] > 59 || clock[2] > 59 {
            return None;
        }
        let seconds = days_since_1970(year, month, day) * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2];
        Some(Self {
            text: text.to_owned(),
            unix_ms: seconds * 1000 + milliseconds,
            hour: format!("{:02}", clock[0]),
        })
    }
}

/// Splits into numbers of exactly so many digits.
fn numbers(text: &str, separator: &str, digits: &[usize]) -> Option<Vec<u64>> {
    let parts: Vec<String> = text.split(separator).map(str::to_owned).collect();
    let lengths: Vec<usize> = parts.iter().map(String::len).collect();
    if lengths != digits || !parts.iter().all(|part| is_number(part)) {
        return None;
    }
    parts.iter().map(|part| part.parse().ok()).collect()
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400)
}

fn month_lengths(year: u64) -> Vec<u64> {
    let february = if is_leap(year) { 29 } else { 28 };
    vec![31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
}

fn days_since_1970(year: u64, month: u64, day: u64) -> u64 {
    let mut days = 0;
    for earlier in 1970..year {
        days += month_lengths(earlier).iter().sum::<u64>();
    }
    for length in &month_lengths(year)[..month as usize - 1] {
        days += length;
    }
    days + day - 1
}
