//! The serialiser: heads and chunks as bytes. What it writes, [`Parser`](crate::parser::Parser) reads.

use std::io::Write;

use bytes::{BufMut, BytesMut};
use http::{HeaderName, HeaderValue, StatusCode, Version};

use crate::request::Request;

/// Appends the head of a request in HTTP/1, its empty line included.
///
/// # Panics
/// When the request's version is not 1.0 or 1.1.
pub fn request_head(request: &Request, out: &mut BytesMut) {
    out.put_slice(request.method.as_str().as_bytes());
    out.put_u8(b' ');
    out.put_slice(&request.target);
    out.put_slice(match request.version {
        Version::HTTP_10 => b" HTTP/1.0\r\n",
        Version::HTTP_11 => b" HTTP/1.1\r\n",
        version => panic!("{version:?} has no such head"),
    });
    for (name, value) in &request.headers {
        field(name, value, out);
    }
    out.put_slice(b"\r\n");
}

/// Appends the status line of a response. The server is one of HTTP/1.1, to clients of 1.0 as well.
pub fn status_line(status: StatusCode, out: &mut BytesMut) {
    out.put_slice(b"HTTP/1.1 ");
    out.put_slice(status.as_str().as_bytes());
    out.put_u8(b' ');
    out.put_slice(status.canonical_reason().unwrap_or_default().as_bytes());
    out.put_slice(b"\r\n");
}

/// Appends a field line.
pub fn field(name: &HeaderName, value: &HeaderValue, out: &mut BytesMut) {
    out.reserve(name.as_str().len() + value.len() + 4);
    out.put_slice(name.as_str().as_bytes());
    out.put_slice(b": ");
    out.put_slice(value.as_bytes());
    out.put_slice(b"\r\n");
}

/// Appends a chunk. No data is no chunk: a size of 0 would end the body.
pub fn chunk(data: &[u8], out: &mut BytesMut) {
    if data.is_empty() {
        return;
    }
    out.reserve(data.len() + 20);
    write!(out.writer(), "{:x}\r\n", data.len()).expect("memory takes what it is given");
    out.put_slice(data);
    out.put_slice(b"\r\n");
}

/// Appends the end of a chunked body, without trailers.
pub fn last_chunk(out: &mut BytesMut) {
    out.put_slice(b"0\r\n\r\n");
}
