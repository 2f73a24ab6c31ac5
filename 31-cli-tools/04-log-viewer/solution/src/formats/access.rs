//! The access log of a web server, common or combined.
//!
//! ```text
//! 10.0.0.7 - frank [20/Nov/2026:22:01:02 +0000] "GET /a HTTP/1.1" 200 2326 "http://from/" "Browser/1.0"
//! ```

use std::ops::ControlFlow;

use crate::formats::json::{string, unescape};
use crate::formats::{cut, visit_unless_nil};
use crate::level::Level;
use crate::record::{Format, Head, Visitor};
use crate::time::Clock;

/// The time stands within so many bytes.
const TIME_WITHIN_BYTES: usize = 512;

/// The parts of a line.
struct Parts<'a> {
    client: &'a [u8],
    ident: &'a [u8],
    user: &'a [u8],
    request: &'a [u8],
    status: &'a [u8],
    size: &'a [u8],
    /// What the combined format adds.
    rest: &'a [u8],
}

/// Time and level: a server's error is an error, a client's a warning.
pub fn head(line: &[u8], clock: &Clock) -> Option<Head> {
    let near = &line[..line.len().min(TIME_WITHIN_BYTES)];
    let at = memchr::memchr(b'[', near)?;
    let (time_us, _) = clock.access(&line[at + 1..])?;
    let level = match parts(line)?.status.first()? {
        b'5' => Level::Error,
        b'4' => Level::Warn,
        _ => Level::Info,
    };
    Some(Head {
        format: Format::Access,
        time_us: Some(time_us),
        level: Some(level),
    })
}

/// The line of the request.
pub fn message(text: &[u8]) -> &[u8] {
    parts(text).map_or(text, |parts| parts.request)
}

/// `client`, `ident`, `user`, `method`, `path`, `protocol`, `status`, `size`, `referer`, `agent`.
pub fn fields(text: &[u8], visit: &mut Visitor<'_>) -> ControlFlow<()> {
    let Some(parts) = parts(text) else {
        return ControlFlow::Continue(());
    };
    visit_unless_nil(visit, "client", parts.client)?;
    visit_unless_nil(visit, "ident", parts.ident)?;
    visit_unless_nil(visit, "user", parts.user)?;
    let mut words = parts.request.splitn(3, |byte| *byte == b' ');
    for name in ["method", "path", "protocol"] {
        if let Some(word) = words.next() {
            visit_unless_nil(visit, name, word)?;
        }
    }
    visit("status", parts.status.into())?;
    visit_unless_nil(visit, "size", parts.size)?;
    let mut rest = parts.rest;
    for name in ["referer", "agent"] {
        let Some((value, behind)) = string(rest.trim_ascii_start()) else {
            break;
        };
        rest = behind;
        if value != b"-" {
            visit(name, unescape(value))?;
        }
    }
    visit("message", parts.request.into())
}

fn parts(line: &[u8]) -> Option<Parts<'_>> {
    let (client, rest) = cut(line, b' ')?;
    let (ident, rest) = cut(rest, b' ')?;
    // A name may have blanks, the time has a bracket before it.
    let (user, rest) = cut(rest, b'[')?;
    let (_time, rest) = cut(rest, b']')?;
    let (request, rest) = string(rest.strip_prefix(b" ")?)?;
    let rest = rest.strip_prefix(b" ")?;
    let (status, rest) = cut(rest, b' ').unwrap_or((rest, &[]));
    let (size, rest) = cut(rest, b' ').unwrap_or((rest, &[]));
    let is_status = status.len() == 3 && status.iter().all(u8::is_ascii_digit);
    is_status.then(|| Parts {
        client,
        ident,
        user: user.trim_ascii_end(),
        request,
        status,
        size,
        rest,
    })
}
