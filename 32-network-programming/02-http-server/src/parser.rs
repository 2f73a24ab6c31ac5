//! The parser of HTTP/1 requests: bytes in, events out, and no I/O.
//!
//! ```text
//! push ──▶ buffer ──▶ next ──▶ Head  Data*  End   Head  Data*  End   …      requests, one behind the other
//!                       │
//!                       └────▶ Err(Refusal), from then on at every call
//! ```
//!
//! How the bytes were cut into pushes changes nothing but where data is cut into events. The parser holds no
//! more than it was given: a caller that pushes only when `next` asks for more holds one read, and a head.

use bytes::{Bytes, BytesMut};

use crate::limits::Limits;
use crate::refusal::Refusal;
use crate::request::Request;

/// What comes next in a stream of requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A request begins.
    Head(Head),
    /// Some of its body, never empty.
    Data(Bytes),
    /// The request is over; another may follow.
    End,
}

/// The head of a request, and what it says about the connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// What is asked for.
    pub request: Request,
    /// How the end of the body is found.
    pub framing: Framing,
    /// Whether the client expects the connection to last.
    pub keep_alive: bool,
    /// Whether the client waits for `100 Continue` before it sends the body.
    pub expects_continue: bool,
}

/// How the end of a body is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// There is no body.
    None,
    /// The body has this many bytes; more than none.
    Length(u64),
    /// The body comes in chunks.
    Chunked,
}

/// The parser of one connection.
#[derive(Debug)]
pub struct Parser {
    max_head: usize,
    max_fields: usize,
    max_body: u64,
    /// Bytes that no event has covered yet.
    buffer: BytesMut,
}

impl Parser {
    /// A parser at the start of a connection. It keeps to `max_head`, `max_fields` and `max_body`.
    pub fn new(limits: &Limits) -> Self {
        todo!("an empty parser within {limits:?}")
    }

    /// Takes bytes as they came from the connection.
    pub fn push(&mut self, bytes: &[u8]) {
        todo!("append {} bytes to {} others", bytes.len(), self.buffer.len())
    }

    /// Whether it stands between two requests, with not a byte of the next one.
    pub fn is_idle(&self) -> bool {
        todo!("{} bytes are left; in what state?", self.buffer.len())
    }

    /// The next event; `None` when it takes more bytes to tell.
    ///
    /// # Errors
    /// When the bytes are no request that is served. The same error comes at every later call.
    #[expect(
        clippy::should_implement_trait,
        reason = "None is no end: more bytes may follow"
    )]
    pub fn next(&mut self) -> Result<Option<Event>, Refusal> {
        let (max_head, max_fields, max_body) = (self.max_head, self.max_fields, self.max_body);
        todo!("parse within {max_head} bytes, {max_fields} fields, and {max_body} bytes of body")
    }
}
