//! Conditional requests (RFC 9110, section 13).
//!
//! A client that has a representation names it by its validators, the entity tag and the date of its last change.

use std::time::SystemTime;

use http::HeaderMap;
use http::header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE};
use http::{HeaderName, HeaderValue};

use crate::date;

/// What tells two states of a resource apart.
#[derive(Debug, Clone, Copy)]
pub struct Validators<'a> {
    /// The entity tag with its quotes; a strong one.
    pub etag: &'a str,
    /// The last change. Headers tell whole seconds.
    pub modified: SystemTime,
}

/// What the conditions of a request come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Answer as without them.
    Proceed,
    /// 304: the client has what it asks for.
    NotModified,
    /// 412: the client would act on something else than it thinks.
    PreconditionFailed,
}

/// Evaluates the conditions of a GET or HEAD in the order of RFC 9110, section 13.2.2.
pub fn evaluate(headers: &HeaderMap, validators: Validators<'_>) -> Outcome {
    let modified = date::whole_seconds(validators.modified);
    if headers.contains_key(IF_MATCH) {
        if !any_tag(headers, &IF_MATCH, |tag| tag.matches_strongly(validators.etag)) {
            return Outcome::PreconditionFailed;
        }
    } else if sole_date(headers, &IF_UNMODIFIED_SINCE).is_some_and(|date| modified > date) {
        return Outcome::PreconditionFailed;
    }
    if headers.contains_key(IF_NONE_MATCH) {
        if any_tag(headers, &IF_NONE_MATCH, |tag| tag.matches_weakly(validators.etag)) {
            return Outcome::NotModified;
        }
    } else if sole_date(headers, &IF_MODIFIED_SINCE).is_some_and(|date| modified <= date) {
        return Outcome::NotModified;
    }
    Outcome::Proceed
}

/// Whether a `Range` counts: there is no `If-Range`, or it names this very state (RFC 9110, section 13.1.5).
pub fn range_applies(headers: &HeaderMap, validators: Validators<'_>) -> bool {
    let Some(value) = headers.get(IF_RANGE) else {
        return true;
    };
    match date::parse(value) {
        Some(date) => date == date::whole_seconds(validators.modified),
        None => tags(value)
            .next()
            .is_some_and(|tag| tag.is_entity() && tag.matches_strongly(validators.etag)),
    }
}

/// The date of a field; a field that is no date, or stands there twice, is ignored.
fn sole_date(headers: &HeaderMap, name: &HeaderName) -> Option<SystemTime> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    values.next().is_none().then(|| date::parse(value))?
}

/// Whether one of the tags that the lines of a field list is as wanted.
fn any_tag(headers: &HeaderMap, name: &HeaderName, is_wanted: impl Fn(&Tag<'_>) -> bool) -> bool {
    headers
        .get_all(name)
        .iter()
        .flat_map(tags)
        .any(|tag| is_wanted(&tag))
}

/// An entry of such a list.
enum Tag<'a> {
    /// `*`: any state that there is.
    Any,
    Entity {
        is_weak: bool,
        /// With its quotes.
        opaque: &'a [u8],
    },
}

impl Tag<'_> {
    fn is_entity(&self) -> bool {
        matches!(self, Self::Entity { .. })
    }

    /// Byte for byte the same.
    fn matches_strongly(&self, etag: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Entity { is_weak, opaque } => !is_weak && *opaque == etag.as_bytes(),
        }
    }

    /// As good as the same.
    fn matches_weakly(&self, etag: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Entity { opaque, .. } => *opaque == etag.as_bytes(),
        }
    }
}

/// The tags of a line, up to the first thing that is none. A comma may stand inside a tag, so that splitting at
/// commas would not do.
fn tags(value: &HeaderValue) -> impl Iterator<Item = Tag<'_>> {
    let mut rest = value.as_bytes();
    std::iter::from_fn(move || {
        while let [b' ' | b'\t' | b',', after @ ..] = rest {
            rest = after;
        }
        if let [b'*', after @ ..] = rest {
            rest = after;
            return Some(Tag::Any);
        }
        let (is_weak, quoted) = match rest.strip_prefix(b"W/") {
            Some(quoted) => (true, quoted),
            None => (false, rest),
        };
        let inner = quoted.strip_prefix(b"\"")?;
        let end = memchr::memchr(b'"', inner)? + 2;
        let (opaque, after) = quoted.split_at(end);
        rest = after;
        Some(Tag::Entity { is_weak, opaque })
    })
}
