//! Plain text: perhaps a time, perhaps a word that names a level, perhaps `key=value`.

use std::borrow::Cow;
use std::ops::ControlFlow;

use crate::level::Level;
use crate::record::{Format, Head, Visitor};
use crate::time::Clock;

/// So many words behind the time are looked at for a level.
const LEVEL_WORDS_MAX: usize = 8;

/// Time and level of a line.
pub fn head(line: &[u8], clock: &Clock) -> Head {
    head_behind(line, time(line, clock))
}

/// The head of a line whose time, and how far it goes, is known.
pub fn head_behind(line: &[u8], time: Option<(i64, usize)>) -> Head {
    let (time_us, length) = time.map_or((None, 0), |(time_us, length)| (Some(time_us), length));
    Head {
        format: Format::Plain,
        time_us,
        level: level(&line[length..]),
    }
}

/// A time at the head of a line, in brackets or quotes or behind `time=` or `ts=` if need be.
fn time(line: &[u8], clock: &Clock) -> Option<(i64, usize)> {
    let key = if line.starts_with(b"time=") {
        5
    } else if line.starts_with(b"ts=") {
        3
    } else {
        0
    };
    let quote = usize::from(matches!(line.get(key), Some(b'[' | b'"')));
    let at = key + quote;
    // The cheapest refusal first: this is asked of every line that continues a record.
    if !line.get(at).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let (time_us, length) = clock.iso(&line[at..]).or_else(|| clock.bsd(&line[at..]))?;
    Some((time_us, at + length))
}

/// The first of the first words that names a level and looks like one: `ERROR`, `[error]`, `error:`, `level=error`.
pub fn level(text: &[u8]) -> Option<Level> {
    let mut at = 0;
    for _ in 0..LEVEL_WORDS_MAX {
        let start = at + text[at..].iter().position(u8::is_ascii_alphabetic)?;
        let length = text[start..]
            .iter()
            .position(|byte| !byte.is_ascii_alphabetic())
            .unwrap_or(text.len() - start);
        at = start + length;
        let word = &text[start..at];
        if !(3..=11).contains(&length) {
            continue;
        }
        let Some(level) = Level::from_name(word) else {
            continue;
        };
        let before = start.checked_sub(1).map(|before| text[before]);
        let behind = text.get(at);
        let is_word =
            !matches!(before, Some(b'_' | b'-' | b'.' | b'/')) && !matches!(behind, Some(b'_' | b'-' | b'/'));
        let is_marked = word.iter().all(u8::is_ascii_uppercase)
            || matches!(
                (before, behind),
                (Some(b'['), Some(b']')) | (Some(b'<'), Some(b'>'))
            )
            || matches!(behind, Some(b':'))
            || matches!(before, Some(b'=' | b'"'));
        if is_word && is_marked {
            return Some(level);
        }
    }
    None
}

/// What stands behind the time.
pub fn message(text: &[u8]) -> &[u8] {
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or(text);
    // Where a time ends does not depend on the zone.
    let clock = Clock::new(0, jiff::tz::TimeZone::UTC);
    let length = time(first, &clock).map_or(0, |(_, length)| length);
    let rest = &text[length..];
    let blanks = rest
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b']' | b'"' | b':'))
        .count();
    if length == 0 { text } else { &rest[blanks..] }
}

/// Pairs such as `user=7` and `msg="two words"`.
pub fn fields(text: &[u8], visit: &mut Visitor<'_>) -> ControlFlow<()> {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'=', rest) {
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'@');
        let length = rest[..at].iter().rev().take_while(|byte| is_name(byte)).count();
        let name = &rest[at - length..at];
        let value = &rest[at + 1..];
        let (value, behind): (Cow<'_, [u8]>, _) = match value.first() {
            Some(b'"') => match super::json::string(value) {
                Some((raw, behind)) => (super::json::unescape(raw), behind),
                None => (Cow::Borrowed(&value[1..]), &value[value.len()..]),
            },
            _ => {
                let end = value
                    .iter()
                    .position(u8::is_ascii_whitespace)
                    .unwrap_or(value.len());
                (Cow::Borrowed(&value[..end]), &value[end..])
            }
        };
        if let (1.., Ok(name)) = (length, std::str::from_utf8(name)) {
            visit(name, value)?;
        }
        rest = behind;
    }
    ControlFlow::Continue(())
}
