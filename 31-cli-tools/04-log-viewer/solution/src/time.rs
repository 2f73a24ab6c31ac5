//! Times as logs write them, in microseconds since 1970-01-01T00:00:00Z.
//!
//! Each parser takes the bytes at which a time may begin and returns it with its length. None looks at the machine's
//! clock or zone: both are in the [`Clock`].

use std::cell::Cell;
use std::fmt::Write;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

const SECOND_US: i64 = 1_000_000;
const MINUTE_US: i64 = 60 * SECOND_US;
/// The length of `2026-11-20T22:01`.
const MINUTE_LENGTH: usize = 16;
const DAY_US: i64 = 24 * 60 * MINUTE_US;

/// A time without a year may lie so far ahead of now: clocks differ, and so do zones.
const AHEAD_US: i64 = DAY_US;

/// Leap days are up to eight years apart, so that a date of some year is found within nine.
const YEARS_BACK: i64 = 8;

/// What a time in a log leaves out: the zone, and the year.
#[derive(Debug, Clone)]
pub struct Clock {
    now_us: i64,
    now_year: i64,
    zone: TimeZone,
    /// The last minute that was converted, and the zone's offset then: asking the zone costs more than the rest.
    minute: Cell<Option<(i64, i64)>>,
    /// The last date, hour and minute as they were written, and what they are in UTC: records of a minute mostly stand
    /// together, and comparing sixteen bytes is cheaper than reading them.
    written: Cell<([u8; MINUTE_LENGTH], i64)>,
}

/// Date and time of day, as written.
#[derive(Debug, Clone, Copy)]
struct Civil {
    year: i64,
    month: u8,
    day: u8,
    /// Since midnight.
    time_us: i64,
}

impl Clock {
    /// A clock that stands at `now_us`; times without a zone are those of `zone`.
    pub fn new(now_us: i64, zone: TimeZone) -> Self {
        let (now_year, ..) = date_of(now_us.div_euclid(DAY_US));
        Self {
            now_us,
            now_year,
            zone,
            minute: Cell::new(None),
            written: Cell::default(),
        }
    }

    /// Now.
    pub fn now_us(&self) -> i64 {
        self.now_us
    }

    /// `2026-11-20T22:01:02.5+01:00` and its variants: `T` or a blank, `-` or `/`, `.` or `,` before a fraction, a zone
    /// or none. Seconds may be missing.
    pub fn iso(&self, text: &[u8]) -> Option<(i64, usize)> {
        let minute_us = self.written_minute(text.first_chunk()?)?;
        let (second_us, second_length) = seconds(&text[MINUTE_LENGTH..])?;
        let as_utc_us = minute_us + second_us;
        let length = MINUTE_LENGTH + second_length;
        match offset(&text[length..]) {
            Some((offset_us, zone_length)) => Some((as_utc_us - offset_us, length + zone_length)),
            None => Some((self.local_us(as_utc_us)?, length)),
        }
    }

    /// `2026-11-20T22:01` as if it were UTC.
    fn written_minute(&self, text: &[u8; MINUTE_LENGTH]) -> Option<i64> {
        let (known, minute_us) = self.written.get();
        if known == *text {
            return Some(minute_us);
        }
        if !matches!(text[10], b'T' | b't' | b' ') {
            return None;
        }
        let (mut civil, _) = iso_date(text)?;
        civil.time_us = minutes(&text[11..])?;
        let minute_us = civil.utc_us()?;
        self.written.set((*text, minute_us));
        Some(minute_us)
    }

    /// `Nov 20 22:01:02`, the time of RFC 3164: the last one that is not more than a day ahead of now.
    pub fn bsd(&self, text: &[u8]) -> Option<(i64, usize)> {
        let month = month(text.get(..3)?)?;
        let day = match *text.get(3..7)? {
            [b' ', b' ', ones, b' '] => digit(ones)?,
            [b' ', tens, ones, b' '] => digit(tens)? * 10 + digit(ones)?,
            _ => return None,
        };
        let (time_us, length) = time_of_day(&text[7..])?;
        (0..=YEARS_BACK + 1).find_map(|back| {
            let year = self.now_year + 1 - back;
            let civil = Civil {
                year,
                month,
                day,
                time_us,
            };
            let time_us = self.local_us(civil.utc_us()?)?;
            (time_us <= self.now_us + AHEAD_US).then_some((time_us, 7 + length))
        })
    }

    /// `20/Nov/2026:22:01:02 +0000`, the time of an access log.
    pub fn access(&self, text: &[u8]) -> Option<(i64, usize)> {
        let (b'/', b'/', b':') = (*text.get(2)?, *text.get(6)?, *text.get(11)?) else {
            return None;
        };
        let (time_us, length) = time_of_day(&text[12..])?;
        let civil = Civil {
            day: two(text)?,
            month: month(&text[3..6])?,
            year: i64::from(two(&text[7..])?) * 100 + i64::from(two(&text[9..])?),
            time_us,
        };
        let (offset_us, zone_length) = offset(&text[12 + length..])?;
        Some((civil.utc_us()? - offset_us, 12 + length + zone_length))
    }

    /// The time that a filter or a flag names: as [`Clock::iso`] has it, a date alone, or `-90m` for so long ago
    /// (`s`, `m`, `h`, `d`).
    pub fn value(&self, text: &str) -> Option<i64> {
        if let Some(ago) = text.strip_prefix('-') {
            let unit_us = match ago.chars().last()? {
                's' => SECOND_US,
                'm' => MINUTE_US,
                'h' => 60 * MINUTE_US,
                'd' => DAY_US,
                _ => return None,
            };
            let count: i64 = ago[..ago.len() - 1].parse().ok().filter(|count| *count >= 0)?;
            return self.now_us.checked_sub(count.checked_mul(unit_us)?);
        }
        let (civil, length) = iso_date(text.as_bytes())?;
        if length == text.len() {
            return self.local_us(civil.utc_us()?);
        }
        let (time_us, length) = self.iso(text.as_bytes())?;
        (length == text.len()).then_some(time_us)
    }

    /// The time of a clock on the wall of the zone, which is told as if it were UTC. Where it was turned back, the earlier one is meant; where it was
    /// turned forward, the time goes on as before.
    fn local_us(&self, as_utc_us: i64) -> Option<i64> {
        let minute = as_utc_us.div_euclid(MINUTE_US);
        if let Some((known, offset_us)) = self.minute.get()
            && known == minute
        {
            return Some(as_utc_us - offset_us);
        }
        let of_day = as_utc_us.rem_euclid(DAY_US) / MINUTE_US;
        let (hour, minutes) = ((of_day / 60) as i8, (of_day % 60) as i8);
        let (year, month, day) = date_of(as_utc_us.div_euclid(DAY_US));
        let local = DateTime::new(year as i16, month as i8, day as i8, hour, minutes, 0, 0).ok()?;
        let zoned = self.zone.to_ambiguous_timestamp(local).compatible().ok()?;
        let offset_us = minute * MINUTE_US - zoned.as_microsecond();
        self.minute.set(Some((minute, offset_us)));
        Some(as_utc_us - offset_us)
    }

    /// `2026-11-20 22:01:02.5` in the clock's zone, with as many digits of the fraction as `digits` says, up to six.
    pub fn wall(&self, time_us: i64, digits: usize) -> String {
        let offset_us = jiff::Timestamp::from_microsecond(time_us).map_or(0, |time| {
            i64::from(self.zone.to_offset(time).seconds()) * SECOND_US
        });
        let mut text = rfc3339(time_us + offset_us);
        let length = if digits == 0 { 19 } else { 20 + digits.min(6) };
        text.truncate(length);
        text.replace_range(10..11, " ");
        text
    }
}

/// `2026-11-20T22:01:02.500000Z`.
pub fn rfc3339(time_us: i64) -> String {
    let (year, month, day) = date_of(time_us.div_euclid(DAY_US));
    let of_day = time_us.rem_euclid(DAY_US);
    let (seconds, fraction) = (of_day / SECOND_US, of_day % SECOND_US);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let mut text = String::with_capacity(27);
    let _ = write!(
        text,
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:06}Z"
    );
    text
}

/// A number of JSON: seconds, or if it is too large for that, milli-, micro- or nanoseconds.
pub fn epoch(number: f64) -> Option<i64> {
    let micros = match number.abs() {
        magnitude if magnitude < 1e11 => number * 1e6,
        magnitude if magnitude < 1e14 => number * 1e3,
        magnitude if magnitude < 1e17 => number,
        magnitude if magnitude < 1e20 => number / 1e3,
        _ => return None,
    };
    Some(micros.round() as i64)
}

impl Civil {
    /// The time if the zone were UTC; none if there is no such date.
    fn utc_us(self) -> Option<i64> {
        let is_leap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        let days = match self.month {
            2 if is_leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        (1..=days).contains(&self.day).then(|| {
            let day = days_to(self.year, i64::from(self.month), i64::from(self.day));
            day * DAY_US + self.time_us
        })
    }
}

/// `2026-11-20`, with `-` or `/`.
fn iso_date(text: &[u8]) -> Option<(Civil, usize)> {
    let [_, _, _, _, first, _, _, second, _, _, ..] = *text else {
        return None;
    };
    if first != second || !matches!(first, b'-' | b'/') {
        return None;
    }
    let civil = Civil {
        year: i64::from(two(text)?) * 100 + i64::from(two(&text[2..])?),
        month: two(&text[5..])?,
        day: two(&text[8..])?,
        time_us: 0,
    };
    Some((civil, 10))
}

/// `22:01`, `22:01:02` or `22:01:02.000001`, since midnight.
fn time_of_day(text: &[u8]) -> Option<(i64, usize)> {
    let minutes_us = minutes(text)?;
    let (second_us, length) = seconds(&text[5..])?;
    Some((minutes_us + second_us, 5 + length))
}

/// `22:01`, since midnight.
fn minutes(text: &[u8]) -> Option<i64> {
    let (hour, minute) = (two(text)?, two(text.get(3..)?)?);
    let is_time = text[2] == b':' && hour < 24 && minute < 60;
    is_time.then(|| (i64::from(hour) * 60 + i64::from(minute)) * MINUTE_US)
}

/// `:02`, `:02.000001` or nothing. A leap second is the first one of the next minute.
fn seconds(text: &[u8]) -> Option<(i64, usize)> {
    if text.first() != Some(&b':') {
        return Some((0, 0));
    }
    let second = two(&text[1..]).filter(|second| *second <= 60)?;
    let mut time_us = i64::from(second) * SECOND_US;
    let mut length = 3;
    if matches!(text.get(3), Some(b'.' | b',')) && text.get(4).is_some_and(u8::is_ascii_digit) {
        length = 4;
        let mut unit_us = SECOND_US / 10;
        while let Some(digit) = text.get(length).copied().and_then(digit) {
            time_us += i64::from(digit) * unit_us;
            unit_us /= 10;
            length += 1;
        }
    }
    Some((time_us, length))
}

/// `Z`, `+01:00`, `+0100`, also behind a blank.
fn offset(text: &[u8]) -> Option<(i64, usize)> {
    let blanks = usize::from(text.first() == Some(&b' '));
    let zone = &text[blanks..];
    let sign = match zone {
        [b'Z' | b'z', ..] if blanks == 0 => return Some((0, 1)),
        [b'U', b'T', b'C', ..] => return Some((0, blanks + 3)),
        [b'+', ..] => 1,
        [b'-', ..] => -1,
        _ => return None,
    };
    let colon = usize::from(zone.get(3) == Some(&b':'));
    let (hours, minutes) = (two(zone.get(1..)?)?, two(zone.get(3 + colon..)?)?);
    let offset_us = sign * (i64::from(hours) * 60 + i64::from(minutes)) * MINUTE_US;
    (hours < 24 && minutes < 60).then_some((offset_us, blanks + 5 + colon))
}

fn month(name: &[u8]) -> Option<u8> {
    let names = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    let at = names.chunks_exact(3).position(|month| month == name)?;
    Some(at as u8 + 1)
}

fn digit(byte: u8) -> Option<u8> {
    byte.is_ascii_digit().then(|| byte - b'0')
}

/// Two digits.
fn two(text: &[u8]) -> Option<u8> {
    let [tens, ones, ..] = *text else { return None };
    Some(digit(tens)? * 10 + digit(ones)?)
}

/// Days from 1970-01-01. A year is counted from March, so that the leap day is its last.
fn days_to(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a day counted from 1970-01-01.
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day)
}
