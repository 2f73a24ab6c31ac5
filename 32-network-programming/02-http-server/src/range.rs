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
    todo!("what {:?} selects of {length} bytes", headers.get(RANGE))
}
