//! Archives as a stream of entries, whatever their format; nothing is unpacked to a path.
//!
//! The format is told by its first bytes, not by its name: zip, tar, and tar within gzip or Zstandard.

mod meter;
mod tar;
mod zip;

use std::fs::File;
use std::io::{BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};

use self::meter::{Counted, Guarded, Meter};
use super::entry::Visit;
use super::limits::{BULK_ENTRIES_MAX, BULK_STREAM_MAX, ENTRIES_MAX, STREAM_MAX, ZIP_DIRECTORY_MAX};
use super::refused::Refused;

/// Names that an archive which can be read ends in.
const READ: [&str; 6] = [".zip", ".tar", ".tar.gz", ".tgz", ".tar.zst", ".tzst"];

/// Names of archives that cannot.
const UNREAD: [&str; 10] = [
    ".rar", ".7z", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".gz", ".bz2", ".xz", ".zst",
];

/// What Zstandard may allocate for its window: 2 to this power, the most that its own tools take without being told.
const ZSTD_WINDOW_LOG_MAX: u32 = 27;

/// What an archive may ask of its reader.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Entries.
    entries: usize,
    /// Bytes of a compressed tar's stream.
    stream: u64,
    /// Bytes of a zip's table of contents.
    directory: u64,
    /// Whether the whole of it is one learner's, and can be refused as a whole.
    is_learners: bool,
}

impl Bounds {
    /// A learner's own archive.
    pub fn of_learner() -> Self {
        Self {
            entries: ENTRIES_MAX,
            stream: STREAM_MAX,
            directory: ZIP_DIRECTORY_MAX,
            is_learners: true,
        }
    }

    /// A platform's bulk download: one learner's part of it must not refuse the others', so that its limits are
    /// wide, and those of each submission are counted apart.
    pub fn of_class() -> Self {
        Self {
            entries: BULK_ENTRIES_MAX,
            stream: BULK_STREAM_MAX,
            directory: 1 << 30,
            is_learners: false,
        }
    }
}

/// Whether a name is that of an archive which can be read.
pub fn is_archive(name: &str) -> bool {
    ends_in(name, &READ).is_some()
}

/// Whether a name is that of an archive which cannot be read.
pub fn is_foreign_archive(name: &str) -> bool {
    !is_archive(name) && ends_in(name, &UNREAD).is_some()
}

/// The name without an archive's ending.
pub fn stem(name: &str) -> &str {
    let ending = ends_in(name, &READ).or_else(|| ends_in(name, &UNREAD));
    &name[..name.len() - ending.map_or(0, str::len)]
}

/// The longest of the endings that `name` has.
fn ends_in<'e>(name: &str, endings: &[&'e str]) -> Option<&'e str> {
    let lower = name.to_ascii_lowercase();
    let found = endings.iter().filter(|ending| lower.ends_with(*ending));
    found.max_by_key(|ending| ending.len()).copied()
}

/// Walks over the entries of `file`.
///
/// # Errors
/// The visitor's refusal, or what is wrong with the archive.
pub fn visit(file: File, bounds: Bounds, visit: &mut Visit<'_>) -> Result<(), Refused> {
    // A slip of a format's reader costs this archive, not the class. What the visitor holds is dropped with it.
    let walk = AssertUnwindSafe(|| visit_format(file, bounds, visit));
    catch_unwind(walk).unwrap_or_else(|_| {
        Err(Refused::new(
            "cannot be read: it confuses the reader of its format",
        ))
    })
}

fn visit_format(mut file: File, bounds: Bounds, visit: &mut Visit<'_>) -> Result<(), Refused> {
    let failed = |error: std::io::Error| Refused::reading(&error);
    let length = file.metadata().map_err(failed)?.len();
    let magic = first_bytes(&mut file).map_err(failed)?;
    if magic.starts_with(b"PK\x03\x04") || magic.starts_with(b"PK\x05\x06") {
        return zip::visit(BufReader::new(file), length, bounds, visit);
    }
    let meter = Meter::new(bounds.stream, bounds.is_learners);
    let packed = BufReader::new(Counted::new(file, &meter));
    if magic.starts_with(b"\x1f\x8b") {
        let stream = flate2::bufread::MultiGzDecoder::new(packed);
        tar::visit(Guarded::new(stream, &meter), bounds.entries, visit)
    } else if magic.starts_with(b"\x28\xb5\x2f\xfd") {
        let mut stream = zstd::stream::read::Decoder::with_buffer(packed).map_err(failed)?;
        stream.window_log_max(ZSTD_WINDOW_LOG_MAX).map_err(failed)?;
        tar::visit(Guarded::new(stream, &meter), bounds.entries, visit)
    } else if magic.get(257..262) == Some(b"ustar") {
        tar::visit(packed, bounds.entries, visit)
    } else {
        Err(Refused::new(
            "is no .zip, .tar, .tar.gz or .tar.zst archive, whatever its name says",
        ))
    }
}

/// The first block of a tar, or as much of it as there is.
fn first_bytes(file: &mut File) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        match file.by_ref().take(512).read_to_end(&mut bytes) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
            Ok(_) => break,
        }
    }
    file.seek(SeekFrom::Start(0))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
