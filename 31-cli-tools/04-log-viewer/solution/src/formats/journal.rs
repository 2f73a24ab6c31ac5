//! What `journalctl -o export` prints (systemd, "Journal Export Formats"): fields in lines, an empty line behind each
//! record.
//!
//! ```text
//! __REALTIME_TIMESTAMP=1795212062000000        text: NAME=value
//! PRIORITY=4
//! MESSAGE                                      binary: NAME, length as 8 bytes little-endian, value, \n
//! \x07\0\0\0\0\0\0\0two\nby2\n
//!                                              the end
//! ```
//! A value that is binary may hold anything, empty lines too: a record's end is found only by walking its fields.

use std::borrow::Cow;
use std::ops::ControlFlow;

use crate::level::Level;
use crate::record::{Format, Head, Visitor};

/// Short names for fields of the journal, as the other formats have them.
const ALIASES: &[(&str, &str)] = &[
    ("_HOSTNAME", "host"),
    ("SYSLOG_IDENTIFIER", "app"),
    ("_PID", "pid"),
    ("_SYSTEMD_UNIT", "unit"),
    ("MESSAGE", "message"),
];

/// What stands at a place in a record.
enum Item<'a> {
    Field(&'a [u8], &'a [u8]),
    /// The empty line, or a line that is no field: a record of another format, in a file that was pieced together.
    End,
}

/// The longest name of a field that the journal takes.
const NAME_MAX: usize = 64;

/// Whether a record begins with this line.
pub fn begins(line: &[u8]) -> bool {
    line.starts_with(b"__CURSOR=") || line.starts_with(b"__REALTIME_TIMESTAMP=")
}

/// How long the record at the start of `bytes` is, with its empty line; `None` if its end is not there yet.
pub fn length(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let (item, length) = item(&bytes[at..])?;
        at += length;
        if matches!(item, Item::End) {
            return Some(at);
        }
    }
}

/// Time and level of a whole record.
pub fn head(bytes: &[u8]) -> Head {
    let mut head = Head {
        format: Format::Journal,
        time_us: None,
        level: None,
    };
    walk(bytes, |name, value| {
        let number = || std::str::from_utf8(value).ok()?.parse::<i64>().ok();
        match name {
            b"__REALTIME_TIMESTAMP" => head.time_us = number(),
            b"PRIORITY" => {
                let severity = number().filter(|severity| (0..8).contains(severity));
                head.level = severity.map(|severity| Level::from_severity(severity as u8));
            }
            _ => {}
        }
        ControlFlow::Continue(())
    });
    head
}

/// The field `MESSAGE`.
pub fn message(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut message: &[u8] = &[];
    walk(bytes, |name, value| match name {
        b"MESSAGE" => {
            message = value;
            ControlFlow::Break(())
        }
        _ => ControlFlow::Continue(()),
    });
    Cow::Borrowed(message)
}

/// All fields under their names, and some of them under a short one too.
pub fn fields(bytes: &[u8], visit: &mut Visitor<'_>) -> ControlFlow<()> {
    let mut flow = ControlFlow::Continue(());
    walk(bytes, |name, value| {
        let Ok(name) = std::str::from_utf8(name) else {
            return ControlFlow::Continue(());
        };
        flow = visit(name, Cow::Borrowed(value));
        let alias = ALIASES.iter().find(|(long, _)| *long == name);
        if let (ControlFlow::Continue(()), Some((_, short))) = (flow, alias) {
            flow = visit(short, Cow::Borrowed(value));
        }
        flow
    });
    flow
}

fn walk<'a>(bytes: &'a [u8], mut visit: impl FnMut(&'a [u8], &'a [u8]) -> ControlFlow<()>) {
    let mut at = 0;
    while let Some((Item::Field(name, value), length)) = item(&bytes[at..]) {
        at += length;
        if visit(name, value).is_break() {
            return;
        }
    }
}

/// The field at the start of `bytes`, and its length with all that belongs to it.
fn item(bytes: &[u8]) -> Option<(Item<'_>, usize)> {
    let feed = memchr::memchr(b'\n', bytes)?;
    let line = &bytes[..feed];
    if line.is_empty() {
        return Some((Item::End, 1));
    }
    let name = &line[..memchr::memchr(b'=', line).unwrap_or(line.len())];
    let is_name = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    if name.is_empty() || name.len() > NAME_MAX || !name.iter().all(is_name) {
        return Some((Item::End, 0));
    }
    if let Some((name, value)) = super::cut(line, b'=') {
        return Some((Item::Field(name, value), feed + 1));
    }
    let length_bytes = bytes.get(feed + 1..feed + 9)?;
    let length = u64::from_le_bytes(length_bytes.try_into().expect("a slice of eight bytes"));
    let value_at = feed + 9;
    let end = usize::try_from(length).ok()?.checked_add(value_at)?;
    let value = bytes.get(value_at..end)?;
    // The terminator of the value; without it the length was wrong, and the next line is taken as it comes.
    let terminator = usize::from(*bytes.get(end)? == b'\n');
    Some((Item::Field(line, value), end + terminator))
}
