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
    // Yours to design: the bytes, and in which case.
}

impl Name {
    /// The name of nothing: no labels.
    pub fn root() -> Self {
        todo!("a name without labels")
    }

    /// The name on the wire, uncompressed.
    pub fn wire(&self) -> &[u8] {
        todo!("the bytes of the name on the wire")
    }

    /// Adds a label behind the others, which is how a decoder comes to a name.
    ///
    /// # Errors
    /// When the label is empty or too long, or the name would be.
    pub fn push(&mut self, label: &[u8]) -> Result<(), NameError> {
        todo!("check the length of {label:?}, and add it")
    }
}

impl FromStr for Name {
    type Err = NameError;

    /// A host name: letters, digits, `-` and `_`, with or without the dot of the root at its end.
    ///
    /// A name whose last label is a number is refused: `127.1` and `0x7f000001` are addresses to those who read them so,
    /// and nobody has registered them.
    fn from_str(text: &str) -> Result<Self, NameError> {
        todo!("split {text:?} at its dots")
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let _ = f;
        todo!("the labels with dots between them")
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({self})")
    }
}
