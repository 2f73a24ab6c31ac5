//! The control socket: who may own it, and the connections to it.
//!
//! A socket file says nothing about whether its supervisor lives. A lock does: the kernel drops it with the process.
//! So `PATH.lock` is locked first, and whoever has the lock may replace `PATH`. Asking by connecting would leave a
//! gap between the answer and the replacement in which a second supervisor can do the same.

use std::io;
use std::path::{Path, PathBuf};

/// Why there is no control socket.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// Another supervisor lives and has it.
    #[error("{}: another supervisor is running", .0.display())]
    Taken(PathBuf),
    /// The path is that of something else, which is not ours to delete.
    #[error("{}: is not a socket", .0.display())]
    NotASocket(PathBuf),
    /// The system refused.
    #[error("{}: {error}", path.display())]
    Io {
        /// The socket's path.
        path: PathBuf,
        /// What it said.
        #[source]
        error: io::Error,
    },
}

/// The listening socket. Its file goes when this does.
#[derive(Debug)]
pub struct Listener {
    // The fields are yours.
}

impl Listener {
    /// Listens at `path`, in the place of a dead supervisor's socket if there is one.
    ///
    /// # Errors
    /// When a living supervisor has it, or the system refuses.
    pub fn bind(path: &Path) -> Result<Self, ControlError> {
        todo!("listen at {path:?}")
    }

    /// Takes the socket's file away; who is connected stays so.
    pub fn remove(&self) {
        todo!("the file of the socket")
    }
}
