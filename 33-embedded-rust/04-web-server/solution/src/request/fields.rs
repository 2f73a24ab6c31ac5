//! Field lines (RFC 9112, 5), and what is kept of them.
//!
//! ```text
//! field = name ":" *( SP / HTAB ) value *( SP / HTAB )     name is a token, and nothing stands before the colon
//! ```

use super::line::is_token;
use super::{BODY_MAX, Version};
use crate::status::Status;

/// What the fields of a head have said so far.
#[derive(Debug)]
pub struct Fields {
    /// Whether there was a Host. A second one is refused at once.
    has_host: bool,
    /// Of Content-Length; a length that no `usize` can hold is its largest.
    content_length: Option<usize>,
    has_transfer_encoding: bool,
    /// Connection has `close`.
    closes: bool,
    /// Connection has `keep-alive`.
    keeps_alive: bool,
}

impl Fields {
    /// Nothing.
    pub const fn new() -> Self {
        Self {
            has_host: false,
            content_length: None,
            has_transfer_encoding: false,
            closes: false,
            keeps_alive: false,
        }
    }

    /// Takes a field line, without its CRLF.
    ///
    /// # Errors
    /// The status that refuses it.
    pub fn read(&mut self, line: &[u8]) -> Result<(), Status> {
        let colon = line
            .iter()
            .position(|&byte| byte == b':')
            .ok_or(Status::BadRequest)?;
        let (name, value) = (&line[..colon], trim(&line[colon + 1..]));
        if !is_token(name) || !value.iter().copied().all(is_value_byte) {
            return Err(Status::BadRequest);
        }
        let is = |other: &str| name.eq_ignore_ascii_case(other.as_bytes());
        if is("Host") {
            if self.has_host {
                return Err(Status::BadRequest);
            }
            self.has_host = true;
        } else if is("Content-Length") {
            // One that says the same is refused as well: what stands before us may have believed another.
            if self.content_length.is_some() {
                return Err(Status::BadRequest);
            }
            self.content_length = Some(parse_length(value).ok_or(Status::BadRequest)?);
        } else if is("Transfer-Encoding") {
            self.has_transfer_encoding = true;
        } else if is("Connection") {
            for option in value.split(|&byte| byte == b',').map(trim) {
                self.closes |= option.eq_ignore_ascii_case(b"close");
                self.keeps_alive |= option.eq_ignore_ascii_case(b"keep-alive");
            }
        }
        Ok(())
    }

    /// The length of the body, at the end of the head.
    ///
    /// # Errors
    /// The status that refuses the head.
    pub fn body_length(&self, version: Version) -> Result<usize, Status> {
        let is_old = version == Version::Http10;
        let ambiguous = self.has_transfer_encoding && (self.content_length.is_some() || is_old);
        if ambiguous || !(self.has_host || is_old) {
            return Err(Status::BadRequest);
        }
        if self.has_transfer_encoding {
            return Err(Status::NotImplemented);
        }
        match self.content_length.unwrap_or(0) {
            length if length > BODY_MAX => Err(Status::ContentTooLarge),
            length => Ok(length),
        }
    }

    /// Whether the connection lasts.
    pub fn keep_alive(&self, version: Version) -> bool {
        !self.closes && (version == Version::Http11 || self.keeps_alive)
    }
}

impl Default for Fields {
    fn default() -> Self {
        Self::new()
    }
}

/// A number of digits alone; the largest there is for one that is larger.
fn parse_length(text: &[u8]) -> Option<usize> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let append = |number: usize, digit: &u8| {
        number
            .saturating_mul(10)
            .saturating_add(usize::from(digit - b'0'))
    };
    Some(text.iter().fold(0, append))
}

/// Without the spaces and tabs around it.
fn trim(text: &[u8]) -> &[u8] {
    let is_text = |byte: &u8| !matches!(byte, b' ' | b'\t');
    let start = text.iter().position(is_text).unwrap_or(text.len());
    let end = text.iter().rposition(is_text).map_or(start, |last| last + 1);
    &text[start..end]
}

/// Whether the byte may stand in a value: visible, a space, a tab, or above ASCII.
fn is_value_byte(byte: u8) -> bool {
    byte >= b' ' && byte != 0x7F || byte == b'\t'
}
