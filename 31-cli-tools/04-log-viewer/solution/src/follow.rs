//! A file that is being written: whether it grew, was truncated, or was replaced by another of its name.
//!
//! Nothing waits and nothing is notified: whoever follows looks again, at a pace of its own. What `logrotate` does is
//! seen either way: `create` renames the file and makes a new one (another inode at the path), `copytruncate` copies it
//! and cuts it to nothing (the size is less than what was read).

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
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
pub struct Follower {
    path: PathBuf,
    file: Arc<File>,
}

impl Follower {
    /// Follows `file`, which was opened at `path`.
    pub fn new(path: &Path, file: Arc<File>) -> Self {
        Self {
            path: path.to_owned(),
            file,
        }
    }

    /// The file that is open.
    pub fn file(&self) -> Arc<File> {
        Arc::clone(&self.file)
    }

    /// Looks. The file was read up to the offset `read_to`.
    ///
    /// # Errors
    /// The open file cannot be asked. A path that is not there, or not to be opened, is no error: between the two steps
    /// of a rotation that is so.
    pub fn look(&mut self, read_to: u64) -> io::Result<Change> {
        let open = self.file.metadata()?;
        if open.len() < read_to {
            return Ok(Change::Truncated);
        }
        // The old file first, to its end: it may have grown just before it was renamed.
        if open.len() > read_to {
            return Ok(Change::Grown);
        }
        let is_other = |named: &Metadata| (named.dev(), named.ino()) != (open.dev(), open.ino());
        let named = std::fs::metadata(&self.path).ok();
        if !named.is_some_and(|named| named.is_file() && is_other(&named)) {
            return Ok(Change::Quiet);
        }
        match File::open(&self.path) {
            Ok(file) => {
                self.file = Arc::new(file);
                Ok(Change::Replaced(Arc::clone(&self.file)))
            }
            Err(_) => Ok(Change::Quiet),
        }
    }
}
