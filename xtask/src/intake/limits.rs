//! How much of a submission is looked at: every number that a learner could try to stretch.
//!
//! What is counted is what was really read. A size in a header is never believed.

use std::io::{ErrorKind, Read};

use super::refused::Refused;

/// Learners of one class.
pub const LEARNERS_MAX: usize = 10_000;

/// Entries of one submission, archives within it and directories included.
pub const ENTRIES_MAX: usize = 20_000;

/// Entries of a platform's bulk download.
pub const BULK_ENTRIES_MAX: usize = 4_000_000;

/// Bytes that are read of the files of one submission, unpacked.
pub const READ_MAX: u64 = 64 << 20;

/// Bytes of sources that one submission keeps: a class of such fits into memory.
pub const SOURCES_MAX: u64 = 16 << 20;

/// Bytes of the archives of one submission, packed.
pub const ARCHIVE_MAX: u64 = 512 << 20;

/// Bytes that the stream of one compressed tar unpacks to, what is passed over included: it cannot be jumped over.
pub const STREAM_MAX: u64 = 1 << 30;

/// The same of a platform's bulk download.
pub const BULK_STREAM_MAX: u64 = 1 << 40;

/// Unpacked bytes for each packed one, beyond [`RATIO_FREE`]. Sources come to 3–10, a megabyte of zeros to 1000.
pub const RATIO_MAX: u64 = 200;

/// Unpacked bytes that may come of next to nothing.
pub const RATIO_FREE: u64 = 1 << 20;

/// Bytes of a zip's table of contents; 20,000 entries with long names take a third of it.
pub const ZIP_DIRECTORY_MAX: u64 = 16 << 20;

/// Bytes of what a tar says about one entry beside its header: a long name, PAX records.
pub const TAR_EXTENSION_MAX: u64 = 64 << 10;

/// Bytes of a whole path.
pub const PATH_MAX: usize = 4096;

/// Folders that a learner or a platform may have put around the exercises: `download/repo-main/…`.
pub const WRAPPERS_MAX: usize = 4;

/// Notes of one entry; of more it is said how many.
pub const NOTES_MAX: usize = 20;

/// Bytes of a roster, a list of repositories, a platform's table.
pub const TABLE_MAX: u64 = 16 << 20;

/// Seconds that git may take over one repository.
pub const GIT_S: u64 = 60;

/// What is left of the limits of one submission.
#[derive(Debug)]
pub struct Budget {
    entries: usize,
    read: u64,
    kept: u64,
    spooled: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            entries: ENTRIES_MAX,
            read: READ_MAX,
            kept: SOURCES_MAX,
            spooled: ARCHIVE_MAX,
        }
    }
}

impl Budget {
    /// Takes note of one entry.
    pub fn entry(&mut self) -> Result<(), Refused> {
        let left = self.entries.checked_sub(1);
        self.entries = left.ok_or_else(|| Refused::new(format!("more than {ENTRIES_MAX} entries")))?;
        Ok(())
    }

    /// Takes note of `bytes` of sources that are kept.
    pub fn keep(&mut self, bytes: usize) -> Result<(), Refused> {
        let left = self.kept.checked_sub(bytes as u64);
        self.kept =
            left.ok_or_else(|| Refused::new(format!("more than {} MiB of sources", SOURCES_MAX >> 20)))?;
        Ok(())
    }

    /// Takes note of `bytes` of an archive that is about to be read.
    pub fn archive(&mut self, bytes: u64) -> Result<(), Refused> {
        let left = self.spooled.checked_sub(bytes);
        self.spooled = left
            .ok_or_else(|| Refused::new(format!("its archives are larger than {} MiB", ARCHIVE_MAX >> 20)))?;
        Ok(())
    }

    /// Bytes of archives that may still be read.
    pub fn archive_left(&self) -> u64 {
        self.spooled
    }

    /// Reads all of `reader`, or gives nothing when it is longer than `max`.
    pub fn read(&mut self, reader: &mut dyn Read, max: u64) -> Result<Option<Vec<u8>>, Refused> {
        let mut bytes = Vec::new();
        let mut block = [0; 16 << 10];
        loop {
            let count = match reader.read(&mut block) {
                Ok(0) => return Ok(Some(bytes)),
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(Refused::reading(&error)),
            };
            let left = self.read.checked_sub(count as u64);
            self.read =
                left.ok_or_else(|| Refused::new(format!("more than {} MiB unpacked", READ_MAX >> 20)))?;
            if (bytes.len() + count) as u64 > max {
                return Ok(None);
            }
            bytes.extend_from_slice(&block[..count]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_over_everything_that_was_read() {
        let mut budget = Budget::default();
        let megabyte = 1 << 20;
        for _ in 0..64 {
            let read = budget
                .read(&mut std::io::repeat(b' ').take(megabyte), megabyte)
                .unwrap();
            assert_eq!(read.unwrap().len() as u64, megabyte);
        }
        let why = budget
            .read(&mut std::io::repeat(b' ').take(1), megabyte)
            .unwrap_err();
        assert_eq!(why.to_string(), "more than 64 MiB unpacked");
    }

    #[test]
    fn an_endless_file_is_read_to_its_limit_only() {
        let mut budget = Budget::default();
        assert_eq!(budget.read(&mut std::io::repeat(b' '), 1000).unwrap(), None);
        assert!(READ_MAX - budget.read <= 16 << 10);
    }

    #[test]
    fn entries_are_counted() {
        let mut budget = Budget::default();
        assert!((0..ENTRIES_MAX).all(|_| budget.entry().is_ok()));
        assert_eq!(budget.entry().unwrap_err().to_string(), "more than 20000 entries");
    }
}
