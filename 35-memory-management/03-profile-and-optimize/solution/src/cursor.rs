//! Fields, read from the left: each function takes what it reads, or answers `None` and leaves the rest unspecified.

/// The rest of a line.
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

    /// Takes a field of exactly `N` bytes and the space behind it.
    #[inline]
    pub fn fixed<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        let (field, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        self.expect(b' ')?;
        Some(field)
    }

    /// Takes the bytes up to the next space, and the space.
    #[inline]
    pub fn word(&mut self) -> Option<&'a [u8]> {
        let end = memchr::memchr(b' ', self.0)?;
        let word = &self.0[..end];
        self.0 = &self.0[end + 1..];
        Some(word)
    }

    /// Takes as many digits as there are, and returns their number and value. More than `most` are none.
    #[inline]
    pub fn digits(&mut self, most: usize) -> Option<(usize, u64)> {
        let mut value = 0;
        let mut count = 0;
        while let Some(digit) = self.0.get(count).map(|byte| byte.wrapping_sub(b'0'))
            && digit <= 9
        {
            if count == most {
                return None;
            }
            value = 10 * value + u64::from(digit);
            count += 1;
        }
        self.0 = &self.0[count..];
        (count > 0).then_some((count, value))
    }
}
