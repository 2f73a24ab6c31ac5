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

mod chunks;
mod framing;
mod head;

use bytes::{Bytes, BytesMut};

use crate::limits::Limits;
use crate::refusal::Refusal;
use crate::request::Request;
use chunks::{Chunks, Step};

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
    state: State,
}

#[derive(Debug)]
enum State {
    /// Before the end of a head.
    Head(head::Search),
    /// Inside a body of known length; so many bytes are to come.
    Length(u64),
    Chunks(Chunks),
    /// Behind the last byte of a request, before its `End`.
    End,
    Refused(Refusal),
}

impl Parser {
    /// A parser at the start of a connection. It keeps to `max_head`, `max_fields` and `max_body`.
    pub fn new(limits: &Limits) -> Self {
        Self {
            max_head: limits.max_head,
            max_fields: limits.max_fields,
            max_body: limits.max_body,
            buffer: BytesMut::new(),
            state: State::Head(head::Search::default()),
        }
    }

    /// Takes bytes as they came from the connection.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The buffer, so that a read can append to it without a copy.
    pub(crate) fn buffer(&mut self) -> &mut BytesMut {
        &mut self.buffer
    }

    /// Whether it stands between two requests, with not a byte of the next one.
    pub fn is_idle(&self) -> bool {
        self.buffer.is_empty() && matches!(self.state, State::Head(_))
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
        let event = self.advance();
        if let Err(refusal) = event {
            self.state = State::Refused(refusal);
            self.buffer.clear();
        }
        event
    }

    fn advance(&mut self) -> Result<Option<Event>, Refusal> {
        match &mut self.state {
            State::Head(search) => {
                let Some(length) = search.end(&mut self.buffer, self.max_head)? else {
                    return Ok(None);
                };
                let head = head::parse(&self.buffer.split_to(length).freeze(), self.max_fields)?;
                self.state = match head.framing {
                    Framing::None => State::End,
                    Framing::Length(length) if length > self.max_body => {
                        return Err(Refusal::ContentTooLarge);
                    }
                    Framing::Length(length) => State::Length(length),
                    Framing::Chunked => {
                        State::Chunks(Chunks::new(self.max_body, self.max_head, self.max_fields))
                    }
                };
                Ok(Some(Event::Head(head)))
            }
            State::Length(left) => {
                let count = usize::try_from(*left)
                    .unwrap_or(usize::MAX)
                    .min(self.buffer.len());
                if count == 0 {
                    return Ok(None);
                }
                *left -= count as u64;
                if *left == 0 {
                    self.state = State::End;
                }
                Ok(Some(Event::Data(self.buffer.split_to(count).freeze())))
            }
            State::Chunks(chunks) => match chunks.step(&mut self.buffer)? {
                Step::Data(data) => Ok(Some(Event::Data(data))),
                Step::More => Ok(None),
                Step::End => Ok(Some(self.end())),
            },
            State::End => Ok(Some(self.end())),
            State::Refused(refusal) => Err(*refusal),
        }
    }

    /// Turns to the next request.
    fn end(&mut self) -> Event {
        self.state = State::Head(head::Search::default());
        Event::End
    }
}
