//! What goes out on a connection, in which order, and what is due there.

use std::time::Duration;

use super::{ConnectionId, Server};
use crate::wire::{Frame, Reason};

/// Bytes that are offered to a connection at a time; a frame that begins below goes along.
const BATCH: usize = 64 << 10;

impl Server {
    /// Offers `write` what waits for the connection, many frames at a time. It returns how many bytes it took, from the
    /// front; the others stay. Returns what was left behind of what was offered, or `None` when nothing waits.
    pub fn transmit(
        &mut self,
        id: ConnectionId,
        now: Duration,
        write: impl FnOnce(&[u8]) -> usize,
    ) -> Option<usize> {
        self.gather(id);
        let offered = self.scratch.len();
        let connection = &mut self.connections[id.0];
        if offered == 0 {
            connection.is_waiting = false;
            return None;
        }
        let taken = write(&self.scratch);
        connection.is_blocked = taken == 0;
        if taken > 0 {
            connection.progress_at = now;
            self.took(id, taken);
        }
        Some(offered - taken)
    }

    /// Whether the connection is to be closed: `Goodbye` has been sent, or there is no hope that it will be.
    pub fn is_finished(&self, id: ConnectionId) -> bool {
        let connection = &self.connections[id.0];
        connection.is_lost || (connection.has_said_goodbye && connection.urgent.is_empty())
    }

    /// Puts together in `scratch` what is to be sent next: what is urgent, then the outbox.
    fn gather(&mut self, id: ConnectionId) {
        self.scratch.clear();
        let connection = &mut self.connections[id.0];
        if !connection.urgent.is_empty() {
            // A connection that takes nothing is offered the same again, and `urgent` does not grow by it.
            return self.scratch.extend_from_slice(&connection.urgent);
        }
        if let Some(nonce) = connection.pong.take() {
            Frame::Pong { nonce }.encode(&mut connection.urgent);
        }
        // One that took nothing last time is asked with a frame: putting a batch together for it again and again costs.
        let batch = if connection.is_blocked { 1 } else { BATCH };
        let given_up = connection.farewell == Some(Reason::TooSlow);
        if let Some(session) = connection.session.filter(|_| !given_up) {
            let outbox = &mut self.sessions[session].outbox;
            if let Some(gap) = outbox.take_gap() {
                gap.encode(&mut connection.urgent);
            }
            self.scratch.extend_from_slice(&connection.urgent);
            let mut unsent = outbox.unsent();
            while self.scratch.len() < batch
                && let Some(frame) = unsent.next()
            {
                self.scratch.extend_from_slice(frame);
            }
        } else {
            self.scratch.extend_from_slice(&connection.urgent);
        }
        // The last word comes when nothing is left to say before it.
        if let Some(reason) = connection.farewell.filter(|_| self.scratch.is_empty())
            && !connection.has_said_goodbye
        {
            connection.has_said_goodbye = true;
            Frame::Goodbye { reason }.encode(&mut connection.urgent);
            self.scratch.extend_from_slice(&connection.urgent);
        }
    }

    /// The connection has taken the first `count` bytes of `scratch`.
    fn took(&mut self, id: ConnectionId, mut count: usize) {
        let connection = &mut self.connections[id.0];
        let urgent = count.min(connection.urgent.len());
        connection.urgent.drain(..urgent);
        count -= urgent;
        let Some(session) = connection.session.filter(|_| count > 0) else {
            return;
        };
        let session = &mut self.sessions[session];
        let mut frames = 0;
        for frame in session.outbox.unsent() {
            if count == 0 {
                break;
            }
            frames += 1;
            // A frame that was begun is finished from a copy: the outbox may drop it, or send it again elsewhere.
            connection
                .urgent
                .extend_from_slice(&frame[count.min(frame.len())..]);
            count = count.saturating_sub(frame.len());
        }
        session.outbox.mark_sent(frames);
        if session.version < 2 {
            session.outbox.forget_sent();
        }
    }

    /// Puts a frame that is not numbered in front of all that are.
    pub(super) fn send_urgent(&mut self, id: ConnectionId, frame: Frame<'_>, now: Duration) {
        frame.encode(&mut self.connections[id.0].urgent);
        self.wake(id, now);
    }

    /// Ends a connection that is late with something, and asks one that is silent whether it is there.
    pub(super) fn check_deadlines(&mut self, id: ConnectionId, now: Duration) {
        let (limits, connection) = (self.limits, &mut self.connections[id.0]);
        let is_stalled = connection.is_waiting && now >= connection.progress_at + limits.stall_timeout;
        if connection.farewell.is_some() {
            connection.is_lost |= is_stalled;
            if is_stalled {
                self.wake(id, now);
            }
            return;
        }
        if connection.is_paused {
            // It cannot be heard while it is not read from, which is not its fault.
            connection.heard(now);
        }
        let silent = now.saturating_sub(connection.heard_at);
        if connection.session.is_none() && now >= connection.opened_at + limits.handshake_timeout {
            self.dismiss(id, Reason::HandshakeTimeout, now);
        } else if is_stalled {
            connection.is_lost = true;
            self.dismiss(id, Reason::TooSlow, now);
        } else if silent >= limits.silence_timeout {
            self.dismiss(id, Reason::Silent, now);
        } else if silent >= limits.ping_after && !connection.is_pinged && connection.session.is_some() {
            connection.is_pinged = true;
            self.send_urgent(id, Frame::Ping { nonce: 0 }, now);
        }
    }
}
