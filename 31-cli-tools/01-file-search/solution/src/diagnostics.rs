//! Messages on standard error, `file-search: what: why`, one line each.

use std::fmt::Display;
use std::io::{self, Write};

/// Prints a message. Nothing can be said about a standard error that takes none.
pub fn report(message: impl Display) {
    // One write, so that nothing comes between the parts of a line.
    let line = format!("file-search: {message}\n");
    let _ = io::stderr().write_all(line.as_bytes());
}

/// What went wrong, without the number that [`io::Error`] prints behind it.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}
