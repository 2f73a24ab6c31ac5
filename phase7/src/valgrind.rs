//! Programs on valgrind's simulated processor: instructions executed, and misses of a simulated cache.
//!
//! Both are the same on any machine and in any run, but for what is random in the program, such as the keys of its hash
//! maps: a verdict can rest on them. Some 200 million instructions are simulated in a second, or 60 million
//! with caches: small inputs.
//!
//! [`callgrind`] counts what the program and all that it starts execute, until the last of them has ended. Nothing
//! starts outside of the simulation, and the figures come over a socket that only valgrind writes to: a program that
//! adds to them is found out. What a test needs for this is `needs = "/proc, valgrind"`, and an exercise
//! `sandbox = ["proc", "programs"]`.
//!
//! Start-up costs some 300,000 instructions, and a loop over the input may need data made first. Take the difference
//! of two runs that differ in nothing else.

use std::collections::BTreeMap;
use std::io::Read;
use std::ops::Sub;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use nix::fcntl::{FcntlArg, FdFlag, fcntl};

use crate::process::Output;
use crate::{Program, Scratch};

/// How long a program may take there.
const DEADLINE: Duration = Duration::from_secs(60);

/// Bytes of the log that are read. Valgrind writes about one thousand for each process.
const LOG_MAX: usize = 1 << 20;

/// The size of a cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geometry {
    /// Bytes it holds: a power of two, at least a line for each way.
    pub bytes: u32,
    /// Lines that one address can be in.
    pub ways: u32,
    /// Bytes of a line.
    pub line: u32,
}

/// The two levels that callgrind simulates, both with the least recently used line replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caches {
    /// The first level, for data and for instructions alike.
    pub first: Geometry,
    /// The last level, which both share.
    pub last: Geometry,
}

/// What callgrind counted. All but [`instructions`](Self::instructions) are zero without simulated caches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Instructions executed.
    pub instructions: u64,
    /// Data reads.
    pub reads: u64,
    /// Data writes.
    pub writes: u64,
    /// Reads that missed the first level.
    pub first_read_misses: u64,
    /// Writes that missed the first level.
    pub first_write_misses: u64,
    /// Reads that missed both levels.
    pub last_read_misses: u64,
    /// Writes that missed both levels.
    pub last_write_misses: u64,
}

impl Caches {
    /// Those of many processors of the last decade, but for a last level of 1 MiB: 32 KiB of 8 ways, 1 MiB of 16.
    pub const USUAL: Self = Self {
        first: Geometry {
            bytes: 32 << 10,
            ways: 8,
            line: 64,
        },
        last: Geometry {
            bytes: 1 << 20,
            ways: 16,
            line: 64,
        },
    };
}

impl Counts {
    /// Reads and writes that missed the first level.
    pub fn first_misses(&self) -> u64 {
        self.first_read_misses + self.first_write_misses
    }

    /// Reads and writes that missed both levels.
    pub fn last_misses(&self) -> u64 {
        self.last_read_misses + self.last_write_misses
    }
}

/// What the first run counted beyond the second; zero where it is less.
impl Sub for Counts {
    type Output = Self;

    fn sub(self, less: Self) -> Self {
        Self {
            instructions: self.instructions.saturating_sub(less.instructions),
            reads: self.reads.saturating_sub(less.reads),
            writes: self.writes.saturating_sub(less.writes),
            first_read_misses: self.first_read_misses.saturating_sub(less.first_read_misses),
            first_write_misses: self.first_write_misses.saturating_sub(less.first_write_misses),
            last_read_misses: self.last_read_misses.saturating_sub(less.last_read_misses),
            last_write_misses: self.last_write_misses.saturating_sub(less.last_write_misses),
        }
    }
}

/// Runs `program` to its end and counts instructions; with `caches`, their misses too.
///
/// # Panics
/// When it cannot be started, has not ended after a minute, leaves a process behind, or writes to valgrind's log.
#[track_caller]
pub fn callgrind(program: Program, caches: Option<Caches>) -> (Output, Counts) {
    let directory = Scratch::new();
    let (ours, theirs) = UnixStream::pair().expect("a pair of sockets");
    fcntl(&theirs, FcntlArg::F_SETFD(FdFlag::empty())).expect("a descriptor that children inherit");
    let mut arguments = vec![
        "--tool=callgrind".to_owned(),
        "--vgdb=no".to_owned(),
        "--trace-children=yes".to_owned(),
        format!("--log-fd={}", theirs.as_raw_fd()),
        format!("--callgrind-out-file={}/%p", directory.path().display()),
    ];
    if let Some(Caches { first, last }) = caches {
        arguments.push("--cache-sim=yes".to_owned());
        for (name, Geometry { bytes, ways, line }) in [("I1", first), ("D1", first), ("LL", last)] {
            arguments.push(format!("--{name}={bytes},{ways},{line}"));
        }
    }
    let started = Instant::now();
    let running = program.under("valgrind", arguments).deadline(DEADLINE).spawn();
    drop(theirs);
    // Read beside the program, for the socket holds only so much.
    let log = std::thread::spawn(move || read_log(ours, started));
    let output = running.wait();
    let log = log.join().expect("the reader does not panic");
    let text = log.unwrap_or_else(|error| {
        panic!("the program ended and left a process behind, whose instructions count too ({error})")
    });
    match parse(&text) {
        Ok(counts) => (output, counts),
        Err(error) => panic!(
            "{error}\nvalgrind: {text}\nstdout: {}\nstderr: {}",
            output.stdout(),
            output.stderr()
        ),
    }
}

/// The log to its end, which comes when the last process has ended.
fn read_log(mut socket: UnixStream, started: Instant) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    let mut block = [0; 4096];
    loop {
        let left = (DEADLINE + Duration::from_secs(2)).saturating_sub(started.elapsed());
        socket.set_read_timeout(Some(left.max(Duration::from_millis(1))))?;
        match socket.read(&mut block)? {
            0 => return Ok(String::from_utf8_lossy(&bytes).into_owned()),
            read if bytes.len() <= LOG_MAX => bytes.extend_from_slice(&block[..read]),
            _ => return Err(std::io::Error::other("its log has no end")),
        }
    }
}

/// The sum of what the processes counted. Each says it once: `==PID== Collected : 5 …`.
fn parse(log: &str) -> Result<Counts, String> {
    let mut totals = BTreeMap::new();
    for line in log.lines() {
        let Some((process, figures)) = line.split_once("Collected : ") else {
            continue;
        };
        let figures: Result<Vec<u64>, _> = figures.split_whitespace().map(str::parse).collect();
        let figures = figures.map_err(|_| format!("valgrind wrote no figures: {line}"))?;
        if totals.insert(process, figures).is_some() {
            return Err("somebody else writes to valgrind's log".to_owned());
        }
    }
    if totals.is_empty() {
        return Err("valgrind has counted nothing".to_owned());
    }
    let mut counts = Counts::default();
    for figures in totals.values() {
        // Ir Dr Dw I1mr D1mr D1mw ILmr DLmr DLmw
        let figure = |index: usize| figures.get(index).copied().unwrap_or(0);
        counts.instructions += figure(0);
        counts.reads += figure(1);
        counts.writes += figure(2);
        counts.first_read_misses += figure(4);
        counts.first_write_misses += figure(5);
        counts.last_read_misses += figure(7);
        counts.last_write_misses += figure(8);
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_of_all_processes_are_added() {
        let log = "==7== Command: ./a\n==8== Collected : 5 1 1 1 1 1 1 1 1\n==7== \n==7== Collected : 10 2 3 0 4 5 0 6 7\n";
        let counts = parse(log).unwrap();
        assert_eq!(
            counts,
            Counts {
                instructions: 15,
                reads: 3,
                writes: 4,
                first_read_misses: 5,
                first_write_misses: 6,
                last_read_misses: 7,
                last_write_misses: 8,
            }
        );
        assert_eq!((counts.first_misses(), counts.last_misses()), (11, 15));
    }

    #[test]
    fn a_log_with_a_second_figure_or_none_is_refused() {
        assert!(parse("==7== Collected : 10\n==7== Collected : 1\n").is_err());
        assert!(parse("==7== Collected : 10 things\n").is_err());
        assert!(parse("==7== Command: ./a\n").is_err());
    }

    #[test]
    fn a_program_and_its_children_are_counted() {
        if !std::path::Path::new("/usr/bin/valgrind").exists() {
            return;
        }
        let (output, one) = callgrind(Program::new("true"), None);
        assert!(output.status.success());
        let (_, three) = callgrind(
            Program::new("sh").args(["-c", "true; /bin/true; /bin/true"]),
            None,
        );
        assert!(one.instructions > 50_000, "{one:?}");
        assert!(three.instructions > 2 * one.instructions, "{one:?} {three:?}");
        let (_, cached) = callgrind(Program::new("true"), Some(Caches::USUAL));
        assert!(cached.first_misses() > cached.last_misses() / 2 && cached.reads > cached.first_read_misses);
    }
}
