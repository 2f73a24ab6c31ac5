//! A POSIX message queue (`mq_overview(7)`), and a file beside it.
//!
//! The kernel keeps such a queue under a name of its own kind, whether anybody has it open or not, so it does not know
//! peers. The file gives it a path like every other queue of this library, and its ends places to hold
//! (see [`crate::member`]):
//!
//! ```text
//!  0                    8             9               16
//! ┌────────────────────┬─────────────┬───────────────┬────
//! │ "ipcq-mq\1"        │ 1 once a    │ 1 once a      │ 0
//! │                    │ sender came │ receiver came │
//! └────────────────────┴─────────────┴───────────────┴────
//! ```
//!
//! The queue's name is `/ipcq-DEVICE-INODE`, those of the file in hexadecimal.
//!
//! Messages are received by priority, the highest first, and in order among those of one priority. Waits are cut into
//! slices for two reasons: nobody wakes a waiter when the other side dies, and the deadlines of these calls stand on the
//! wall clock, which can be set while they wait.

use std::ffi::CString;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::time::Duration;

use nix::errno::Errno;
use nix::time::{ClockId, clock_gettime};

use crate::member::{LOOK_EVERY, Member, Side};
use crate::queue::{OpenError, Options, Receiver, RecvError, SendError, Sender, Wait};

/// The file's first bytes; the last one is the version.
const MAGIC: [u8; 8] = *b"ipcq-mq\x01";

/// Bytes of the file.
const FILE: usize = 16;

/// Priorities are below this.
pub const PRIORITY_END: u32 = 32768;

/// An open queue and a place in it.
#[derive(Debug)]
struct End {
    /// On Linux a message queue descriptor is a file descriptor, and is closed like one.
    queue: OwnedFd,
    member: Member,
    side: Side,
    max_message: usize,
}

/// The sending end.
#[derive(Debug)]
pub struct MqSender(End);

/// The receiving end.
#[derive(Debug)]
pub struct MqReceiver(End);

/// Makes a queue, for its owner alone.
///
/// # Errors
/// [`OpenError::Limit`] when the system does not allow one of this size: see `/proc/sys/fs/mqueue` and
/// `RLIMIT_MSGQUEUE`.
pub fn create(path: &Path, options: &Options) -> Result<(), OpenError> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    let made = make(&file, options);
    if made.is_err() {
        let _ = std::fs::remove_file(path);
    }
    made
}

fn make(file: &File, options: &Options) -> Result<(), OpenError> {
    let name = name(file)?;
    // The file is new, so a queue of that name belonged to one that is gone.
    // SAFETY: the name ends with a NUL byte and lives through the call.
    unsafe { libc::mq_unlink(name.as_ptr()) };
    // SAFETY: all bytes zero are a `mq_attr`, which is made of numbers.
    let mut attributes: libc::mq_attr = unsafe { std::mem::zeroed() };
    let number = |value: usize| value.try_into().map_err(|_| LIMIT);
    attributes.mq_maxmsg = number(options.capacity)?;
    attributes.mq_msgsize = number(options.max_message)?;
    let flags = libc::O_RDWR | libc::O_CREAT | libc::O_EXCL | libc::O_CLOEXEC;
    let mode: libc::mode_t = 0o600;
    // SAFETY: name and attributes live through the call, and with O_CREAT these two arguments follow.
    let queue = unsafe { libc::mq_open(name.as_ptr(), flags, mode, &raw const attributes) };
    match owned(queue) {
        Ok(_) => {}
        // EINVAL and ENOMEM for the limits of the system, EMFILE for that of the user.
        Err(error) => {
            return Err(match error.raw_os_error() {
                Some(libc::EINVAL | libc::ENOMEM | libc::EMFILE) => LIMIT,
                _ => error.into(),
            });
        }
    }
    let mut contents = [0; FILE];
    contents[..MAGIC.len()].copy_from_slice(&MAGIC);
    file.write_all_at(&contents, 0)?;
    Ok(())
}

/// What [`create`] says of a queue that is too large.
const LIMIT: OpenError = OpenError::Limit("see /proc/sys/fs/mqueue and RLIMIT_MSGQUEUE");

/// Removes a queue and its file. Those who have it open can go on.
///
/// # Errors
/// [`OpenError::Foreign`] when the file is another one.
pub fn remove(path: &Path) -> Result<(), OpenError> {
    let file = File::open(path)?;
    check(&file)?;
    let name = name(&file)?;
    // SAFETY: the name ends with a NUL byte and lives through the call.
    unsafe { libc::mq_unlink(name.as_ptr()) };
    std::fs::remove_file(path)?;
    Ok(())
}

/// The name of the queue that belongs to a file.
fn name(file: &File) -> io::Result<CString> {
    let metadata = file.metadata()?;
    let name = format!("/ipcq-{:x}-{:x}", metadata.dev(), metadata.ino());
    Ok(CString::new(name).expect("digits and letters"))
}

/// Whether the file is one of ours.
fn check(file: &File) -> Result<(), OpenError> {
    let mut contents = [0; FILE];
    match file.read_exact_at(&mut contents, 0) {
        Ok(()) if contents[..MAGIC.len()] == MAGIC => Ok(()),
        Ok(()) => Err(OpenError::Foreign("the file begins with other bytes")),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Err(OpenError::Foreign("the file is too short"))
        }
        Err(error) => Err(error.into()),
    }
}

/// The descriptor that a call has returned.
fn owned(number: libc::mqd_t) -> io::Result<OwnedFd> {
    if number < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the call has just made this descriptor, so nothing else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(number) })
}

impl End {
    fn open(path: &Path, side: Side) -> Result<Self, OpenError> {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        check(&file)?;
        let name = name(&file)?;
        let access = match side {
            Side::Senders => libc::O_WRONLY,
            Side::Receivers => libc::O_RDONLY,
        };
        // SAFETY: the name ends with a NUL byte and lives through the call.
        let queue = unsafe { libc::mq_open(name.as_ptr(), access | libc::O_CLOEXEC) };
        let queue = owned(queue)?;
        // SAFETY: all bytes zero are a `mq_attr`.
        let mut attributes: libc::mq_attr = unsafe { std::mem::zeroed() };
        // SAFETY: the descriptor is open, and the attributes are ours to be written.
        if unsafe { libc::mq_getattr(queue.as_raw_fd(), &raw mut attributes) } < 0 {
            return Err(io::Error::last_os_error().into());
        }
        let member = Member::join(file, side, false)?;
        // Behind the lock: who sees the mark and no lock may conclude that we are gone.
        member.file().write_all_at(&[1], mark(side))?;
        Ok(Self {
            queue,
            member,
            side,
            max_message: usize::try_from(attributes.mq_msgsize).unwrap_or(usize::MAX),
        })
    }

    /// Whether the other side has been there and nobody is left of it.
    fn is_deserted(&self) -> io::Result<bool> {
        let mut came = [0];
        self.member
            .file()
            .read_exact_at(&mut came, mark(self.side.other()))?;
        Ok(came[0] != 0 && !self.member.has_peers()?)
    }
}

/// Where the file says that a side has been there.
fn mark(side: Side) -> u64 {
    match side {
        Side::Senders => 8,
        Side::Receivers => 9,
    }
}

/// The moment on the wall clock that is so far away; no time away is long past.
fn moment(slice: Option<Duration>) -> io::Result<libc::timespec> {
    let Some(slice) = slice else {
        return Ok(libc::timespec {
            tv_sec: 0,
            tv_nsec: 0,
        });
    };
    let now = clock_gettime(ClockId::CLOCK_REALTIME)?;
    Ok(*(now + nix::sys::time::TimeSpec::from_duration(slice)).as_ref())
}

impl MqSender {
    /// Opens the queue at `path` to send.
    ///
    /// # Errors
    /// [`OpenError::Foreign`] when the file is another one.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        End::open(path, Side::Senders).map(Self)
    }

    /// Sends a message of this priority, below [`PRIORITY_END`]. [`Sender::send_within`] has priority 0.
    ///
    /// # Errors
    /// See [`SendError`].
    pub fn send_priority(&mut self, message: &[u8], priority: u32, wait: Wait) -> Result<(), SendError> {
        if priority >= PRIORITY_END {
            return Err(SendError::Priority(priority));
        }
        let (length, max) = (message.len(), self.0.max_message);
        if length > max {
            return Err(SendError::TooLarge { length, max });
        }
        let queue = self.0.queue.as_raw_fd();
        loop {
            let slice = wait.slice(LOOK_EVERY);
            let moment = moment(slice)?;
            // SAFETY: the message and the moment live through the call.
            let sent = unsafe {
                libc::mq_timedsend(
                    queue,
                    message.as_ptr().cast(),
                    length,
                    priority,
                    &raw const moment,
                )
            };
            match Errno::result(sent) {
                Ok(_) => return Ok(()),
                Err(Errno::EINTR) => continue,
                Err(Errno::ETIMEDOUT) => {}
                Err(error) => return Err(SendError::Os(error.into())),
            }
            if self.0.is_deserted()? {
                return Err(SendError::Disconnected);
            }
            if slice.is_none() {
                return Err(crate::ready::expired(wait).into());
            }
        }
    }
}

impl MqReceiver {
    /// Opens the queue at `path` to receive.
    ///
    /// # Errors
    /// [`OpenError::Foreign`] when the file is another one.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        End::open(path, Side::Receivers).map(Self)
    }

    /// Receives the message of the highest priority; returns its length and that priority.
    ///
    /// # Errors
    /// See [`RecvError`].
    pub fn recv_priority(&mut self, buffer: &mut [u8], wait: Wait) -> Result<(usize, u32), RecvError> {
        let (length, max) = (buffer.len(), self.0.max_message);
        if length < max {
            return Err(RecvError::BufferTooSmall { length, max });
        }
        // Set when the other side has been seen gone: what it sent just before comes first.
        let mut deserted = false;
        loop {
            let slice = if deserted { None } else { wait.slice(LOOK_EVERY) };
            match self.take(buffer, slice)? {
                Ok(received) => return Ok(received),
                Err(Errno::EINTR) => continue,
                Err(Errno::ETIMEDOUT) if deserted => return Err(RecvError::Disconnected),
                Err(Errno::ETIMEDOUT) => {}
                Err(error) => return Err(RecvError::Os(error.into())),
            }
            deserted = self.0.is_deserted()?;
            if slice.is_none() && !deserted {
                return Err(crate::ready::expired(wait).into());
            }
        }
    }

    /// The call itself, which waits as long as `slice`.
    fn take(&self, buffer: &mut [u8], slice: Option<Duration>) -> io::Result<nix::Result<(usize, u32)>> {
        let moment = moment(slice)?;
        let mut priority = 0;
        // SAFETY: the buffer and the priority are ours to be written, the moment lives through the call.
        let length = unsafe {
            libc::mq_timedreceive(
                self.0.queue.as_raw_fd(),
                buffer.as_mut_ptr().cast(),
                buffer.len(),
                &raw mut priority,
                &raw const moment,
            )
        };
        Ok(Errno::result(length).map(|length| (length.unsigned_abs(), priority)))
    }
}

impl Sender for MqSender {
    fn max_message(&self) -> usize {
        self.0.max_message
    }

    fn send_within(&mut self, message: &[u8], wait: Wait) -> Result<(), SendError> {
        self.send_priority(message, 0, wait)
    }
}

impl Receiver for MqReceiver {
    fn max_message(&self) -> usize {
        self.0.max_message
    }

    fn recv_within(&mut self, buffer: &mut [u8], wait: Wait) -> Result<usize, RecvError> {
        self.recv_priority(buffer, wait).map(|(length, _)| length)
    }
}
