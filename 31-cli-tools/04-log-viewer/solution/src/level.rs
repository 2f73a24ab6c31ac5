//! Levels, from the least to the most urgent, and sets of them.
//!
//! syslog knows eight severities (RFC 5424, section 6.2.1); its upper three are one level here, and `trace` stands
//! below them all.

/// How urgent a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Level {
    /// Finer than debug.
    Trace,
    /// For whoever wrote the program; severity 7.
    Debug,
    /// Severity 6.
    Info,
    /// Severity 5.
    Notice,
    /// Severity 4.
    Warn,
    /// Severity 3.
    Error,
    /// Severities 2, 1 and 0: critical, alert, emergency.
    Fatal,
}

impl Level {
    /// All levels, in their order.
    pub const ALL: [Self; 7] = [
        Self::Trace,
        Self::Debug,
        Self::Info,
        Self::Notice,
        Self::Warn,
        Self::Error,
        Self::Fatal,
    ];

    /// Its name, as filters and JSON have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Notice => "notice",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::Fatal => "fatal",
        }
    }

    /// The level that a word names, in either case: the seven names, and what programs call them.
    pub fn from_name(word: &[u8]) -> Option<Self> {
        // The length and the first letter leave at most two candidates: this runs on words of every record.
        let is = |name: &str| word.eq_ignore_ascii_case(name.as_bytes());
        let first = word.first()?.to_ascii_lowercase();
        let (level, names): (_, &[&str]) = match first {
            b't' => (Self::Trace, &["trace"]),
            b'd' => (Self::Debug, &["debug"]),
            b'i' => (Self::Info, &["info", "information"]),
            b'n' => (Self::Notice, &["notice"]),
            b'w' => (Self::Warn, &["warn", "warning"]),
            b'e' if is("emerg") => (Self::Fatal, &["emerg"]),
            b'e' => (Self::Error, &["error", "err"]),
            b'f' | b'c' | b'a' | b'p' => (Self::Fatal, &["fatal", "crit", "critical", "alert", "panic"]),
            _ => return None,
        };
        names.iter().any(|name| is(name)).then_some(level)
    }

    /// The level of a syslog severity, 0 to 7.
    pub fn from_severity(severity: u8) -> Self {
        match severity {
            0..=2 => Self::Fatal,
            3 => Self::Error,
            4 => Self::Warn,
            5 => Self::Notice,
            6 => Self::Info,
            _ => Self::Debug,
        }
    }

    /// The level of a number in JSON: a severity up to 7, or tens as bunyan and pino write them (30 is `info`).
    pub fn from_number(number: u64) -> Option<Self> {
        match number {
            0..=7 => Some(Self::from_severity(number as u8)),
            10 => Some(Self::Trace),
            20 => Some(Self::Debug),
            30 => Some(Self::Info),
            40 => Some(Self::Warn),
            50 => Some(Self::Error),
            60 => Some(Self::Fatal),
            _ => None,
        }
    }
}

/// A set of levels; records without one are a member of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Levels(u8);

impl Levels {
    /// Adds a level, or the lack of one.
    pub fn insert(&mut self, level: Option<Level>) {
        self.0 |= Self::bit(level);
    }

    /// Whether it has a level, or a record without one.
    pub fn contains(self, level: Option<Level>) -> bool {
        self.0 & Self::bit(level) != 0
    }

    /// What is in either.
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn bit(level: Option<Level>) -> u8 {
        1 << level.map_or(7, |level| level as u8)
    }
}
