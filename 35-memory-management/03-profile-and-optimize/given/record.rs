//! What a line says, or what is wrong with it.

use super::time::Time;

/// A line that has all its fields.
#[derive(Debug, Clone)]
pub struct Record {
    /// When the request came.
    pub time: Time,
    /// Who sent it: an IPv4 address.
    pub client: String,
    /// `GET`, `POST` and so on.
    pub method: String,
    /// What was asked for: a path, and perhaps a query.
    pub target: String,
    /// The status of the response, 100 to 599.
    pub status: u32,
    /// The size of the response.
    pub bytes: u64,
    /// How long it took.
    pub duration_ms: f64,
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
    /// All of them, in the order in which they are looked for.
    pub const ALL: [Self; 9] = [
        Self::Encoding,
        Self::Fields,
        Self::Time,
        Self::Client,
        Self::Method,
        Self::Target,
        Self::Status,
        Self::Bytes,
        Self::Duration,
    ];

    /// Its name in the report.
    pub fn name(self) -> String {
        format!("{self:?}").to_lowercase()
    }
}

/// Parses a line without its terminator.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn parse(line: &[u8]) -> Result<Record, Defect> {
    let text = String::from_utf8(line.to_vec()).map_err(|_| Defect::Encoding)?;
    let fields: Vec<String> = text.split(' ').map(str::to_owned).collect();
    if fields.len() != 7 {
        return Err(Defect::Fields);
    }
    Ok(Record {
        time: Time::parse(&fields[0]).ok_or(Defect::Time)?,
        client: client(&fields[1]).ok_or(Defect::Client)?,
        method: method(&fields[2]).ok_or(Defect::Method)?,
        target: target(&fields[3]).ok_or(Defect::Target)?,
        status: status(&fields[4]).ok_or(Defect::Status)?,
        bytes: bytes(&fields[5]).ok_or(Defect::Bytes)?,
        duration_ms: duration_ms(&fields[6]).ok_or(Defect::Duration)?,
    })
}

/// Whether there is at least one character, and all are ASCII digits.
pub fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| character.is_ascii_digit())
}

fn client(field: &str) -> Option<String> {
    let parts: Vec<String> = field.split('.').map(str::to_owned).collect();
    let is_octet =
        |part: &String| is_number(part) && part.parse::<u8>().is_ok_and(|octet| octet.to_string() == *part);
    (parts.len() == 4 && parts.iter().all(is_octet)).then(|| parts.join("."))
}

fn method(field: &str) -> Option<String> {
    let is_method =
        (1..=16).contains(&field.len()) && field.chars().all(|character| character.is_ascii_uppercase());
    is_method.then(|| field.to_owned())
}

fn target(field: &str) -> Option<String> {
    field.starts_with('/').then(|| field.to_owned())
}

fn status(field: &str) -> Option<u32> {
    let status = (field.len() == 3 && is_number(field)).then(|| field.parse::<u32>().ok())??;
    (100..=599).contains(&status).then_some(status)
}

fn bytes(field: &str) -> Option<u64> {
    if field == "-" {
        return Some(0);
    }
    (field.len() <= 10 && is_number(field)).then(|| field.parse::<u64>().ok())?
}

/// One to four digits, a point, and three digits.
fn duration_ms(field: &str) -> Option<f64> {
    let parts: Vec<String> = field.split('.').map(str::to_owned).collect();
    let is_duration = parts.len() == 2
        && parts.iter().all(|part| is_number(part))
        && parts[0].len() <= 4
        && parts[1].len() == 3;
    is_duration.then(|| {
        field
            .parse::<f64>()
            .ok()
            .map(|seconds| (seconds * 1000.0).round())
    })?
}
