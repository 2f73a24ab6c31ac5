//! `/proc/PID/stat`, `/proc/PID/status`, `/proc/PID/cmdline`.
//!
//! ```text
//! 4242 (a) b (c) S 1 4242 4242 0 -1 4194304 … 17 5 … 20 0 1 0 88213 3133440 360 …
//! │    └──┬───┘  │ │                          │  │        │   │             └ 24 rss, in pages
//! 1 pid   2 comm 3 4 ppid       14 utime, 15 stime   20 threads  22 starttime
//! ```
//!
//! The name is whatever the process made of it: it may hold blanks, parentheses and line feeds. Only the last `)` is
//! certain to be the one that ends it, because behind it there are nothing but a letter and numbers.

use super::fields::{Fields, decimal, error, lines};
use super::{Fault, ParseError};

const FILE: &str = "[pid]/stat";

/// What is used of `/proc/PID/stat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat<'a> {
    /// The process.
    pub pid: i32,
    /// Its name, without the parentheses.
    pub name: &'a [u8],
    /// `R` running, `S` sleeping, `D` waiting for a disk, `Z` zombie, `T` stopped, and so on.
    pub state: char,
    /// Its parent; 0 for the first process, and for parents outside of a container.
    pub ppid: i32,
    /// The time it has run, in its own code and in the kernel.
    pub cpu_ticks: u64,
    /// How many threads it has.
    pub threads: u64,
    /// When it started, in ticks since the system did. With the PID it names a process for good.
    pub start_ticks: u64,
    /// How many pages of it are in memory.
    pub resident_pages: u64,
}

/// Reads `/proc/PID/stat`.
///
/// # Errors
/// A field is missing or no number.
pub fn process(bytes: &[u8]) -> Result<Stat<'_>, ParseError> {
    let open = position(bytes, |&byte| byte == b'(')?;
    let close = bytes
        .iter()
        .rposition(|&byte| byte == b')')
        .filter(|&close| close > open)
        .ok_or_else(|| error(FILE, "comm", Fault::Missing))?;
    let pid = decimal(bytes[..open].trim_ascii()).and_then(|pid| i32::try_from(pid).ok());
    let mut fields = Fields::new(FILE, &bytes[close + 1..]);
    let state = match fields.word("state")? {
        [letter] if letter.is_ascii_alphabetic() => char::from(*letter),
        _ => return Err(error(FILE, "state", Fault::Invalid)),
    };
    let ppid = i32::try_from(fields.number("ppid")?).map_err(|_| error(FILE, "ppid", Fault::Invalid))?;
    fields.skip(9, "cmajflt")?;
    let cpu_ticks = fields.number("utime")?.saturating_add(fields.number("stime")?);
    fields.skip(4, "nice")?;
    let threads = fields.number("num_threads")?;
    fields.skip(1, "itrealvalue")?;
    let start_ticks = fields.number("starttime")?;
    fields.skip(1, "vsize")?;
    // Signed in the kernel's eyes, and below zero for a moment on some of them.
    let resident_pages = fields.value::<i64>("rss")?.try_into().unwrap_or(0);
    Ok(Stat {
        pid: pid.ok_or_else(|| error(FILE, "pid", Fault::Invalid))?,
        name: &bytes[open + 1..close],
        state,
        ppid,
        cpu_ticks,
        threads,
        start_ticks,
        resident_pages,
    })
}

fn position(bytes: &[u8], is_it: impl FnMut(&u8) -> bool) -> Result<usize, ParseError> {
    let found = bytes.iter().position(is_it);
    found.ok_or_else(|| error(FILE, "comm", Fault::Missing))
}

/// The real user ID in `/proc/PID/status`.
///
/// # Errors
/// There is none.
pub fn uid(bytes: &[u8]) -> Result<u32, ParseError> {
    let line = lines(bytes).find_map(|line| line.strip_prefix(b"Uid:"));
    let line = line.ok_or_else(|| error("[pid]/status", "Uid", Fault::Missing))?;
    Fields::new("[pid]/status", line).value("Uid")
}

/// `/proc/PID/cmdline` in one line: arguments end in NUL there and are separated by blanks here; what would move the
/// cursor of a terminal is a `?`. `None` for a kernel thread and for a zombie, which have no arguments.
pub fn command_line(bytes: &[u8]) -> Option<String> {
    let end = bytes.iter().rposition(|&byte| byte != 0)?;
    Some(printable(&bytes[..=end]))
}

/// Bytes as text that a terminal shows in one line.
pub fn printable(bytes: &[u8]) -> String {
    let shown = |character: char| match character {
        '\0' => ' ',
        control if control.is_control() => '?',
        other => other,
    };
    String::from_utf8_lossy(bytes).chars().map(shown).collect()
}
