//! Answers to requests: the user's become events, the client's own keep the rooms complete.

use super::receive::Breach;
use super::requests::Pending;
use super::rooms::Verdict;
use super::{Answer, Client, Event, PastMessage, Request};
use crate::wire::{Failure, Frame, MAX_HISTORY};

impl Client {
    pub(super) fn past(&mut self, id: u32, seq: u64, nick: &str, text: &str) -> Result<(), Breach> {
        let Some(pending) = self.requests.find(id) else {
            return Ok(());
        };
        let Request::History { room, .. } = &pending.request else {
            return Err(Breach);
        };
        if pending.past.len() >= usize::from(MAX_HISTORY) {
            return Err(Breach);
        }
        let room = room.clone();
        let (nick, text) = (nick.to_owned(), text.to_owned());
        pending.past.push(PastMessage { seq, nick, text });
        if pending.ticket.is_some() {
            return Ok(());
        }
        let message = pending.past.last().cloned().expect("pushed a moment ago");
        let (lost, verdict) = self.rooms.past(&room, id, seq);
        self.lost(&room, lost);
        if verdict == Verdict::Deliver {
            self.events.push_back(Event::Message { room, message });
        }
        Ok(())
    }

    /// The last frame of an answer has come.
    pub(super) fn answer(&mut self, mut pending: Pending, frame: Frame<'_>) -> Result<(), Breach> {
        let answer = match (frame, &pending.request) {
            (Frame::Failed { failure, .. }, _) => Answer::Failed(failure),
            (Frame::Done { .. }, Request::Rename { nick }) => {
                self.config.nick.clone_from(nick);
                Answer::Done
            }
            (Frame::Done { .. }, Request::Leave { room }) => {
                self.rooms.left(room);
                Answer::Done
            }
            (Frame::Done { .. }, Request::Whisper { .. }) => Answer::Done,
            (Frame::Joined { last, .. }, Request::Join { room }) => {
                if self.rooms.joined(room, last) {
                    let room = room.clone();
                    self.recover(&room);
                }
                Answer::Joined { last }
            }
            (Frame::Said { seq, .. }, Request::Say { .. }) => Answer::Said { seq },
            (Frame::PastEnd { last, .. }, Request::History { room, .. }) => {
                if pending.ticket.is_none() {
                    let progress = !pending.past.is_empty();
                    let (lost, goes_on) = self.rooms.recovered(room, pending.id, last, progress);
                    self.lost(room, lost);
                    if goes_on {
                        self.recover(room);
                    }
                }
                Answer::History(std::mem::take(&mut pending.past))
            }
            (Frame::Members { names, .. }, Request::Who { .. }) => {
                let mut members = std::mem::take(&mut pending.members);
                members.extend(names.iter().map(str::to_owned));
                Answer::Members(members)
            }
            _ => return Err(Breach),
        };
        let request = pending.request;
        match (pending.ticket, &answer) {
            (Some(id), _) => self.events.push_back(Event::Answer { id, request, answer }),
            // The client is not in that room any more: it need not recover.
            (None, Answer::Failed(Failure::NotInRoom | Failure::TooManyRooms)) => {
                if let Request::History { room, .. } | Request::Join { room } = request {
                    self.rooms.left(&room);
                }
            }
            (None, _) => {}
        }
        Ok(())
    }
}
