//! The connection below the session: greeting, heartbeat, and the next attempt.

use std::time::Duration;

use super::{Client, Decoder, Event, Request};
use crate::wire::{Frame, Reason};

/// Numbered frames after which the server is told how many have come, without waiting for the next tick.
pub(super) const ACK_EVERY: u64 = 64;

/// Where the client stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// No connection, and none to be made before this time.
    Waiting { until: Duration },
    /// `Hello` or `Resume` has no answer yet.
    Shaking,
    /// In a session.
    Open,
    /// `Bye` has no answer yet.
    Leaving,
    /// Nothing more will happen.
    Over,
}

impl Client {
    /// A connection is there: the client greets.
    pub fn connected(&mut self, now: Duration) {
        self.phase = Phase::Shaking;
        self.decoder = Decoder::new();
        self.out.clear();
        self.is_broken = false;
        self.heard(now);
        let resume = self
            .session
            .and_then(|session| Some((session.version, session.token?)));
        match resume {
            Some((version, token)) => {
                let received = self.received;
                Frame::Resume {
                    version,
                    token,
                    received,
                }
                .encode(&mut self.out);
            }
            None => self.greet(),
        }
    }

    /// Says `Hello`.
    pub(super) fn greet(&mut self) {
        let (min, max) = (*self.config.versions.start(), *self.config.versions.end());
        let nick = &self.config.nick;
        Frame::Hello { min, max, nick }.encode(&mut self.out);
    }

    /// The connection is gone, or could not be made.
    pub fn disconnected(&mut self, now: Duration) {
        let reason = self.reason.take();
        match self.phase {
            Phase::Over => return,
            Phase::Leaving => return self.finish(reason),
            Phase::Waiting { .. } | Phase::Shaking | Phase::Open => {}
        }
        let retry_in = self.pause();
        self.phase = Phase::Waiting {
            until: now + retry_in,
        };
        self.events.push_back(Event::Disconnected { reason, retry_in });
        if self.session.is_some_and(|session| session.token.is_none()) {
            self.lose_session();
        }
    }

    /// When to make a connection; `None` when there is one, or none is wanted.
    pub fn connect_at(&self) -> Option<Duration> {
        match self.phase {
            Phase::Waiting { until } => Some(until),
            _ => None,
        }
    }

    /// Whether the connection is to be closed. [`Client::disconnected`] is to be called then.
    pub fn is_finished(&self) -> bool {
        self.is_broken || self.phase == Phase::Over
    }

    /// Whether the client will never want a connection again.
    pub fn is_over(&self) -> bool {
        self.phase == Phase::Over
    }

    /// Does what is due by now. To be called a few times a second.
    pub fn tick(&mut self, now: Duration) {
        if matches!(self.phase, Phase::Waiting { .. } | Phase::Over) {
            return;
        }
        let silent = now.saturating_sub(self.heard_at);
        if silent >= self.config.silence_timeout {
            self.is_broken = true;
        } else if silent >= self.config.ping_after && !self.is_pinged && self.phase == Phase::Open {
            self.is_pinged = true;
            Frame::Ping { nonce: 0 }.encode(&mut self.out);
        }
        self.acknowledge();
    }

    /// Offers `write` the bytes that wait. It returns how many it took; the others stay. Returns how many those are, or `None`
    /// when nothing waits.
    pub fn transmit(&mut self, write: impl FnOnce(&[u8]) -> usize) -> Option<usize> {
        if self.out.is_empty() {
            return None;
        }
        let taken = write(&self.out);
        self.out.drain(..taken);
        Some(self.out.len())
    }

    /// Tells the server how much has come, so that it need not keep it.
    pub(super) fn acknowledge(&mut self) {
        let is_known = self.session.is_some_and(|session| session.version >= 2);
        if is_known && self.phase == Phase::Open && self.received > self.acknowledged {
            self.acknowledged = self.received;
            let received = self.received;
            Frame::Ack { received }.encode(&mut self.out);
        }
    }

    /// The session is over on the server's side: what was sent in it is uncertain, and the rooms are to be entered again.
    pub(super) fn lose_session(&mut self) {
        self.session = None;
        (self.received, self.acknowledged) = (0, 0);
        self.events.push_back(Event::SessionLost);
        self.rooms.restart();
        let joins = self.rooms.names().into_iter().map(|room| Request::Join { room });
        for pending in self.requests.restart(joins) {
            if let Some(id) = pending.ticket {
                let request = pending.request;
                self.events.push_back(Event::Uncertain { id, request });
            }
        }
    }

    /// Nothing more will happen.
    pub(super) fn finish(&mut self, reason: Option<Reason>) {
        self.phase = Phase::Over;
        self.events.push_back(Event::Finished { reason });
    }

    pub(super) fn heard(&mut self, now: Duration) {
        self.heard_at = now;
        self.is_pinged = false;
    }

    /// The pause before the next attempt: doubled each time, and a random part of its second half left out.
    fn pause(&mut self) -> Duration {
        let longest = self.config.retry_min.saturating_mul(1 << self.attempts.min(16));
        let longest = longest.min(self.config.retry_max);
        self.attempts += 1;
        // xorshift64: good enough to keep clients apart.
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        let percent = u32::try_from(self.random % 50).expect("below 50");
        longest - longest * percent / 100
    }
}
