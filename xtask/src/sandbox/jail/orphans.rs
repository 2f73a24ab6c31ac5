//! Ending what a command left behind where there is no PID namespace: the jail is the reaper of its orphans.

use nix::sys::signal::{Signal, kill};
use nix::sys::wait::waitpid;
use nix::unistd::Pid;

use crate::sandbox::usage::children;

/// Rounds of killing before giving up on processes that fork faster than they die.
const ROUNDS: usize = 1000;

/// Ends this process's children until there are none: those of a child that ends become its own.
pub fn end() {
    for _ in 0..ROUNDS {
        let orphans = children(Pid::this());
        if orphans.is_empty() {
            break;
        }
        for orphan in &orphans {
            let _ = kill(*orphan, Signal::SIGKILL);
        }
        for orphan in orphans {
            let _ = waitpid(orphan, None);
        }
    }
}
