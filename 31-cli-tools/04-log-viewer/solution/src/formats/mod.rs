//! Which format a line has, and what each says.
//!
//! Every format offers the same three: a head (time and level), the fields, the message. The head is taken of every
//! record of a file, the others of few.

pub mod access;
pub mod journal;
pub mod json;
pub mod plain;
pub mod syslog;

use std::borrow::Cow;
use std::ops::ControlFlow;

use crate::record::{Format, Head, Record, Visitor};
use crate::time::Clock;

/// The head of the record that begins with `line`, which has no terminator.
///
/// The first byte leaves one or two formats to try; what fits none is plain text. A journal's record has its time
/// and level in later lines: see [`journal::head`].
pub fn head(line: &[u8], clock: &Clock) -> Head {
    let structured = match line.first() {
        Some(b'{') => json::head(line, clock),
        Some(b'<') => syslog::head(line, clock),
        Some(b'_') if journal::begins(line) => Some(Head {
            format: Format::Journal,
            time_us: None,
            level: None,
        }),
        Some(b'A'..=b'Z') => syslog::bsd_head(line, clock).or_else(|| access::head(line, clock)),
        Some(b' ' | b'\t') | None => None,
        // A line that begins with a time has no client before its time. It is read once.
        Some(b'0'..=b'9') if let Some(time) = clock.iso(line) => {
            Some(syslog::iso_head(line, time).unwrap_or_else(|| plain::head_behind(line, Some(time))))
        }
        Some(_) => access::head(line, clock),
    };
    structured.unwrap_or_else(|| plain::head(line, clock))
}

/// Tells the fields of a record.
pub fn fields(record: &Record<'_>, visit: &mut Visitor<'_>) -> ControlFlow<()> {
    let text = record.text();
    match record.head.format {
        Format::Plain => plain::fields(text, visit),
        Format::Json => json::fields(text, visit),
        Format::Bsd | Format::Syslog => syslog::fields(text, visit),
        Format::Access => access::fields(text, visit),
        Format::Journal => journal::fields(record.bytes, visit),
    }
}

/// What a record says.
pub fn message<'a>(record: &Record<'a>) -> Cow<'a, [u8]> {
    let text = record.text();
    match record.head.format {
        Format::Plain => Cow::Borrowed(plain::message(text)),
        Format::Json => json::message(text),
        Format::Bsd | Format::Syslog => Cow::Borrowed(syslog::message(text)),
        Format::Access => Cow::Borrowed(access::message(text)),
        Format::Journal => journal::message(record.bytes),
    }
}

/// The text up to `byte` and the text behind it.
pub(crate) fn cut(text: &[u8], byte: u8) -> Option<(&[u8], &[u8])> {
    let at = memchr::memchr(byte, text)?;
    Some((&text[..at], &text[at + 1..]))
}

/// Calls `visit` unless the value is `-`, which says in many formats that there is none.
pub(crate) fn visit_unless_nil(visit: &mut Visitor<'_>, name: &str, value: &[u8]) -> ControlFlow<()> {
    match value {
        b"-" => ControlFlow::Continue(()),
        _ => visit(name, Cow::Borrowed(value)),
    }
}
