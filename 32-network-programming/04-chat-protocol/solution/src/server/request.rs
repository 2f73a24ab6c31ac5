//! Requests: each is carried out once, however often it comes, and has one answer.

use std::time::Duration;

use super::{ConnectionId, Server};
use crate::wire::{Change, Failure, Frame, MAX_BODY, MAX_HISTORY, MAX_NAME, Names, Reason, is_name, is_text};

impl Server {
    /// Carries out the request that comes next; one that has been carried out already is a repetition.
    ///
    /// A client that resumes sends again what it has no answer to. The answer to a repetition is in the outbox, or was told
    /// to be in a gap.
    pub(super) fn request(&mut self, id: ConnectionId, session: usize, frame: Frame<'_>, now: Duration) {
        let number = frame.request().expect("only requests come here");
        let last = &mut self.sessions[session].last_request;
        if number <= *last {
            return;
        }
        if number != *last + 1 {
            return self.dismiss(id, Reason::Malformed, now);
        }
        *last = number;
        if let Err(failure) = self.carry_out(session, frame, now) {
            self.answer(session, Frame::Failed { id: number, failure }, now);
        }
    }

    fn carry_out(&mut self, session: usize, frame: Frame<'_>, now: Duration) -> Result<(), Failure> {
        match frame {
            Frame::Join { id, room } => {
                if !is_name(room) {
                    return Err(Failure::BadName);
                }
                let entered = self.enter_room(session, room, now).ok_or(Failure::TooManyRooms)?;
                let last = self.rooms[entered].last;
                self.answer(session, Frame::Joined { id, room, last }, now);
            }
            Frame::Leave { id, room } => {
                let room = self.room_of(session, room).ok_or(Failure::NotInRoom)?;
                self.leave_room(session, room, now);
                self.answer(session, Frame::Done { id }, now);
            }
            Frame::Say { id, room, text } => {
                let room = self.room_of(session, room).ok_or(Failure::NotInRoom)?;
                if !is_text(text) {
                    return Err(Failure::BadText);
                }
                let frame = self.rooms[room].say(&self.sessions[session].nick, text, self.limits.history);
                let seq = self.rooms[room].last;
                self.tell_room(room, &frame, |_, _| true, now);
                self.answer(session, Frame::Said { id, seq }, now);
            }
            Frame::Whisper { id, nick, text } => {
                let to = *self.nicks.get(nick).ok_or(Failure::NoSuchNick)?;
                if !is_text(text) {
                    return Err(Failure::BadText);
                }
                let from = &self.sessions[session].nick;
                let frame = Frame::Whispered { nick: from, text }.to_shared();
                self.tell(to, frame, now);
                self.answer(session, Frame::Done { id }, now);
            }
            Frame::Rename { id, nick } => {
                self.rename(session, nick, now)?;
                self.answer(session, Frame::Done { id }, now);
            }
            Frame::History {
                id,
                room,
                after,
                limit,
            } => {
                let room = self.room_of(session, room).ok_or(Failure::NotInRoom)?;
                self.history(session, id, room, after, limit, now);
            }
            Frame::Who { id, room } => {
                let room = self.room_of(session, room).ok_or(Failure::NotInRoom)?;
                self.who(session, id, room, now);
            }
            _ => return Err(Failure::Unsupported),
        }
        Ok(())
    }

    fn rename(&mut self, session: usize, nick: &str, now: Duration) -> Result<(), Failure> {
        if !is_name(nick) {
            return Err(Failure::BadName);
        }
        match self.nicks.get(nick) {
            Some(&owner) if owner == session => return Ok(()),
            Some(_) => return Err(Failure::NickInUse),
            None => {}
        }
        self.announce(session, Change::Renamed, nick, now);
        let old = std::mem::replace(&mut self.sessions[session].nick, nick.to_owned());
        self.nicks.remove(&old);
        self.nicks.insert(nick.to_owned(), session);
        Ok(())
    }

    fn history(&mut self, session: usize, id: u32, room: usize, after: u64, limit: u8, now: Duration) {
        let room = &self.rooms[room];
        // Half a window: an answer that pushes its own beginning out of the window would be asked for again for ever.
        let limit = usize::from(limit.min(MAX_HISTORY)).min((self.limits.window_frames / 2).max(1));
        let mut bytes_left = self.limits.window_bytes / 2;
        let mut past = Vec::with_capacity(limit);
        for message in room.past(after).take(limit) {
            let (seq, nick, text) = (message.seq, message.nick, message.text);
            let frame = Frame::Past { id, seq, nick, text }.to_shared();
            if frame.len() > bytes_left && !past.is_empty() {
                break;
            }
            bytes_left = bytes_left.saturating_sub(frame.len());
            past.push(frame);
        }
        let last = room.last;
        for frame in past {
            self.tell(session, frame, now);
        }
        self.answer(session, Frame::PastEnd { id, last }, now);
    }

    /// The nicks of a room, in as many frames as they need.
    fn who(&mut self, session: usize, id: u32, room: usize, now: Duration) {
        let mut nicks: Vec<&str> = Vec::with_capacity(self.rooms[room].members.len());
        nicks.extend(
            self.rooms[room]
                .members
                .iter()
                .map(|member| &*self.sessions[*member].nick),
        );
        nicks.sort_unstable();
        let mut lists = vec![Vec::new()];
        for nick in nicks {
            if lists
                .last()
                .is_some_and(|list| list.len() + 1 + MAX_NAME > MAX_BODY - 5)
            {
                lists.push(Vec::new());
            }
            Names::pack(lists.last_mut().expect("there is one from the start"), nick);
        }
        let count = lists.len();
        for (at, list) in lists.into_iter().enumerate() {
            let names = Names::new(&list).expect("packed a moment ago");
            let more = at + 1 < count;
            self.answer(session, Frame::Members { id, more, names }, now);
        }
    }

    fn answer(&mut self, session: usize, frame: Frame<'_>, now: Duration) {
        self.tell(session, frame.to_shared(), now);
    }
}
