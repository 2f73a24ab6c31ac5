//! Field lines (RFC 9112, 5), and what is kept of them.
//!
//! ```text
//! field = name ":" *( SP / HTAB ) value *( SP / HTAB )     name is a token, and nothing stands before the colon
//! ```

use super::{BODY_MAX, Version};
use crate::status::Status;

/// What the fields of a head have said so far.
#[derive(Debug)]
pub struct Fields {
    /// Whether there was a Host. A second one is refused at once.
    has_host: bool,
    /// Of Content-Length; a length that no `usize` can hold is its largest.
    content_length: Option<usize>,
    has_transfer_encoding: bool,
    /// Connection has `close`.
    closes: bool,
    /// Connection has `keep-alive`.
    keeps_alive: bool,
}

impl Fields {
    /// Nothing.
    pub const fn new() -> Self {
        Self {
            has_host: false,
            content_length: None,
            has_transfer_encoding: false,
            closes: false,
            keeps_alive: false,
        }
    }

    /// Takes a field line, without its CRLF.
    ///
    /// # Errors
    /// The status that refuses it.
    pub fn read(&mut self, line: &[u8]) -> Result<(), Status> {
        todo!(
            "{line:?}, after a Host: {}, a length: {:?}, a coding: {}, close: {}, keep-alive: {}",
            self.has_host,
            self.content_length,
            self.has_transfer_encoding,
            self.closes,
            self.keeps_alive
        )
    }

    /// The length of the body, at the end of the head.
    ///
    /// # Errors
    /// The status that refuses the head.
    pub fn body_length(&self, version: Version) -> Result<usize, Status> {
        todo!("the length of a body of {BODY_MAX} bytes at most, in {version:?}, after {self:?}")
    }

    /// Whether the connection lasts.
    pub fn keep_alive(&self, version: Version) -> bool {
        todo!("whether a connection of {version:?} lasts, after {self:?}")
    }
}

impl Default for Fields {
    fn default() -> Self {
        Self::new()
    }
}
