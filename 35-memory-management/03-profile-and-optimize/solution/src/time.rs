//! A moment, as the log writes it: `2026-03-14T09:26:53.589Z`.

/// A moment in UTC, between the years 1970 and 9999: its text, as three numbers with the first byte highest.
///
/// All texts have the same length and the largest unit first, so the earlier moment is the smaller text. What number it
/// is in milliseconds is worth computing for two of them, the first and the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time([u64; 3]);

/// The shape of the text, in three words of eight bytes.
const SHAPE: [&[u8; 8]; 3] = [b"0000-00-", b"00T00:00", b":00.000Z"];

impl Time {
    /// Bytes of the text.
    pub const BYTES: usize = 24;

    /// Reads `YYYY-MM-DDThh:mm:ss.mmmZ`; the date must be one of the calendar, and a second is at most 59.
    #[inline]
    pub fn parse(text: &[u8; Self::BYTES]) -> Option<Self> {
        let (words, _) = text.as_chunks::<8>();
        let time = Self([0, 1, 2].map(|nth: usize| u64::from_be_bytes(words[nth])));
        let [date, middle, end] = time.0;
        let has_shape = (0..3).all(|nth| has_shape(time.0[nth], SHAPE[nth]));
        // Digits are compared as text, which has the order of the numbers: "0000-MM-" and so on.
        let year_in_order = date >> 32 >= u64::from(u32::from_be_bytes(*b"1970"));
        let month = digits(date, 8);
        let day = digits(middle, 48);
        let (hour, minute_tens, second_tens) = (digits(middle, 24), middle >> 8 & 0xFF, end >> 48 & 0xFF);
        let is_clock =
            hour <= text_of(b"23") && minute_tens <= u64::from(b'5') && second_tens <= u64::from(b'5');
        let is_date =
            year_in_order && (text_of(b"01")..=text_of(b"12")).contains(&month) && day >= text_of(b"01");
        // Days up to the 28th are in every month.
        let is_day = day <= text_of(b"28") || day_is_in_month(text);
        (has_shape && is_clock && is_date && is_day).then_some(time)
    }

    /// The hour of the day, 0 to 23.
    #[inline]
    pub fn hour(self) -> usize {
        let (tens, ones) = (self.0[1] >> 32 & 0xF, self.0[1] >> 24 & 0xF);
        (10 * tens + ones) as usize
    }

    /// As it was written.
    pub fn text(self) -> [u8; Self::BYTES] {
        let mut text = [0; Self::BYTES];
        for (bytes, word) in text.as_chunks_mut::<8>().0.iter_mut().zip(self.0) {
            *bytes = word.to_be_bytes();
        }
        text
    }

    /// Milliseconds since the beginning of 1970, without leap seconds.
    pub fn unix_ms(self) -> u64 {
        let text = self.text();
        let (year, month) = (number(&text[..4]), number(&text[5..7]));
        let years: u64 = (1970..year).map(|year| 365 + u64::from(is_leap(year))).sum();
        let months: u64 = (1..month).map(|month| month_length(year, month)).sum();
        let hours = (years + months + number(&text[8..10]) - 1) * 24 + number(&text[11..13]);
        let seconds = (hours * 60 + number(&text[14..16])) * 60 + number(&text[17..19]);
        seconds * 1000 + number(&text[20..23])
    }
}

/// Whether a word has digits where `shape` has zeros, and is like `shape` elsewhere. All eight bytes at once.
#[inline]
fn has_shape(word: u64, shape: &[u8; 8]) -> bool {
    /// What must be added to the difference of a byte so that its highest bit shows one that is too large.
    const fn limits(shape: &[u8; 8]) -> u64 {
        let mut limits = [0x7F; 8];
        let mut at = 0;
        while at < 8 {
            if shape[at] == b'0' {
                limits[at] = 0x7F - 9;
            }
            at += 1;
        }
        u64::from_be_bytes(limits)
    }
    let difference = word ^ u64::from_be_bytes(*shape);
    // A byte whose highest bit is set already may carry into the next one; it has failed anyway.
    (difference.wrapping_add(limits(shape)) | difference) & 0x8080_8080_8080_8080 == 0
}

/// The two bytes of a word from this bit on.
#[inline]
fn digits(word: u64, from_bit: u32) -> u64 {
    word >> from_bit & 0xFFFF
}

#[inline]
fn text_of(digits: &[u8; 2]) -> u64 {
    u64::from(u16::from_be_bytes(*digits))
}

/// Whether a month has its 29th, 30th and so on. The text has its shape, or the answer does not matter.
#[cold]
fn day_is_in_month(text: &[u8; Time::BYTES]) -> bool {
    number(&text[8..10]) <= month_length(number(&text[..4]), number(&text[5..7]))
}

fn number(digits: &[u8]) -> u64 {
    let digit = |byte: &u8| u64::from(byte.wrapping_sub(b'0'));
    digits.iter().fold(0, |number, byte| 10 * number + digit(byte))
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn month_length(year: u64, month: u64) -> u64 {
    match month {
        2 => 28 + u64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
