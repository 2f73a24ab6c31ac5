//! What a proxy changes in a head, RFC 9110, section 7.6, and RFC 9112, section 3.2.2.
//!
//! Fields are of two kinds: those for the other end, and those for the next hop, which end here. `Connection` names
//! more of the second kind.

use std::io::Write;

use super::body::{self, Framing};
use super::head::{Field, HeadError, RequestHead, ResponseHead, Version, elements, is_named};
use crate::target::Target;

/// How this proxy is called in `Via`.
pub const PSEUDONYM: &str = "proxy-server";

/// Fields that end here. The two that frame the body are written anew, `Host` is as well.
const HOP_BY_HOP: [&str; 11] = [
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "transfer-encoding",
    "upgrade",
];

/// What to do for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// `CONNECT`: a tunnel to the target.
    Tunnel(Target),
    /// Anything else: an exchange with the target.
    Exchange(Exchange),
}

/// A request that is passed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Whom to ask.
    pub target: Target,
    /// How.
    pub method: String,
    /// The head as the target gets it.
    pub head: Vec<u8>,
    /// The framing of the body behind it.
    pub framing: Framing,
    /// The client's version.
    pub version: Version,
    /// Whether the client's connection may serve another request after this one.
    pub keeps_client: bool,
}

/// A response that is passed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The head as the client gets it.
    pub head: Vec<u8>,
    /// The framing of the body behind it.
    pub framing: Framing,
    /// Whether another response follows, as it does `100 Continue`.
    pub is_interim: bool,
    /// Whether the client's connection may serve another request.
    pub keeps_client: bool,
    /// Whether the upstream's connection may serve another request.
    pub keeps_upstream: bool,
}

/// Reads what a request asks for, and writes the head for the next hop.
///
/// # Errors
/// When its target is neither `HOST:PORT` of a `CONNECT` nor an `http` URL, or its framing is not of one meaning.
pub fn request(head: &RequestHead<'_>) -> Result<Plan, HeadError> {
    let framing = body::of_request(head)?;
    let hosts = head.fields.iter().filter(|field| is_named(field, "host")).count();
    if hosts > 1 || (hosts == 0 && head.version == Version::Http11) {
        return Err(HeadError::Malformed("not one Host"));
    }
    let malformed = HeadError::Malformed("the target");
    if head.method == "CONNECT" {
        let target = Target::parse(head.target, None).map_err(|_| malformed)?;
        return match framing {
            Framing::Length(0) => Ok(Plan::Tunnel(target)),
            _ => Err(HeadError::Malformed("CONNECT with a body")),
        };
    }
    let (target, path) = absolute(head.target).ok_or(malformed)?;
    let path = match path {
        "" if head.method == "OPTIONS" => "*".to_owned(),
        path if path.starts_with('/') => path.to_owned(),
        path => format!("/{path}"),
    };
    let version = match head.version {
        Version::Http10 => "1.0",
        Version::Http11 => "1.1",
    };
    // Port 80 is not written: to some servers `example.com:80` is another host.
    let host = match target.port {
        80 => target.host.to_string(),
        _ => target.to_string(),
    };
    let mut out = Vec::with_capacity(512);
    // What is written to a vector is never refused.
    let _ = write!(out, "{} {path} HTTP/{version}\r\nHost: {host}\r\n", head.method);
    pass_on(&head.fields, &mut out);
    let is_bodiless = framing == Framing::Length(0);
    // A request without a body says so only if the client did: a GET with a length looks odd to some.
    if !is_bodiless || head.fields.iter().any(|field| is_named(field, "content-length")) {
        write_framing(framing, &mut out);
    }
    let _ = write!(out, "Via: {version} {PSEUDONYM}\r\n\r\n");
    Ok(Plan::Exchange(Exchange {
        target,
        method: head.method.to_owned(),
        head: out,
        framing,
        version: head.version,
        keeps_client: persists(head.version, &head.fields),
    }))
}

/// Reads a response to `exchange`, and writes the head for the client.
///
/// # Errors
/// When its framing is not of one meaning, or not one that the client knows.
pub fn response(
    head: &ResponseHead<'_>,
    exchange: &Exchange,
    is_stopping: bool,
) -> Result<Answer, HeadError> {
    let framing = body::of_response(head, &exchange.method)?;
    if framing == Framing::Chunked && exchange.version == Version::Http10 {
        return Err(HeadError::Malformed("chunks for HTTP/1.0"));
    }
    if head.status == 101 {
        // Nobody asked for another protocol: `Upgrade` does not pass.
        return Err(HeadError::Malformed("another protocol"));
    }
    let is_interim = head.status < 200;
    let keeps_client = exchange.keeps_client && framing != Framing::UntilClose && !is_stopping;
    let mut out = Vec::with_capacity(512);
    let _ = write!(out, "HTTP/1.1 {} ", head.status);
    out.extend_from_slice(head.reason);
    out.extend_from_slice(b"\r\n");
    pass_on(&head.fields, &mut out);
    match named_length(head) {
        // It says what the body would be, and frames none.
        Some(length) if exchange.method == "HEAD" || head.status == 304 => {
            write_framing(Framing::Length(length), &mut out);
        }
        None if exchange.method == "HEAD" => {}
        _ if is_interim || matches!(head.status, 204 | 304) => {}
        _ => write_framing(framing, &mut out),
    }
    let version = match head.version {
        Version::Http10 => "1.0",
        Version::Http11 => "1.1",
    };
    let _ = write!(out, "Via: {version} {PSEUDONYM}\r\n");
    if !is_interim && !keeps_client {
        out.extend_from_slice(b"Connection: close\r\n");
    }
    out.extend_from_slice(b"\r\n");
    Ok(Answer {
        head: out,
        framing,
        is_interim,
        keeps_client,
        // A server that was asked in HTTP/1.0 closes, whatever it says.
        keeps_upstream: framing != Framing::UntilClose
            && exchange.version == Version::Http11
            && persists(head.version, &head.fields),
    })
}

/// The target and the path of `http://HOST[:PORT]PATH`. A user name in it, and a fragment, are not for a proxy.
fn absolute(url: &str) -> Option<(Target, &str)> {
    let (scheme, rest) = url.split_at_checked("http://".len())?;
    if !scheme.eq_ignore_ascii_case("http://") || rest.contains('#') {
        return None;
    }
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    Some((Target::parse(authority, Some(80)).ok()?, path))
}

/// Writes the fields that are for the other end.
fn pass_on(fields: &[Field<'_>], out: &mut Vec<u8>) {
    let names_more = fields.iter().any(|field| is_named(field, "connection"));
    for (name, value) in fields {
        let is_for_us = HOP_BY_HOP.iter().any(|other| name.eq_ignore_ascii_case(other))
            || names_more
                && elements(fields, "connection").any(|named| named.eq_ignore_ascii_case(name.as_bytes()));
        if is_for_us {
            continue;
        }
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(value);
        out.extend_from_slice(b"\r\n");
    }
}

fn write_framing(framing: Framing, out: &mut Vec<u8>) {
    let _ = match framing {
        Framing::Length(length) => write!(out, "Content-Length: {length}\r\n"),
        Framing::Chunked => out.write_all(b"Transfer-Encoding: chunked\r\n"),
        Framing::UntilClose => Ok(()),
    };
}

/// Whether a connection stays after this message, as far as its sender is concerned.
///
/// `Keep-Alive` of HTTP/1.0 is not honoured: a proxy that passes it on, as old ones do, would leave both ends waiting.
fn persists(version: Version, fields: &[Field<'_>]) -> bool {
    let says_close = |name| elements(fields, name).any(|element| element.eq_ignore_ascii_case(b"close"));
    version == Version::Http11 && !says_close("connection") && !says_close("proxy-connection")
}

/// The length that a response states, whether or not a body of that length follows.
fn named_length(head: &ResponseHead<'_>) -> Option<u64> {
    let field = head
        .fields
        .iter()
        .find(|field| is_named(field, "content-length"))?;
    std::str::from_utf8(field.1).ok()?.parse().ok()
}
