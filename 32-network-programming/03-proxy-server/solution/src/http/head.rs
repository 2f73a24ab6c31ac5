//! Heads of requests and responses, RFC 9112, sections 2 to 5.
//!
//! ```text
//! request    method SP target SP HTTP/1.x CRLF   *( name ":" OWS value OWS CRLF )   CRLF
//! response   HTTP/1.x SP status SP reason CRLF   *( name ":" OWS value OWS CRLF )   CRLF
//! ```
//!
//! The reader is strict. Where two programs in a row read the same bytes in two ways, one's body is the other's next
//! request: that is request smuggling, and it starts with leniency. So a bare LF, a blank before the colon, a line
//! that continues the one before, and a control character are errors here and not guesses.

use std::sync::LazyLock;

use memchr::memchr;
use memchr::memmem::Finder;

/// The longest head, its empty line included.
pub const HEAD_MAX: usize = 16 << 10;

/// The most fields of a head.
pub const FIELDS_MAX: usize = 100;

/// What ends a line, and the last line and the head with it. Searches for these are prepared once, not for each line.
static LINE_END: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\r\n"));
static HEAD_END: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\r\n\r\n"));

/// Why bytes are no head that is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeadError {
    /// Longer than [`HEAD_MAX`], or more fields than [`FIELDS_MAX`].
    #[error("the head is too large")]
    TooLarge,
    /// Another version than HTTP/1.0 or HTTP/1.1.
    #[error("not HTTP/1.0 or HTTP/1.1")]
    Version,
    /// Not in the grammar, or not of one meaning.
    #[error("malformed: {0}")]
    Malformed(&'static str),
}

/// The minor version: HTTP/1.0 or HTTP/1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// One request a connection, unless agreed otherwise; no chunks.
    Http10,
    /// Connections that stay, and chunks.
    Http11,
}

/// A field: its name as it was written, and its value without the blanks around it.
pub type Field<'a> = (&'a str, &'a [u8]);

/// The head of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestHead<'a> {
    /// Case counts.
    pub method: &'a str,
    /// As it was written.
    pub target: &'a str,
    /// The client's version.
    pub version: Version,
    /// In their order.
    pub fields: Vec<Field<'a>>,
}

/// The head of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseHead<'a> {
    /// The server's version.
    pub version: Version,
    /// From 100 to 999.
    pub status: u16,
    /// A text for people, which may be empty.
    pub reason: &'a [u8],
    /// In their order.
    pub fields: Vec<Field<'a>>,
}

/// Reads a request; with it comes the length of its head. `Ok(None)` asks for more bytes.
///
/// # Errors
/// When it is no request, or too large for one.
pub fn request(bytes: &[u8]) -> Result<Option<(RequestHead<'_>, usize)>, HeadError> {
    let Some(lines) = split(bytes)? else {
        return Ok(None);
    };
    let line = text(lines.first, "the request line")?;
    let mut words = line.split(' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(HeadError::Malformed("the request line"));
    };
    if !is_token(method) || target.is_empty() {
        return Err(HeadError::Malformed("the request line"));
    }
    let head = RequestHead {
        method,
        target,
        version: self::version(version.as_bytes())?,
        fields: fields(lines.fields)?,
    };
    Ok(Some((head, lines.length)))
}

/// Reads a response; with it comes the length of its head. `Ok(None)` asks for more bytes.
///
/// # Errors
/// When it is no response, or too large for one.
pub fn response(bytes: &[u8]) -> Result<Option<(ResponseHead<'_>, usize)>, HeadError> {
    let Some(lines) = split(bytes)? else {
        return Ok(None);
    };
    let malformed = HeadError::Malformed("the status line");
    let (version, line) = lines.first.split_at_checked(8).ok_or(malformed)?;
    let version = self::version(version)?;
    let (status, reason) = match line {
        [b' ', status @ ..] if status.len() >= 3 => status.split_at(3),
        _ => return Err(malformed),
    };
    let reason = match reason {
        [] => reason,
        [b' ', reason @ ..] if is_value(reason) => reason,
        _ => return Err(malformed),
    };
    let status = std::str::from_utf8(status)
        .ok()
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let status = status
        .and_then(|text| text.parse().ok())
        .filter(|status| *status >= 100);
    let head = ResponseHead {
        version,
        status: status.ok_or(malformed)?,
        reason,
        fields: fields(lines.fields)?,
    };
    Ok(Some((head, lines.length)))
}

/// Whether a field has this name; names differ in nothing if they differ in case only.
pub fn is_named(field: &Field<'_>, name: &str) -> bool {
    field.0.eq_ignore_ascii_case(name)
}

/// The elements of all fields of this name, whose values are lists with commas.
pub fn elements<'a>(fields: &'a [Field<'a>], name: &'a str) -> impl Iterator<Item = &'a [u8]> {
    let values = fields.iter().filter(move |field| is_named(field, name));
    let elements = values.flat_map(|(_, value)| value.split(|byte| *byte == b','));
    elements
        .map(<[u8]>::trim_ascii)
        .filter(|element| !element.is_empty())
}

/// A head that is complete.
struct Lines<'a> {
    first: &'a [u8],
    /// The other lines, each with its end.
    fields: &'a [u8],
    /// Bytes of it all, the empty line included.
    length: usize,
}

/// Finds the end of a head.
fn split(bytes: &[u8]) -> Result<Option<Lines<'_>>, HeadError> {
    let seen = &bytes[..bytes.len().min(HEAD_MAX)];
    let Some(end) = HEAD_END.find(seen) else {
        // A client that ends its lines with LF alone would wait for an answer for ever.
        if Finder::new("\n\n").find(seen).is_some() {
            return Err(HeadError::Malformed("a line that ends without CR"));
        }
        return if bytes.len() >= HEAD_MAX {
            Err(HeadError::TooLarge)
        } else {
            Ok(None)
        };
    };
    let lines = &seen[..end + 2];
    let first = LINE_END
        .find(lines)
        .expect("the last line ends so, if no other does");
    Ok(Some(Lines {
        first: &lines[..first],
        fields: &lines[first + 2..],
        length: end + 4,
    }))
}

fn fields(mut lines: &[u8]) -> Result<Vec<Field<'_>>, HeadError> {
    let mut fields = Vec::with_capacity(16);
    while let Some(end) = LINE_END.find(lines) {
        if fields.len() == FIELDS_MAX {
            return Err(HeadError::TooLarge);
        }
        fields.push(field(&lines[..end])?);
        lines = &lines[end + 2..];
    }
    Ok(fields)
}

/// A field. A line that starts with a blank has no token in front of its colon, and is refused with the others.
fn field(line: &[u8]) -> Result<Field<'_>, HeadError> {
    let colon = memchr(b':', line).ok_or(HeadError::Malformed("a field without a colon"))?;
    let name = text(&line[..colon], "the name of a field")?;
    let value = line[colon + 1..].trim_ascii();
    if !is_token(name) {
        return Err(HeadError::Malformed("the name of a field"));
    }
    if !is_value(&line[colon + 1..]) {
        return Err(HeadError::Malformed("the value of a field"));
    }
    Ok((name, value))
}

fn version(word: &[u8]) -> Result<Version, HeadError> {
    match word {
        b"HTTP/1.1" => Ok(Version::Http11),
        b"HTTP/1.0" => Ok(Version::Http10),
        _ => Err(HeadError::Version),
    }
}

/// Visible ASCII and blanks, as text.
fn text<'a>(bytes: &'a [u8], what: &'static str) -> Result<&'a str, HeadError> {
    let is_visible = bytes.iter().all(|byte| matches!(byte, b' '..=b'~'));
    let text = std::str::from_utf8(bytes).ok().filter(|_| is_visible);
    text.ok_or(HeadError::Malformed(what))
}

/// One or more of the characters that names are made of (RFC 9110, section 5.6.2).
fn is_token(text: &str) -> bool {
    let is_token_char = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_token_char)
}

/// No control characters but the tab: neither NUL nor a CR or LF that stands alone.
fn is_value(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .all(|byte| matches!(byte, b'\t' | b' '..=b'~' | 0x80..))
}
