//! A connection without a network: bytes in, bytes out, and a clock that a test moves.
#![allow(dead_code, reason = "each test file uses a part of it")]

use web_server::connection::{Action, Connection};
use web_server::site::Site;

use super::http::{self, Response};
use super::parts::Parts;

/// A connection that was just opened, and the site behind it.
pub struct Talk {
    pub connection: Connection,
    pub site: Site<Parts>,
    pub parts: Parts,
    pub now_ms: u64,
}

impl Talk {
    pub fn open() -> Self {
        let parts = Parts::default();
        let mut connection = Connection::new();
        connection.open(1_000);
        Self {
            connection,
            site: Site::new(parts.clone()),
            parts,
            now_ms: 1_000,
        }
    }

    /// Gives the connection bytes; how many it takes.
    pub fn receive(&mut self, bytes: impl AsRef<[u8]>) -> usize {
        self.connection
            .receive(bytes.as_ref(), &mut self.site, self.now_ms)
    }

    /// Sends all that there is to send.
    pub fn send_all(&mut self) -> Vec<u8> {
        let mut sent = Vec::new();
        while !self.connection.to_send().is_empty() {
            let piece = self.connection.to_send().to_vec();
            self.connection.sent(piece.len(), self.now_ms);
            sent.extend(piece);
        }
        sent
    }

    /// What is to be done with the socket.
    pub fn poll(&mut self) -> Action {
        self.connection.poll(&mut self.site, self.now_ms)
    }

    /// Gives bytes and sends answers, as long as any are taken; the answers, and how many bytes were taken.
    pub fn exchange(&mut self, bytes: impl AsRef<[u8]>) -> (Vec<u8>, usize) {
        let bytes = bytes.as_ref();
        let (mut taken, mut sent) = (0, Vec::new());
        loop {
            let count = self.receive(&bytes[taken..]);
            taken += count;
            sent.extend(self.send_all());
            if count == 0 || taken == bytes.len() {
                return (sent, taken);
            }
        }
    }

    /// The one response to a request.
    #[track_caller]
    pub fn ask(&mut self, request: impl AsRef<[u8]>) -> Response {
        let mut responses = self.ask_all(request);
        assert_eq!(responses.len(), 1, "responses: {responses:?}");
        responses.remove(0)
    }

    /// The responses to requests.
    #[track_caller]
    pub fn ask_all(&mut self, requests: impl AsRef<[u8]>) -> Vec<Response> {
        let (sent, _) = self.exchange(requests);
        http::parse_all(&sent)
    }
}

/// The response that a new connection gives to `request`.
#[track_caller]
pub fn ask(request: impl AsRef<[u8]>) -> Response {
    Talk::open().ask(request)
}
