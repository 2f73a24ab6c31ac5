//! What a line says, or what is wrong with it.

use super::cursor::Cursor;
use super::time::Time;

/// A line that has all its fields. Nothing is copied.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// When the request came.
    pub time: Time,
    /// Who sent it: an IPv4 address, as a number.
    pub client: u32,
    /// `GET /items/42`: the method, a space, and what was asked for. It is UTF-8.
    pub request: &'a [u8],
    /// The status of the response, 100 to 599.
    pub status: u16,
    /// The size of the response.
    pub bytes: u64,
    /// How long it took: seven digits at most.
    pub duration_ms: u32,
}

/// The first thing that is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    /// It is not UTF-8.
    Encoding,
    /// It has more or fewer than seven fields.
    Fields,
    /// The first field is no time.
    Time,
    /// The second field is no IPv4 address.
    Client,
    /// The third field is no method.
    Method,
    /// The fourth field is no target.
    Target,
    /// The fifth field is no status.
    Status,
    /// The sixth field is no size.
    Bytes,
    /// The seventh field is no duration.
    Duration,
}

impl Defect {
    /// The names of all of them in the report, in the order in which they are looked for.
    pub const NAMES: [&'static str; 9] = [
        "encoding", "fields", "time", "client", "method", "target", "status", "bytes", "duration",
    ];
}

/// Parses the first line of a log that has one, and returns what is behind it.
///
/// The end of a line is not looked for: a line that is well-formed has told where it is.
#[inline]
pub fn parse(log: &[u8]) -> (Result<Record<'_>, Defect>, &[u8]) {
    let mut rest = Cursor(log);
    match fields(&mut rest) {
        Ok(record) => (Ok(record), rest.0),
        Err(defect) => {
            let (defect, rest) = malformed(log, defect);
            (Err(defect), rest)
        }
    }
}

/// Reads the fields from the left. A defect is the right one only where the line is UTF-8 and has seven fields: so few
/// lines are malformed that this is looked at afterwards.
#[inline]
fn fields<'a>(rest: &mut Cursor<'a>) -> Result<Record<'a>, Defect> {
    let time = rest.fixed().and_then(Time::parse).ok_or(Defect::Time)?;
    let client = client(rest).ok_or(Defect::Client)?;
    let request = rest.0;
    let method_bytes = method(rest).ok_or(Defect::Method)?;
    let (target_bytes, is_ascii) = target(rest).ok_or(Defect::Target)?;
    let request = &request[..method_bytes + 1 + target_bytes];
    let status = status(rest).ok_or(Defect::Status)?;
    let bytes = bytes(rest).ok_or(Defect::Bytes)?;
    let duration_ms = duration_ms(rest).ok_or(Defect::Duration)?;
    // Only a target can hold what is not ASCII.
    if !is_ascii && std::str::from_utf8(request).is_err() {
        return Err(Defect::Encoding);
    }
    Ok(Record {
        time,
        client,
        request,
        status,
        bytes,
        duration_ms,
    })
}

/// The first defect of the first line, and what is behind that line; `defect` is the one that its fields have.
#[cold]
fn malformed(log: &[u8], defect: Defect) -> (Defect, &[u8]) {
    let (line, rest) = match memchr::memchr(b'\n', log) {
        Some(end) => (
            log[..end].strip_suffix(b"\r").unwrap_or(&log[..end]),
            &log[end + 1..],
        ),
        None => (log, &log[log.len()..]),
    };
    let defect = if std::str::from_utf8(line).is_err() {
        Defect::Encoding
    } else if memchr::memchr_iter(b' ', line).count() != 6 {
        Defect::Fields
    } else {
        defect
    };
    (defect, rest)
}

/// Four numbers up to 255, without leading zeros, divided by points.
#[inline]
fn client(rest: &mut Cursor) -> Option<u32> {
    let mut address = 0;
    for behind in *b"... " {
        address = address << 8 | octet(rest, behind)?;
    }
    Some(address)
}

/// A number of one to three digits, and `behind` behind it.
#[inline]
fn octet(rest: &mut Cursor, behind: u8) -> Option<u32> {
    let &[first, second, third, fourth] = rest.0.first_chunk()?;
    let first = digit(first)?;
    let (number, length) = if second == behind {
        (first, 2)
    } else if third == behind {
        (10 * first + digit(second)?, 3)
    } else if fourth == behind {
        (100 * first + 10 * digit(second)? + digit(third)?, 4)
    } else {
        return None;
    };
    rest.0 = &rest.0[length..];
    let has_no_zero = length == 2 || first > 0;
    (number <= 255 && has_no_zero).then_some(number)
}

/// What a digit stands for.
#[inline]
fn digit(byte: u8) -> Option<u32> {
    let digit = byte.wrapping_sub(b'0');
    (digit <= 9).then_some(u32::from(digit))
}

/// 1 to 16 upper-case letters: how many.
#[inline]
fn method(rest: &mut Cursor) -> Option<usize> {
    let letters = rest.0.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    rest.0 = &rest.0[letters..];
    rest.expect(b' ')?;
    (1..=16).contains(&letters).then_some(letters)
}

/// Anything that begins with a slash: how many bytes, and whether all are ASCII.
#[inline]
fn target(rest: &mut Cursor) -> Option<(usize, bool)> {
    let (length, is_ascii) = rest.word()?;
    let is_target = rest.0[0] == b'/';
    rest.0 = &rest.0[length + 1..];
    is_target.then_some((length, is_ascii))
}

/// Three digits, the first of them 1 to 5.
#[inline]
fn status(rest: &mut Cursor) -> Option<u16> {
    let digits = rest.fixed::<3>()?;
    let [hundreds, tens, ones] = digits.map(|byte| u16::from(byte.wrapping_sub(b'0')));
    let is_status = (1..=5).contains(&hundreds) && tens <= 9 && ones <= 9;
    is_status.then_some(100 * hundreds + 10 * tens + ones)
}

/// 1 to 10 digits, or `-` for none.
#[inline]
fn bytes(rest: &mut Cursor) -> Option<u64> {
    let bytes = if rest.0.first() == Some(&b'-') {
        rest.expect(b'-')?;
        0
    } else {
        rest.digits(10)?
    };
    rest.expect(b' ')?;
    Some(bytes)
}

/// One to four digits, a point, and three digits: seconds. Then the end of the line, or of the log.
#[inline]
fn duration_ms(rest: &mut Cursor) -> Option<u32> {
    let seconds = rest.digits(4)? as u32;
    let (&[point, tenths, hundredths, thousandths], behind) = rest.0.split_first_chunk()?;
    let ms = 100 * digit(tenths)? + 10 * digit(hundredths)? + digit(thousandths)?;
    rest.0 = match behind {
        [b'\n', behind @ ..] | [b'\r', b'\n', behind @ ..] => behind,
        [] => behind,
        _ => return None,
    };
    (point == b'.').then_some(1000 * seconds + ms)
}
