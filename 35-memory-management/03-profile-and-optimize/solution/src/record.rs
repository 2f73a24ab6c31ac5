//! What a line says, or what is wrong with it.

use super::cursor::Cursor;
use super::time::Time;

/// A line that has all its fields. Nothing is copied.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// When the request came.
    pub time: Time<'a>,
    /// Who sent it: an IPv4 address, as a number.
    pub client: u32,
    /// `GET`, `POST` and so on.
    pub method: &'a [u8],
    /// What was asked for: a path, and perhaps a query. It is UTF-8.
    pub target: &'a [u8],
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

/// Parses a line without its terminator.
///
/// # Errors
/// The first thing that is wrong with it.
#[inline]
pub fn parse(line: &[u8]) -> Result<Record<'_>, Defect> {
    fields(line).map_err(|defect| first_defect(line, defect))
}

/// Reads the fields from the left. A defect is the right one only where the line is UTF-8 and has seven fields: so few
/// lines are malformed that this is looked at afterwards.
#[inline]
fn fields(line: &[u8]) -> Result<Record<'_>, Defect> {
    let mut rest = Cursor(line);
    let time = rest.fixed().and_then(Time::parse).ok_or(Defect::Time)?;
    let client = client(&mut rest).ok_or(Defect::Client)?;
    let method = method(&mut rest).ok_or(Defect::Method)?;
    let target = target(&mut rest).ok_or(Defect::Target)?;
    let status = status(&mut rest).ok_or(Defect::Status)?;
    let bytes = bytes(&mut rest).ok_or(Defect::Bytes)?;
    let duration_ms = duration_ms(&mut rest).ok_or(Defect::Duration)?;
    // Only a target can hold what is not ASCII.
    if !target.is_ascii() && std::str::from_utf8(target).is_err() {
        return Err(Defect::Encoding);
    }
    Ok(Record {
        time,
        client,
        method,
        target,
        status,
        bytes,
        duration_ms,
    })
}

#[cold]
fn first_defect(line: &[u8], defect: Defect) -> Defect {
    if std::str::from_utf8(line).is_err() {
        Defect::Encoding
    } else if memchr::memchr_iter(b' ', line).count() != 6 {
        Defect::Fields
    } else {
        defect
    }
}

/// Four numbers up to 255, without leading zeros, divided by points.
#[inline]
fn client(rest: &mut Cursor) -> Option<u32> {
    let mut address = 0;
    for behind in *b"... " {
        let has_zero = rest.0.first() == Some(&b'0');
        let (count, octet) = rest.digits(3)?;
        if octet > 255 || (has_zero && count > 1) {
            return None;
        }
        address = address << 8 | octet as u32;
        rest.expect(behind)?;
    }
    Some(address)
}

/// 1 to 16 upper-case letters.
#[inline]
fn method<'a>(rest: &mut Cursor<'a>) -> Option<&'a [u8]> {
    let letters = rest.0.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    let (method, behind) = rest.0.split_at(letters);
    *rest = Cursor(behind);
    rest.expect(b' ')?;
    (1..=16).contains(&letters).then_some(method)
}

/// Anything that begins with a slash.
#[inline]
fn target<'a>(rest: &mut Cursor<'a>) -> Option<&'a [u8]> {
    rest.word().filter(|target| target.first() == Some(&b'/'))
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
        rest.digits(10)?.1
    };
    rest.expect(b' ')?;
    Some(bytes)
}

/// One to four digits, a point, and three digits: seconds, and nothing behind them.
#[inline]
fn duration_ms(rest: &mut Cursor) -> Option<u32> {
    let (_, seconds) = rest.digits(4)?;
    rest.expect(b'.')?;
    let (count, ms) = rest.digits(3)?;
    (count == 3 && rest.0.is_empty()).then_some((1000 * seconds + ms) as u32)
}
