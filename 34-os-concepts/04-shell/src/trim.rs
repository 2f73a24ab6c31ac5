//! `${x#pattern}` and `${x%pattern}` (XCU 2.6.2): a value without what a pattern matches at one of its ends.

use crate::ast::End;

/// What is left of `value`; all of it when the pattern does not match.
pub fn trim<'a>(value: &'a [u8], pattern: &[u8], end: End, longest: bool) -> &'a [u8] {
    todo!("trim {value:?} at its {end:?} by {pattern:?}, longest: {longest}")
}
