//! A record: its bytes, and what its format says about them.

use std::borrow::Cow;
use std::ops::ControlFlow;

use crate::level::Level;

/// How a record is written. Each one of a file may have another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text, perhaps with a time at its head.
    Plain,
    /// An object of JSON in a line.
    Json,
    /// syslog as in RFC 3164, with or without `<PRI>`.
    Bsd,
    /// syslog as in RFC 5424.
    Syslog,
    /// The common or the combined log of a web server.
    Access,
    /// `journalctl -o export`.
    Journal,
}

impl Format {
    /// Its name, as `format=` has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Json => "json",
            Self::Bsd => "bsd",
            Self::Syslog => "syslog",
            Self::Access => "access",
            Self::Journal => "journal",
        }
    }
}

/// What is known of a record without a look at its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// How it is written.
    pub format: Format,
    /// Microseconds since 1970, if it has a time.
    pub time_us: Option<i64>,
    /// If it has a level.
    pub level: Option<Level>,
}

/// What a visitor of fields is told: a name, and the value, decoded.
pub type Visitor<'v> = dyn FnMut(&str, Cow<'_, [u8]>) -> ControlFlow<()> + 'v;

/// A record of a log.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// The name of its file.
    pub file: &'a str,
    /// Where it begins in its file.
    pub offset: u64,
    /// Its place among all records: the latest time of its file up to itself; [`i64::MIN`] before the first one.
    pub key: i64,
    /// Format, time and level.
    pub head: Head,
    /// All its lines, with their terminators.
    pub bytes: &'a [u8],
    /// It is not a record of its own but the rest of the one before, which was already told.
    pub continues: bool,
}

impl<'a> Record<'a> {
    /// Its text without the terminator of its last line.
    pub fn text(&self) -> &'a [u8] {
        without_terminator(self.bytes)
    }

    /// What it says: the message of a format that has one, else the text behind time and level.
    pub fn message(&self) -> Cow<'a, [u8]> {
        todo!("what the {:?} record says", self.head.format)
    }

    /// Hands `use_value` the value of a field, or `None`, without keeping it. Every record has the fields `file`,
    /// `format`, `text` and `message`, and `msg` stands for `message` where there is no field of that name.
    pub fn with_field<T>(&self, name: &str, use_value: impl FnOnce(Option<&[u8]>) -> T) -> T {
        let _ = use_value;
        todo!("find the field {name:?}")
    }

    /// The value of a field, as [`Record::with_field`] finds it.
    pub fn field(&self, name: &str) -> Option<Vec<u8>> {
        self.with_field(name, |value| value.map(<[u8]>::to_vec))
    }

    /// Tells `visit` the fields in the order in which they are written.
    pub fn fields(&self, visit: &mut Visitor<'_>) {
        let _ = visit;
        todo!("the fields of a {:?} record", self.head.format)
    }
}

/// A line without `\n` and without a `\r` before it.
pub fn without_terminator(line: &[u8]) -> &[u8] {
    todo!("the text of {line:?}")
}
