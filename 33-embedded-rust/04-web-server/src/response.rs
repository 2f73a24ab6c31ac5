//! A response on its way out: a head in memory of its own, a body there or in flash, and how much of it was sent.
//!
//! ```text
//! HTTP/1.1 200 OK
//! Content-Type: application/json
//! Content-Length: 11
//! Allow: GET, HEAD                  with 405 alone
//! Connection: close                 if it is the last; keep-alive, if it is not and the client speaks HTTP/1.0
//!
//! {"on":true}
//! ```

use heapless::String;

use crate::request::Version;
use crate::site::{Answer, JSON_MAX};

/// The longest head, and the longest body that is not in flash.
pub const RESPONSE_MAX: usize = HEAD_MAX + JSON_MAX;

/// The head of a 431 that names every field is 185 bytes long.
const HEAD_MAX: usize = 192;

/// What becomes of the connection behind a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Persistence {
    /// It is closed.
    Close,
    /// It waits for another request, from a client of this version.
    KeepAlive(Version),
}

/// Whether the body goes with the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Head and body.
    All,
    /// The head alone, for HEAD.
    Head,
}

/// A response of which a part was sent; empty when all was.
#[derive(Debug)]
pub struct Response {
    /// The head, and a body that was made for it.
    text: String<RESPONSE_MAX>,
    /// The body, if it lies in flash. It comes after `text`.
    page: Option<&'static str>,
    /// Bytes of both that were sent.
    sent: usize,
}

impl Response {
    /// Nothing to send.
    pub const fn new() -> Self {
        Self {
            text: String::new(),
            page: None,
            sent: 0,
        }
    }

    /// Begins with an answer. The one before was sent.
    pub fn begin(&mut self, answer: &Answer, part: Part, persistence: Persistence) {
        todo!("{answer:?}, {part:?}, then {persistence:?}, instead of {self:?}")
    }

    /// Bytes to be sent next; none when all were sent, and not always all of the rest.
    pub fn to_send(&self) -> &[u8] {
        todo!(
            "what comes after {} bytes of {:?} and {:?}",
            self.sent,
            self.text,
            self.page
        )
    }

    /// That many of these were sent.
    pub fn sent(&mut self, count: usize) {
        todo!("{count} bytes more than {}", self.sent)
    }

    /// Forgets what is left.
    pub fn clear(&mut self) {
        todo!("forget {self:?}")
    }
}

impl Default for Response {
    fn default() -> Self {
        Self::new()
    }
}
