//! Patterns (XCU 2.14): `*`, `?`, `[…]`, and `\` that takes the meaning from what is behind it.
//!
//! A pattern is the text of a word in which everything that was quoted stands behind a backslash. Matching is on bytes,
//! as in the C locale.

/// Puts a backslash before each byte of `text` that could mean something in a pattern.
pub fn quote(text: &[u8], out: &mut Vec<u8>) {
    todo!("quote {text:?} behind {out:?}")
}

/// Takes the backslashes out of a pattern: the text that it stands for if nothing in it is special.
pub fn unquote(pattern: &[u8]) -> Vec<u8> {
    todo!("take the backslashes out of {pattern:?}")
}

/// Whether the pattern can match anything but one text.
pub fn is_special(pattern: &[u8]) -> bool {
    todo!("is anything special in {pattern:?}?")
}

/// Whether the whole of `text` matches `pattern`.
pub fn matches(pattern: &[u8], text: &[u8]) -> bool {
    todo!("does {pattern:?} match {text:?}?")
}
