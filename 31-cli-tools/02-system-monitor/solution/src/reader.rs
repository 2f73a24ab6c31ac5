//! Reads a sample from a directory like `/proc`.
//!
//! - [`Reader::read`]: one file a process, `stat`, and the six files of the system
//! - [`Reader::describe`]: the two files more that a process on the screen needs
//!
//! Between two reads anything may vanish. A process that is gone when its file is opened, or read, has just ended:
//! that is normal, and it is left out. What is there and cannot be understood is a problem, which the sample names.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::files::{is_absent, read_file, read_record};
use crate::parse::{self, ParseError, Stat};
use crate::sample::{Identity, Process, Sample};

/// Details that are older are read again: a program may change its arguments.
const DETAILS_MAX_AGE: Duration = Duration::from_secs(5);

/// A directory like `/proc`, and memory that is used again for each read.
#[derive(Debug)]
pub struct Reader {
    root: PathBuf,
    page_bytes: u64,
    /// `root/PID/file`, written anew for each process.
    path: String,
    /// What was read last.
    buffer: Vec<u8>,
}

impl Reader {
    /// A reader of the directory `root`; `page_bytes` is the unit of the resident set.
    ///
    /// # Errors
    /// `root` is no directory, or may not be read.
    pub fn new(root: &Path, page_bytes: u64) -> io::Result<Self> {
        std::fs::read_dir(root)?;
        Ok(Self {
            root: root.to_owned(),
            page_bytes,
            path: String::new(),
            buffer: Vec::new(),
        })
    }

    /// Fills `sample` with what is there at the time `at`, and takes from `previous` what need not be made again: names
    /// and details of processes that are the same. What was in `sample` is gone; its memory is used again.
    pub fn read(&mut self, at: Duration, previous: &Sample, sample: &mut Sample) {
        sample.at = at;
        sample.problems.clear();
        let problems = &mut sample.problems;
        sample.cpus = self.part("stat", parse::cpus, problems);
        sample.memory = self.part("meminfo", parse::memory, problems);
        sample.load = self.part("loadavg", parse::load, problems);
        sample.uptime_s = self.part("uptime", parse::uptime_s, problems);
        sample.disks = self.part("diskstats", parse::disks, problems);
        sample.interfaces = self.part("net/dev", parse::interfaces, problems);
        self.processes(previous, sample);
    }

    /// One part of the sample: `None` if the file is not there, `None` and a problem if it is damaged.
    fn part<T>(
        &mut self,
        file: &str,
        parse: impl FnOnce(&[u8]) -> Result<T, ParseError>,
        problems: &mut Vec<String>,
    ) -> Option<T> {
        let path = self.root.join(file);
        match read_file(&path, &mut self.buffer) {
            Ok(()) => parse(&self.buffer)
                .map_err(|error| problems.push(error.to_string()))
                .ok(),
            Err(error) if is_absent(&error) => None,
            Err(error) => {
                problems.push(format!("{file}: {}", reason(&error)));
                None
            }
        }
    }

    fn processes(&mut self, previous: &Sample, sample: &mut Sample) {
        sample.processes.clear();
        let entries = match std::fs::read_dir(&self.root) {
            Ok(entries) => entries,
            Err(error) => {
                sample
                    .problems
                    .push(format!("{}: {}", self.root.display(), reason(&error)));
                return;
            }
        };
        // The kernel lists them by PID, other file systems in any order.
        let mut pids: Vec<i32> = entries
            .filter_map(|entry| pid(entry.ok()?.file_name().as_encoded_bytes()))
            .collect();
        pids.sort_unstable();
        let mut known = previous.processes.iter().peekable();
        for pid in pids {
            while known.next_if(|process| process.identity.pid < pid).is_some() {}
            let known = known.next_if(|process| process.identity.pid == pid);
            match self.process(pid, known) {
                Ok(Some(process)) => sample.processes.push(process),
                Ok(None) => {}
                Err(problem) => sample.problems.push(problem),
            }
        }
    }

    /// The process `pid`, unless it has ended; `known` is what had this PID before.
    fn process(&mut self, pid: i32, known: Option<&Process>) -> Result<Option<Process>, String> {
        match self.read_of(pid, "stat") {
            Ok(()) => {}
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(format!("{pid}/stat: {}", reason(&error))),
        }
        let stat = parse::process(&self.buffer).map_err(|error| {
            let ParseError { field, fault, .. } = error;
            format!("{pid}/stat: {field} {fault}")
        })?;
        Ok(Some(self.to_process(pid, &stat, known)))
    }

    fn to_process(&self, pid: i32, stat: &Stat<'_>, known: Option<&Process>) -> Process {
        let identity = Identity {
            pid,
            start_ticks: stat.start_ticks,
        };
        // A process that has started another program keeps its identity, but not its name.
        let known = known
            .filter(|known| known.identity == identity && known.name.as_bytes() == stat.name)
            .map(|known| (Arc::clone(&known.name), known.details.clone()));
        let (name, details) = known.unwrap_or_else(|| (parse::printable(stat.name).into(), None));
        Process {
            identity,
            ppid: stat.ppid,
            state: stat.state,
            threads: stat.threads,
            cpu_ticks: stat.cpu_ticks,
            resident_bytes: stat.resident_pages.saturating_mul(self.page_bytes),
            name,
            details,
        }
    }

    /// Reads the details of a process that is shown, if they are missing or some seconds old. One that has ended
    /// keeps what was known.
    pub fn describe(&mut self, at: Duration, process: &mut Process) {
        let old = process.details.as_deref();
        if old.is_some_and(|details| at.saturating_sub(details.read_at) < DETAILS_MAX_AGE) {
            return;
        }
        let pid = process.identity.pid;
        let mut details = old.cloned().unwrap_or_default();
        details.read_at = at;
        if self.read_of(pid, "cmdline").is_ok() {
            details.command_line = parse::command_line(&self.buffer);
        }
        if self.read_of(pid, "status").is_ok() {
            details.uid = parse::uid(&self.buffer).ok();
        }
        process.details = Some(Arc::new(details));
    }

    fn read_of(&mut self, pid: i32, file: &str) -> io::Result<()> {
        self.path.clear();
        // Writing to a string cannot fail.
        let _ = write!(self.path, "{}/{pid}/{file}", self.root.display());
        read_record(Path::new(&self.path), &mut self.buffer)
    }
}

/// The PID that a directory of this name belongs to.
fn pid(name: &[u8]) -> Option<i32> {
    let first = name.first()?;
    if !first.is_ascii_digit() {
        return None;
    }
    std::str::from_utf8(name).ok()?.parse().ok()
}

/// What the system says, without the number that the standard library puts behind it.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}
