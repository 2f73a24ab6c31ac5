//! From the path of a target to the name of a file.

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
    todo!("the name that {path:?} stands for")
}
