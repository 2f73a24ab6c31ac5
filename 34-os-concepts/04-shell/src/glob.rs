//! Pathname expansion (XCU 2.6.6, 2.14.3): a pattern to the names of files that match it, sorted.
//!
//! A pattern is taken apart at its slashes. A component without anything special is only looked for; for one with a
//! pattern the directory is read. A `.` at the beginning of a name is matched by a `.` and by nothing else.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::ast::Text;

/// The paths that match, sorted; none when there is no such file.
pub fn expand(pattern: &[u8]) -> Vec<Text> {
    todo!("the files that match {pattern:?}")
}

/// Bytes as a path.
pub fn path_of(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(bytes))
}
