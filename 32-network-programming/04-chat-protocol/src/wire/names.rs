//! What a nick, the name of a room and a text may consist of, and a list of nicks as it stands in a frame.

use super::{MAX_BODY, MAX_NAME};

/// Whether `text` may be a nick or the name of a room: 1 to [`MAX_NAME`] bytes, no control characters, no white space.
pub fn is_name(text: &str) -> bool {
    todo!("look at the length and the characters of {text:?}")
}

/// Whether `text` may be said: 1 to [`MAX_TEXT`](super::MAX_TEXT) bytes, no control characters.
///
/// A terminal obeys control characters: whoever can send them can write anywhere on the reader's screen.
pub fn is_text(text: &str) -> bool {
    todo!("look at the length and the characters of {text:?}")
}

/// A list of names, each behind its length, as in a `Members` frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Names<'a> {
    /// Whole names only.
    packed: &'a [u8],
}

impl<'a> Names<'a> {
    /// Bytes of a list that surely fit a frame.
    pub const ROOM: usize = MAX_BODY - 5;

    /// The list that `packed` is; `None` when it is none.
    pub fn new(packed: &'a [u8]) -> Option<Self> {
        let mut rest = packed;
        while let Some((&length, behind)) = rest.split_first() {
            let length = usize::from(length);
            let name = behind.get(..length)?;
            if length > MAX_NAME || std::str::from_utf8(name).is_err() {
                return None;
            }
            rest = &behind[length..];
        }
        Some(Self { packed })
    }

    /// Appends a name to a list that is being made.
    pub fn pack(packed: &mut Vec<u8>, name: &str) {
        packed.push(u8::try_from(name.len()).expect("a name has at most MAX_NAME bytes"));
        packed.extend_from_slice(name.as_bytes());
    }

    /// The bytes of the list.
    pub fn packed(self) -> &'a [u8] {
        self.packed
    }

    /// The names, in order.
    pub fn iter(self) -> impl Iterator<Item = &'a str> {
        let mut rest = self.packed;
        std::iter::from_fn(move || {
            let (&length, behind) = rest.split_first()?;
            let (name, behind) = behind.split_at(usize::from(length));
            rest = behind;
            Some(std::str::from_utf8(name).expect("checked by new"))
        })
    }
}
