//! A domain name: labels of 1 to 63 bytes, each behind its length, and a zero at the end.
//!
//! ```text
//!  03  w   w   w   07  e   x   a   m   p   l   e   03  c   o   m   00
//! ```
//!
//! That is the name as it stands on the wire, RFC 1035, section 3.1, and it is how [`Name`] keeps it: a label on the
//! wire may contain a dot, and text could not tell it from a border.

use std::fmt;
use std::str::FromStr;

/// The longest name, its lengths and its zero counted.
pub const NAME_MAX: usize = 255;

/// The longest label.
pub const LABEL_MAX: usize = 63;

/// Why a text is no name that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a host name")]
pub struct NameError;

/// A domain name.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    /// In lower case, since names that differ in nothing else are one. A length is at most 63 and a capital letter
    /// at least 65, so that lengths survive `to_ascii_lowercase`.
    wire: Vec<u8>,
}

impl Name {
    /// The name of nothing: no labels.
    pub fn root() -> Self {
        Self { wire: vec![0] }
    }

    /// The name on the wire, uncompressed.
    pub fn wire(&self) -> &[u8] {
        &self.wire
    }

    /// Adds a label behind the others, which is how a decoder comes to a name.
    ///
    /// # Errors
    /// When the label is empty or too long, or the name would be.
    pub fn push(&mut self, label: &[u8]) -> Result<(), NameError> {
        if label.is_empty() || label.len() > LABEL_MAX || self.wire.len() + 1 + label.len() > NAME_MAX {
            return Err(NameError);
        }
        let length = u8::try_from(label.len()).expect("a label of at most 63 bytes");
        self.wire.pop();
        self.wire.push(length);
        self.wire.extend(label.iter().map(u8::to_ascii_lowercase));
        self.wire.push(0);
        Ok(())
    }

    /// The labels, first to last.
    pub fn labels(&self) -> impl Iterator<Item = &[u8]> {
        let mut rest = &self.wire[..];
        std::iter::from_fn(move || {
            let (&length, tail) = rest.split_first()?;
            let (label, tail) = tail.split_at(usize::from(length));
            rest = tail;
            (length > 0).then_some(label)
        })
    }
}

impl FromStr for Name {
    type Err = NameError;

    /// A host name: letters, digits, `-` and `_`, with or without the dot of the root at its end.
    ///
    /// A name whose last label is a number is refused: `127.1` and `0x7f000001` are addresses to those who read them so,
    /// and nobody has registered them.
    fn from_str(text: &str) -> Result<Self, NameError> {
        let text = text.strip_suffix('.').unwrap_or(text);
        let mut name = Self::root();
        for label in text.split('.') {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
            if !label.bytes().all(is_plain) {
                return Err(NameError);
            }
            name.push(label.as_bytes())?;
        }
        let last = text.rsplit('.').next().unwrap_or_default();
        let digits = last.strip_prefix("0x").or(last.strip_prefix("0X"));
        let is_number = match digits {
            Some(digits) => digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
            None => last.bytes().all(|byte| byte.is_ascii_digit()),
        };
        if is_number { Err(NameError) } else { Ok(name) }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, label) in self.labels().enumerate() {
            if at > 0 {
                f.write_str(".")?;
            }
            write!(f, "{}", label.escape_ascii())?;
        }
        if self.wire.len() == 1 {
            f.write_str(".")
        } else {
            Ok(())
        }
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({self})")
    }
}
