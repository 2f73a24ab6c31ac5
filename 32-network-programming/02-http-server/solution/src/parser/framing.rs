//! What the fields of a head say about the message and its connection.
//!
//! Whoever stands before this server, a proxy for one, has read the same head. Where the two could read it
//! differently, one could be made to see a request where the other sees a body: request smuggling. So what is
//! ambiguous is refused, even where RFC 9112 would allow a repair.

use http::header::{CONNECTION, CONTENT_LENGTH, EXPECT, HOST, TRANSFER_ENCODING};
use http::{HeaderName, Version};

use super::Framing;
use super::head::{is_host, trim};
use crate::refusal::Refusal;
use crate::request::Request;

/// How the end of the body is found (RFC 9112, section 6.3).
pub(super) fn framing(request: &Request) -> Result<Framing, Refusal> {
    let has_length = request.headers.contains_key(CONTENT_LENGTH);
    if !request.headers.contains_key(TRANSFER_ENCODING) {
        return if has_length {
            length(request)
        } else {
            Ok(Framing::None)
        };
    }
    if has_length {
        return Err(Refusal::BadRequest("both Content-Length and Transfer-Encoding"));
    }
    if request.version == Version::HTTP_10 {
        return Err(Refusal::BadRequest("Transfer-Encoding in HTTP/1.0"));
    }
    let codings: Vec<&[u8]> = list(request, &TRANSFER_ENCODING).collect();
    let is_chunked = |coding: &&[u8]| coding.eq_ignore_ascii_case(b"chunked");
    match codings.split_last() {
        Some((last, before)) if is_chunked(last) && !before.iter().any(is_chunked) => {
            if before.is_empty() {
                Ok(Framing::Chunked)
            } else {
                Err(Refusal::NotImplemented)
            }
        }
        _ => Err(Refusal::BadRequest(
            "Transfer-Encoding does not end in one chunked",
        )),
    }
}

/// One field of digits only. A second one is refused even when it says the same.
fn length(request: &Request) -> Result<Framing, Refusal> {
    let mut values = request.headers.get_all(CONTENT_LENGTH).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(Refusal::BadRequest("more than one Content-Length"));
    };
    // `u64::from_str` takes a sign, HTTP does not.
    let digits = value
        .to_str()
        .ok()
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    match digits.and_then(|text| text.parse().ok()) {
        Some(0) => Ok(Framing::None),
        Some(length) => Ok(Framing::Length(length)),
        None => Err(Refusal::BadRequest("Content-Length is no number")),
    }
}

/// Whether the connection lasts: in 1.1 unless told otherwise, in 1.0 only when asked for.
pub(super) fn keeps_alive(request: &Request) -> bool {
    let says =
        |option: &str| list(request, &CONNECTION).any(|word| word.eq_ignore_ascii_case(option.as_bytes()));
    !says("close") && (request.version == Version::HTTP_11 || says("keep-alive"))
}

/// Whether the client waits for `100 Continue`. A client of 1.0 cannot, whatever it says.
pub(super) fn expects_continue(request: &Request) -> Result<bool, Refusal> {
    if request.version == Version::HTTP_10 || !request.headers.contains_key(EXPECT) {
        return Ok(false);
    }
    if list(request, &EXPECT).all(|word| word.eq_ignore_ascii_case(b"100-continue")) {
        Ok(true)
    } else {
        Err(Refusal::ExpectationFailed)
    }
}

/// One `Host`, and none only in HTTP/1.0 (RFC 9112, section 3.2).
pub(super) fn check_host(request: &Request) -> Result<(), Refusal> {
    let mut hosts = request.headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) if request.version == Version::HTTP_10 => Ok(()),
        (None, _) => Err(Refusal::BadRequest("no Host")),
        (Some(host), None) if is_host(host.as_bytes()) => Ok(()),
        (Some(_), None) => Err(Refusal::BadRequest("the Host")),
        (Some(_), Some(_)) => Err(Refusal::BadRequest("more than one Host")),
    }
}

/// The elements of a field that is a list: of all its lines, between commas, without white space.
fn list<'a>(request: &'a Request, name: &HeaderName) -> impl Iterator<Item = &'a [u8]> {
    let lines = request.headers.get_all(name).into_iter();
    lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b',').map(trim))
}
