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
    todo!("method, path and version of {line:?}; a target of {TARGET_MAX} bytes at most")
}
