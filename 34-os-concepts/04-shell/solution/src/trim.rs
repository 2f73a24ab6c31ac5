//! `${x#pattern}` and `${x%pattern}` (XCU 2.6.2): a value without what a pattern matches at one of its ends.

use crate::ast::End;
use crate::pattern;

/// What is left of `value`; all of it when the pattern does not match.
pub fn trim<'a>(value: &'a [u8], pattern: &[u8], end: End, longest: bool) -> &'a [u8] {
    let split = |length: usize| match end {
        End::Prefix => value.split_at(length),
        End::Suffix => {
            let (rest, matched) = value.split_at(value.len() - length);
            (matched, rest)
        }
    };
    // The pattern is a text: there is only one length to try.
    if !pattern::is_special(pattern) {
        let length = pattern::unquote(pattern).len();
        return if length <= value.len() && pattern::matches(pattern, split(length).0) {
            split(length).1
        } else {
            value
        };
    }
    let fits = |length: &usize| pattern::matches(pattern, split(*length).0);
    let length = if longest {
        (0..=value.len()).rev().find(fits)
    } else {
        (0..=value.len()).find(fits)
    };
    length.map_or(value, |length| split(length).1)
}
