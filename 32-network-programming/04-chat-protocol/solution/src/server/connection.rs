//! What the server knows of one connection: the bytes between two frames, and when it last showed a sign of life.

use std::time::Duration;

use crate::limits::Limits;
use crate::wire::{Decoder, Reason};

/// One connection, with or without a session.
pub(super) struct Connection {
    pub(super) decoder: Decoder,
    /// The session that it serves.
    pub(super) session: Option<usize>,
    /// Bytes that go out before anything else: the rest of a frame that was sent in part, and what is not numbered.
    /// Bounded: a frame's rest, one `Welcome` or `Resumed`, one `Gap`, one `Goodbye`, and a `Ping` for each `ping_after`.
    pub(super) urgent: Vec<u8>,
    /// The nonce of the last `Ping` that is not answered. A client that pings and does not read gets one answer.
    pub(super) pong: Option<u32>,
    /// Why it is to be closed, once what waits has been sent. Nothing that it sends counts any more.
    pub(super) farewell: Option<Reason>,
    /// Whether `Goodbye` stands in `urgent`, or has left.
    pub(super) has_said_goodbye: bool,
    /// It takes nothing, not even `Goodbye`.
    pub(super) is_lost: bool,
    /// Not read from until its rate allows.
    pub(super) is_paused: bool,
    pub(super) bucket: Bucket,
    /// Already among the woken.
    pub(super) is_woken: bool,
    /// It took nothing of what it was offered last.
    pub(super) is_blocked: bool,
    /// Something waits for it.
    pub(super) is_waiting: bool,
    /// When it last took bytes, or something began to wait.
    pub(super) progress_at: Duration,
    pub(super) opened_at: Duration,
    pub(super) heard_at: Duration,
    /// Whether it was asked for a sign of life since it was last heard.
    pub(super) is_pinged: bool,
}

impl Connection {
    pub(super) fn new(now: Duration) -> Self {
        Self {
            decoder: Decoder::new(),
            session: None,
            urgent: Vec::new(),
            pong: None,
            farewell: None,
            has_said_goodbye: false,
            is_lost: false,
            is_paused: false,
            bucket: Bucket::default(),
            is_woken: false,
            is_blocked: false,
            is_waiting: false,
            progress_at: now,
            opened_at: now,
            heard_at: now,
            is_pinged: false,
        }
    }

    pub(super) fn heard(&mut self, now: Duration) {
        self.heard_at = now;
        self.is_pinged = false;
    }
}

/// The rate of one connection, by the generic cell rate algorithm: one point in time says it all.
#[derive(Default)]
pub(super) struct Bucket {
    /// When the frames taken so far would have come, had they come at the rate exactly.
    paid_until: Duration,
}

impl Bucket {
    /// Whether one frame more is within the burst.
    pub(super) fn has_room(&self, now: Duration, limits: &Limits) -> bool {
        self.paid_until.saturating_sub(now) + interval(limits) <= interval(limits) * limits.burst
    }

    pub(super) fn take(&mut self, now: Duration, limits: &Limits) {
        self.paid_until = self.paid_until.max(now) + interval(limits);
    }
}

fn interval(limits: &Limits) -> Duration {
    Duration::from_secs(1) / limits.rate_per_s
}
