//! From the path of a target to the name of a file.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

/// A name below the root of what is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelativePath {
    /// Plain names, joined with `/`. Empty for the root itself.
    pub path: PathBuf,
    /// Whether a slash stood at the end, as it does behind the name of a directory.
    pub is_directory: bool,
}

/// 400: the path is none that an honest client sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("bad path")]
pub struct PathError;

/// Decodes `path`, which is a target's without its query, segment by segment.
///
/// What is decoded is looked at once, and never decoded again: `%252e` is the name `%2e`.
///
/// # Errors
/// When it does not start with a slash; has a `%` without two hexadecimal digits; has a segment that is `.` or `..`, or
/// is empty and not the last; or when a slash or a NUL is hidden in an escape.
pub fn resolve(path: &[u8]) -> Result<RelativePath, PathError> {
    let rest = path.strip_prefix(b"/").ok_or(PathError)?;
    let (rest, is_directory) = match rest.strip_suffix(b"/") {
        Some(rest) => (rest, true),
        None => (rest, rest.is_empty()),
    };
    let mut name = Vec::with_capacity(rest.len());
    if !(rest.is_empty() && path == b"/") {
        for segment in rest.split(|byte| *byte == b'/') {
            if !name.is_empty() {
                name.push(b'/');
            }
            let start = name.len();
            decode(segment, &mut name)?;
            if matches!(&name[start..], b"" | b"." | b"..") {
                return Err(PathError);
            }
        }
    }
    Ok(RelativePath {
        path: PathBuf::from(OsString::from_vec(name)),
        is_directory,
    })
}

/// Appends a segment with its escapes resolved.
fn decode(mut segment: &[u8], name: &mut Vec<u8>) -> Result<(), PathError> {
    while let Some((byte, rest)) = segment.split_first() {
        let (byte, rest) = match (byte, rest) {
            (b'%', [high, low, rest @ ..]) => (hex(*high)? << 4 | hex(*low)?, rest),
            (b'%', _) => return Err(PathError),
            (byte, rest) => (*byte, rest),
        };
        if matches!(byte, 0 | b'/') {
            return Err(PathError);
        }
        name.push(byte);
        segment = rest;
    }
    Ok(())
}

fn hex(digit: u8) -> Result<u8, PathError> {
    let value = char::from(digit).to_digit(16).ok_or(PathError)?;
    Ok(u8::try_from(value).expect("a digit is below 16"))
}
