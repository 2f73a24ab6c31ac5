//! HTTP/1.1 requests out of a stream of bytes, in memory of a fixed size (RFC 9112).
//!
//! ```text
//! PUT /api/led HTTP/1.1 CRLF     request line: method, target, version
//! Host: 10.0.2.15 CRLF           field lines
//! Content-Length: 11 CRLF
//! CRLF                           the end of the head
//! {"on":true}                    Content-Length bytes of body
//! ```
//!
//! [`Parser::feed`] takes bytes as they come and stops behind the last one of a request: what follows belongs to the next.
//! The parser keeps the line that is under way, the target, the body, and what the fields before have said; never a whole
//! head.

pub mod fields;
pub mod line;

use heapless::Vec;

use crate::status::Status;
use fields::Fields;

/// The longest line of a head, without its CRLF.
pub const LINE_MAX: usize = 256;

/// The longest head, with every CRLF.
pub const HEAD_MAX: usize = 2_048;

/// The longest target.
pub const TARGET_MAX: usize = 128;

/// The longest body.
pub const BODY_MAX: usize = 64;

/// A method, as far as this server tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// GET.
    Get,
    /// HEAD.
    Head,
    /// PUT.
    Put,
    /// Any other.
    Other,
}

/// The version of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// HTTP/1.0.
    Http10,
    /// HTTP/1.1, and any later 1.x.
    Http11,
}

/// A request that came whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request<'a> {
    /// The method.
    pub method: Method,
    /// The target's path: what stands before the first question mark, behind scheme and host if it has them.
    pub path: &'a [u8],
    /// The version.
    pub version: Version,
    /// Whether the client wants to send another on this connection.
    pub keep_alive: bool,
    /// The body.
    pub body: &'a [u8],
}

/// How far a parser is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// It needs more bytes.
    More,
    /// A request is there: [`Parser::request`] is it, [`Parser::next`] goes on.
    Complete,
    /// What came is no request that this server takes. Nobody knows where the next would begin.
    Refused(Status),
}

/// What a parser reads. The first is 0 in memory, so that a parser can be all zeros before it begins.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The request line.
    Line,
    /// A field line, or the empty one behind them.
    Field,
    /// The body, of which so many bytes are missing.
    Body(usize),
    /// It is over.
    Done(Progress),
}

/// A parser of one request after the other.
#[derive(Debug)]
pub struct Parser {
    stage: Stage,
    /// The line that is under way, without its CRLF.
    line: Vec<u8, LINE_MAX>,
    /// Whether that line's CR has come.
    has_cr: bool,
    /// Bytes of the head so far.
    head_length: usize,
    method: Method,
    version: Version,
    target: Vec<u8, TARGET_MAX>,
    fields: Fields,
    body: Vec<u8, BODY_MAX>,
}

impl Parser {
    /// A parser at the beginning of a request: all zeros, see [`Storage`](crate::server::Storage).
    pub const fn new() -> Self {
        Self {
            stage: Stage::Line,
            line: Vec::new(),
            has_cr: false,
            head_length: 0,
            method: Method::Get,
            version: Version::Http10,
            target: Vec::new(),
            fields: Fields::new(),
            body: Vec::new(),
        }
    }

    /// Whether no byte of a request has come.
    pub fn is_idle(&self) -> bool {
        self.stage == Stage::Line && self.head_length == 0
    }

    /// Takes bytes up to the end of the request; how many it took, and how far it is then.
    pub fn feed(&mut self, bytes: &[u8]) -> (usize, Progress) {
        let mut taken = 0;
        loop {
            match self.stage {
                Stage::Done(progress) => return (taken, progress),
                Stage::Body(missing) => {
                    let count = missing.min(bytes.len() - taken);
                    let body = &bytes[taken..taken + count];
                    self.body
                        .extend_from_slice(body)
                        .expect("no body is longer than BODY_MAX");
                    taken += count;
                    self.stage = if count == missing {
                        Stage::Done(Progress::Complete)
                    } else {
                        Stage::Body(missing - count)
                    };
                }
                Stage::Line | Stage::Field => {}
            }
            if matches!(self.stage, Stage::Done(_)) {
                continue;
            }
            let Some(&byte) = bytes.get(taken) else {
                return (taken, Progress::More);
            };
            taken += 1;
            if let Err(status) = self.push(byte) {
                self.stage = Stage::Done(Progress::Refused(status));
            }
        }
    }

    /// Takes a byte of the head.
    fn push(&mut self, byte: u8) -> Result<(), Status> {
        self.head_length += 1;
        if self.head_length > HEAD_MAX {
            return Err(Status::FieldsTooLarge);
        }
        match (self.has_cr, byte) {
            (false, b'\r') => self.has_cr = true,
            (true, b'\n') => {
                self.has_cr = false;
                let ended = self.end_line();
                self.line.clear();
                return ended;
            }
            (true, _) | (false, b'\n') => return Err(Status::BadRequest),
            (false, _) => {
                let too_long = if self.stage == Stage::Line {
                    Status::UriTooLong
                } else {
                    Status::FieldsTooLarge
                };
                self.line.push(byte).map_err(|_| too_long)?;
            }
        }
        Ok(())
    }

    /// A line of the head is whole.
    fn end_line(&mut self) -> Result<(), Status> {
        match self.stage {
            // Clients have been seen to send one behind a body.
            Stage::Line if self.line.is_empty() && self.head_length == 2 => Ok(()),
            Stage::Line => {
                let line = line::parse(&self.line)?;
                self.method = line.method;
                self.version = line.version;
                self.target = Vec::from_slice(line.path).expect("a target is no longer than TARGET_MAX");
                self.stage = Stage::Field;
                Ok(())
            }
            _ if self.line.is_empty() => {
                self.stage = match self.fields.body_length(self.version)? {
                    0 => Stage::Done(Progress::Complete),
                    length => Stage::Body(length),
                };
                Ok(())
            }
            _ => self.fields.read(&self.line),
        }
    }

    /// The request, when it is complete.
    pub fn request(&self) -> Request<'_> {
        debug_assert_eq!(self.stage, Stage::Done(Progress::Complete));
        Request {
            method: self.method,
            path: &self.target,
            version: self.version,
            keep_alive: self.fields.keep_alive(self.version),
            body: &self.body,
        }
    }

    /// Goes on to the next request.
    pub fn next(&mut self) {
        *self = Self::new();
    }
}

impl Default for Parser {
    fn default() -> Self {
        Self::new()
    }
}
