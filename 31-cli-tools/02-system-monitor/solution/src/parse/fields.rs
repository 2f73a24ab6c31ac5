//! A cursor over the words of a line.

use std::str::FromStr;

use super::{Fault, ParseError};

/// The words of a line of `file`, separated by blanks, taken one after another.
pub struct Fields<'a> {
    file: &'static str,
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    /// The words of `line`.
    pub fn new(file: &'static str, line: &'a [u8]) -> Self {
        Self { file, rest: line }
    }

    /// The next word, if there is one.
    pub fn next_word(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest.trim_ascii_start();
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .iter()
            .position(u8::is_ascii_whitespace)
            .unwrap_or(rest.len());
        let (word, rest) = rest.split_at(end);
        self.rest = rest;
        Some(word)
    }

    /// The next word, which is `field`.
    pub fn word(&mut self, field: &str) -> Result<&'a [u8], ParseError> {
        self.next_word()
            .ok_or_else(|| error(self.file, field, Fault::Missing))
    }

    /// Leaves out `count` words, the last of which is `field`.
    pub fn skip(&mut self, count: usize, field: &str) -> Result<(), ParseError> {
        for _ in 0..count {
            self.word(field)?;
        }
        Ok(())
    }

    /// The next word as a number in decimal digits.
    pub fn number(&mut self, field: &str) -> Result<u64, ParseError> {
        let word = self.word(field)?;
        decimal(word).ok_or_else(|| error(self.file, field, Fault::Invalid))
    }

    /// The next word as whatever can be read from text.
    pub fn value<T: FromStr>(&mut self, field: &str) -> Result<T, ParseError> {
        let word = self.word(field)?;
        let value = std::str::from_utf8(word).ok().and_then(|word| word.parse().ok());
        value.ok_or_else(|| error(self.file, field, Fault::Invalid))
    }
}

/// The value of `digits`, if they are decimal digits and fit. By hand: this runs some ten times a process, and
/// `str::parse` would want the bytes checked as UTF-8 first.
pub fn decimal(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |value, byte| {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value.checked_mul(10)?.checked_add(u64::from(digit))
    })
}

/// The error that `field` of `file` has this fault.
pub fn error(file: &'static str, field: &str, fault: Fault) -> ParseError {
    ParseError {
        file,
        field: field.to_owned(),
        fault,
    }
}

/// The lines of a file, without line feeds and without empty ones.
pub fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes
        .split(|&byte| byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty())
}
