//! The event loop: one thread, asleep in `epoll_wait` until one of these has something to say.
//!
//! | source | means | then |
//! |---|---|---|
//! | signalfd: SIGCHLD | children have ended | reap them all, tell the fleet |
//! | signalfd: SIGTERM, SIGINT, SIGHUP | the operator | shut down, again: at once; reload |
//! | timerfd | the earliest deadline of the fleet has come | settle |
//! | pipes | a service has printed | log |
//! | control socket, connections | a client | answer |
//!
//! Signals come through a descriptor and never through a handler: between two steps of this loop nothing happens.
//! The timer is armed only while a deadline exists, so that an idle supervisor never wakes.

use std::io;
use std::path::{Path, PathBuf};

use nix::errno::Errno;

use crate::config::{Config, ConfigError};
use crate::control::ControlError;

/// Why the supervisor does not run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The configuration cannot be read.
    #[error("{}: {error}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// The configuration is wrong.
    #[error("{}: {error}", path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        error: ConfigError,
    },
    /// The control socket cannot be had.
    #[error(transparent)]
    Control(#[from] ControlError),
    /// A system call that does not fail has failed.
    #[error("{0}")]
    System(#[from] Errno),
}

/// Reads and checks the configuration.
///
/// # Errors
/// When it cannot be read or is wrong.
pub fn load(path: &Path) -> Result<Config, RunError> {
    todo!("read {path:?}")
}

/// Supervises the services of the configuration at `file` until it is told to shut down.
///
/// # Errors
/// When it could not begin.
pub fn run(file: &Path, socket: &Path) -> Result<(), RunError> {
    todo!("supervise {file:?}, listen at {socket:?}")
}
