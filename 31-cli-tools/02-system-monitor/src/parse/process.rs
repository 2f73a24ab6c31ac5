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

use super::ParseError;

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
    todo!("read {} bytes of a process", bytes.len())
}

/// The real user ID in `/proc/PID/status`.
///
/// # Errors
/// There is none.
pub fn uid(bytes: &[u8]) -> Result<u32, ParseError> {
    todo!("find the user in {} bytes of status", bytes.len())
}

/// `/proc/PID/cmdline` in one line: arguments end in NUL there and are separated by blanks here; what would move the
/// cursor of a terminal is a `?`. `None` for a kernel thread and for a zombie, which have no arguments.
pub fn command_line(bytes: &[u8]) -> Option<String> {
    todo!("join the arguments in {} bytes", bytes.len())
}

/// Bytes as text that a terminal shows in one line.
pub fn printable(bytes: &[u8]) -> String {
    todo!("make {} bytes fit for a terminal", bytes.len())
}
