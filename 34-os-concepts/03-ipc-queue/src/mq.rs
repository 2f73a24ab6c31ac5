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

use std::path::Path;

use crate::queue::{OpenError, Options, Receiver, RecvError, SendError, Sender, Wait};

/// Priorities are below this.
pub const PRIORITY_END: u32 = 32768;

/// The sending end.
#[derive(Debug)]
pub struct MqSender {
    // The fields are yours.
}

/// The receiving end.
#[derive(Debug)]
pub struct MqReceiver {
    // The fields are yours.
}

/// Makes a queue, for its owner alone.
///
/// # Errors
/// [`OpenError::Limit`] when the system does not allow one of this size: see `/proc/sys/fs/mqueue` and
/// `RLIMIT_MSGQUEUE`.
pub fn create(path: &Path, options: &Options) -> Result<(), OpenError> {
    todo!("a queue and its file at {}: {options:?}", path.display())
}

/// Removes a queue and its file. Those who have it open can go on.
///
/// # Errors
/// [`OpenError::Foreign`] when the file is another one.
pub fn remove(path: &Path) -> Result<(), OpenError> {
    todo!("remove the queue and the file at {}", path.display())
}

impl MqSender {
    /// Opens the queue at `path` to send.
    ///
    /// # Errors
    /// [`OpenError::Foreign`] when the file is another one.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        todo!("open the queue of {}", path.display())
    }

    /// Sends a message of this priority, below [`PRIORITY_END`]. [`Sender::send_within`] has priority 0.
    ///
    /// # Errors
    /// See [`SendError`].
    pub fn send_priority(&mut self, message: &[u8], priority: u32, wait: Wait) -> Result<(), SendError> {
        todo!(
            "{} bytes with priority {priority}, as {wait:?} says",
            message.len()
        )
    }
}

impl MqReceiver {
    /// Opens the queue at `path` to receive.
    ///
    /// # Errors
    /// [`OpenError::Foreign`] when the file is another one.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        todo!("open the queue of {}", path.display())
    }

    /// Receives the message of the highest priority; returns its length and that priority.
    ///
    /// # Errors
    /// See [`RecvError`].
    pub fn recv_priority(&mut self, buffer: &mut [u8], wait: Wait) -> Result<(usize, u32), RecvError> {
        todo!("receive into {} bytes, as {wait:?} says", buffer.len())
    }
}

impl Sender for MqSender {
    fn max_message(&self) -> usize {
        todo!("as the queue was made")
    }

    fn send_within(&mut self, message: &[u8], wait: Wait) -> Result<(), SendError> {
        self.send_priority(message, 0, wait)
    }
}

impl Receiver for MqReceiver {
    fn max_message(&self) -> usize {
        todo!("as the queue was made")
    }

    fn recv_within(&mut self, buffer: &mut [u8], wait: Wait) -> Result<usize, RecvError> {
        self.recv_priority(buffer, wait).map(|(length, _)| length)
    }
}
