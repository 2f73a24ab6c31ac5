//! Responses, read by the book: what the server claims about them is checked on the way.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::io::Read;

/// Whether a response has a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// It has.
    Get,
    /// It says how long it would be, and has none.
    Head,
}

/// A response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    pub reason: String,
    /// Names in lower case.
    fields: Vec<(String, String)>,
    pub body: String,
}

impl Response {
    /// The value of a field, which stands there once at most.
    #[track_caller]
    pub fn field(&self, name: &str) -> Option<&str> {
        let mut values = self.fields.iter().filter(|(other, _)| other == name);
        let value = values.next().map(|(_, value)| value.as_str());
        assert_eq!(values.next(), None, "a second {name} in {self:?}");
        value
    }

    /// Status and body.
    pub fn brief(&self) -> (u16, &str) {
        (self.status, &self.body)
    }

    /// What Content-Length says.
    #[track_caller]
    pub fn length(&self) -> usize {
        let value = self.field("content-length");
        value
            .and_then(|value| value.parse().ok())
            .unwrap_or_else(|| panic!("no Content-Length in {self:?}"))
    }
}

/// The response at the beginning of `bytes` and how long it is, once it is all there.
#[track_caller]
pub fn parse(bytes: &[u8], to: To) -> Option<(Response, usize)> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).expect("a head in ASCII");
    let mut lines = head.split("\r\n");
    let line = lines.next().unwrap_or_default();
    let mut parts = line.splitn(3, ' ');
    assert_eq!(parts.next(), Some("HTTP/1.1"), "the version in {line:?}");
    let status = parts
        .next()
        .filter(|status| status.len() == 3)
        .and_then(|status| status.parse().ok())
        .unwrap_or_else(|| panic!("no status in {line:?}"));
    let reason = parts.next().unwrap_or_default().to_owned();
    let fields = lines
        .map(|line| {
            let (name, value) = line
                .split_once(':')
                .unwrap_or_else(|| panic!("no field: {line:?}"));
            assert!(!name.ends_with(' '), "a space before the colon: {line:?}");
            (name.to_ascii_lowercase(), value.trim_matches(' ').to_owned())
        })
        .collect();
    let mut response = Response {
        status,
        reason,
        fields,
        body: String::new(),
    };
    let start = end + 4;
    let length = if to == To::Get { response.length() } else { 0 };
    let body = bytes.get(start..start + length)?;
    response.body = String::from_utf8(body.to_vec()).expect("a body in UTF-8");
    Some((response, start + length))
}

/// All responses in `bytes`, each to a request that is no HEAD, and nothing else.
#[track_caller]
pub fn parse_all(mut bytes: &[u8]) -> Vec<Response> {
    let mut responses = Vec::new();
    while !bytes.is_empty() {
        let (response, length) = parse(bytes, To::Get)
            .unwrap_or_else(|| panic!("not a response: {:?}", String::from_utf8_lossy(bytes)));
        responses.push(response);
        bytes = &bytes[length..];
    }
    responses
}

/// Reads one response from a stream, not a byte more.
#[track_caller]
pub fn read(stream: &mut impl Read, to: To) -> Response {
    let mut bytes = Vec::new();
    loop {
        if let Some((response, length)) = parse(&bytes, to) {
            assert_eq!(bytes.len(), length, "bytes that were read");
            return response;
        }
        let mut byte = [0];
        match stream.read(&mut byte) {
            Ok(1) => bytes.push(byte[0]),
            ended => panic!(
                "the response ends ({ended:?}) after {:?}",
                String::from_utf8_lossy(&bytes)
            ),
        }
    }
}

/// A GET of `path` on a connection that lasts.
pub fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: board\r\n\r\n")
}

/// A PUT of `body` to `path`.
pub fn put(path: &str, body: &str) -> String {
    let length = body.len();
    format!("PUT {path} HTTP/1.1\r\nHost: board\r\nContent-Length: {length}\r\n\r\n{body}")
}
