//! Conditional requests (RFC 9110, section 13).
//!
//! A client that has a representation names it by its validators, the entity tag and the date of its last change.

use std::time::SystemTime;

use http::HeaderMap;
use http::header::IF_RANGE;

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
    todo!("hold {headers:?} against {validators:?}")
}

/// Whether a `Range` counts: there is no `If-Range`, or it names this very state (RFC 9110, section 13.1.5).
pub fn range_applies(headers: &HeaderMap, validators: Validators<'_>) -> bool {
    todo!("hold {:?} against {validators:?}", headers.get(IF_RANGE))
}
