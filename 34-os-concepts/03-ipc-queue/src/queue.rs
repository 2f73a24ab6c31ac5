//! The interface that all four transports share.
//!
//! A transport implements two methods a side: one that says how long a message may be, and one that moves a message
//! and waits as it is told. The rest follows from them.

use std::io;
use std::time::{Duration, Instant};

/// How long a call may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// Not at all.
    No,
    /// Until this moment.
    Until(Instant),
    /// As long as it takes.
    Forever,
}

impl Wait {
    /// From now on, as long as `time`. A time that no clock reaches is [`Wait::Forever`].
    pub fn at_most(time: Duration) -> Self {
        Instant::now()
            .checked_add(time)
            .map_or(Self::Forever, Self::Until)
    }

    /// What is left of it, but no more than `longest`; `None` when nothing is.
    pub fn slice(self, longest: Duration) -> Option<Duration> {
        match self {
            Self::No => None,
            Self::Forever => Some(longest),
            Self::Until(moment) => {
                let left = moment.saturating_duration_since(Instant::now());
                (!left.is_zero()).then(|| left.min(longest))
            }
        }
    }
}

/// What a queue is made to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Messages that wait in it at most, at least 1.
    pub capacity: usize,
    /// Bytes of its longest message, at least 1.
    pub max_message: usize,
    /// Whether it will have one sender and one receiver at a time, which a ring makes use of.
    pub sole: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            capacity: 8,
            max_message: 1024,
            sole: false,
        }
    }
}

/// Why a queue cannot be made or opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// What is there was not made by this transport, or is damaged.
    #[error("not a queue of this kind: {0}")]
    Foreign(&'static str),
    /// The transport, or this machine, has no queue of that capacity or with messages of that length.
    #[error("not possible: {0}")]
    Limit(&'static str),
    /// Somebody has the only place, or all places are taken.
    #[error("no place is free for another end")]
    Busy,
    /// The other side did not come in time.
    #[error("timed out")]
    TimedOut,
    /// The system's own error.
    #[error(transparent)]
    Os(#[from] io::Error),
}

/// Why a message was not sent. The queue is as it was before.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// There is no room, and the call was not to wait.
    #[error("the queue is full")]
    Full,
    /// There was no room in time.
    #[error("timed out")]
    TimedOut,
    /// It is longer than the queue takes.
    #[error("a message of {length} bytes, and the queue takes {max}")]
    TooLarge {
        /// Of the message.
        length: usize,
        /// Of the queue.
        max: usize,
    },
    /// There were receivers, and none is left.
    #[error("no receiver is left")]
    Disconnected,
    /// No such priority.
    #[error("no priority {0}: they are below 32768")]
    Priority(u32),
    /// What stands in the shared memory cannot be.
    #[error("the queue is damaged: {0}")]
    Corrupt(&'static str),
    /// The system's own error.
    #[error(transparent)]
    Os(io::Error),
}

/// Why no message was received.
#[derive(Debug, thiserror::Error)]
pub enum RecvError {
    /// There is none, and the call was not to wait.
    #[error("the queue is empty")]
    Empty,
    /// There was none in time.
    #[error("timed out")]
    TimedOut,
    /// The buffer could not take any message of the queue; none was taken out.
    #[error("a buffer of {length} bytes, and messages have up to {max}")]
    BufferTooSmall {
        /// Of the buffer.
        length: usize,
        /// Of the queue's messages.
        max: usize,
    },
    /// The queue is empty, there were senders, and none is left.
    #[error("no sender is left")]
    Disconnected,
    /// What came is no message; it is gone from the queue.
    #[error("the queue is damaged: {0}")]
    Corrupt(&'static str),
    /// The system's own error.
    #[error(transparent)]
    Os(io::Error),
}

/// `WouldBlock` and `TimedOut` are what [`crate::ready::retry`] makes of a wait that ended.
impl From<io::Error> for SendError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::WouldBlock => Self::Full,
            io::ErrorKind::TimedOut => Self::TimedOut,
            io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset => Self::Disconnected,
            _ => Self::Os(error),
        }
    }
}

/// As for [`SendError`].
impl From<io::Error> for RecvError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::WouldBlock => Self::Empty,
            io::ErrorKind::TimedOut => Self::TimedOut,
            io::ErrorKind::ConnectionReset => Self::Disconnected,
            _ => Self::Os(error),
        }
    }
}

/// The sending end of a queue.
pub trait Sender: Send {
    /// Bytes of the longest message that it takes.
    fn max_message(&self) -> usize;

    /// Sends a message, whole or not at all, waiting for room as `wait` says.
    ///
    /// # Errors
    /// See [`SendError`].
    fn send_within(&mut self, message: &[u8], wait: Wait) -> Result<(), SendError>;

    /// Sends the first of `messages` as [`Sender::send_within`] does, then as many more as there is room for. Returns
    /// how many were sent, 0 only for no messages.
    ///
    /// # Errors
    /// When not even the first could be sent.
    fn send_batch(&mut self, messages: &[&[u8]], wait: Wait) -> Result<usize, SendError> {
        for (index, message) in messages.iter().enumerate() {
            let wait = if index == 0 { wait } else { Wait::No };
            match self.send_within(message, wait) {
                Ok(()) => {}
                Err(error) if index == 0 => return Err(error),
                Err(_) => return Ok(index),
            }
        }
        Ok(messages.len())
    }

    /// Sends, and waits for room as long as it takes.
    ///
    /// # Errors
    /// See [`SendError`].
    fn send(&mut self, message: &[u8]) -> Result<(), SendError> {
        self.send_within(message, Wait::Forever)
    }

    /// Sends if there is room at once.
    ///
    /// # Errors
    /// [`SendError::Full`] when there is none.
    fn try_send(&mut self, message: &[u8]) -> Result<(), SendError> {
        self.send_within(message, Wait::No)
    }

    /// Sends, and waits for room at most as long as `time`.
    ///
    /// # Errors
    /// [`SendError::TimedOut`] when there was none.
    fn send_timeout(&mut self, message: &[u8], time: Duration) -> Result<(), SendError> {
        self.send_within(message, Wait::at_most(time))
    }
}

/// The receiving end of a queue.
pub trait Receiver: Send {
    /// Bytes of the longest message that can come: what a buffer must have.
    fn max_message(&self) -> usize;

    /// Takes the next message out, waiting for one as `wait` says. Returns its length; it stands at the start of
    /// `buffer`, whose other bytes may have changed.
    ///
    /// # Errors
    /// See [`RecvError`].
    fn recv_within(&mut self, buffer: &mut [u8], wait: Wait) -> Result<usize, RecvError>;

    /// Receives one message as [`Receiver::recv_within`] does, then those that are there already, until `batch` has
    /// no more room. What `batch` held is gone, whatever comes.
    ///
    /// # Errors
    /// When not even one could be received.
    fn recv_batch(&mut self, batch: &mut Batch, wait: Wait) -> Result<(), RecvError> {
        batch.clear();
        let mut wait = wait;
        while let Some(room) = batch.room() {
            match self.recv_within(room, wait) {
                Ok(length) => batch.push(length),
                Err(error) if batch.is_empty() => return Err(error),
                Err(_) => break,
            }
            wait = Wait::No;
        }
        Ok(())
    }

    /// Receives, and waits for a message as long as it takes.
    ///
    /// # Errors
    /// See [`RecvError`].
    fn recv(&mut self, buffer: &mut [u8]) -> Result<usize, RecvError> {
        self.recv_within(buffer, Wait::Forever)
    }

    /// Receives if there is a message at once.
    ///
    /// # Errors
    /// [`RecvError::Empty`] when there is none.
    fn try_recv(&mut self, buffer: &mut [u8]) -> Result<usize, RecvError> {
        self.recv_within(buffer, Wait::No)
    }

    /// Receives, and waits for a message at most as long as `time`.
    ///
    /// # Errors
    /// [`RecvError::TimedOut`] when none came.
    fn recv_timeout(&mut self, buffer: &mut [u8], time: Duration) -> Result<usize, RecvError> {
        self.recv_within(buffer, Wait::at_most(time))
    }
}

/// Received messages, in one piece of memory that is used again and again.
#[derive(Debug)]
pub struct Batch {
    /// Room for `limit` messages, each at a multiple of `stride`.
    bytes: Vec<u8>,
    stride: usize,
    limit: usize,
    /// Of the messages that it holds.
    lengths: Vec<usize>,
}

impl Batch {
    /// Room for `limit` messages of up to `max_message` bytes.
    pub fn new(limit: usize, max_message: usize) -> Self {
        Self {
            bytes: vec![0; limit * max_message],
            stride: max_message,
            limit,
            lengths: Vec::with_capacity(limit),
        }
    }

    /// How many messages it holds.
    pub fn len(&self) -> usize {
        self.lengths.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }

    /// How many it can hold.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// The message at `index`, in the order in which they came.
    ///
    /// # Panics
    /// When it holds no so many.
    pub fn message(&self, index: usize) -> &[u8] {
        let start = index * self.stride;
        &self.bytes[start..start + self.lengths[index]]
    }

    /// Forgets all messages.
    pub fn clear(&mut self) {
        self.lengths.clear();
    }

    /// Where the next message goes; `None` when it is full.
    pub fn room(&mut self) -> Option<&mut [u8]> {
        let start = self.lengths.len() * self.stride;
        (self.lengths.len() < self.limit).then(|| &mut self.bytes[start..start + self.stride])
    }

    /// Says that a message of this length was put where [`Batch::room`] said.
    ///
    /// # Panics
    /// When it was full, or messages are not that long.
    pub fn push(&mut self, length: usize) {
        assert!(
            self.lengths.len() < self.limit && length <= self.stride,
            "there was room"
        );
        self.lengths.push(length);
    }
}
