//! JSON lines: an object in a line. The line is scanned, not turned into values: a record is asked for few of them.

use std::borrow::Cow;
use std::ops::ControlFlow;

use crate::level::Level;
use crate::record::{Format, Head, Visitor};
use crate::time::{self, Clock};

/// Objects and arrays within one another that become fields with a dot in their names; what lies deeper is told as it
/// is written.
const DEPTH_MAX: usize = 8;

/// What programs call the time, the level and the message.
const TIME_KEYS: &[&str] = &[
    "time",
    "timestamp",
    "ts",
    "@timestamp",
    "datetime",
    "__REALTIME_TIMESTAMP",
];
const LEVEL_KEYS: &[&str] = &["level", "severity", "lvl", "levelname", "log.level", "PRIORITY"];
const MESSAGE_KEYS: &[&str] = &["message", "msg", "MESSAGE", "event"];

/// Time and level; `None` if the line is no object.
pub fn head(line: &[u8], clock: &Clock) -> Option<Head> {
    let (mut time_us, mut level) = (None, None);
    let mut members = Members::new(line)?;
    while let Some((key, value)) = members.next_member()? {
        if time_us.is_none() && is_one_of(key, TIME_KEYS) {
            time_us = value_time(value, clock);
        } else if level.is_none() && is_one_of(key, LEVEL_KEYS) {
            level = value_level(value);
        }
    }
    members.rest.iter().all(u8::is_ascii_whitespace).then_some(Head {
        format: Format::Json,
        time_us,
        level,
    })
}

/// The first member that programs call their message; the line if there is none.
pub fn message(line: &[u8]) -> Cow<'_, [u8]> {
    let mut members = Members::new(line);
    while let Some(Some(Some((key, value)))) = members.as_mut().map(Members::next_member) {
        if is_one_of(key, MESSAGE_KEYS) {
            return decoded(value);
        }
    }
    Cow::Borrowed(line)
}

/// Members; those of an object within are called `outer.inner`, elements of an array `outer.0`.
pub fn fields(line: &[u8], visit: &mut Visitor<'_>) -> ControlFlow<()> {
    object_fields(line, &mut String::new(), 0, visit)
}

fn object_fields(text: &[u8], prefix: &mut String, depth: usize, visit: &mut Visitor<'_>) -> ControlFlow<()> {
    let mut members = Members::new(text);
    let mut index = 0_usize;
    while let Some(Some(Some((key, value)))) = members.as_mut().map(Members::next_member) {
        let length = prefix.len();
        if depth > 0 {
            prefix.push('.');
        }
        if text.first() == Some(&b'[') {
            prefix.push_str(&index.to_string());
            index += 1;
        } else {
            prefix.push_str(&String::from_utf8_lossy(&unescape(key)));
        }
        if matches!(value.first(), Some(b'{' | b'[')) && depth + 1 < DEPTH_MAX {
            object_fields(value, prefix, depth + 1, visit)?;
        } else {
            visit(prefix, decoded(value))?;
        }
        prefix.truncate(length);
    }
    ControlFlow::Continue(())
}

/// The members of an object, or the elements of an array with empty keys.
struct Members<'a> {
    rest: &'a [u8],
    is_array: bool,
    is_first: bool,
}

impl<'a> Members<'a> {
    fn new(text: &'a [u8]) -> Option<Self> {
        let (first, rest) = text.split_first()?;
        matches!(first, b'{' | b'[').then_some(Self {
            rest,
            is_array: *first == b'[',
            is_first: true,
        })
    }

    /// The next key and value as they are written, a string with its quotes; `Some(None)` behind the last one, `None`
    /// where the text is no JSON.
    #[expect(clippy::option_option, reason = "the end is not an error")]
    fn next_member(&mut self) -> Option<Option<(&'a [u8], &'a [u8])>> {
        let mut rest = skip_blanks(self.rest);
        let close = if self.is_array { b']' } else { b'}' };
        if *rest.first()? == close {
            self.rest = &rest[1..];
            return Some(None);
        }
        if !self.is_first {
            rest = skip_blanks(rest.strip_prefix(b",")?);
        }
        self.is_first = false;
        let mut key = &rest[..0];
        if !self.is_array {
            let behind;
            (key, behind) = string(rest)?;
            rest = skip_blanks(skip_blanks(behind).strip_prefix(b":")?);
        }
        let length = value_length(rest)?;
        self.rest = &rest[length..];
        Some(Some((key, &rest[..length])))
    }
}

fn is_one_of(key: &[u8], names: &[&str]) -> bool {
    names.iter().any(|name| name.as_bytes() == key)
}

fn skip_blanks(text: &[u8]) -> &[u8] {
    text.trim_ascii_start()
}

/// The inside of the string at the start of `text`, escapes and all, and what is behind it.
pub fn string(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let inside = text.strip_prefix(b"\"")?;
    let mut at = 0;
    loop {
        at += memchr::memchr2(b'"', b'\\', inside.get(at..)?)?;
        if inside[at] == b'"' {
            return Some((&inside[..at], &inside[at + 1..]));
        }
        at += 2;
    }
}

/// How long the value at the start of `text` is. Brackets are counted, so that no depth can exhaust the stack.
fn value_length(text: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    loop {
        match text.get(at)? {
            b'"' => at = text.len() - string(&text[at..])?.1.len(),
            b'{' | b'[' => {
                depth += 1;
                at += 1;
                continue;
            }
            b'}' | b']' if depth > 0 => {
                depth -= 1;
                at += 1;
            }
            b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' if depth > 0 => {
                at += 1;
                continue;
            }
            b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'E' => {
                let is_scalar =
                    |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
                at += text[at..].iter().take_while(|byte| is_scalar(byte)).count();
            }
            _ => return None,
        }
        if depth == 0 {
            return Some(at);
        }
    }
}

/// A value as a filter sees it: the inside of a string, anything else as it is written.
fn decoded(value: &[u8]) -> Cow<'_, [u8]> {
    match string(value) {
        Some((inside, _)) => unescape(inside),
        None => Cow::Borrowed(value),
    }
}

/// Resolves the escapes of a string.
pub fn unescape(inside: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\\', inside).is_none() {
        return Cow::Borrowed(inside);
    }
    let mut out = Vec::with_capacity(inside.len());
    let mut rest = inside;
    while let Some((plain, escape)) = super::cut(rest, b'\\') {
        out.extend_from_slice(plain);
        let (byte, behind) = escape.split_first().unwrap_or((&b'\\', &[]));
        rest = behind;
        match byte {
            b'n' => out.push(b'\n'),
            b't' => out.push(b'\t'),
            b'r' => out.push(b'\r'),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'u' => {
                let (character, length) = unicode(rest);
                let mut buffer = [0; 4];
                out.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
                rest = &rest[length..];
            }
            other => out.push(*other),
        }
    }
    out.extend_from_slice(rest);
    Cow::Owned(out)
}

/// The character of `XXXX`, or of `XXXX\uXXXX` for a pair of surrogates, and the length; half a pair is replaced.
fn unicode(text: &[u8]) -> (char, usize) {
    let unit = |at: usize| {
        let digits = std::str::from_utf8(text.get(at..at + 4)?).ok()?;
        u32::from_str_radix(digits, 16).ok()
    };
    match unit(0) {
        None => (char::REPLACEMENT_CHARACTER, 0),
        Some(high @ 0xD800..0xDC00) if text.get(4..6) == Some(b"\\u") => match unit(6) {
            Some(low @ 0xDC00..0xE000) => {
                let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 10)
            }
            _ => (char::REPLACEMENT_CHARACTER, 4),
        },
        Some(code) => (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 4),
    }
}

fn value_time(value: &[u8], clock: &Clock) -> Option<i64> {
    let text = string(value).map_or(value, |(inside, _)| inside);
    let iso = clock.iso(text).map(|(time_us, _)| time_us);
    iso.or_else(|| time::epoch(std::str::from_utf8(text).ok()?.parse().ok()?))
}

fn value_level(value: &[u8]) -> Option<Level> {
    let text = string(value).map_or(value, |(inside, _)| inside);
    Level::from_name(text).or_else(|| Level::from_number(std::str::from_utf8(text).ok()?.parse().ok()?))
}
