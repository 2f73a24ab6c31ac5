//! A moment, as the log writes it: `2026-03-14T09:26:53.589Z`.

/// What a moment is written in.
pub type Text = [u8; 24];

/// A moment in UTC, between the years 1970 and 9999.
///
/// All have the same length and the largest unit first, so the earlier one is the smaller text. What number it is in
/// milliseconds is worth computing for two of them, the first and the last.
#[derive(Debug, Clone, Copy)]
pub struct Time<'a> {
    /// As it was written.
    pub text: &'a Text,
    /// The hour of the day, 0 to 23.
    pub hour: usize,
}

impl<'a> Time<'a> {
    /// Reads `YYYY-MM-DDThh:mm:ss.mmmZ`; the date must be one of the calendar, and a second is at most 59.
    #[inline]
    pub fn parse(text: &'a Text) -> Option<Self> {
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', clock @ .., b'Z'] = text else {
            return None;
        };
        let [h1, h2, b':', i1, i2, b':', s1, s2, b'.', ms @ ..] = clock else {
            return None;
        };
        let (year_high, year_low) = (pair(*y1, *y2)?, pair(*y3, *y4)?);
        let (month, day) = (pair(*m1, *m2)?, pair(*d1, *d2)?);
        let (hour, minute, second) = (pair(*h1, *h2)?, pair(*i1, *i2)?, pair(*s1, *s2)?);
        let year = 100 * year_high + year_low;
        let is_clock = hour <= 23 && minute <= 59 && second <= 59 && ms.iter().all(u8::is_ascii_digit);
        let is_date = year >= 1970 && (1..=12).contains(&month) && 1 <= day;
        // Days up to the 28th are in every month.
        let is_date = is_date && (day <= 28 || day <= month_length(year, month));
        (is_clock && is_date).then_some(Self {
            text,
            hour: hour as usize,
        })
    }
}

/// The number that two digits make.
#[inline]
fn pair(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens <= 9 && ones <= 9).then_some(10 * u32::from(tens) + u32::from(ones))
}

fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn month_length(year: u32, month: u32) -> u32 {
    match month {
        2 => 28 + u32::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Milliseconds since the beginning of 1970, without leap seconds, of a moment that [`Time::parse`] has read.
pub fn unix_ms(text: &Text) -> u64 {
    let number = |from: usize, to: usize| {
        text[from..to]
            .iter()
            .fold(0, |number, digit| 10 * number + u64::from(digit - b'0'))
    };
    let (year, month, day) = (number(0, 4) as u32, number(5, 7) as u32, number(8, 10));
    let years: u64 = (1970..year).map(|year| 365 + u64::from(is_leap(year))).sum();
    let months: u64 = (1..month).map(|month| u64::from(month_length(year, month))).sum();
    let hours = (years + months + day - 1) * 24 + number(11, 13);
    let seconds = (hours * 60 + number(14, 16)) * 60 + number(17, 19);
    seconds * 1000 + number(20, 23)
}
