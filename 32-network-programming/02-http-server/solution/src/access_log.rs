//! The access log: a line for each response, in the *combined* format that every log analyser reads.
//!
//! ```text
//! 127.0.0.1 - - [06/Nov/1994:08:49:37 +0000] "GET /a.txt HTTP/1.1" 200 1024 "referer" "user agent"
//! ```
//!
//! Half of such a line was written by the client. A quote, a backslash, and what is not visible ASCII is written as
//! `\xHH`, so that no client can write a line of its own, or to the terminal of whoever reads it.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::net::IpAddr;
use std::path::Path;
use std::time::SystemTime;

use http::header::{REFERER, USER_AGENT};
use http::{HeaderName, StatusCode, Version};

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
    let date = httpdate::fmt_http_date(record.time);
    // "Sun, 06 Nov 1994 08:49:37 GMT": all parts have one width.
    let (day, month, year, time) = (&date[5..7], &date[8..11], &date[12..16], &date[17..25]);
    line.extend(format!("{} - - [{day}/{month}/{year}:{time} +0000] \"", record.peer).into_bytes());
    match record.request {
        Some(request) => {
            escape(request.method.as_str().as_bytes(), line);
            line.push(b' ');
            escape(&request.target, line);
            line.extend_from_slice(match request.version {
                Version::HTTP_10 => b" HTTP/1.0",
                Version::HTTP_2 => b" HTTP/2.0",
                _ => b" HTTP/1.1",
            });
        }
        None => line.push(b'-'),
    }
    line.extend(format!("\" {} {}", record.status.as_str(), record.body_sent).into_bytes());
    for name in [REFERER, USER_AGENT] {
        line.extend_from_slice(b" \"");
        escape(field(record.request, &name), line);
        line.push(b'"');
    }
    line.push(b'\n');
}

/// The field's value, or `-` where there is none.
fn field<'a>(request: Option<&'a Request>, name: &HeaderName) -> &'a [u8] {
    let value = request.and_then(|request| request.headers.get(name));
    value.map_or(b"-", |value| value.as_bytes())
}

fn escape(bytes: &[u8], line: &mut Vec<u8>) {
    for byte in bytes {
        match byte {
            b'"' | b'\\' | ..0x20 | 0x7F.. => line.extend(format!("\\x{byte:02X}").into_bytes()),
            byte => line.push(*byte),
        }
    }
}

/// The file that the lines go to.
#[derive(Debug)]
pub(crate) struct AccessLog {
    /// Opened for appending: each line is one write, so that the lines of several threads do not mix.
    file: File,
}

impl AccessLog {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        Ok(Self { file })
    }

    /// Writes a line. A log that cannot be written to, on a full disk for one, does not keep the server from serving.
    pub(crate) fn write(&self, record: &Record<'_>) {
        let mut line = Vec::with_capacity(160);
        format(record, &mut line);
        let _ = (&self.file).write_all(&line);
    }
}
