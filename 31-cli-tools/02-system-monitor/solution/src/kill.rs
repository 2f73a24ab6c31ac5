//! Sends a signal to a process, and to no other.
//!
//! Between the moment when a row was drawn and the one when somebody has answered `y`, the process may have ended and
//! its PID may belong to another one. So:
//!
//! 1. `pidfd_open(pid)`: a descriptor that stays with the process that has the PID now.
//! 2. `/proc/PID/stat` is read: if the start is that of the row, the process of the row is alive; hence it had the PID
//!    all the time, and the descriptor is its own.
//! 3. `pidfd_send_signal`: whatever happens to the PID meanwhile, the signal reaches that process or nobody.
//!
//! It is always `/proc` that is asked, whatever directory is shown: a PID out of a recording means nothing here.

use std::io;

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use crate::keys::{KillSignal, Target};
use crate::parse;
use crate::sample::Identity;

/// Why nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum KillError {
    /// The process has ended.
    #[error("has ended")]
    Ended,
    /// Another process has its PID.
    #[error("is another process now")]
    Reused,
    /// The system refuses.
    #[error("{}", crate::reader::reason(.0))]
    Refused(io::Error),
}

/// Sends the signal to the target.
///
/// # Errors
/// The process is not there any more, or the system refuses.
pub fn kill(target: &Target) -> Result<(), KillError> {
    let Identity { pid, .. } = target.identity;
    // 0 and below would mean groups of processes.
    let pid = Pid::from_raw(pid.max(0)).ok_or(KillError::Ended)?;
    let descriptor = pidfd_open(pid, PidfdFlags::empty()).map_err(refused)?;
    if start_ticks(target.identity.pid)? != target.identity.start_ticks {
        return Err(KillError::Reused);
    }
    let signal = match target.signal {
        KillSignal::Term => Signal::TERM,
        KillSignal::Kill => Signal::KILL,
    };
    pidfd_send_signal(&descriptor, signal).map_err(refused)
}

/// When the process that now has this PID started.
fn start_ticks(pid: i32) -> Result<u64, KillError> {
    let stat = std::fs::read(format!("/proc/{pid}/stat")).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => KillError::Ended,
        _ => KillError::Refused(error),
    })?;
    let damaged = |error| KillError::Refused(io::Error::new(io::ErrorKind::InvalidData, error));
    Ok(parse::process(&stat).map_err(damaged)?.start_ticks)
}

fn refused(error: rustix::io::Errno) -> KillError {
    match error {
        rustix::io::Errno::SRCH => KillError::Ended,
        error => KillError::Refused(error.into()),
    }
}
