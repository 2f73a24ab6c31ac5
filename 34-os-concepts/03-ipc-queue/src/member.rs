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

use crate::queue::OpenError;

/// Ends that a queue can have on each side.
pub const MEMBERS_MAX: u32 = 1000;

/// How long somebody sleeps at most before it looks whether those that it waits for are still there.
pub const LOOK_EVERY: Duration = Duration::from_millis(100);

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
}

/// A place that is held until this is dropped, or its process dies.
#[derive(Debug)]
pub struct Member {
    // The fields are yours.
}

impl Member {
    /// Takes a free place on `side`; when it is to be the `sole` one there, all of them. `file` has been opened to read
    /// and write, for this purpose alone.
    ///
    /// # Errors
    /// [`OpenError::Busy`] when there is none.
    pub fn join(file: File, side: Side, sole: bool) -> Result<Self, OpenError> {
        todo!("a place in {file:?} among {side:?}, sole: {sole}")
    }

    /// The number of its place, from 1.
    pub fn id(&self) -> u32 {
        todo!("the number of the place")
    }

    /// The file, to read or to map; its locks stay with this.
    pub fn file(&self) -> &File {
        todo!("the file that holds the lock")
    }

    /// Whether somebody, on the same side and not this one itself, has place `id`.
    ///
    /// # Errors
    /// The system's own.
    pub fn is_alive(&self, id: u32) -> io::Result<bool> {
        todo!("whether somebody else holds place {id}")
    }

    /// Whether anybody is there on the other side.
    ///
    /// # Errors
    /// The system's own.
    pub fn has_peers(&self) -> io::Result<bool> {
        todo!("whether anybody holds a place on the other side")
    }

    /// Gives the place back before the file is closed.
    pub fn leave(&self) {
        todo!("unlock it")
    }
}
