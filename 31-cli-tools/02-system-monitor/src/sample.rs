//! One reading of the system: plain values and a time, so that everything behind it needs neither `/proc` nor a clock.

use std::sync::Arc;
use std::time::Duration;

use crate::parse::{Cpus, Disk, Interface, Load, Memory};

/// What was read at one time. A part is `None` where its file does not exist or is damaged.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    /// When it was read, from any fixed point on.
    pub at: Duration,
    /// `stat`.
    pub cpus: Option<Cpus>,
    /// `meminfo`.
    pub memory: Option<Memory>,
    /// `loadavg`.
    pub load: Option<Load>,
    /// `uptime`, in seconds.
    pub uptime_s: Option<f64>,
    /// `diskstats`.
    pub disks: Option<Vec<Disk>>,
    /// `net/dev`.
    pub interfaces: Option<Vec<Interface>>,
    /// The processes, by PID.
    pub processes: Vec<Process>,
    /// What could not be read though it is there, a line each: `meminfo: MemTotal is missing`.
    pub problems: Vec<String>,
}

/// A process at the time of a sample.
#[derive(Debug, Clone)]
pub struct Process {
    /// Which one.
    pub identity: Identity,
    /// Its parent's PID.
    pub ppid: i32,
    /// The letter that proc(5) has for its state.
    pub state: char,
    /// Its threads.
    pub threads: u64,
    /// The time it has run, in ticks.
    pub cpu_ticks: u64,
    /// What of it is in memory.
    pub resident_bytes: u64,
    /// Its name: `comm`, at most 15 bytes of a program, fit for a terminal. Samples share it.
    pub name: Arc<str>,
    /// What is read only of processes that are shown. Samples share it.
    pub details: Option<Arc<Details>>,
}

/// What tells a process from all others: PIDs are used again, but not with the same start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identity {
    /// The process's number.
    pub pid: i32,
    /// When it started, in ticks since the system did.
    pub start_ticks: u64,
}

/// What costs two more files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// Its arguments in one line; `None` for kernel threads and zombies.
    pub command_line: Option<String>,
    /// Whom it runs for.
    pub uid: Option<u32>,
    /// When this was read, on the clock of [`Sample::at`].
    pub read_at: Duration,
}

impl Process {
    /// Its command line if that is known, else its name in brackets.
    pub fn command(&self) -> String {
        match self.command_line() {
            Some(line) => line.to_owned(),
            None => format!("[{}]", self.name),
        }
    }

    /// Its command line, if it is known.
    pub fn command_line(&self) -> Option<&str> {
        self.details.as_ref()?.command_line.as_deref()
    }
}
