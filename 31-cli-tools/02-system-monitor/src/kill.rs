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

use crate::keys::Target;

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
    todo!("send {target:?}")
}
