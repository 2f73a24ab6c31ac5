//! syslog: RFC 3164, with or without its `<PRI>`; the same with a time as in RFC 3339, as rsyslog writes files; RFC 5424.
//!
//! ```text
//! <34>Oct 11 22:14:15 host app[42]: message
//! 2026-10-11T22:14:15.003+02:00 host app[42]: message
//! <165>1 2026-10-11T22:14:15.003Z host app 42 ID47 [id name="value"] message
//! ```

use std::borrow::Cow;
use std::ops::ControlFlow;

use crate::formats::{cut, plain, visit_unless_nil};
use crate::level::Level;
use crate::record::{Format, Head, Visitor};
use crate::time::Clock;

/// The names of the facilities, by number (RFC 5424, section 6.2.1).
const FACILITIES: [&str; 24] = [
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
    "ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5", "local6",
    "local7",
];

/// The parts of a record as they are written.
#[derive(Debug, Default)]
struct Parts<'a> {
    priority: Option<u8>,
    host: &'a [u8],
    app: &'a [u8],
    pid: &'a [u8],
    msgid: &'a [u8],
    data: &'a [u8],
    message: &'a [u8],
}

/// Time and level of a line that begins with `<`.
pub fn head(line: &[u8], clock: &Clock) -> Option<Head> {
    let (priority, rest) = priority(line)?;
    let level = Some(Level::from_severity(priority & 7));
    if let Some(rest) = rest.strip_prefix(b"1 ") {
        let time_us = match rest.first()? {
            b'-' => None,
            _ => Some(clock.iso(rest)?.0),
        };
        return Some(Head {
            format: Format::Syslog,
            time_us,
            level,
        });
    }
    let (time_us, _) = clock.bsd(rest).or_else(|| clock.iso(rest))?;
    Some(Head {
        format: Format::Bsd,
        time_us: Some(time_us),
        level,
    })
}

/// Time and level of a line that may begin with the name of a month.
pub fn bsd_head(line: &[u8], clock: &Clock) -> Option<Head> {
    let (time_us, length) = clock.bsd(line)?;
    Some(Head {
        format: Format::Bsd,
        time_us: Some(time_us),
        level: plain::level(bsd_parts(&line[length..])?.message),
    })
}

/// Time and level of a line that begins with a time as in RFC 3339, and perhaps goes on with a host that is no level, and
/// a tag.
pub fn iso_head(line: &[u8], (time_us, length): (i64, usize)) -> Option<Head> {
    if line.get(10) != Some(&b'T') {
        return None;
    }
    let parts = bsd_parts(&line[length..])?;
    (Level::from_name(parts.host).is_none() && parts.host.len() > 1).then(|| Head {
        format: Format::Bsd,
        time_us: Some(time_us),
        level: plain::level(parts.message),
    })
}

/// What the record says.
pub fn message(text: &[u8]) -> &[u8] {
    parts(text).map_or(text, |parts| parts.message)
}

/// `facility`, `severity`, `host`, `app`, `pid`, `msgid`, structured data as `id.name`, and `message`.
pub fn fields(text: &[u8], visit: &mut Visitor<'_>) -> ControlFlow<()> {
    let Some(parts) = parts(text) else {
        return ControlFlow::Continue(());
    };
    if let Some(priority) = parts.priority {
        visit(
            "facility",
            FACILITIES[usize::from(priority >> 3)].as_bytes().into(),
        )?;
        visit("severity", (priority & 7).to_string().into_bytes().into())?;
    }
    let named = [
        ("host", parts.host),
        ("app", parts.app),
        ("pid", parts.pid),
        ("msgid", parts.msgid),
    ];
    for (name, value) in named {
        if !value.is_empty() {
            visit_unless_nil(visit, name, value)?;
        }
    }
    structured_data(parts.data, visit)?;
    visit("message", Cow::Borrowed(parts.message))
}

fn parts(text: &[u8]) -> Option<Parts<'_>> {
    // Where a time ends does not depend on the zone.
    let clock = Clock::new(0, jiff::tz::TimeZone::UTC);
    let (priority, rest) = priority(text).map_or((None, text), |(priority, rest)| (Some(priority), rest));
    let parts = match rest.strip_prefix(b"1 ").filter(|_| priority.is_some()) {
        Some(rest) => rfc5424_parts(rest)?,
        None => {
            let (_, length) = clock.bsd(rest).or_else(|| clock.iso(rest))?;
            bsd_parts(&rest[length..]).unwrap_or_else(|| Parts {
                message: rest[length..].trim_ascii_start(),
                ..Parts::default()
            })
        }
    };
    Some(Parts { priority, ..parts })
}

/// `<PRI>`: up to 191, without zeros before it.
fn priority(line: &[u8]) -> Option<(u8, &[u8])> {
    let (digits, rest) = cut(line.get(..5).unwrap_or(line).strip_prefix(b"<")?, b'>')?;
    let number: u8 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    let is_canonical = digits.iter().all(u8::is_ascii_digit) && (digits.len() == 1 || digits[0] != b'0');
    let _ = rest;
    (is_canonical && number <= 191).then(|| (number, &line[digits.len() + 2..]))
}

/// ` HOST TAG[PID]: MESSAGE`; a tag ends with a colon.
fn bsd_parts(text: &[u8]) -> Option<Parts<'_>> {
    let (host, rest) = cut(text.strip_prefix(b" ")?, b' ')?;
    let (tag, message) = cut(rest, b':')?;
    let (app, pid) = match tag.strip_suffix(b"]").and_then(|tag| cut(tag, b'[')) {
        Some((app, pid)) => (app, pid),
        None => (tag, &tag[..0]),
    };
    let is_tag = !app.is_empty() && !host.is_empty() && !tag.iter().any(u8::is_ascii_whitespace);
    is_tag.then(|| Parts {
        host,
        app,
        pid,
        message: message.strip_prefix(b" ").unwrap_or(message),
        ..Parts::default()
    })
}

/// `TIME HOST APP PID MSGID DATA MESSAGE`.
fn rfc5424_parts(text: &[u8]) -> Option<Parts<'_>> {
    let (_time, rest) = cut(text, b' ')?;
    let (host, rest) = cut(rest, b' ')?;
    let (app, rest) = cut(rest, b' ')?;
    let (pid, rest) = cut(rest, b' ')?;
    let (msgid, rest) = cut(rest, b' ')?;
    let length = data_length(rest);
    let (data, message) = rest.split_at(length);
    let message = message.strip_prefix(b" ").unwrap_or(message);
    Some(Parts {
        host,
        app,
        pid,
        msgid,
        data,
        // A byte order mark says that the message is UTF-8.
        message: message.strip_prefix(b"\xef\xbb\xbf").unwrap_or(message),
        priority: None,
    })
}

/// How long the elements `[id name="value" …]…` are; `-` is none.
fn data_length(text: &[u8]) -> usize {
    if text.first() == Some(&b'-') {
        return 1;
    }
    let (mut at, mut is_quoted, mut end) = (0, false, 0);
    while let Some(byte) = text.get(at) {
        match byte {
            b'\\' if is_quoted => at += 1,
            b'"' => is_quoted = !is_quoted,
            b']' if !is_quoted => {
                end = at + 1;
                if text.get(end) != Some(&b'[') {
                    break;
                }
            }
            _ => {}
        }
        at += 1;
    }
    end
}

fn structured_data(data: &[u8], visit: &mut Visitor<'_>) -> ControlFlow<()> {
    let mut rest = data;
    while let Some(element) = rest.strip_prefix(b"[") {
        let length = element
            .iter()
            .position(|byte| matches!(byte, b' ' | b']'))
            .unwrap_or(element.len());
        let id = String::from_utf8_lossy(&element[..length]);
        rest = &element[length..];
        while let Some((name, behind)) = rest.strip_prefix(b" ").and_then(|pair| cut(pair, b'=')) {
            let Some((value, behind)) = super::json::string(behind) else {
                return ControlFlow::Continue(());
            };
            let name = format!("{id}.{}", String::from_utf8_lossy(name));
            visit(&name, unescape(value))?;
            rest = behind;
        }
        rest = rest.strip_prefix(b"]").unwrap_or_default();
    }
    ControlFlow::Continue(())
}

/// Of the escapes there are three: `\"`, `\\` and `\]`; before anything else `\` stands for itself.
fn unescape(value: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\\', value).is_none() {
        return Cow::Borrowed(value);
    }
    let mut out = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((byte, behind)) = rest.split_first() {
        match (byte, behind) {
            (b'\\', [escaped @ (b'"' | b'\\' | b']'), behind @ ..]) => {
                out.push(*escaped);
                rest = behind;
            }
            _ => {
                out.push(*byte);
                rest = behind;
            }
        }
    }
    Cow::Owned(out)
}
