//! Where a body ends, RFC 9112, sections 6 and 7.
//!
//! A body passes through as it is, chunk sizes and all. Its reader only counts, so that the proxy knows where the next
//! message starts; and it refuses what another reader could count otherwise.
//!
//! ```text
//! chunk      size in hex [ ";" extension ] CRLF   bytes   CRLF
//! last       "0" [ ";" extension ] CRLF   *( trailer CRLF )   CRLF
//! ```

use super::head::{Field, HeadError, RequestHead, ResponseHead, Version, elements, is_named};

/// The longest line of a chunk's size and extensions, and of all trailers together.
const OVERHEAD_MAX: usize = 4096;

/// How the end of a body is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// `Content-Length`. A message without a body has length 0.
    Length(u64),
    /// `Transfer-Encoding: chunked`.
    Chunked,
    /// By the end of the connection; responses only.
    UntilClose,
}

/// The framing of a request's body.
///
/// # Errors
/// When there could be two opinions: both ways at once, two lengths, a coding that is not `chunked`, chunks in HTTP/1.0.
pub fn of_request(head: &RequestHead<'_>) -> Result<Framing, HeadError> {
    Ok(named(&head.fields, head.version)?.unwrap_or(Framing::Length(0)))
}

/// The framing of a response's body, which depends on what was asked.
///
/// # Errors
/// As of a request.
pub fn of_response(head: &ResponseHead<'_>, method: &str) -> Result<Framing, HeadError> {
    let framing = named(&head.fields, head.version)?;
    if method == "HEAD" || matches!(head.status, 100..=199 | 204 | 304) {
        return Ok(Framing::Length(0));
    }
    Ok(framing.unwrap_or(Framing::UntilClose))
}

/// What the fields say, if they say anything.
fn named(fields: &[Field<'_>], version: Version) -> Result<Option<Framing>, HeadError> {
    let mut lengths = fields.iter().filter(|field| is_named(field, "content-length"));
    let length = lengths.next().map(|(_, value)| decimal(value)).transpose()?;
    if lengths.next().is_some() {
        return Err(HeadError::Malformed("two lengths"));
    }
    if !fields.iter().any(|field| is_named(field, "transfer-encoding")) {
        return Ok(length.map(Framing::Length));
    }
    let mut codings = elements(fields, "transfer-encoding");
    match (codings.next(), codings.next()) {
        _ if length.is_some() => Err(HeadError::Malformed("a length and chunks")),
        _ if version == Version::Http10 => Err(HeadError::Malformed("chunks in HTTP/1.0")),
        (Some(coding), None) if coding.eq_ignore_ascii_case(b"chunked") => Ok(Some(Framing::Chunked)),
        _ => Err(HeadError::Malformed("a coding that is not chunked")),
    }
}

/// Digits and nothing else: no sign, no list.
fn decimal(value: &[u8]) -> Result<u64, HeadError> {
    let digits = std::str::from_utf8(value)
        .ok()
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let number = digits.and_then(|digits| digits.parse().ok());
    number.ok_or(HeadError::Malformed("a length that is no number"))
}

/// A reader of one body.
#[derive(Debug, Clone)]
pub struct Body {
    state: State,
    /// Bytes of the line or the trailers so far; see [`OVERHEAD_MAX`].
    overhead: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// This many bytes to go; at 0 it is done.
    Length(u64),
    UntilClose,
    /// In the digits of a size; `None` before the first.
    Size(Option<u64>),
    /// Behind the digits, up to the CR.
    Extension(u64),
    /// The LF behind a size.
    SizeEnd(u64),
    /// This many bytes of a chunk to go.
    Data(u64),
    /// The CR behind a chunk, then its LF.
    DataCr,
    DataLf,
    /// At the start of a trailer or of the last line; inside a trailer; at the LF of one, and of the last line.
    TrailerStart,
    Trailer,
    TrailerEnd,
    LastLf,
    Done,
}

impl Body {
    /// A body of which nothing has been read.
    pub fn new(framing: Framing) -> Self {
        let state = match framing {
            Framing::Length(length) => State::Length(length),
            Framing::Chunked => State::Size(None),
            Framing::UntilClose => State::UntilClose,
        };
        Self { state, overhead: 0 }
    }

    /// Whether the body has ended. Of one that ends with the connection nobody can say so.
    pub fn is_done(&self) -> bool {
        matches!(self.state, State::Done | State::Length(0))
    }

    /// Reads on, and says how many of these bytes belong to the body: all, unless it ends among them.
    ///
    /// # Errors
    /// When chunks are not as drawn above.
    pub fn take(&mut self, bytes: &[u8]) -> Result<usize, HeadError> {
        let mut at = 0;
        while at < bytes.len() && !self.is_done() {
            let available = bytes.len() - at;
            match &mut self.state {
                State::Length(left) | State::Data(left) => {
                    let count = usize::try_from(*left).unwrap_or(usize::MAX).min(available);
                    *left -= count as u64;
                    at += count;
                    if self.state == State::Data(0) {
                        self.state = State::DataCr;
                    }
                }
                State::UntilClose => at += available,
                _ => {
                    self.step(bytes[at])?;
                    at += 1;
                }
            }
        }
        Ok(at)
    }

    /// Takes one byte of what stands between the chunks.
    fn step(&mut self, byte: u8) -> Result<(), HeadError> {
        self.overhead += 1;
        if self.overhead > OVERHEAD_MAX {
            return Err(HeadError::TooLarge);
        }
        self.state = match (self.state, byte) {
            (State::Size(size), b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F') => {
                let digit = char::from(byte).to_digit(16).expect("a hexadecimal digit");
                let size = size.unwrap_or(0);
                if size >> 56 != 0 {
                    return Err(HeadError::Malformed("a chunk larger than any"));
                }
                State::Size(Some(size << 4 | u64::from(digit)))
            }
            (State::Size(Some(size)), b';') => State::Extension(size),
            (State::Size(Some(size)) | State::Extension(size), b'\r') => State::SizeEnd(size),
            (State::Extension(size), b'\t' | b' '..=b'~' | 0x80..) => State::Extension(size),
            (State::SizeEnd(0), b'\n') => State::TrailerStart,
            (State::SizeEnd(size), b'\n') => State::Data(size),
            (State::DataCr, b'\r') => State::DataLf,
            (State::DataLf, b'\n') => {
                self.overhead = 0;
                State::Size(None)
            }
            (State::TrailerStart, b'\r') => State::LastLf,
            (State::TrailerStart | State::Trailer, b'\t' | b' '..=b'~' | 0x80..) => State::Trailer,
            (State::Trailer, b'\r') => State::TrailerEnd,
            (State::TrailerEnd, b'\n') => State::TrailerStart,
            (State::LastLf, b'\n') => State::Done,
            _ => return Err(HeadError::Malformed("a chunk")),
        };
        Ok(())
    }
}
