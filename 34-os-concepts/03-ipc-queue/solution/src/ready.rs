//! Calls on descriptors that never block, and the wait in between.
//!
//! A call that blocks in the kernel cannot be given a deadline, a `poll` can. So each transport on a descriptor tries
//! first, and waits only when told that it would block: no second system call while the queue flows.

use std::io;
use std::os::fd::BorrowedFd;
use std::time::Duration;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::queue::Wait;

/// The longest single wait; the loop begins another one.
const LONGEST: Duration = Duration::from_secs(60);

/// Waits until something is to be done on one of `watched`. `false` when the time is up.
///
/// # Errors
/// The system's own; an interrupted wait goes on.
pub fn wait_for(watched: &mut [PollFd<'_>], wait: Wait) -> io::Result<bool> {
    while let Some(slice) = wait.slice(LONGEST) {
        // Rounded up: a wait of less than a millisecond must not become a loop of no wait at all.
        let ms = u16::try_from(slice.as_micros().div_ceil(1000)).unwrap_or(u16::MAX);
        match poll(watched, PollTimeout::from(ms)) {
            Ok(0) | Err(Errno::EINTR) => {}
            Ok(_) => return Ok(true),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(false)
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
    loop {
        match attempt() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            result => return result,
        }
        if !wait_for(&mut [PollFd::new(descriptor, events)], wait)? {
            return Err(expired(wait));
        }
    }
}

/// How a wait that brought nothing is told.
pub fn expired(wait: Wait) -> io::Error {
    match wait {
        Wait::No => io::ErrorKind::WouldBlock.into(),
        Wait::Until(_) | Wait::Forever => io::ErrorKind::TimedOut.into(),
    }
}
