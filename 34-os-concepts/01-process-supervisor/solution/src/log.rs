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

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::config::LogSpec;

/// Bytes of a line, its newline not counted. A longer one is written as several.
pub const LINE_MAX: usize = 8192;

/// Cuts a stream into lines.
#[derive(Debug, Default)]
pub struct LineBuffer {
    /// The line that has begun: no newline in it, and never more than [`LINE_MAX`] bytes.
    pending: Vec<u8>,
}

impl LineBuffer {
    /// Takes the next bytes of the stream, and hands out every line that they complete, with its newline.
    pub fn push(&mut self, mut bytes: &[u8], mut line: impl FnMut(&[u8])) {
        while !bytes.is_empty() {
            let room = LINE_MAX - self.pending.len();
            // One byte past the room, because a newline is not part of the line's length.
            let window = &bytes[..bytes.len().min(room + 1)];
            let (taken, skipped) = match window.iter().position(|byte| *byte == b'\n') {
                Some(end) => (end, 1),
                None if window.len() > room => (room, 0),
                None => {
                    self.pending.extend_from_slice(bytes);
                    return;
                }
            };
            if self.pending.is_empty() && skipped == 1 {
                // Most lines arrive whole, and are not copied.
                line(&bytes[..=taken]);
            } else {
                self.pending.extend_from_slice(&bytes[..taken]);
                self.pending.push(b'\n');
                line(&self.pending);
                self.pending.clear();
            }
            bytes = &bytes[taken + skipped..];
        }
    }

    /// The stream has ended: hands out what stood behind its last newline, with a newline added.
    pub fn finish(&mut self, line: impl FnOnce(&[u8])) {
        if !self.pending.is_empty() {
            self.pending.push(b'\n');
            line(&self.pending);
            self.pending.clear();
        }
    }
}

/// A log file and its predecessors.
#[derive(Debug)]
pub struct RotatingLog {
    spec: LogSpec,
    /// Opened for appending; absent when it could not be opened, and then tried again at the next flush.
    file: Option<File>,
    /// Bytes in the file, those in `buffer` not counted.
    size: u64,
    /// Lines that await [`RotatingLog::flush`]. With `size` never above `max_bytes`, unless a single line is.
    buffer: Vec<u8>,
}

impl RotatingLog {
    /// Opens the log, making its directory, and goes on behind what stands in it.
    ///
    /// # Errors
    /// When the file cannot be opened. The log can be had all the same with [`RotatingLog::closed`].
    pub fn open(spec: LogSpec) -> io::Result<Self> {
        let mut log = Self::closed(spec);
        log.reopen()?;
        Ok(log)
    }

    /// A log whose file is opened at the first flush.
    pub fn closed(spec: LogSpec) -> Self {
        Self {
            spec,
            file: None,
            size: 0,
            buffer: Vec::new(),
        }
    }

    /// Where it writes, and how it rotates.
    pub fn spec(&self) -> &LogSpec {
        &self.spec
    }

    fn reopen(&mut self) -> io::Result<()> {
        if let Some(directory) = self.spec.path.parent() {
            fs::create_dir_all(directory)?;
        }
        let file = File::options().append(true).create(true).open(&self.spec.path)?;
        self.size = file.metadata()?.len();
        self.file = Some(file);
        Ok(())
    }

    /// Adds a line, which ends in its newline. A line that does not fit any more goes into a new file.
    ///
    /// # Errors
    /// When lines before it could not be written; those are lost, this one is kept.
    pub fn append(&mut self, line: &[u8]) -> io::Result<()> {
        let filled = self.size + self.buffer.len() as u64;
        let mut result = Ok(());
        if filled > 0 && filled + line.len() as u64 > self.spec.max_bytes {
            result = self.flush().and_then(|()| self.rotate());
        }
        self.buffer.extend_from_slice(line);
        result
    }

    /// Writes the lines that were added.
    ///
    /// # Errors
    /// When they could not be written; they are lost, for a full disk must not fill the memory as well.
    pub fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let result = self.write_buffer();
        self.buffer.clear();
        result
    }

    fn write_buffer(&mut self) -> io::Result<()> {
        if self.file.is_none() {
            self.reopen()?;
        }
        let file = self.file.as_mut().expect("it was opened above");
        let written = file.write_all(&self.buffer);
        match written {
            Ok(()) => self.size += self.buffer.len() as u64,
            // How much of it was written is not known: the next flush opens the file anew and asks.
            Err(_) => self.file = None,
        }
        written
    }

    /// Renames each file to the next number, the oldest away, and begins a new one.
    fn rotate(&mut self) -> io::Result<()> {
        let path = &self.spec.path;
        for number in (0..self.spec.keep).rev() {
            match fs::rename(numbered(path, number), numbered(path, number + 1)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        if self.spec.keep == 0 {
            fs::remove_file(path)?;
        }
        self.file = None;
        self.reopen()
    }
}

/// The log itself for 0, else a rotated one.
fn numbered(path: &Path, number: u32) -> PathBuf {
    if number == 0 {
        return path.to_owned();
    }
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number}"));
    PathBuf::from(name)
}
