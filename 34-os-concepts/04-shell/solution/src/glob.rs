//! Pathname expansion (XCU 2.6.6, 2.14.3): a pattern to the names of files that match it, sorted.
//!
//! A pattern is taken apart at its slashes. A component without anything special is only looked for; for one with a
//! pattern the directory is read. A `.` at the beginning of a name is matched by a `.` and by nothing else.

use std::ffi::OsStr;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

use crate::ast::Text;
use crate::pattern;

/// The paths that match, sorted; none when there is no such file.
pub fn expand(pattern: &[u8]) -> Vec<Text> {
    let mut found = Vec::new();
    descend(Text::new(), pattern, &mut found);
    found.sort_unstable();
    found
}

/// Goes on behind `directory`, which is empty or ends in a slash.
fn descend(directory: Text, rest: &[u8], found: &mut Vec<Text>) {
    let slashes = rest.iter().take_while(|byte| **byte == b'/').count();
    let mut directory = directory;
    directory.extend_from_slice(&rest[..slashes]);
    let rest = &rest[slashes..];
    if rest.is_empty() {
        if exists(&directory) {
            found.push(directory);
        }
        return;
    }
    let end = component_length(rest);
    let (component, behind) = rest.split_at(end);
    if !pattern::is_special(component) {
        directory.extend(pattern::unquote(component));
        if !behind.is_empty() {
            descend(directory, behind, found);
        } else if exists(&directory) {
            found.push(directory);
        }
        return;
    }
    let dots = component.starts_with(b".") || component.starts_with(b"\\.");
    for name in names(&directory, dots) {
        if (name.starts_with(b".") && !dots) || !pattern::matches(component, &name) {
            continue;
        }
        let mut path = directory.clone();
        path.extend(name);
        if behind.is_empty() {
            found.push(path);
        } else if path_of(&path).is_dir() {
            descend(path, behind, found);
        }
    }
}

/// The length of what is in front of the next slash. A backslash before a slash is none of its own.
fn component_length(pattern: &[u8]) -> usize {
    pattern
        .iter()
        .position(|byte| *byte == b'/')
        .unwrap_or(pattern.len())
}

fn names(directory: &[u8], dots: bool) -> Vec<Text> {
    let directory = if directory.is_empty() { b"." } else { directory };
    let Ok(entries) = std::fs::read_dir(path_of(directory)) else {
        return Vec::new();
    };
    let entries = entries
        .filter_map(Result::ok)
        .map(|entry| entry.file_name().into_vec());
    // The standard library leaves these two out; a pattern that begins with a dot matches them.
    let special = if dots {
        vec![b".".to_vec(), b"..".to_vec()]
    } else {
        Vec::new()
    };
    entries.chain(special).collect()
}

/// A dangling symbolic link is a file, too.
fn exists(path: &[u8]) -> bool {
    path_of(path).symlink_metadata().is_ok()
}

/// Bytes as a path.
pub fn path_of(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(bytes))
}
