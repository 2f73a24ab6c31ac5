//! What a service prints: bytes to lines, lines to files that rotate.
//!
//! ```text
//! pipe ──bytes──▶ LineBuffer ──lines──▶ RotatingLog ──▶ web.log      written
//!                                                       web.log.1    the one before
//!                                                       web.log.2    …
//! ```
//!
//! Only whole lines reach a file, so that a rotation never cuts one, and two processes that print at once never
//! mix theirs.

use std::any::type_name_of_val;
use std::io;

use crate::config::LogSpec;

/// Bytes of a line, its newline not counted. A longer one is written as several.
pub const LINE_MAX: usize = 8192;

/// Cuts a stream into lines.
#[derive(Debug, Default)]
pub struct LineBuffer {
    // The fields are yours.
}

impl LineBuffer {
    /// Takes the next bytes of the stream, and hands out every line that they complete, with its newline.
    pub fn push(&mut self, bytes: &[u8], line: impl FnMut(&[u8])) {
        todo!("cut {} bytes for {}", bytes.len(), type_name_of_val(&line))
    }

    /// The stream has ended: hands out what stood behind its last newline, with a newline added.
    pub fn finish(&mut self, line: impl FnOnce(&[u8])) {
        todo!("the line that has begun, for {}", type_name_of_val(&line))
    }
}

/// A log file and its predecessors.
#[derive(Debug)]
pub struct RotatingLog {
    // The fields are yours.
}

impl RotatingLog {
    /// Opens the log, making its directory, and goes on behind what stands in it.
    ///
    /// # Errors
    /// When the file cannot be opened. The log can be had all the same with [`RotatingLog::closed`].
    pub fn open(spec: LogSpec) -> io::Result<Self> {
        todo!("open {spec:?}")
    }

    /// A log whose file is opened at the first flush.
    pub fn closed(spec: LogSpec) -> Self {
        todo!("a log by {spec:?}")
    }

    /// Where it writes, and how it rotates.
    pub fn spec(&self) -> &LogSpec {
        todo!("where it writes")
    }

    /// Adds a line, which ends in its newline. A line that does not fit any more goes into a new file.
    ///
    /// # Errors
    /// When lines before it could not be written; those are lost, this one is kept.
    pub fn append(&mut self, line: &[u8]) -> io::Result<()> {
        todo!("add {} bytes", line.len())
    }

    /// Writes the lines that were added.
    ///
    /// # Errors
    /// When they could not be written; they are lost, for a full disk must not fill the memory as well.
    pub fn flush(&mut self) -> io::Result<()> {
        todo!("write")
    }
}
