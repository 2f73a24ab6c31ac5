//! The head of a response in HTTP/1, with the fields that are about the message and its connection.

use std::io::Write;

use bytes::{BufMut, BytesMut};
use http::header::{CONNECTION, CONTENT_LENGTH, DATE, TRANSFER_ENCODING};
use http::{HeaderValue, StatusCode, Version};

use crate::request::Request;
use crate::response::Response;
use crate::{date, serialise};

/// Appends the head of a response. A body without a length goes out in chunks.
pub(super) fn put_head(
    response: &Response,
    request: Option<&Request>,
    length: Option<u64>,
    keep_alive: bool,
    out: &mut BytesMut,
) {
    out.reserve(512);
    serialise::status_line(response.status, out);
    serialise::field(&DATE, &date::now(), out);
    for (name, value) in &response.fields {
        serialise::field(name, value, out);
    }
    match length {
        _ if matches!(response.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) => {}
        Some(length) => {
            write!(out.writer(), "{CONTENT_LENGTH}: {length}\r\n").expect("memory takes what it is given");
        }
        None => serialise::field(&TRANSFER_ENCODING, &HeaderValue::from_static("chunked"), out),
    }
    let is_old = request.is_some_and(|request| request.version == Version::HTTP_10);
    match (keep_alive, is_old) {
        (false, _) => serialise::field(&CONNECTION, &HeaderValue::from_static("close"), out),
        // What a client of 1.0 asked for it wants to be told.
        (true, true) => serialise::field(&CONNECTION, &HeaderValue::from_static("keep-alive"), out),
        (true, false) => {}
    }
    out.put_slice(b"\r\n");
}
