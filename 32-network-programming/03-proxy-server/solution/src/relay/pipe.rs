//! A pipe as a buffer inside the kernel: `splice(2)` moves pages between it and a socket, and copies nothing.

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use nix::fcntl::{FcntlArg, OFlag, SpliceFFlags, fcntl, splice};
use nix::unistd::pipe2;

/// What a pipe is asked to hold, in bytes. Its default is 64 KiB; a user who has too many pipes is not given more.
const CAPACITY: i32 = 1 << 20;

/// What one call is asked to move.
pub(super) const CHUNK: usize = 1 << 20;

/// A pipe, and what it holds.
#[derive(Debug)]
pub(super) struct Pipe {
    read: OwnedFd,
    write: OwnedFd,
    /// Bytes in it.
    len: usize,
}

impl Pipe {
    pub(super) fn new() -> io::Result<Self> {
        let (read, write) = pipe2(OFlag::O_CLOEXEC | OFlag::O_NONBLOCK)?;
        // A smaller one works as well.
        let _ = fcntl(&write, FcntlArg::F_SETPIPE_SZ(CAPACITY));
        Ok(Self { read, write, len: 0 })
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Moves what a socket has into the pipe, which must be empty: a full one would be `WouldBlock` as well, and then
    /// nobody could say which of the two to wait for.
    pub(super) fn fill(&mut self, socket: impl AsFd) -> io::Result<usize> {
        debug_assert_eq!(self.len, 0, "a pipe is filled when it is empty");
        let count = splice(socket, None, &self.write, None, CHUNK, flags())?;
        self.len += count;
        Ok(count)
    }

    /// Moves what the pipe holds into a socket, as far as that takes it.
    pub(super) fn drain(&mut self, socket: impl AsFd) -> io::Result<usize> {
        let count = splice(&self.read, None, socket, None, self.len, flags())?;
        self.len -= count;
        Ok(count)
    }
}

fn flags() -> SpliceFFlags {
    SpliceFFlags::SPLICE_F_NONBLOCK | SpliceFFlags::SPLICE_F_MOVE
}
