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

use core::fmt::{self, Write};

use heapless::String;

use crate::request::Version;
use crate::site::{Answer, Content, JSON_MAX};

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
        self.clear();
        self.write(answer, part, persistence)
            .expect("RESPONSE_MAX has room for the longest");
        if let (Content::Page(page), Part::All) = (&answer.content, part) {
            self.page = Some(page);
        }
    }

    fn write(&mut self, answer: &Answer, part: Part, persistence: Persistence) -> fmt::Result {
        let Answer {
            status,
            content,
            allow,
        } = answer;
        let reason = status.reason();
        let (kind, length) = match content {
            Content::Page(page) => ("text/html; charset=utf-8", page.len()),
            Content::Json(json) => ("application/json", json.len()),
            Content::Reason => ("text/plain", reason.len() + 1),
        };
        let text = &mut self.text;
        write!(
            text,
            "HTTP/1.1 {} {reason}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n",
            status.code()
        )?;
        if let Some(allow) = allow {
            write!(text, "Allow: {allow}\r\n")?;
        }
        text.write_str(match persistence {
            Persistence::Close => "Connection: close\r\n\r\n",
            Persistence::KeepAlive(Version::Http10) => "Connection: keep-alive\r\n\r\n",
            Persistence::KeepAlive(Version::Http11) => "\r\n",
        })?;
        match (content, part) {
            (_, Part::Head) | (Content::Page(_), Part::All) => Ok(()),
            (Content::Json(json), Part::All) => text.write_str(json),
            (Content::Reason, Part::All) => writeln!(text, "{reason}"),
        }
    }

    /// Bytes to be sent next; none when all were sent, and not always all of the rest.
    pub fn to_send(&self) -> &[u8] {
        match self.sent.checked_sub(self.text.len()) {
            None => &self.text.as_bytes()[self.sent..],
            Some(of_page) => &self.page.unwrap_or_default().as_bytes()[of_page..],
        }
    }

    /// That many of these were sent.
    pub fn sent(&mut self, count: usize) {
        debug_assert!(count <= self.to_send().len(), "no more than there was");
        self.sent += count;
    }

    /// Forgets what is left.
    pub fn clear(&mut self) {
        self.text.clear();
        self.page = None;
        self.sent = 0;
    }
}

impl Default for Response {
    fn default() -> Self {
        Self::new()
    }
}
