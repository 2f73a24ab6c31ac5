//! From a [`Spec`] to a running process. The only unsafe code stands here.
//!
//! Between fork and exec the child sets up what only it can set for itself, in this order:
//!
//! 1. its own process group, its user and its directory (the standard library does these)
//! 2. its signals: the supervisor blocks some to read them from a descriptor, and may have been started with some
//!    ignored; both survive exec, and a child that kept the mask would never see SIGTERM
//! 3. the parent-death signal, behind the change of user, which would clear it
//! 4. the file mode creation mask and the resource limits
//!
//! A program in between that does this and then executes the real one would need no unsafe code, but would cost every
//! start a second exec, which is most of what a start costs.

use std::io::{self, PipeReader};

use crate::config::Spec;
use crate::protocol::Exit;

/// A process that runs.
#[derive(Debug)]
pub struct Spawned {
    /// Its id, and that of its process group.
    pub pid: i32,
    /// What it prints, standard output and standard error in one: reading never blocks.
    pub output: PipeReader,
}

/// Starts the program of `spec`. When this returns, the program is being executed.
///
/// # Errors
/// When there is no such program, or the process cannot be made as the spec has it.
pub fn spawn(spec: &Spec) -> io::Result<Spawned> {
    todo!("start {:?}", spec.command)
}

/// Sees to it that ended children stay until they are reaped. A parent that ignores SIGCHLD hands that down, and
/// the kernel would then reap by itself, without a word about how they ended.
///
/// # Errors
/// Never, for SIGCHLD can be set.
pub fn keep_ended_children() -> nix::Result<()> {
    todo!("SIGCHLD to its default")
}

/// A child that has ended and how it did, if there is one. It stays a zombie until [`reap`]: as long as it is, its id
/// and that of its group cannot be given to anybody else, so that its group can be sent a signal safely.
///
/// `nix` has calls for this as well, but its `Signal` knows no real-time signals, and they end processes too.
pub fn ended_child() -> Option<(i32, Exit)> {
    todo!("a child that has ended")
}

/// Takes an ended child out of the process table.
///
/// # Panics
/// When it is not a child that has ended.
pub fn reap(pid: i32) {
    todo!("reap {pid}")
}
