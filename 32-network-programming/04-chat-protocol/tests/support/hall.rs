//! The server's core, and clients that speak to it in frames drawn by hand. No sockets, and time as the test wants it.

use std::time::Duration;

use chat_protocol::limits::Limits;
use chat_protocol::server::{ConnectionId, Server};
use chat_protocol::wire::Token;

use super::draw::{describe, draw, hex};

/// A server in a test's hands.
pub struct Hall {
    pub server: Server,
    pub now: Duration,
}

/// Limits that no test meets by accident.
pub fn roomy() -> Limits {
    Limits {
        rate_per_s: 1_000_000,
        burst: 1_000_000,
        ..Limits::default()
    }
}

/// The token of the server's `number`th session of version 2, as text.
pub fn token(number: u16) -> String {
    hex(&token_bytes(number).0)
}

fn token_bytes(number: u16) -> Token {
    let mut bytes = *b"token of a test.";
    bytes[14..].copy_from_slice(&number.to_be_bytes());
    Token(bytes)
}

impl Hall {
    pub fn new(limits: Limits) -> Self {
        let mut made = 0;
        let server = Server::new(limits, move || {
            made += 1;
            token_bytes(made)
        });
        let now = Duration::from_secs(1000);
        Self { server, now }
    }

    /// A new connection.
    pub fn connect(&mut self) -> ConnectionId {
        self.server.connected(self.now)
    }

    /// A new connection with a session of that version; its `Welcome` has been read.
    #[track_caller]
    pub fn enter(&mut self, nick: &str, version: u8) -> ConnectionId {
        let id = self.connect();
        self.send(id, &format!("Hello {version} {version} {nick}"));
        let heard = self.heard(id);
        assert!(
            heard.len() == 1 && heard[0].starts_with(&format!("Welcome {version}")),
            "the answer to Hello of {nick}: {heard:?}"
        );
        id
    }

    /// The same, and in a room; all that was heard on the way has been read.
    #[track_caller]
    pub fn enter_room(&mut self, nick: &str, version: u8, room: &str) -> ConnectionId {
        let id = self.enter(nick, version);
        self.send(id, &format!("Join 1 {room}"));
        let heard = self.heard(id);
        assert!(
            heard.last().is_some_and(|last| last.starts_with("Joined 1 ")),
            "{nick} heard {heard:?}"
        );
        id
    }

    /// Sends a frame.
    #[track_caller]
    pub fn send(&mut self, id: ConnectionId, line: &str) {
        self.send_bytes(id, &draw(line));
    }

    pub fn send_bytes(&mut self, id: ConnectionId, bytes: &[u8]) {
        self.server.received(id, bytes, self.now);
    }

    /// Reads everything that waits for a connection.
    #[track_caller]
    pub fn heard(&mut self, id: ConnectionId) -> Vec<String> {
        let bytes = self.read(id, usize::MAX);
        let (lines, length) = describe(&bytes);
        assert_eq!(
            length,
            bytes.len(),
            "the bytes of whole frames, of those that came"
        );
        lines
    }

    /// Reads at most so many bytes.
    pub fn read(&mut self, id: ConnectionId, most: usize) -> Vec<u8> {
        let mut read = Vec::new();
        while read.len() < most {
            let left = self.server.transmit(id, self.now, |bytes| {
                let count = bytes.len().min(most - read.len());
                read.extend_from_slice(&bytes[..count]);
                count
            });
            if left.is_none() {
                break;
            }
        }
        read
    }

    /// The connection breaks.
    pub fn cut(&mut self, id: ConnectionId) {
        self.server.closed(id, self.now);
    }

    /// Lets time pass, with a tick every 100 ms as the transports make them.
    pub fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.now = (self.now + Duration::from_millis(100)).min(end);
            self.server.tick(self.now);
        }
    }

    /// The connections that the server wants to be looked at, sorted.
    pub fn woken(&mut self) -> Vec<ConnectionId> {
        let mut woken: Vec<_> = self.server.woken().collect();
        woken.sort_unstable();
        woken
    }
}
