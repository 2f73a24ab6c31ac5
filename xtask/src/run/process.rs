//! One test process: started with evidence pipes in the sandbox, and judged when it has ended.
//!
//! ```text
//! grader ── nonce pipe ──▶ test      16 random bytes, then end of file
//! grader ◀─ evidence pipe ─ test     the nonce and the test's name, if the body completed
//! grader ◀─ output pipe ─── test     standard output and error, in the order they were written
//! ```
//!
//! Where the sandbox has no process namespace, every process that carries the test's mark in its environment is killed
//! afterwards.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use anyhow::{Context, Result};
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::sys::signal::Signal;
use nix::unistd::pipe2;
use phase7::evidence;

use super::descendants::{MARK, kill_marked};
use super::watch::{self, Cut, Ended, Waits};
use super::{Failure, Job, Outcome, Verdict};
use crate::sandbox::{Command, Sandbox};

/// The longest evidence that is read: a nonce and a name.
const EVIDENCE_MAX: usize = 4096;

/// Variables of the grader's environment that a test sees.
const ENVIRONMENT: [&str; 3] = ["PATH", "LANG", "TZ"];

/// Runs one test and judges it.
///
/// # Errors
/// When the process cannot be started, or the grader's own descriptors run out.
pub fn run_test(sandbox: &Sandbox, job: &Job, waits: Waits) -> Result<Outcome> {
    let mut nonce = [0; evidence::NONCE_LEN];
    std::fs::File::open("/dev/urandom")
        .and_then(|mut file| file.read_exact(&mut nonce))
        .context("no randomness")?;
    let mark = blake3::hash(&nonce).to_hex()[..16].to_owned();

    let (nonce_read, nonce_write) = pipe2(OFlag::O_CLOEXEC).context("cannot make a pipe")?;
    let (evidence_read, evidence_write) = pipe2(OFlag::O_CLOEXEC).context("cannot make a pipe")?;
    std::fs::File::from(nonce_write)
        .write_all(&nonce)
        .context("cannot fill a pipe")?;
    let command = command(job, &mark, [nonce_read.as_raw_fd(), evidence_write.as_raw_fd()]);
    let ended = watch::run(sandbox, &command, waits);
    drop((nonce_read, evidence_write));
    if !sandbox.ends_processes() {
        kill_marked(&mark);
    }
    let ended = ended?;

    let evidence = read_available(&evidence_read, EVIDENCE_MAX)?;
    let expected = [&nonce[..], job.name.as_bytes()].concat();
    let text = String::from_utf8_lossy(&ended.output).into_owned();
    let verdict = judge(&ended, evidence == expected, &text);
    let failure = (verdict != Verdict::Passed).then(|| Failure::find(&text));
    Ok(Outcome {
        verdict,
        failure,
        duration: ended.duration,
    })
}

/// The test binary, for one test.
fn command(job: &Job, mark: &str, evidence: [i32; 2]) -> Command {
    let [read, write] = evidence;
    let arguments = [
        "--exact",
        &job.name,
        "--include-ignored",
        "--nocapture",
        "--test-threads=1",
    ];
    let mut environment: Vec<(OsString, OsString)> = ENVIRONMENT
        .iter()
        .filter_map(|name| Some((name.into(), std::env::var_os(name)?)))
        .collect();
    let own = [
        (MARK, mark.to_owned()),
        (evidence::VARIABLE, format!("{read},{write}")),
        ("TERM", "dumb".to_owned()),
        ("RUST_BACKTRACE", "0".to_owned()),
    ];
    environment.extend(own.map(|(name, value)| (name.into(), value.into())));
    environment.extend(job.variables.iter().cloned());
    Command {
        program: job.binary.clone(),
        arguments: arguments.iter().map(OsString::from).collect(),
        environment,
        directory: job.directory.clone(),
        view: job.view.clone(),
        limits: job.limits,
        keep: evidence.to_vec(),
    }
}

/// The word for how a test ended.
fn judge(ended: &Ended, proved: bool, output: &str) -> Verdict {
    match ended.cut {
        Some(Cut::Time) => return Verdict::TimedOut,
        Some(Cut::Output) => return Verdict::TooMuchOutput,
        Some(Cut::Memory) => return Verdict::OutOfMemory,
        None => {}
    }
    if let Some(number) = ended.status.signal() {
        return match signal_name(ended.status).as_deref() {
            Some("SIGXCPU") => Verdict::TimedOut,
            Some("SIGABRT") if output.contains("memory allocation of ") => Verdict::OutOfMemory,
            Some(name) => Verdict::KilledBy(name.to_owned()),
            None => Verdict::KilledBy(format!("signal {number}")),
        };
    }
    match (ended.status.success(), proved) {
        (true, true) => Verdict::Passed,
        (true, false) => Verdict::NoEvidence,
        (false, _) => Verdict::Failed,
    }
}

/// The name of the signal that ended a process, if one did.
fn signal_name(status: ExitStatus) -> Option<String> {
    let signal = Signal::try_from(status.signal()?).ok()?;
    Some(signal.to_string())
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
