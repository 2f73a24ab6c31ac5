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

/// How often it adds up the memory of all processes inside.
const WEIGH: Duration = Duration::from_millis(50);

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
pub fn run(sandbox: &Sandbox, command: &Command) -> Result<Ended> {
    let (read, write) = pipe2(OFlag::O_CLOEXEC).context("cannot make a pipe")?;
    let errors = write.try_clone().context("cannot duplicate a descriptor")?;
    let started = Instant::now();
    let confined = sandbox.start(command, Stdio::null(), write.into(), errors.into())?;
    let mut watch = Watch {
        confined,
        output: read,
        kept: Vec::new(),
        count: 0,
    };
    let memory = command.limits.memory_mb << 20;
    let (status, cut) = watch.to_the_end(started + command.limits.wall, memory)?;
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

struct Watch {
    confined: Confined,
    output: OwnedFd,
    kept: Vec<u8>,
    /// Bytes of output in all.
    count: usize,
}

impl Watch {
    /// Reads output until the process has ended; kills it past a limit.
    fn to_the_end(&mut self, deadline: Instant, memory: u64) -> Result<(ExitStatus, Option<Cut>)> {
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

    fn exceeded(&self, deadline: Instant, memory: u64, weighed: &mut Instant) -> Option<Cut> {
        if Instant::now() >= deadline {
            return Some(Cut::Time);
        }
        if self.count > limits::OUTPUT_MAX {
            return Some(Cut::Output);
        }
        if weighed.elapsed() >= WEIGH {
            *weighed = Instant::now();
            return (self.confined.resident_bytes() > memory).then_some(Cut::Memory);
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
