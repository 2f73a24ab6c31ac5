//! Rooms and the sessions in them: coming, going, and telling all of them something.

use std::sync::Arc;
use std::time::Duration;

use super::{ConnectionId, Reason, Room, Server};
use crate::wire::{Change, Frame};

impl Server {
    /// The room of that name, if the session is in it.
    pub(super) fn room_of(&self, session: usize, name: &str) -> Option<usize> {
        let room = *self.room_names.get(name)?;
        self.sessions[session].rooms.contains(&room).then_some(room)
    }

    /// Puts the session into the room of that name, and makes the room if there is none. `None` when there are too many.
    pub(super) fn enter_room(&mut self, session: usize, name: &str, now: Duration) -> Option<usize> {
        if let Some(room) = self.room_of(session, name) {
            return Some(room);
        }
        if self.sessions[session].rooms.len() >= self.limits.max_rooms_each {
            return None;
        }
        let room = match self.room_names.get(name) {
            Some(&room) => room,
            None if self.rooms.len() >= self.limits.max_rooms => return None,
            None => {
                let room = self.rooms.insert(Room::new(name));
                self.room_names.insert(name.to_owned(), room);
                room
            }
        };
        self.tell_presence(room, session, Change::Joined, "", now);
        self.rooms[room].members.push(session);
        self.sessions[session].rooms.push(room);
        Some(room)
    }

    /// Takes the session out of the room; the last one takes the room along.
    pub(super) fn leave_room(&mut self, session: usize, room: usize, now: Duration) {
        self.sessions[session].rooms.retain(|other| *other != room);
        let members = &mut self.rooms[room].members;
        members.retain(|member| *member != session);
        if members.is_empty() {
            let room = self.rooms.remove(room);
            self.room_names.remove(&room.name);
        } else {
            self.tell_presence(room, session, Change::Left, "", now);
        }
    }

    /// Tells everybody who shares a room with the session what it did.
    pub(super) fn announce(&mut self, session: usize, change: Change, new_nick: &str, now: Duration) {
        for room in self.sessions[session].rooms.clone() {
            self.tell_presence(room, session, change, new_nick, now);
        }
    }

    /// Tells the members of a room who know of presence, but for the one that it is about.
    fn tell_presence(&mut self, room: usize, about: usize, change: Change, new_nick: &str, now: Duration) {
        let frame = Frame::Presence {
            change,
            room: &self.rooms[room].name,
            nick: &self.sessions[about].nick,
            new_nick,
        };
        let frame = frame.to_shared();
        self.tell_room(
            room,
            &frame,
            |member, version| member != about && version >= 2,
            now,
        );
    }

    /// Gives the same frame to the members whom `wants` names, by session and version.
    pub(super) fn tell_room(
        &mut self,
        room: usize,
        frame: &Arc<[u8]>,
        wants: impl Fn(usize, u8) -> bool,
        now: Duration,
    ) {
        // Lent out, so that the sessions can change meanwhile.
        let members = std::mem::take(&mut self.rooms[room].members);
        for &member in &members {
            if wants(member, self.sessions[member].version) {
                self.tell(member, Arc::clone(frame), now);
            }
        }
        self.rooms[room].members = members;
    }

    /// Puts a frame into the session's outbox.
    pub(super) fn tell(&mut self, session: usize, frame: Arc<[u8]>, now: Duration) {
        let session = &mut self.sessions[session];
        let is_whole = session.outbox.push(frame, &self.limits);
        let Some(id) = session.connection else {
            return;
        };
        if !is_whole && session.version < 2 {
            // Version 1 knows no gap, so its session cannot go on. It ends when the connection does: here others are
            // still being told.
            self.give_up(id);
        }
        self.wake(id, now);
    }

    /// Sends nothing more on the connection but `Goodbye`.
    fn give_up(&mut self, id: ConnectionId) {
        self.connections[id.0].farewell = Some(Reason::TooSlow);
    }
}
