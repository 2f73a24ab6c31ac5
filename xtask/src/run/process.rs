//! One test process: started with evidence pipes and limits, watched, and ended with everything it started.
//!
//! ```text
//! grader ── nonce pipe ──▶ test      16 random bytes, then end of file
//! grader ◀─ evidence pipe ─ test     the nonce and the test's name, if the body completed
//! grader ◀─ output pipe ─── test     standard output and error, in the order they were written
//! ```
//!
//! The grader waits for the process, never for the end of a pipe: a daemon that holds one open delays nobody.
//! Afterwards it kills the process group, and every process that carries the test's mark in its environment.

use std::io::{Read, Write};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nix::fcntl::{FcntlArg, FdFlag, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::{Pid, pipe2};
use phase7::evidence;

use super::descendants::{MARK, kill_marked};
use super::{Failure, Job, Outcome, Verdict, limits};

/// The longest evidence that is read: a nonce and a name.
const EVIDENCE_MAX: usize = 4096;

/// How often the grader looks whether the process has ended, when it prints nothing.
const LOOK_MS: u16 = 2;

/// Variables of the grader's environment that a test sees.
const ENVIRONMENT: [&str; 8] = [
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "RUSTUP_HOME",
    "CARGO_HOME",
    "RUSTUP_TOOLCHAIN",
    "TZ",
];

/// What ended a test before its time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    Time,
    Output,
}

/// Runs one test and judges it.
///
/// # Errors
/// When the process cannot be started, or the grader's own descriptors run out.
pub fn run_test(job: &Job, scratch: &Path) -> Result<Outcome> {
    let mut nonce = [0; evidence::NONCE_LEN];
    std::fs::File::open("/dev/urandom")
        .and_then(|mut file| file.read_exact(&mut nonce))
        .context("no randomness")?;
    let mark = hex(&nonce[..8]).chars().rev().collect::<String>();
    let temporary = TemporaryDirectory::new(scratch, &mark)?;

    let (nonce_read, nonce_write) = pipe2(OFlag::O_CLOEXEC).context("cannot make a pipe")?;
    let (evidence_read, evidence_write) = pipe2(OFlag::O_CLOEXEC).context("cannot make a pipe")?;
    let (output_read, output_write) = pipe2(OFlag::O_CLOEXEC).context("cannot make a pipe")?;
    std::fs::File::from(nonce_write)
        .write_all(&nonce)
        .context("cannot fill a pipe")?;

    let started = Instant::now();
    let child = start(
        job,
        &mark,
        &temporary.path,
        [&nonce_read, &evidence_write],
        output_write,
    )?;
    drop((nonce_read, evidence_write));
    let group = Pid::from_raw(i32::try_from(child.id()).context("a process id fits")?);
    let mut watch = Watch {
        child,
        output: output_read,
        kept: Vec::new(),
        count: 0,
    };
    let (status, cut) = watch.watch_to_the_end(started + job.limits.wall)?;
    let duration = started.elapsed();
    let _ = killpg(group, Signal::SIGKILL);
    kill_marked(&mark);
    watch.drain()?;

    let evidence = read_available(&evidence_read, EVIDENCE_MAX)?;
    let expected = [&nonce[..], job.name.as_bytes()].concat();
    let text = String::from_utf8_lossy(&watch.kept).into_owned();
    let verdict = judge(status, cut, evidence == expected, &text);
    let failure = (verdict != Verdict::Passed).then(|| Failure::find(&text));
    Ok(Outcome {
        verdict,
        failure,
        duration,
    })
}

/// Starts the test binary for one test.
fn start(job: &Job, mark: &str, temporary: &Path, evidence: [&OwnedFd; 2], output: OwnedFd) -> Result<Child> {
    let [read, write] = evidence.map(AsRawFd::as_raw_fd);
    let mut command = Command::new(&job.binary);
    command.args([
        "--exact",
        &job.name,
        "--include-ignored",
        "--nocapture",
        "--test-threads=1",
    ]);
    command.env_clear();
    for name in ENVIRONMENT {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
        .envs(job.variables.iter().map(|(name, value)| (name, value)))
        .current_dir(&job.directory)
        .env(MARK, mark)
        .env(evidence::VARIABLE, format!("{read},{write}"))
        .env("TMPDIR", temporary)
        .env("TERM", "dumb")
        .env("RUST_BACKTRACE", "0")
        .env("CARGO_NET_OFFLINE", "true")
        .stdin(Stdio::null())
        .stderr(output.try_clone().context("cannot duplicate a descriptor")?)
        .stdout(output);
    let limits = job.limits;
    let prepare = move || {
        nix::unistd::setsid()?;
        for descriptor in [read, write] {
            // SAFETY: both are open in the grader, so also in this copy of it, until exec.
            let descriptor = unsafe { std::os::fd::BorrowedFd::borrow_raw(descriptor) };
            fcntl(descriptor, FcntlArg::F_SETFD(FdFlag::empty()))?;
        }
        limits.apply()?;
        Ok(())
    };
    // SAFETY: between fork and exec only system calls are made: no allocation, no lock.
    unsafe { command.pre_exec(prepare) };
    command
        .spawn()
        .with_context(|| format!("cannot start {}", job.binary.display()))
}

/// The test process while it runs, and what it has printed.
struct Watch {
    child: Child,
    output: OwnedFd,
    /// The first [`limits::OUTPUT_KEPT`] bytes of output.
    kept: Vec<u8>,
    /// Bytes of output in all.
    count: usize,
}

impl Watch {
    /// Reads output until the process has ended; kills it at the deadline or past the output limit.
    fn watch_to_the_end(&mut self, deadline: Instant) -> Result<(ExitStatus, Option<Cut>)> {
        let mut cut = None;
        let mut closed = false;
        loop {
            if let Some(status) = self.child.try_wait().context("cannot wait for a test")? {
                return Ok((status, cut));
            }
            if cut.is_none() && Instant::now() >= deadline {
                cut = Some(Cut::Time);
                let _ = self.child.kill();
            }
            if cut.is_none() && self.count > limits::OUTPUT_MAX {
                cut = Some(Cut::Output);
                let _ = self.child.kill();
            }
            if closed {
                std::thread::sleep(Duration::from_millis(u64::from(LOOK_MS)));
            } else if self.readable(PollTimeout::from(LOOK_MS))? {
                closed = !self.read_block()?;
            }
        }
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

/// The word for how a test ended.
fn judge(status: ExitStatus, cut: Option<Cut>, proved: bool, output: &str) -> Verdict {
    match cut {
        Some(Cut::Time) => return Verdict::TimedOut,
        Some(Cut::Output) => return Verdict::TooMuchOutput,
        None => {}
    }
    if let Some(number) = status.signal() {
        let name =
            Signal::try_from(number).map_or_else(|_| format!("signal {number}"), |signal| signal.to_string());
        return match name.as_str() {
            "SIGXCPU" => Verdict::TimedOut,
            "SIGABRT" if output.contains("memory allocation of ") => Verdict::OutOfMemory,
            _ => Verdict::KilledBy(name),
        };
    }
    match (status.success(), proved) {
        (true, true) => Verdict::Passed,
        (true, false) => Verdict::NoEvidence,
        (false, _) => Verdict::Failed,
    }
}

/// What stands in a pipe now, up to `max` bytes, without waiting.
fn read_available(pipe: &OwnedFd, max: usize) -> Result<Vec<u8>> {
    fcntl(pipe, FcntlArg::F_SETFL(OFlag::O_NONBLOCK)).context("cannot set a pipe to non-blocking")?;
    let mut bytes = vec![0; max];
    let mut filled = 0;
    while filled < max {
        match nix::unistd::read(pipe, &mut bytes[filled..]) {
            Ok(count @ 1..) => filled += count,
            _ => break,
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

/// A test's `TMPDIR`, removed with whatever is in it.
struct TemporaryDirectory {
    path: PathBuf,
}

impl TemporaryDirectory {
    fn new(scratch: &Path, mark: &str) -> Result<Self> {
        let path = scratch.join(mark);
        std::fs::create_dir_all(&path).with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self { path })
    }
}

impl Drop for TemporaryDirectory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
