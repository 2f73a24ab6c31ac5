//! A pipe or FIFO in packet mode (`pipe(7)`, `O_DIRECT`).
//!
//! A plain pipe is a stream: two small writes may come out of one read, and two readers may share one message. In packet
//! mode each write of up to `PIPE_BUF` bytes is a packet, and each read takes exactly one, whoever reads. It is a flag
//! of the writer's open file. A packet fills one slot of the pipe whatever its length, so a pipe of n slots holds
//! n messages; a slot is a page.
//!
//! The kernel knows who has an end: a read from an empty pipe that nobody can write to any more gives 0 bytes, a write
//! to one that nobody can read from fails.

use std::fs::{File, OpenOptions};
use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;
use std::time::Duration;

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::stat::Mode;
use nix::unistd::{SysconfVar, mkfifo, pipe2, sysconf};

use crate::frame::{self, HEADER};
use crate::queue::{OpenError, Receiver, RecvError, SendError, Sender, Wait};
use crate::ready::{self, retry};

/// Bytes of the longest message: a packet has up to `PIPE_BUF`.
pub const MESSAGE_MAX: usize = libc::PIPE_BUF - HEADER;

/// Between two looks whether somebody has opened the FIFO to read: the kernel has no wait with a deadline for that.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// The writing end.
#[derive(Debug)]
pub struct PipeSender {
    end: File,
}

/// The reading end.
#[derive(Debug)]
pub struct PipeReceiver {
    end: File,
}

/// A pipe without a name that holds `capacity` messages, or a few more: slots are a power of two.
///
/// # Errors
/// When the user may not have so large a pipe (`/proc/sys/fs/pipe-max-size`), or no more descriptors.
pub fn pair(capacity: usize) -> Result<(PipeSender, PipeReceiver), OpenError> {
    let (read, write) = pipe2(OFlag::O_CLOEXEC).map_err(io::Error::from)?;
    let sender = PipeSender::from_end(write)?;
    sender.set_capacity(capacity)?;
    Ok((sender, PipeReceiver::from_end(read)?))
}

/// Makes a FIFO, for its owner alone.
///
/// # Errors
/// When something of that name is there already.
pub fn create(path: &Path) -> Result<(), OpenError> {
    mkfifo(path, Mode::S_IRUSR | Mode::S_IWUSR).map_err(io::Error::from)?;
    Ok(())
}

impl PipeSender {
    /// Opens a FIFO to write, waiting until somebody has it open to read.
    ///
    /// # Errors
    /// [`OpenError::TimedOut`], and [`OpenError::Foreign`] for what is not a FIFO.
    pub fn open(path: &Path, wait: Wait) -> Result<Self, OpenError> {
        loop {
            let mut options = OpenOptions::new();
            options.write(true).custom_flags(libc::O_NONBLOCK);
            match options.open(path) {
                Ok(end) => return Self::from_end(end),
                Err(error) if error.raw_os_error() == Some(libc::ENXIO) => {}
                Err(error) => return Err(error.into()),
            }
            let Some(pause) = wait.slice(LOOK_EVERY) else {
                return Err(OpenError::TimedOut);
            };
            std::thread::sleep(pause);
        }
    }

    /// Takes over a descriptor: the writing end of a pipe that was inherited or passed.
    ///
    /// # Errors
    /// [`OpenError::Foreign`] when it is something else.
    pub fn from_end(end: impl Into<OwnedFd>) -> Result<Self, OpenError> {
        Ok(Self {
            end: checked(end.into(), OFlag::O_WRONLY, OFlag::O_DIRECT)?,
        })
    }

    /// Makes room for at least `capacity` messages.
    ///
    /// # Errors
    /// When the user may not have so large a pipe, or more messages than that wait in it.
    pub fn set_capacity(&self, capacity: usize) -> Result<(), OpenError> {
        let page = sysconf(SysconfVar::PAGE_SIZE).map_err(io::Error::from)?;
        let page = page.and_then(|page| usize::try_from(page).ok()).unwrap_or(4096);
        let bytes = capacity
            .checked_mul(page)
            .and_then(|bytes| libc::c_int::try_from(bytes).ok())
            .filter(|bytes| *bytes > 0)
            .ok_or(OpenError::Limit("no pipe has that capacity"))?;
        fcntl(&self.end, FcntlArg::F_SETPIPE_SZ(bytes)).map_err(io::Error::from)?;
        Ok(())
    }

    /// Another one on the same pipe.
    ///
    /// # Errors
    /// When no more descriptors are to be had.
    pub fn try_clone(&self) -> io::Result<Self> {
        self.end.try_clone().map(|end| Self { end })
    }

    /// The descriptor, to be inherited or passed.
    pub fn into_end(self) -> OwnedFd {
        self.end.into()
    }
}

impl PipeReceiver {
    /// Opens a FIFO to read. It does not wait for a writer; until the first one the queue is empty.
    ///
    /// # Errors
    /// [`OpenError::Foreign`] for what is not a FIFO.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let mut options = OpenOptions::new();
        options.read(true).custom_flags(libc::O_NONBLOCK);
        Self::from_end(options.open(path)?)
    }

    /// Takes over a descriptor: the reading end of a pipe that was inherited or passed.
    ///
    /// # Errors
    /// [`OpenError::Foreign`] when it is something else.
    pub fn from_end(end: impl Into<OwnedFd>) -> Result<Self, OpenError> {
        Ok(Self {
            end: checked(end.into(), OFlag::O_RDONLY, OFlag::empty())?,
        })
    }

    /// Another one on the same pipe.
    ///
    /// # Errors
    /// When no more descriptors are to be had.
    pub fn try_clone(&self) -> io::Result<Self> {
        self.end.try_clone().map(|end| Self { end })
    }

    /// The descriptor, to be inherited or passed.
    pub fn into_end(self) -> OwnedFd {
        self.end.into()
    }

    /// Whether there was a writer and none is left. On a FIFO that nobody has written to yet a read gives 0 bytes too,
    /// and only `poll` knows the difference.
    fn is_hung_up(&self) -> io::Result<bool> {
        let mut watched = [PollFd::new(self.end.as_fd(), PollFlags::POLLIN)];
        poll(&mut watched, PollTimeout::ZERO)?;
        let events = watched[0].revents().unwrap_or(PollFlags::empty());
        Ok(events.contains(PollFlags::POLLHUP) && !events.contains(PollFlags::POLLIN))
    }
}

/// A descriptor that is a pipe's and open in this `mode`, with `flags` and without blocking.
fn checked(end: OwnedFd, mode: OFlag, flags: OFlag) -> Result<File, OpenError> {
    let end = File::from(end);
    if !end.metadata()?.file_type().is_fifo() {
        return Err(OpenError::Foreign("this is not a pipe"));
    }
    let status = fcntl(&end, FcntlArg::F_GETFL).map_err(io::Error::from)?;
    let status = OFlag::from_bits_retain(status);
    if status & OFlag::O_ACCMODE != mode {
        return Err(OpenError::Foreign("this is the other end of a pipe"));
    }
    let status = status | OFlag::O_NONBLOCK | flags;
    fcntl(&end, FcntlArg::F_SETFL(status)).map_err(io::Error::from)?;
    Ok(end)
}

impl Sender for PipeSender {
    fn max_message(&self) -> usize {
        MESSAGE_MAX
    }

    fn send_within(&mut self, message: &[u8], wait: Wait) -> Result<(), SendError> {
        let length = message.len();
        if length > MESSAGE_MAX {
            return Err(SendError::TooLarge {
                length,
                max: MESSAGE_MAX,
            });
        }
        let header = frame::header(length);
        // One call for both parts, and no more than PIPE_BUF bytes: all of it is written, or nothing.
        retry(self.end.as_fd(), PollFlags::POLLOUT, wait, || {
            (&self.end).write_vectored(&[IoSlice::new(&header), IoSlice::new(message)])
        })?;
        Ok(())
    }
}

impl Receiver for PipeReceiver {
    fn max_message(&self) -> usize {
        MESSAGE_MAX
    }

    fn recv_within(&mut self, buffer: &mut [u8], wait: Wait) -> Result<usize, RecvError> {
        let length = buffer.len();
        if length < MESSAGE_MAX {
            return Err(RecvError::BufferTooSmall {
                length,
                max: MESSAGE_MAX,
            });
        }
        let mut header = [0; HEADER];
        let packet = retry(self.end.as_fd(), PollFlags::POLLIN, wait, || {
            let mut parts = [IoSliceMut::new(&mut header), IoSliceMut::new(buffer)];
            match (&self.end).read_vectored(&mut parts)? {
                0 if !self.is_hung_up()? => Err(ready::expired(Wait::No)),
                packet => Ok(packet),
            }
        })?;
        if packet == 0 {
            return Err(RecvError::Disconnected);
        }
        frame::length(header, packet)
    }
}
