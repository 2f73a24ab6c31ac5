//! Reads a sample from a directory like `/proc`.
//!
//! - [`Reader::read`]: one file a process, `stat`, and the six files of the system
//! - [`Reader::describe`]: the two files more that a process on the screen needs
//!
//! Between two reads anything may vanish. A process that is gone when its file is opened, or read, has just ended:
//! that is normal, and it is left out. What is there and cannot be understood is a problem, which the sample names.

use std::io;
use std::path::Path;
use std::time::Duration;

use crate::sample::{Process, Sample};

/// Details that are older are read again: a program may change its arguments.
pub const DETAILS_MAX_AGE: Duration = Duration::from_secs(5);

/// A directory like `/proc`, and memory that is used again for each read.
#[derive(Debug)]
pub struct Reader {}

impl Reader {
    /// A reader of the directory `root`; `page_bytes` is the unit of the resident set.
    ///
    /// # Errors
    /// `root` is no directory, or may not be read.
    pub fn new(root: &Path, page_bytes: u64) -> io::Result<Self> {
        todo!("read {root:?} in pages of {page_bytes} bytes")
    }

    /// Fills `sample` with what is there at the time `at`, and takes from `previous` what need not be made again: names
    /// and details of processes that are the same. What was in `sample` is gone; its memory is used again.
    pub fn read(&mut self, at: Duration, previous: &Sample, sample: &mut Sample) {
        sample.at = at;
        todo!("read after {previous:?} into {sample:?}")
    }

    /// Reads the details of a process that is shown, if they are missing or some seconds old. One that has ended
    /// keeps what was known.
    pub fn describe(&mut self, at: Duration, process: &mut Process) {
        process.details = None;
        todo!("read the details of {process:?} at {at:?}")
    }
}

/// What the system says, without the number that the standard library puts behind it.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}
