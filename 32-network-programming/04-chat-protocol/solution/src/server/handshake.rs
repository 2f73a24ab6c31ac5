//! How sessions begin, come back, and end.

use std::time::Duration;

use super::outbox::Outbox;
use super::{ConnectionId, Server, Session};
use crate::wire::{Change, Frame, Reason, Token, VERSIONS, is_name};

impl Server {
    /// Opens a session in the newest version that both speak.
    pub(super) fn hello(&mut self, id: ConnectionId, min: u8, max: u8, nick: &str, now: Duration) {
        let version = max.min(*VERSIONS.end());
        let refusal = if version < min.max(*VERSIONS.start()) {
            Some(Reason::Version)
        } else if !is_name(nick) {
            Some(Reason::BadName)
        } else if self.nicks.contains_key(nick) {
            Some(Reason::NickInUse)
        } else if self.sessions.len() >= self.limits.max_sessions {
            Some(Reason::Busy)
        } else {
            None
        };
        if let Some(reason) = refusal {
            return self.dismiss(id, reason, now);
        }
        let token = (version >= 2).then(|| (self.new_token)());
        let session = self.sessions.insert(Session {
            version,
            nick: nick.to_owned(),
            token,
            connection: Some(id),
            detached_at: None,
            last_request: 0,
            rooms: Vec::new(),
            outbox: Outbox::default(),
        });
        self.nicks.insert(nick.to_owned(), session);
        if let Some(token) = token {
            self.tokens.insert(token, session);
        }
        self.connections[id.0].session = Some(session);
        self.send_urgent(id, Frame::Welcome { version, token }, now);
    }

    /// Gives a session back to the client that has its token, on whatever connection it is now.
    pub(super) fn resume(
        &mut self,
        id: ConnectionId,
        version: u8,
        token: Token,
        received: u64,
        now: Duration,
    ) {
        let found = self.tokens.get(&token).copied();
        let Some(session) = found.filter(|session| self.sessions[*session].version == version) else {
            return self.send_urgent(id, Frame::ResumeFailed, now);
        };
        if !self.sessions[session].outbox.rewind(received) {
            return self.dismiss(id, Reason::Malformed, now);
        }
        // The old connection may look alive for a long time: whoever has the token is the client.
        let was_away = match self.sessions[session].connection {
            Some(old) => {
                self.connections[old.0].session = None;
                self.dismiss(old, Reason::Replaced, now);
                false
            }
            None => true,
        };
        let resumed = &mut self.sessions[session];
        resumed.connection = Some(id);
        resumed.detached_at = None;
        let request = resumed.last_request;
        self.connections[id.0].session = Some(session);
        self.send_urgent(id, Frame::Resumed { request }, now);
        if was_away {
            self.announce(session, Change::Back, "", now);
        }
    }

    /// Ends a connection: `Goodbye` is the last that it gets, and nothing of its session's.
    pub(super) fn dismiss(&mut self, id: ConnectionId, reason: Reason, now: Duration) {
        self.detach(id, now);
        let connection = &mut self.connections[id.0];
        connection.farewell = Some(reason);
        self.wake(id, now);
    }

    /// Takes the session, if there is one, from its connection: it waits for its client, or is over.
    pub(super) fn detach(&mut self, id: ConnectionId, now: Duration) {
        let Some(session) = self.connections[id.0].session.take() else {
            return;
        };
        let has_left = self.connections[id.0].farewell == Some(Reason::Bye);
        if has_left || self.sessions[session].version < 2 {
            return self.end_session(session, now);
        }
        self.sessions[session].connection = None;
        self.sessions[session].detached_at = Some(now);
        self.announce(session, Change::Away, "", now);
    }

    /// Takes a session out of the sight of all others: its rooms are left, its nick is free, its token is worth nothing.
    pub(super) fn retire(&mut self, session: usize, now: Duration) {
        for room in self.sessions[session].rooms.clone() {
            self.leave_room(session, room, now);
        }
        let retired = &self.sessions[session];
        if self.nicks.get(&retired.nick) == Some(&session) {
            self.nicks.remove(&retired.nick);
        }
        if let Some(token) = retired.token {
            self.tokens.remove(&token);
        }
    }

    /// Ends a session.
    pub(super) fn end_session(&mut self, session: usize, now: Duration) {
        self.retire(session, now);
        let ended = self.sessions.remove(session);
        if let Some(id) = ended.connection {
            self.connections[id.0].session = None;
        }
    }
}
