//! The rooms that the client is in, and how far it has heard them.
//!
//! Messages of a room are numbered without holes. A hole in what comes means that a gap swallowed some: the room then
//! *recovers*, which is to ask for its history behind the last message that was delivered. Until the answer is complete,
//! live messages behind the hole are let go: the server answers in order, so that the history has them too.

use std::collections::BTreeMap;

use super::Request;
use crate::wire::MAX_HISTORY;

/// How far one room was heard.
#[derive(Debug)]
struct Heard {
    /// The number of the last message that was delivered.
    last: u64,
    /// The number of the request for its history, while it recovers.
    recovery: Option<u32>,
}

/// What to do with a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is the next one.
    Deliver,
    /// It was delivered before, or will come with the history.
    Ignore,
    /// There is a hole in front of it.
    Hole,
}

/// The rooms by name.
#[derive(Debug, Default)]
pub(super) struct Rooms {
    rooms: BTreeMap<String, Heard>,
}

impl Rooms {
    /// The client is in the room, whose last message is number `last`. True when it was there before, in a session that was
    /// lost, and has missed something.
    pub(super) fn joined(&mut self, room: &str, last: u64) -> bool {
        let new = Heard { last, recovery: None };
        let heard = self.rooms.entry(room.to_owned()).or_insert(new);
        if heard.last > last {
            // The room was empty in between, and its successor counts from 1.
            heard.last = last;
        }
        heard.last < last
    }

    /// The client is not in the room any more.
    pub(super) fn left(&mut self, room: &str) {
        self.rooms.remove(room);
    }

    /// A live message. A room that the client did not know to be in is heard from here on.
    pub(super) fn live(&mut self, room: &str, seq: u64) -> Verdict {
        let last = seq.saturating_sub(1);
        let new = Heard { last, recovery: None };
        let heard = self.rooms.entry(room.to_owned()).or_insert(new);
        if seq == heard.last + 1 {
            heard.last = seq;
            Verdict::Deliver
        } else if seq <= heard.last || heard.recovery.is_some() {
            Verdict::Ignore
        } else {
            Verdict::Hole
        }
    }

    /// A message of the history that request `id` asked for. Delivered unless it was before; the messages in between that
    /// nobody has any more are the first of the pair, if there are any.
    pub(super) fn past(&mut self, room: &str, id: u32, seq: u64) -> (Option<(u64, u64)>, Verdict) {
        match self.rooms.get_mut(room) {
            Some(heard) if heard.recovery == Some(id) && seq > heard.last => {
                let lost = (seq > heard.last + 1).then_some((heard.last + 1, seq - 1));
                heard.last = seq;
                (lost, Verdict::Deliver)
            }
            _ => (None, Verdict::Ignore),
        }
    }

    /// The history that request `id` asked for is complete, or could not be had. True when the room is to go on recovering.
    /// `progress` says whether it brought anything, `last` is the number of the room's last message.
    pub(super) fn recovered(
        &mut self,
        room: &str,
        id: u32,
        last: u64,
        progress: bool,
    ) -> (Option<(u64, u64)>, bool) {
        let Some(heard) = self
            .rooms
            .get_mut(room)
            .filter(|heard| heard.recovery == Some(id))
        else {
            return (None, false);
        };
        heard.recovery = None;
        if heard.last >= last {
            return (None, false);
        }
        if progress {
            return (None, true);
        }
        let lost = (heard.last + 1, last);
        heard.last = last;
        (Some(lost), false)
    }

    /// Asks for what is behind the last message delivered; `ask` gives the request its number.
    pub(super) fn recover(&mut self, room: &str, ask: impl FnOnce(Request) -> u32) {
        if let Some(heard) = self.rooms.get_mut(room) {
            heard.recovery = Some(ask(Request::History {
                room: room.to_owned(),
                after: heard.last,
                limit: MAX_HISTORY,
            }));
        }
    }

    /// The number of the last message that was delivered.
    pub(super) fn last(&self, room: &str) -> Option<u64> {
        self.rooms.get(room).map(|heard| heard.last)
    }

    /// No request of the last session will be answered.
    pub(super) fn restart(&mut self) {
        for heard in self.rooms.values_mut() {
            heard.recovery = None;
        }
    }

    /// The names, sorted.
    pub(super) fn names(&self) -> Vec<String> {
        self.rooms.keys().cloned().collect()
    }
}
