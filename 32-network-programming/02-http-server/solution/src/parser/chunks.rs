//! A body in chunks (RFC 9112, section 7.1).
//!
//! ```text
//! chunk     size in hexadecimal [ ";" extensions ] CRLF  data CRLF      any number of them
//! last      "0" [ ";" extensions ] CRLF
//! trailers  field-line CRLF                                             any number of them
//! CRLF
//! ```

use bytes::{Buf, Bytes, BytesMut};

use super::head::{field_line, is_text};
use crate::limits::MAX_CHUNK_LINE;
use crate::refusal::Refusal;

/// The state between two bytes of such a body.
#[derive(Debug)]
pub(super) struct Chunks {
    part: Part,
    /// Bytes of data that are still allowed.
    body_left: u64,
    /// Bytes of extensions that are still allowed in this body. Without this a peer sends a byte of data with 200
    /// bytes of extension each, and `max_body` bounds nothing.
    extensions_left: usize,
    /// Bytes and lines of trailers that are still allowed.
    trailer_left: usize,
    fields_left: usize,
}

#[derive(Debug, Clone, Copy)]
enum Part {
    Size,
    Data(u64),
    DataEnd,
    Trailers,
}

/// What a step brings.
pub(super) enum Step {
    Data(Bytes),
    /// It takes more bytes to go on.
    More,
    End,
}

impl Chunks {
    /// The start of a body.
    pub(super) fn new(max_body: u64, max_head: usize, max_fields: usize) -> Self {
        Self {
            part: Part::Size,
            body_left: max_body,
            extensions_left: max_head,
            trailer_left: max_head,
            fields_left: max_fields,
        }
    }

    /// Takes from `buffer` up to the next piece of data, or the end, or its last byte.
    pub(super) fn step(&mut self, buffer: &mut BytesMut) -> Result<Step, Refusal> {
        loop {
            match self.part {
                Part::Size => {
                    let too_long = Refusal::BadRequest("the line of a chunk's size is too long");
                    let Some(line) = take_line(buffer, MAX_CHUNK_LINE, too_long)? else {
                        return Ok(Step::More);
                    };
                    let size = self.size(&line)?;
                    self.body_left = self.body_left.checked_sub(size).ok_or(Refusal::ContentTooLarge)?;
                    self.part = if size == 0 {
                        Part::Trailers
                    } else {
                        Part::Data(size)
                    };
                }
                Part::Data(_) if buffer.is_empty() => return Ok(Step::More),
                Part::Data(left) => {
                    let count = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
                    let left = left - count as u64;
                    self.part = if left == 0 {
                        Part::DataEnd
                    } else {
                        Part::Data(left)
                    };
                    return Ok(Step::Data(buffer.split_to(count).freeze()));
                }
                Part::DataEnd => match buffer.as_ref() {
                    [b'\r', b'\n', ..] => {
                        buffer.advance(2);
                        self.part = Part::Size;
                    }
                    [b'\r'] | [] => return Ok(Step::More),
                    _ => return Err(Refusal::BadRequest("a chunk is longer than its size")),
                },
                Part::Trailers => {
                    let Some(line) = take_line(buffer, self.trailer_left, Refusal::FieldsTooLarge)? else {
                        return Ok(Step::More);
                    };
                    if line.is_empty() {
                        return Ok(Step::End);
                    }
                    // Checked, and dropped: a trailer that became a header could say what the head must not.
                    field_line(&line)?;
                    self.trailer_left -= line.len() + 2;
                    self.fields_left = self.fields_left.checked_sub(1).ok_or(Refusal::FieldsTooLarge)?;
                }
            }
        }
    }

    /// The size that a line names; its extensions are counted and ignored.
    fn size(&mut self, line: &[u8]) -> Result<u64, Refusal> {
        let wrong = Refusal::BadRequest("a chunk's size");
        let end = memchr::memchr(b';', line).unwrap_or(line.len());
        let (digits, extensions) = line.split_at(end);
        // White space is allowed before a semicolon only, and only for the sake of old senders.
        let digits = if extensions.is_empty() {
            digits
        } else {
            trim_end(digits)
        };
        if digits.is_empty() || !extensions.iter().all(|byte| is_text(*byte)) {
            return Err(wrong);
        }
        let left = self.extensions_left.checked_sub(extensions.len());
        self.extensions_left = left.ok_or(Refusal::BadRequest("too many chunk extensions"))?;
        digits.iter().try_fold(0_u64, |size, digit| {
            let digit = char::from(*digit).to_digit(16).ok_or(wrong)?;
            let size = size.checked_mul(16).ok_or(Refusal::ContentTooLarge)?;
            Ok(size + u64::from(digit))
        })
    }
}

/// Without the white space at its end.
fn trim_end(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| !matches!(byte, b' ' | b'\t'));
    &bytes[..end.map_or(0, |last| last + 1)]
}

/// Takes a line of at most `max` bytes with its CRLF, and returns it without.
fn take_line(buffer: &mut BytesMut, max: usize, too_long: Refusal) -> Result<Option<Bytes>, Refusal> {
    let window = &buffer[..buffer.len().min(max)];
    match memchr::memchr(b'\n', window) {
        Some(end) if end > 0 && window[end - 1] == b'\r' => {
            let line = buffer.split_to(end + 1).freeze();
            Ok(Some(line.slice(..end - 1)))
        }
        Some(_) => Err(Refusal::BadRequest("a line ends without CR")),
        None if buffer.len() >= max => Err(too_long),
        None => Ok(None),
    }
}
