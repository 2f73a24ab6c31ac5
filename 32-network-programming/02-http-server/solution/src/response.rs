//! A response, whichever version of HTTP it goes out in.

use std::fs::File;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, StatusCode};

/// What a handler answers. How long the body is, when it is sent, and whether the connection lasts is added by
/// whoever sends it.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The fields. A list, since they are only written, one behind the other.
    pub fields: Vec<(HeaderName, HeaderValue)>,
    /// The body that a GET gets; a HEAD gets its length.
    pub body: Body,
}

/// Where the bytes of a body come from.
#[derive(Debug, Clone)]
pub enum Body {
    /// Nowhere.
    Empty,
    /// From memory.
    Bytes(Bytes),
    /// From a part of a file.
    File {
        /// Open for reading. Its offset is not used, so that many responses share it.
        file: Arc<File>,
        /// The part.
        range: Range<u64>,
    },
    /// From the request: its own body, as it comes.
    Request,
}

impl Response {
    /// A response without body.
    pub fn empty(status: StatusCode) -> Self {
        Self {
            status,
            fields: Vec::new(),
            body: Body::Empty,
        }
    }

    /// A response whose body is its status, for people to read.
    pub fn plain(status: StatusCode) -> Self {
        let text = format!(
            "{} {}\n",
            status.as_str(),
            status.canonical_reason().unwrap_or_default()
        );
        Self {
            status,
            fields: vec![(CONTENT_TYPE, HeaderValue::from_static("text/plain"))],
            body: Body::Bytes(text.into()),
        }
    }

    /// The same with one field more.
    pub fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.fields.push((name, value));
        self
    }
}

impl Body {
    /// Its length in bytes, where that is known before the last of them.
    pub fn length(&self) -> Option<u64> {
        match self {
            Self::Empty => Some(0),
            Self::Bytes(bytes) => Some(bytes.len() as u64),
            Self::File { range, .. } => Some(range.end - range.start),
            Self::Request => None,
        }
    }
}
