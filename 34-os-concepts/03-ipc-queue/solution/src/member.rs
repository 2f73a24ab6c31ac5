//! Who has an end of a queue open, and whether a certain one still has: by locks that the kernel takes away from the
//! dead.
//!
//! Pipes and sockets tell when the other side is gone. A message queue and a file in memory do not, so each end takes
//! a place in its queue's file: a lock on one byte of a range, by the first that is free. The kernel removes it when the
//! last descriptor of that open file is closed, however the process ends, and a process id that is used again deceives
//! nobody.
//!
//! ```text
//! byte of the file    2^40 + 1 … 2^40 + MEMBERS_MAX    a write lock for each sender
//!                     2^41 + 1 … 2^41 + MEMBERS_MAX    a write lock for each receiver
//! ```
//!
//! The bytes themselves need not exist. The locks belong to open files and not to processes (`F_OFD_SETLK`,
//! `fcntl(2)`): those of the older kind (`F_SETLK`) do not conflict within a process, and are lost when any descriptor
//! of the file is closed.

use std::fs::File;
use std::io;
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};

use crate::queue::OpenError;

/// Ends that a queue can have on each side.
pub const MEMBERS_MAX: u32 = 1000;

/// How long somebody sleeps at most before it looks whether those that it waits for are still there.
pub const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Where the places of the senders are, and those of the receivers.
const SENDERS: i64 = 1 << 40;
const RECEIVERS: i64 = 1 << 41;

/// A side of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Those who send.
    Senders,
    /// Those who receive.
    Receivers,
}

impl Side {
    /// The side that this one waits for.
    pub fn other(self) -> Self {
        match self {
            Self::Senders => Self::Receivers,
            Self::Receivers => Self::Senders,
        }
    }

    fn offset(self) -> i64 {
        match self {
            Self::Senders => SENDERS,
            Self::Receivers => RECEIVERS,
        }
    }
}

/// A place that is held until this is dropped, or its process dies.
#[derive(Debug)]
pub struct Member {
    /// Opened for this member alone: the lock belongs to the open file.
    file: File,
    side: Side,
    id: u32,
}

impl Member {
    /// Takes a free place on `side`; when it is to be the `sole` one there, all of them. `file` has been opened to read
    /// and write, for this purpose alone.
    ///
    /// # Errors
    /// [`OpenError::Busy`] when there is none.
    pub fn join(file: File, side: Side, sole: bool) -> Result<Self, OpenError> {
        let (places, length) = if sole { (1, MEMBERS_MAX) } else { (MEMBERS_MAX, 1) };
        for id in 1..=places {
            let lock = lock(libc::F_WRLCK, side, id, length);
            match fcntl(&file, FcntlArg::F_OFD_SETLK(&lock)) {
                Ok(_) => return Ok(Self { file, side, id }),
                Err(Errno::EAGAIN | Errno::EACCES) => {}
                Err(error) => return Err(io::Error::from(error).into()),
            }
        }
        Err(OpenError::Busy)
    }

    /// The number of its place, from 1.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The file, to read or to map; its locks stay with this.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Whether somebody, on the same side and not this one itself, has place `id`.
    ///
    /// # Errors
    /// The system's own.
    pub fn is_alive(&self, id: u32) -> io::Result<bool> {
        self.is_taken(self.side, id, 1)
    }

    /// Whether anybody is there on the other side.
    ///
    /// # Errors
    /// The system's own.
    pub fn has_peers(&self) -> io::Result<bool> {
        self.is_taken(self.side.other(), 1, MEMBERS_MAX)
    }

    /// Gives the place back before the file is closed.
    pub fn leave(&self) {
        let lock = lock(libc::F_UNLCK, self.side, 1, MEMBERS_MAX);
        // Nothing can be done about an error, and closing the file has the same effect.
        let _ = fcntl(&self.file, FcntlArg::F_OFD_SETLK(&lock));
    }

    fn is_taken(&self, side: Side, id: u32, length: u32) -> io::Result<bool> {
        let mut lock = lock(libc::F_RDLCK, side, id, length);
        fcntl(&self.file, FcntlArg::F_OFD_GETLK(&mut lock))?;
        Ok(lock.l_type != libc::F_UNLCK as libc::c_short)
    }
}

/// A lock of this kind on `length` places of `side` from `id` on.
fn lock(kind: libc::c_int, side: Side, id: u32, length: u32) -> libc::flock {
    libc::flock {
        l_type: kind as libc::c_short,
        l_whence: libc::SEEK_SET as libc::c_short,
        l_start: side.offset() + i64::from(id),
        l_len: length.into(),
        l_pid: 0, // must be 0 for locks of open files
    }
}
