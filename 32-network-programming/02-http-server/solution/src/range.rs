//! Range requests (RFC 9110, section 14).

use std::ops::Range;

use http::HeaderMap;
use http::header::RANGE;

/// What part of a representation is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// All of it: nothing else was asked for, or nothing that is understood.
    Whole,
    /// These bytes; never none.
    Part(Range<u64>),
    /// 416: not one byte of it.
    Unsatisfiable,
}

/// What the field `Range` selects of `length` bytes.
///
/// A server may ignore the field. This one does where it is not well-formed, has another unit than bytes, or asks for
/// more than one part.
pub fn select(headers: &HeaderMap, length: u64) -> Selection {
    let mut values = headers.get_all(RANGE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Selection::Whole;
    };
    let part = value.to_str().ok().and_then(part);
    match part {
        None => Selection::Whole,
        Some(Part::From(first, last)) if first < length => {
            Selection::Part(first..last.map_or(length, |last| last.saturating_add(1).min(length)))
        }
        Some(Part::Last(1..)) if length == 0 => Selection::Whole,
        Some(Part::Last(count @ 1..)) => Selection::Part(length.saturating_sub(count)..length),
        Some(_) => Selection::Unsatisfiable,
    }
}

/// One part, as the field names it.
enum Part {
    /// `first-last` or `first-`.
    From(u64, Option<u64>),
    /// `-count`.
    Last(u64),
}

fn part(value: &str) -> Option<Part> {
    let (unit, set) = value.split_once('=')?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (first, last) = set.trim_matches([' ', '\t']).split_once('-')?;
    match (first, last) {
        ("", last) => Some(Part::Last(number(last)?)),
        (first, "") => Some(Part::From(number(first)?, None)),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then_some(Part::From(first, Some(last)))
        }
    }
}

/// Digits only; a number that is too large is as good as the largest.
fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}
