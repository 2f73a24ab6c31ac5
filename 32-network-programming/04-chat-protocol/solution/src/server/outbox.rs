//! The frames of one session that are not sent, or not acknowledged: one queue with two marks.
//!
//! ```text
//!   counted from 1:   … dropped | first ……………… sent | ………………… last
//!                               | kept to send again | not sent yet |
//! ```
//!
//! Neither side writes the numbers down: both count. So a frame is the same bytes for everybody, and is shared.
//!
//! Invariant: at most `window_frames` frames of at most `window_bytes` bytes together. Where one more does not fit, the oldest
//! go. Frames that go before they were sent are a gap, and the client is told of it.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::limits::Limits;
use crate::wire::{Frame, HEADER_LEN};

/// The type of a message to a room.
const MESSAGE: u8 = 0x94;

/// The bounded queue of a session.
#[derive(Default)]
pub(super) struct Outbox {
    frames: VecDeque<Arc<[u8]>>,
    /// Frames that have gone from the front, ever.
    dropped: u64,
    /// Frames that the connection has taken, ever. Behind `dropped` when there is a gap.
    sent: u64,
    /// Bytes of `frames`.
    bytes: usize,
    /// The last request whose answer has been dropped.
    answered: u32,
}

impl Outbox {
    /// Appends a frame, and drops from the front what it leaves no room for. False when a frame was dropped unsent.
    pub(super) fn push(&mut self, frame: Arc<[u8]>, limits: &Limits) -> bool {
        self.bytes += frame.len();
        self.frames.push_back(frame);
        while self.frames.len() > limits.window_frames || self.bytes > limits.window_bytes {
            self.drop_first();
        }
        self.sent >= self.dropped
    }

    /// The client has received `received` frames: they need not be kept. False when there are not so many.
    pub(super) fn acknowledge(&mut self, received: u64) -> bool {
        while self.dropped < received.min(self.sent) {
            self.drop_first();
        }
        received <= self.sent
    }

    /// Forgets what was sent. A session that cannot be resumed has no use for it.
    pub(super) fn forget_sent(&mut self) {
        self.acknowledge(self.sent);
    }

    /// Goes back to what a client that comes again has received. False when it cannot have received so much.
    pub(super) fn rewind(&mut self, received: u64) -> bool {
        let is_possible = received <= self.last();
        if is_possible {
            self.sent = received;
            self.acknowledge(received);
        }
        is_possible
    }

    /// The frame that says what was dropped unsent, if something was. From then on it counts as sent.
    pub(super) fn take_gap(&mut self) -> Option<Frame<'static>> {
        let missed = self.dropped.checked_sub(self.sent).filter(|missed| *missed > 0)?;
        self.sent = self.dropped;
        Some(Frame::Gap {
            missed,
            answered: self.answered,
        })
    }

    /// The frames that are to be sent, in order. There is no gap in front of them.
    pub(super) fn unsent(&self) -> impl Iterator<Item = &Arc<[u8]>> {
        let sent = usize::try_from(self.sent - self.dropped).expect("no more than there are frames");
        self.frames.range(sent..)
    }

    /// The next `count` frames are sent.
    pub(super) fn mark_sent(&mut self, count: usize) {
        self.sent += count as u64;
        debug_assert!(self.sent <= self.last(), "only what was there was sent");
    }

    /// The number of the newest frame.
    fn last(&self) -> u64 {
        self.dropped + self.frames.len() as u64
    }

    fn drop_first(&mut self) {
        let Some(frame) = self.frames.pop_front() else {
            return;
        };
        self.bytes -= frame.len();
        self.dropped += 1;
        let kind = frame[HEADER_LEN - 1];
        if kind == MESSAGE {
            // Nearly all are: no need to look into it.
            return;
        }
        let parsed = Frame::parse(kind, &frame[HEADER_LEN..]);
        if let Some(id) = parsed.ok().and_then(|frame| frame.answers()) {
            self.answered = id;
        }
    }
}
