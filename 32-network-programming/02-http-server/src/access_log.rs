//! The access log: a line for each response, in the *combined* format that every log analyser reads.
//!
//! ```text
//! 127.0.0.1 - - [06/Nov/1994:08:49:37 +0000] "GET /a.txt HTTP/1.1" 200 1024 "referer" "user agent"
//! ```
//!
//! Half of such a line was written by the client. A quote, a backslash, and what is not visible ASCII is written as
//! `\xHH`, so that no client can write a line of its own, or to the terminal of whoever reads it.

use std::net::IpAddr;
use std::time::SystemTime;

use http::StatusCode;

use crate::request::Request;

/// What a line tells.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// The client.
    pub peer: IpAddr,
    /// When the response was sent.
    pub time: SystemTime,
    /// What was asked for; `None` when that could not be read.
    pub request: Option<&'a Request>,
    /// What was answered.
    pub status: StatusCode,
    /// Bytes of the response's body that were sent, framing not counted.
    pub body_sent: u64,
}

/// Appends the line of `record`, its line feed included.
pub fn format(record: &Record<'_>, line: &mut Vec<u8>) {
    todo!("write {record:?} behind {line:?}")
}
