//! The control socket: who may own it, and the connections to it.
//!
//! A socket file says nothing about whether its supervisor lives. A lock does: the kernel drops it with the process.
//! So `PATH.lock` is locked first, and whoever has the lock may replace `PATH`. Asking by connecting would leave a
//! gap between the answer and the replacement in which a second supervisor can do the same.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use nix::sys::epoll::EpollFlags;
use nix::sys::stat::{Mode, umask};

use crate::protocol::{REQUEST_MAX, Reply, Request};

/// Connections at a time; further ones are told so and closed.
pub const CONNECTIONS_MAX: usize = 64;

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
    /// Where clients connect; accepting never blocks.
    pub socket: UnixListener,
    path: PathBuf,
    /// Held, not read: as long as it is open this process owns the path.
    _lock: File,
}

impl Listener {
    /// Listens at `path`, in the place of a dead supervisor's socket if there is one.
    ///
    /// # Errors
    /// When a living supervisor has it, or the system refuses.
    pub fn bind(path: &Path) -> Result<Self, ControlError> {
        let io = |error| ControlError::Io {
            path: path.to_owned(),
            error,
        };
        let mut lock_path = path.as_os_str().to_owned();
        lock_path.push(".lock");
        let lock = File::options()
            .create(true)
            .append(true)
            .open(lock_path)
            .map_err(io)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(ControlError::Taken(path.to_owned())),
            Err(TryLockError::Error(error)) => return Err(io(error)),
        }
        match fs::symlink_metadata(path) {
            Ok(metadata) if metadata.file_type().is_socket() => fs::remove_file(path).map_err(io)?,
            Ok(_) => return Err(ControlError::NotASocket(path.to_owned())),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(io(error)),
        }
        // The mask, and not a change of mode behind it: there is no moment at which others could connect.
        let before = umask(Mode::from_bits_truncate(0o177));
        let socket = UnixListener::bind(path);
        umask(before);
        let socket = socket.map_err(io)?;
        socket.set_nonblocking(true).map_err(io)?;
        Ok(Self {
            socket,
            path: path.to_owned(),
            _lock: lock,
        })
    }

    /// Takes the socket's file away; who is connected stays so.
    pub fn remove(&self) {
        let _ = fs::remove_file(&self.path);
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.remove();
    }
}

/// What the reply to a request waits for.
#[derive(Debug, PartialEq, Eq)]
pub enum Awaited {
    /// That these processes have ended.
    Ends(Vec<i32>),
    /// That everything is down.
    Shutdown,
}

/// One client. It is read from only when it has taken its last reply, so that what is kept for it is bounded.
#[derive(Debug)]
pub struct Connection {
    /// The client; neither reading nor writing blocks.
    pub stream: UnixStream,
    /// What the pending reply waits for.
    pub awaited: Option<Awaited>,
    /// What epoll watches it for.
    pub watched: EpollFlags,
    input: Vec<u8>,
    output: Vec<u8>,
    /// Nothing more is to be read: the client has said all, or too much.
    finished: bool,
}

impl Connection {
    /// A client that has just connected.
    ///
    /// # Errors
    /// When the system refuses to make it non-blocking.
    pub fn new(stream: UnixStream) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        let watched = EpollFlags::EPOLLIN;
        Ok(Self {
            stream,
            awaited: None,
            watched,
            input: Vec::new(),
            output: Vec::new(),
            finished: false,
        })
    }

    /// Takes what the client has sent.
    ///
    /// # Errors
    /// When it is gone.
    pub fn read(&mut self) -> io::Result<()> {
        let mut block = [0; REQUEST_MAX];
        while !self.finished && self.input.len() < REQUEST_MAX {
            match self.stream.read(&mut block) {
                Ok(0) => self.finished = true,
                Ok(count) => self.input.extend_from_slice(&block[..count]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// The next request, when the client is due one: its last is answered and the answer is written.
    pub fn next_request(&mut self) -> Option<Result<Request, String>> {
        if self.awaited.is_some() || !self.output.is_empty() {
            return None;
        }
        let end = self
            .input
            .iter()
            .take(REQUEST_MAX)
            .position(|byte| *byte == b'\n');
        let Some(end) = end else {
            if self.input.len() < REQUEST_MAX {
                return None;
            }
            // There is no telling where the next request begins.
            self.input.clear();
            self.finished = true;
            return Some(Err(format!("request of more than {REQUEST_MAX} bytes")));
        };
        let line: Vec<u8> = self.input.drain(..=end).collect();
        let request = str::from_utf8(&line).map_err(|_| "request is not UTF-8".to_owned());
        Some(request.and_then(|line| {
            line.parse()
                .map_err(|error: crate::protocol::RequestError| error.to_string())
        }))
    }

    /// Answers, as far as the client takes it.
    ///
    /// # Errors
    /// When it is gone.
    pub fn reply(&mut self, reply: &Reply) -> io::Result<()> {
        self.awaited = None;
        self.output.extend_from_slice(reply.to_line().as_bytes());
        self.write()
    }

    /// Goes on with what the client has not taken yet.
    ///
    /// # Errors
    /// When it is gone.
    pub fn write(&mut self) -> io::Result<()> {
        while !self.output.is_empty() {
            match self.stream.write(&self.output) {
                Ok(count) => drop(self.output.drain(..count)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Whether there is nothing left to do for it.
    pub fn is_done(&self) -> bool {
        self.finished && self.awaited.is_none() && self.output.is_empty() && !self.input.contains(&b'\n')
    }

    /// What epoll should watch it for: never for what would not be dealt with now.
    pub fn interest(&self) -> EpollFlags {
        if !self.output.is_empty() {
            EpollFlags::EPOLLOUT
        } else if self.finished || self.awaited.is_some() {
            EpollFlags::empty()
        } else {
            EpollFlags::EPOLLIN
        }
    }
}
