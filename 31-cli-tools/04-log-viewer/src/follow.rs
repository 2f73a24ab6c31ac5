//! A file that is being written: whether it grew, was truncated, or was replaced by another of its name.
//!
//! Nothing waits and nothing is notified: whoever follows looks again, at a pace of its own. What `logrotate` does is
//! seen either way: `create` renames the file and makes a new one (another inode at the path), `copytruncate` copies it
//! and cuts it to nothing (the size is less than what was read).

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// What a look at the file has shown.
#[derive(Debug)]
pub enum Change {
    /// It has no more bytes than were read.
    Quiet,
    /// It has more.
    Grown,
    /// It is shorter than what was read: it begins anew.
    Truncated,
    /// It was read to its end, and the path is another file by now: this one.
    Replaced(Arc<File>),
}

/// Looks after one path.
#[derive(Debug)]
pub struct Follower {}

impl Follower {
    /// Follows `file`, which was opened at `path`.
    pub fn new(path: &Path, file: Arc<File>) -> Self {
        todo!("follow {path:?}, open as {file:?}")
    }

    /// Looks. The file was read up to the offset `read_to`.
    ///
    /// # Errors
    /// The open file cannot be asked. A path that is not there, or not to be opened, is no error: between the two steps
    /// of a rotation that is so.
    pub fn look(&mut self, read_to: u64) -> io::Result<Change> {
        todo!("compare the open file, read to {read_to}, with the one at the path")
    }
}
