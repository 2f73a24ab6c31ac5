//! What the server says, and what becomes of it.

use std::time::Duration;

use super::link::{ACK_EVERY, Phase};
use super::rooms::Verdict;
use super::{Client, Event, PastMessage, Request, Session};
use crate::wire::{FROM_SERVER, Frame, NUMBERED, Reason, WireError};

/// Bytes that may wait for a server that does not read, beside the requests.
const MAX_OUT: usize = 1 << 20;

/// Members of a room that are told of; a server that lists more is not believed.
const MAX_MEMBERS: usize = 100_000;

/// The server has broken the protocol.
pub(super) struct Breach;

impl From<WireError> for Breach {
    fn from(_: WireError) -> Self {
        Self
    }
}

impl Client {
    /// Bytes have come from the server.
    pub fn received(&mut self, bytes: &[u8], now: Duration) {
        if self.is_finished() {
            return;
        }
        self.heard(now);
        // The frames borrow from the decoder while everything else changes.
        let mut decoder = std::mem::take(&mut self.decoder);
        decoder.push(bytes);
        while !self.is_finished() {
            let handled = match decoder.next_frame() {
                Ok(Some(frame)) => self.handle(frame),
                Ok(None) => break,
                Err(error) => Err(error.into()),
            };
            if handled.is_err() || self.out.len() > MAX_OUT {
                self.reason = Some(Reason::Malformed);
                self.is_broken = true;
            }
        }
        self.decoder = decoder;
        self.flush_requests();
    }

    fn handle(&mut self, frame: Frame<'_>) -> Result<(), Breach> {
        let is_numbered = frame.kind() & (FROM_SERVER | NUMBERED) == FROM_SERVER | NUMBERED;
        let in_session = matches!(self.phase, Phase::Open | Phase::Leaving);
        match frame {
            Frame::Ping { nonce } => Frame::Pong { nonce }.encode(&mut self.out),
            Frame::Pong { .. } => {}
            Frame::Goodbye { reason } => self.goodbye(reason),
            Frame::Unknown { .. } if !is_numbered => {}
            Frame::Welcome { version, token } if self.phase == Phase::Shaking && self.session.is_none() => {
                if !self.config.versions.contains(&version) {
                    return Err(Breach);
                }
                self.session = Some(Session { version, token });
                self.was_welcome = true;
                self.attempts = 0;
                self.phase = Phase::Open;
                self.events.push_back(Event::Welcome { version });
            }
            Frame::Resumed { request } if self.phase == Phase::Shaking && self.session.is_some() => {
                self.requests.resume_behind(request);
                self.attempts = 0;
                self.acknowledged = self.received;
                self.phase = Phase::Open;
                self.events.push_back(Event::Resumed);
            }
            Frame::ResumeFailed if self.phase == Phase::Shaking && self.session.is_some() => {
                self.lose_session();
                self.greet();
            }
            Frame::Gap { missed, answered } if in_session => self.gap(missed, answered),
            frame if is_numbered && in_session => {
                self.received += 1;
                if self.received - self.acknowledged >= ACK_EVERY {
                    self.acknowledge();
                }
                self.event(frame)?;
            }
            _ => return Err(Breach),
        }
        Ok(())
    }

    fn goodbye(&mut self, reason: Reason) {
        let is_final = match reason {
            Reason::Bye | Reason::Malformed | Reason::Version | Reason::BadName | Reason::Replaced => true,
            // The old session of a client that comes again may still have the nick.
            Reason::NickInUse => !self.was_welcome,
            _ => false,
        };
        if is_final || self.phase == Phase::Leaving {
            self.finish(Some(reason));
        } else {
            self.reason = Some(reason);
            self.is_broken = true;
        }
    }

    fn gap(&mut self, missed: u64, answered: u32) {
        self.received += missed;
        self.events.push_back(Event::Gap { missed });
        for pending in self.requests.take_up_to(answered) {
            if let Some(id) = pending.ticket {
                let request = pending.request;
                self.events.push_back(Event::Unanswered { id, request });
            } else if let Request::Join { .. } = pending.request {
                // The answer says how far the room is, and the client must know.
                self.requests.ask_internally(pending.request);
            }
        }
        for room in self.rooms.names() {
            self.recover(&room);
        }
    }

    pub(super) fn recover(&mut self, room: &str) {
        let requests = &mut self.requests;
        self.rooms
            .recover(room, |request| requests.ask_internally(request));
    }

    fn event(&mut self, frame: Frame<'_>) -> Result<(), Breach> {
        match frame {
            Frame::Message {
                room,
                seq,
                nick,
                text,
            } => match self.rooms.live(room, seq) {
                Verdict::Deliver => self.message(room, seq, nick, text),
                Verdict::Ignore => {}
                Verdict::Hole => self.recover(room),
            },
            Frame::Whispered { nick, text } => {
                let (nick, text) = (nick.to_owned(), text.to_owned());
                self.events.push_back(Event::Whispered { nick, text });
            }
            Frame::Presence {
                change,
                room,
                nick,
                new_nick,
            } => self.events.push_back(Event::Presence {
                change,
                room: room.to_owned(),
                nick: nick.to_owned(),
                new_nick: new_nick.to_owned(),
            }),
            Frame::Past { id, seq, nick, text } => self.past(id, seq, nick, text)?,
            Frame::Members {
                id,
                more: true,
                names,
            } => {
                if let Some(pending) = self.requests.find(id) {
                    pending.members.extend(names.iter().map(str::to_owned));
                    if pending.members.len() > MAX_MEMBERS {
                        return Err(Breach);
                    }
                }
            }
            Frame::Unknown { .. } => {}
            answer => {
                let id = answer.answers().ok_or(Breach)?;
                // Its outcome may be known already, from a gap that said so.
                if let Some(pending) = self.requests.take(id) {
                    self.answer(pending, answer)?;
                }
            }
        }
        Ok(())
    }

    fn message(&mut self, room: &str, seq: u64, nick: &str, text: &str) {
        let (room, nick, text) = (room.to_owned(), nick.to_owned(), text.to_owned());
        let message = PastMessage { seq, nick, text };
        self.events.push_back(Event::Message { room, message });
    }

    pub(super) fn lost(&mut self, room: &str, lost: Option<(u64, u64)>) {
        if let Some((from, to)) = lost {
            let room = room.to_owned();
            self.events.push_back(Event::Lost { room, from, to });
        }
    }
}
