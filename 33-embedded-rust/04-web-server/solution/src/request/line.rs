//! The request line (RFC 9112, 3).
//!
//! ```text
//! line    = method SP target SP version       one space each
//! method  = 1*tchar
//! target  = "/" *visible / "http://" 1*authority [ "/" *visible ]
//! version = "HTTP/" DIGIT "." DIGIT
//! ```

use super::{Method, TARGET_MAX, Version};
use crate::status::Status;

/// What a request line says.
pub struct Line<'a> {
    /// The method.
    pub method: Method,
    /// The version.
    pub version: Version,
    /// Of the target, the path.
    pub path: &'a [u8],
}

/// Takes a request line apart, without its CRLF.
///
/// # Errors
/// The status that refuses it.
pub fn parse(line: &[u8]) -> Result<Line<'_>, Status> {
    let mut parts = line.split(|&byte| byte == b' ');
    let (Some(method), Some(target), Some(version), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Status::BadRequest);
    };
    if !is_token(method) || !target.iter().all(u8::is_ascii_graphic) {
        return Err(Status::BadRequest);
    }
    let version = parse_version(version)?;
    if target.len() > TARGET_MAX {
        return Err(Status::UriTooLong);
    }
    Ok(Line {
        method: match method {
            b"GET" => Method::Get,
            b"HEAD" => Method::Head,
            b"PUT" => Method::Put,
            _ => Method::Other,
        },
        version,
        path: path_of(target).ok_or(Status::BadRequest)?,
    })
}

fn parse_version(version: &[u8]) -> Result<Version, Status> {
    match version {
        b"HTTP/1.0" => Ok(Version::Http10),
        [b'H', b'T', b'T', b'P', b'/', major, b'.', minor]
            if major.is_ascii_digit() && minor.is_ascii_digit() =>
        {
            if *major == b'1' {
                Ok(Version::Http11)
            } else {
                Err(Status::VersionNotSupported)
            }
        }
        _ => Err(Status::BadRequest),
    }
}

/// The path of a target; the slash, where an absolute one has none.
fn path_of(target: &[u8]) -> Option<&[u8]> {
    const SCHEME: &[u8] = b"http://";
    let from_path = match target.split_at_checked(SCHEME.len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case(SCHEME) => {
            let length = rest
                .iter()
                .position(|byte| matches!(byte, b'/' | b'?'))
                .unwrap_or(rest.len());
            let (authority, from_path) = rest.split_at(length);
            if authority.is_empty() {
                return None;
            }
            from_path
        }
        _ if target.starts_with(b"/") => target,
        _ => return None,
    };
    let path = from_path.split(|&byte| byte == b'?').next().unwrap_or_default();
    Some(if path.is_empty() { b"/" } else { path })
}

/// Whether it is a token (RFC 9110, 5.6.2).
pub fn is_token(text: &[u8]) -> bool {
    !text.is_empty()
        && text
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
}
