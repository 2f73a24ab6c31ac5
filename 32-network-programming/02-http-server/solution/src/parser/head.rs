//! The head of a request: where it ends, and what it says (RFC 9112, sections 2 to 5; RFC 9110, section 5).
//!
//! ```text
//! request-line   method SP request-target SP HTTP-version CRLF
//! field-line     field-name ":" OWS field-value OWS CRLF          any number of them
//! CRLF
//! ```

use bytes::{Buf, Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Version};

use super::{Head, framing};
use crate::refusal::Refusal;
use crate::request::{self, Request};

/// The search for the end of a head, which goes on where it stopped when more bytes come.
#[derive(Debug, Default)]
pub(super) struct Search {
    /// Whether an empty line was taken away before the request line: one is.
    has_skipped: bool,
    /// Where the line begins that is searched.
    line: usize,
    /// Before this, that line has no LF.
    searched: usize,
}

impl Search {
    /// The length of the head with its empty line, once that is there. A LF without its CR is found on the way.
    pub(super) fn end(&mut self, buffer: &mut BytesMut, max_head: usize) -> Result<Option<usize>, Refusal> {
        if !self.has_skipped && self.searched == 0 {
            match buffer.as_ref() {
                [b'\r', b'\n', ..] => {
                    buffer.advance(2);
                    self.has_skipped = true;
                }
                [b'\r'] | [] => return Ok(None),
                _ => {}
            }
        }
        let window = &buffer[..buffer.len().min(max_head)];
        while let Some(found) = memchr::memchr(b'\n', &window[self.searched..]) {
            let end = self.searched + found;
            if end == self.line || window[end - 1] != b'\r' {
                return Err(Refusal::BadRequest("a line ends without CR"));
            }
            let is_empty = end - self.line == 1;
            (self.line, self.searched) = (end + 1, end + 1);
            if is_empty {
                return Ok(Some(end + 1));
            }
        }
        self.searched = window.len();
        match (buffer.len() >= max_head, self.line) {
            (false, _) => Ok(None),
            (true, 0) => Err(Refusal::UriTooLong),
            (true, _) => Err(Refusal::FieldsTooLarge),
        }
    }
}

/// Parses a whole head, its empty line included. Values share the memory of `bytes`.
pub(super) fn parse(bytes: &Bytes, max_fields: usize) -> Result<Head, Refusal> {
    let mut lines = Lines { rest: bytes };
    let line = lines.next().unwrap_or_default();
    let (method, target, version) = request_line(line)?;
    let mut headers = HeaderMap::with_capacity(8);
    let mut count = 0;
    for line in lines.take_while(|line| !line.is_empty()) {
        count += 1;
        if count > max_fields {
            return Err(Refusal::FieldsTooLarge);
        }
        let (name, value) = field_line(line)?;
        let name = HeaderName::from_bytes(name).map_err(|_| Refusal::BadRequest("a field's name"))?;
        let value = HeaderValue::from_maybe_shared(bytes.slice_ref(value))
            .map_err(|_| Refusal::BadRequest("a field's value"))?;
        headers.append(name, value);
    }
    let request = Request {
        method,
        target: bytes.slice_ref(target),
        version,
        headers,
    };
    framing::check_host(&request)?;
    let expects_continue = framing::expects_continue(&request)?;
    Ok(Head {
        framing: framing::framing(&request)?,
        keep_alive: framing::keeps_alive(&request),
        expects_continue,
        request,
    })
}

/// The lines of a head without their CRLF.
struct Lines<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let end = memchr::memchr(b'\n', self.rest)?;
        let line = &self.rest[..end - 1];
        self.rest = &self.rest[end + 1..];
        Some(line)
    }
}

/// Three words with one space between each two.
fn request_line(line: &[u8]) -> Result<(Method, &[u8], Version), Refusal> {
    let mut words = line.split(|byte| *byte == b' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(Refusal::BadRequest("the request line has not three parts"));
    };
    if !is_token(method) {
        return Err(Refusal::BadRequest("the method"));
    }
    let method = Method::from_bytes(method).map_err(|_| Refusal::BadRequest("the method"))?;
    check_target(&method, target)?;
    let version = match version {
        [b'H', b'T', b'T', b'P', b'/', b'1', b'.', b'0'] => Version::HTTP_10,
        // A higher minor version is one that can be spoken to in 1.1 (RFC 9110, section 2.5).
        [b'H', b'T', b'T', b'P', b'/', b'1', b'.', b'1'..=b'9'] => Version::HTTP_11,
        [b'H', b'T', b'T', b'P', b'/', b'0'..=b'9', b'.', b'0'..=b'9'] => {
            return Err(Refusal::VersionNotSupported);
        }
        _ => return Err(Refusal::BadRequest("the version")),
    };
    Ok((method, target, version))
}

/// The four forms of a target (RFC 9112, section 3.2).
fn check_target(method: &Method, target: &[u8]) -> Result<(), Refusal> {
    let is_visible = |byte: &u8| matches!(byte, 0x21..=0x7E) && *byte != b'#';
    let has_form = match target {
        [b'/', ..] => *method != Method::CONNECT,
        b"*" => *method == Method::OPTIONS,
        _ if *method == Method::CONNECT => is_host(target),
        _ => request::authority(target).is_some_and(|rest| {
            let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?'));
            let host = &rest[..end.unwrap_or(rest.len())];
            !host.is_empty() && is_host(host)
        }),
    };
    if has_form && target.iter().all(is_visible) {
        Ok(())
    } else {
        Err(Refusal::BadRequest("the target"))
    }
}

/// A field line's name and its value without the white space around it. Nothing of what is special in a line can
/// come out of here: no CR, no NUL, no second line.
pub(super) fn field_line(line: &[u8]) -> Result<(&[u8], &[u8]), Refusal> {
    if matches!(line, [b' ' | b'\t', ..]) {
        return Err(Refusal::BadRequest("a folded line"));
    }
    let colon = memchr::memchr(b':', line).ok_or(Refusal::BadRequest("a field without a colon"))?;
    let (name, value) = (&line[..colon], &line[colon + 1..]);
    // White space before the colon is no part of a token, and so is refused here, as it must be.
    if !is_token(name) {
        return Err(Refusal::BadRequest("a field's name"));
    }
    if !value.iter().all(|byte| is_text(*byte)) {
        return Err(Refusal::BadRequest("a field's value"));
    }
    Ok((name, trim(value)))
}

/// Without the spaces and tabs at both ends.
pub(super) fn trim(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

/// What a field's value may consist of: visible characters, space, tab, and bytes that are not ASCII.
pub(super) fn is_text(byte: u8) -> bool {
    matches!(byte, b'\t' | 0x20..=0x7E | 0x80..)
}

/// `token` of RFC 9110, section 5.6.2.
fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(|byte| TOKEN[usize::from(*byte)])
}

/// Which bytes are `tchar`.
const TOKEN: [bool; 256] = {
    let mut table = [false; 256];
    let allowed = b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut at = 0;
    while at < allowed.len() {
        table[allowed[at] as usize] = true;
        at += 1;
    }
    table
};

/// Whether these bytes can stand in a host with its port: no slash, no `@`, no space (RFC 3986, section 3.2.2).
pub(super) fn is_host(bytes: &[u8]) -> bool {
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=%[]:".contains(byte);
    bytes.iter().all(allowed)
}
