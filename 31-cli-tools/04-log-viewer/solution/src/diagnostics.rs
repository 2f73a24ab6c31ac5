//! How errors are told: a line on standard error, `log-viewer: what: reason`.

use std::fmt::Display;
use std::io;

/// Prints an error.
pub fn report(error: impl Display) {
    eprintln!("log-viewer: {error}");
}

/// The reason of the system, without the number that Rust adds.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error") {
        Some(at) => text[..at].to_owned(),
        None => text,
    }
}
