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

use jiff::civil::{Date, DateTime, Time};
use jiff::{Timestamp, ToSpan, Zoned};

use crate::calendar::{amount, clock, day, is_digit, is_number, is_unit};

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

/// The last second of a day.
const END_OF_DAY: Time = Time::constant(23, 59, 59, 0);

/// Reads what was typed at `now`, in the time zone of `now`.
///
/// A time that the clocks skip is moved forward by as much as they are; of one that comes twice the first is meant.
///
/// # Errors
/// [`DateError`] with the text.
pub fn parse(text: &str, now: &Zoned) -> Result<When, DateError> {
    let lower = text.trim().to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().filter(|word| *word != "at").collect();
    let words = match &words[..] {
        ["in", rest @ ..] if rest.first().is_some_and(|word| word.starts_with(is_digit)) => rest,
        words => words,
    };
    let when = match words {
        [number, unit, rest @ ..]
            if is_unit(unit) && is_number(number.strip_prefix('+').unwrap_or(number)) =>
        {
            let amount = format!("{number}{unit}");
            match rest {
                [] => offset(&amount, now),
                [time] => day(&amount, now)
                    .zip(clock(time))
                    .and_then(|(day, time)| at(day, time, now)),
                _ => None,
            }
        }
        [word] => single(word, text.trim(), now),
        [first, second] => match clock(second) {
            Some(time) => day(first, now).and_then(|day| at(day, time, now)),
            None => clock(first)
                .zip(day(second, now))
                .and_then(|(time, day)| at(day, time, now)),
        },
        _ => None,
    };
    when.ok_or_else(|| DateError(text.to_owned()))
}

fn single(word: &str, text: &str, now: &Zoned) -> Option<When> {
    if word == "now" {
        return Some(moment(now.timestamp()));
    }
    if let Some(time) = clock(word) {
        // A time alone is the next such time.
        let today = at(now.date(), time, now)?;
        return if today.first > now.timestamp() {
            Some(today)
        } else {
            at(now.date().tomorrow().ok()?, time, now)
        };
    }
    if let Some(when) = offset(word, now) {
        return Some(when);
    }
    if let Some(day) = day(word, now) {
        return whole(day, now);
    }
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Some(moment(timestamp));
    }
    let is_local = word.contains('t');
    let civil = text.parse::<DateTime>().ok().filter(|_| is_local)?;
    at(civil.date(), civil.time(), now)
}

/// So long from now: hours and minutes lead to a moment, anything longer to a day.
fn offset(word: &str, now: &Zoned) -> Option<When> {
    match amount(word)? {
        (number, 'h') => Some(moment(now.timestamp().checked_add(number.hours()).ok()?)),
        (number, 'i') => Some(moment(now.timestamp().checked_add(number.minutes()).ok()?)),
        _ => whole(day(word, now)?, now),
    }
}

fn moment(timestamp: Timestamp) -> When {
    let second = Timestamp::from_second(timestamp.as_second()).expect("a timestamp's second is a timestamp");
    When {
        first: second,
        last: second,
    }
}

fn at(day: Date, time: Time, now: &Zoned) -> Option<When> {
    Some(moment(
        day.to_datetime(time)
            .to_zoned(now.time_zone().clone())
            .ok()?
            .timestamp(),
    ))
}

fn whole(day: Date, now: &Zoned) -> Option<When> {
    let first = at(day, Time::MIN, now)?.first;
    Some(When {
        first,
        last: at(day, END_OF_DAY, now)?.last,
    })
}

/// The day that `now` is in.
pub fn today(now: &Zoned) -> When {
    whole(now.date(), now).unwrap_or(moment(now.timestamp()))
}

/// A date for people: a word where there is one, and a time unless it is the end of the day.
///
/// What is shown of the next week can be typed.
pub fn show(timestamp: Timestamp, now: &Zoned) -> String {
    let zoned = timestamp.to_zoned(now.time_zone().clone());
    let days = now
        .date()
        .until(zoned.date())
        .map_or(i32::MAX, |span| span.get_days());
    let day = match days {
        -1 => "yesterday".to_owned(),
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        2..=7 => zoned.strftime("%a").to_string().to_lowercase(),
        _ => zoned.date().to_string(),
    };
    match zoned.time() {
        END_OF_DAY => day,
        time => format!("{day} {:02}:{:02}", time.hour(), time.minute()),
    }
}
