//! The serialiser: heads and chunks as bytes. What it writes, [`Parser`](crate::parser::Parser) reads.

use bytes::BytesMut;
use http::{HeaderName, HeaderValue, StatusCode};

use crate::request::Request;

/// Appends the head of a request in HTTP/1, its empty line included.
///
/// # Panics
/// When the request's version is not 1.0 or 1.1.
pub fn request_head(request: &Request, out: &mut BytesMut) {
    todo!("write {request:?} behind {out:?}")
}

/// Appends the status line of a response. The server is one of HTTP/1.1, to clients of 1.0 as well.
pub fn status_line(status: StatusCode, out: &mut BytesMut) {
    todo!("write {status} behind {out:?}")
}

/// Appends a field line.
pub fn field(name: &HeaderName, value: &HeaderValue, out: &mut BytesMut) {
    todo!("write {name}: {value:?} behind {out:?}")
}

/// Appends a chunk. No data is no chunk: a size of 0 would end the body.
pub fn chunk(data: &[u8], out: &mut BytesMut) {
    todo!("write {data:?} behind {out:?}")
}

/// Appends the end of a chunked body, without trailers.
pub fn last_chunk(out: &mut BytesMut) {
    todo!("write the end behind {out:?}")
}
