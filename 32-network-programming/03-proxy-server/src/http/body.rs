//! Where a body ends, RFC 9112, sections 6 and 7.
//!
//! A body passes through as it is, chunk sizes and all. Its reader only counts, so that the proxy knows where the next
//! message starts; and it refuses what another reader could count otherwise.
//!
//! ```text
//! chunk      size in hex [ ";" extension ] CRLF   bytes   CRLF
//! last       "0" [ ";" extension ] CRLF   *( trailer CRLF )   CRLF
//! ```

use super::head::{HeadError, RequestHead, ResponseHead};

/// How the end of a body is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// `Content-Length`. A message without a body has length 0.
    Length(u64),
    /// `Transfer-Encoding: chunked`.
    Chunked,
    /// By the end of the connection; responses only.
    UntilClose,
}

/// The framing of a request's body.
///
/// # Errors
/// When there could be two opinions: both ways at once, two lengths, a coding that is not `chunked`, chunks in HTTP/1.0.
pub fn of_request(head: &RequestHead<'_>) -> Result<Framing, HeadError> {
    todo!("the framing of {head:?}")
}

/// The framing of a response's body, which depends on what was asked.
///
/// # Errors
/// As of a request.
pub fn of_response(head: &ResponseHead<'_>, method: &str) -> Result<Framing, HeadError> {
    todo!("the framing of {head:?}, an answer to {method}")
}

/// A reader of one body.
#[derive(Debug, Clone)]
pub struct Body {
    // Yours to design: where in the body it is.
}

impl Body {
    /// A body of which nothing has been read.
    pub fn new(framing: Framing) -> Self {
        todo!("a body framed by {framing:?}")
    }

    /// Whether the body has ended. Of one that ends with the connection nobody can say so.
    pub fn is_done(&self) -> bool {
        todo!("whether it has ended")
    }

    /// Reads on, and says how many of these bytes belong to the body: all, unless it ends among them.
    ///
    /// # Errors
    /// When chunks are not as drawn above.
    pub fn take(&mut self, bytes: &[u8]) -> Result<usize, HeadError> {
        todo!("how many of {} bytes are the body's", bytes.len())
    }
}
