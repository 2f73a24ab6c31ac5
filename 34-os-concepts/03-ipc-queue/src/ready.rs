//! Calls on descriptors that never block, and the wait in between.
//!
//! A call that blocks in the kernel cannot be given a deadline, a `poll` can. So each transport on a descriptor tries
//! first, and waits only when told that it would block: no second system call while the queue flows.

use std::io;
use std::os::fd::BorrowedFd;

use nix::poll::{PollFd, PollFlags};

use crate::queue::Wait;

/// Waits until something is to be done on one of `watched`. `false` when the time is up.
///
/// # Errors
/// The system's own; an interrupted wait goes on.
pub fn wait_for(watched: &mut [PollFd<'_>], wait: Wait) -> io::Result<bool> {
    todo!("wait for {watched:?} as {wait:?} says")
}

/// Makes `attempt` again and again until it no longer says that it would block, waiting for `events` on `descriptor`
/// in between.
///
/// # Errors
/// What `attempt` fails with; `WouldBlock` when there was to be no wait, `TimedOut` when it was over.
pub fn retry<T>(
    descriptor: BorrowedFd<'_>,
    events: PollFlags,
    wait: Wait,
    mut attempt: impl FnMut() -> io::Result<T>,
) -> io::Result<T> {
    todo!(
        "{:?}: poll {descriptor:?} for {events:?} as {wait:?} says",
        attempt().err()
    )
}

/// How a wait that brought nothing is told.
pub fn expired(wait: Wait) -> io::Error {
    todo!("how the end of {wait:?} is told")
}
