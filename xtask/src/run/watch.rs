//! A confined process while it runs: its output read up to a limit, its end awaited up to a deadline.
//!
//! The grader waits for the process, never for the end of a pipe: a daemon that holds one open delays nobody.

use std::os::fd::{AsFd, OwnedFd};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::unistd::pipe2;

use super::limits;
use crate::sandbox::{Command, Confined, Sandbox};

/// How often the grader looks whether the process has ended, when it prints nothing.
const LOOK_MS: u16 = 2;

/// How often it adds up what all processes inside use.
const WEIGH: Duration = Duration::from_millis(50);

/// How long it watches the use of the processors before it calls a process waiting, or working again.
const PACE: Duration = Duration::from_millis(200);

/// Ticks within [`PACE`] that a waiting process may use: what it takes to look at a clock now and then.
const PACE_TICKS: u64 = 1;

/// Told when a process begins to wait, for a deadline or for another that is asleep (true), and when it works again or
/// has ended (false): by turns, and false last.
pub type Waits<'a> = &'a dyn Fn(bool);

/// What ended a process before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The wall clock.
    Time,
    /// The limit on output.
    Output,
    /// The limit on the memory of all its processes together.
    Memory,
}

/// How a confined process ended.
#[derive(Debug)]
pub struct Ended {
    /// As the kernel tells it.
    pub status: ExitStatus,
    /// Why the grader ended it, if it did.
    pub cut: Option<Cut>,
    /// The first [`limits::OUTPUT_KEPT`] bytes of standard output and error, in the order they were written.
    pub output: Vec<u8>,
    /// Wall clock.
    pub duration: Duration,
}

/// Runs `command` in the sandbox until it ends or has to be ended; everything that it started ends with it.
///
/// # Errors
/// When it cannot be started, or the grader's own descriptors run out.
pub fn run(sandbox: &Sandbox, command: &Command, waits: Waits) -> Result<Ended> {
    let (read, write) = pipe2(OFlag::O_CLOEXEC).context("cannot make a pipe")?;
    let errors = write.try_clone().context("cannot duplicate a descriptor")?;
    let started = Instant::now();
    let confined = sandbox.start(command, Stdio::null(), write.into(), errors.into())?;
    let mut watch = Watch {
        confined,
        output: read,
        kept: Vec::new(),
        count: 0,
        pace: Pace {
            since: started,
            ticks: 0,
            is_waiting: false,
            waits,
        },
    };
    let memory = command.limits.memory_mb << 20;
    let (status, cut) = watch.await_end(started + command.limits.wall, memory)?;
    let duration = started.elapsed();
    watch.confined.kill();
    watch.drain()?;
    Ok(Ended {
        status,
        cut,
        output: watch.kept,
        duration,
    })
}

struct Watch<'a> {
    confined: Confined,
    output: OwnedFd,
    kept: Vec<u8>,
    /// Bytes of output in all.
    count: usize,
    pace: Pace<'a>,
}

/// Whether a process works.
struct Pace<'a> {
    since: Instant,
    /// What it had used then.
    ticks: u64,
    is_waiting: bool,
    waits: Waits<'a>,
}

impl Pace<'_> {
    /// Takes note of what it has used by now.
    fn note(&mut self, ticks: u64) {
        if self.since.elapsed() >= PACE {
            // What a process used that nobody has waited for is lost with it, so the sum may fall.
            self.set(ticks.abs_diff(self.ticks) <= PACE_TICKS);
            (self.since, self.ticks) = (Instant::now(), ticks);
        }
    }

    fn set(&mut self, is_waiting: bool) {
        if self.is_waiting != is_waiting {
            self.is_waiting = is_waiting;
            (self.waits)(is_waiting);
        }
    }
}

impl Drop for Pace<'_> {
    fn drop(&mut self) {
        self.set(false);
    }
}

impl Watch<'_> {
    /// Reads output until the process has ended; kills it past a limit.
    fn await_end(&mut self, deadline: Instant, memory: u64) -> Result<(ExitStatus, Option<Cut>)> {
        let mut cut = None;
        let mut closed = false;
        let mut weighed = Instant::now();
        loop {
            if let Some(status) = self.confined.try_wait().context("cannot wait for a process")? {
                return Ok((status, cut));
            }
            if cut.is_none() {
                cut = self.exceeded(deadline, memory, &mut weighed);
                if cut.is_some() {
                    self.confined.kill();
                }
            }
            if closed {
                std::thread::sleep(Duration::from_millis(u64::from(LOOK_MS)));
            } else if self.readable(PollTimeout::from(LOOK_MS))? {
                closed = !self.read_block()?;
            }
        }
    }

    fn exceeded(&mut self, deadline: Instant, memory: u64, weighed: &mut Instant) -> Option<Cut> {
        if Instant::now() >= deadline {
            return Some(Cut::Time);
        }
        if self.count > limits::OUTPUT_MAX {
            return Some(Cut::Output);
        }
        if weighed.elapsed() >= WEIGH {
            *weighed = Instant::now();
            let usage = self.confined.usage();
            self.pace.note(usage.ticks);
            return (usage.resident_bytes > memory).then_some(Cut::Memory);
        }
        None
    }

    /// Takes what still stands in the pipe.
    fn drain(&mut self) -> Result<()> {
        while self.count <= limits::OUTPUT_MAX && self.readable(PollTimeout::ZERO)? && self.read_block()? {}
        Ok(())
    }

    fn readable(&self, timeout: PollTimeout) -> Result<bool> {
        let mut watched = [PollFd::new(self.output.as_fd(), PollFlags::POLLIN)];
        match poll(&mut watched, timeout) {
            Ok(count) => Ok(count > 0),
            Err(nix::errno::Errno::EINTR) => Ok(false),
            Err(error) => Err(error).context("cannot watch a pipe"),
        }
    }

    /// Reads one block; false at the end of the stream.
    fn read_block(&mut self) -> Result<bool> {
        let mut block = [0; 64 << 10];
        let count = nix::unistd::read(&self.output, &mut block).context("cannot read a pipe")?;
        let room = limits::OUTPUT_KEPT.saturating_sub(self.kept.len());
        self.kept.extend_from_slice(&block[..count.min(room)]);
        self.count += count;
        Ok(count > 0)
    }
}
