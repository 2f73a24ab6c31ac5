//! Fields, read from the left.
//!
//! Each function takes what it reads and the byte behind it, or answers `None` and leaves the rest unspecified. None
//! reads past a line feed that it has not been asked for, so a line needs no end to be read: it is where they stop.

/// The log from somewhere inside a line.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'a>(pub &'a [u8]);

impl<'a> Cursor<'a> {
    /// Takes `byte`, if it is the next one.
    #[inline]
    pub fn expect(&mut self, byte: u8) -> Option<()> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        (*first == byte).then_some(())
    }

    /// Takes `N` bytes and the space behind them.
    #[inline]
    pub fn fixed<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        let (field, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        self.expect(b' ')?;
        Some(field)
    }

    /// Takes one to `most` digits, and returns their value.
    #[inline]
    pub fn digits(&mut self, most: usize) -> Option<u64> {
        let mut value = 0_u64;
        let mut count = 0;
        while let Some(digit) = self.0.get(count).map(|byte| byte.wrapping_sub(b'0'))
            && digit <= 9
        {
            // Whatever it has come to when there are too many digits is thrown away.
            value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
            count += 1;
        }
        self.0 = &self.0[count..];
        (1..=most).contains(&count).then_some(value)
    }

    /// How many bytes there are before the next space, which must come before the line feed, and whether all are ASCII.
    /// Takes nothing.
    #[inline]
    pub fn word(&self) -> Option<(usize, bool)> {
        let length = memchr::memchr2(b' ', b'\n', self.0)?;
        (self.0[length] == b' ').then(|| (length, self.0[..length].is_ascii()))
    }
}
