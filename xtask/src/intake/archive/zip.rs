//! The entries of a zip, as its table of contents has them.
//!
//! Sizes and offsets in it are claims: what counts is what comes out. Entries that share bytes, the way of the bombs
//! that need no nesting, are refused in a learner's archive; so is what is encrypted, and two entries of one name.

use std::cell::Cell;
use std::io::{Read, Seek};
use std::rc::Rc;

use ::zip::ZipArchive;
use ::zip::result::ZipError;

use super::Bounds;
use super::meter::{Guarded, Meter, Rationed};
use crate::intake::entry::{Content, Kind, Met, Visit};
use crate::intake::refused::Refused;

/// The bits of a Unix mode that tell what a file is.
const FORMAT: u32 = 0o170_000;

/// Walks over the entries of a zip of `length` bytes.
pub fn visit<R: Read + Seek>(
    file: R,
    length: u64,
    bounds: Bounds,
    visit: &mut Visit<'_>,
) -> Result<(), Refused> {
    let left = Rc::new(Cell::new(bounds.directory));
    let mut archive = ZipArchive::new(Rationed::new(file, &left)).map_err(failed)?;
    if archive.len() > bounds.entries {
        return Err(Refused::new(format!("more than {} entries", bounds.entries)));
    }
    if archive.has_duplicate_names() {
        return Err(Refused::new("two of its entries have the same name"));
    }
    if bounds.is_learners && archive.has_overlapping_entries().map_err(failed)? {
        return Err(Refused::new("its entries overlap"));
    }
    left.set(u64::MAX);
    let meter = Meter::new(u64::MAX, bounds.is_learners);
    meter.set_packed(length);
    for index in 0..archive.len() {
        let entry = archive.by_index_data(index).map_err(failed)?;
        // Windows' own archiver once wrote backslashes; in a zip they can be nothing else.
        let name = entry.name().map_err(failed)?.replace('\\', "/");
        let kind = kind(&name, entry.unix_mode());
        let mut content = Entry {
            is_encrypted: entry.encrypted(),
            packed: entry.compressed_size().min(length),
            archive: &mut archive,
            index,
            meter: Rc::clone(&meter),
        };
        if content.is_encrypted && bounds.is_learners {
            return Err(Refused::new("it is encrypted"));
        }
        visit(Met {
            name: &name,
            kind,
            content: &mut content,
        })?;
    }
    Ok(())
}

fn kind(name: &str, mode: Option<u32>) -> Kind {
    match mode.unwrap_or(0) & FORMAT {
        0o120_000 => Kind::Other("a symbolic link"),
        0o010_000 => Kind::Other("a FIFO"),
        0o020_000 | 0o060_000 => Kind::Other("a device"),
        0o140_000 => Kind::Other("a socket"),
        _ if name.ends_with('/') => Kind::Directory,
        0o040_000 => Kind::Directory,
        _ => Kind::File,
    }
}

fn failed(error: ZipError) -> Refused {
    match error {
        ZipError::Io(error) => Refused::reading(&error),
        ZipError::CompressionMethodNotSupported(_) => {
            Refused::new("is compressed in a way that cannot be read: use the ordinary one, Deflate")
        }
        other => Refused::new(format!("cannot be read: {other}")),
    }
}

struct Entry<'a, R> {
    archive: &'a mut ZipArchive<R>,
    index: usize,
    is_encrypted: bool,
    packed: u64,
    meter: Rc<Meter>,
}

impl<R: Read + Seek> Content for Entry<'_, R> {
    fn open(&mut self) -> Result<Box<dyn Read + '_>, Refused> {
        if self.is_encrypted {
            return Err(Refused::new("it is encrypted"));
        }
        let file = self.archive.by_index(self.index).map_err(failed)?;
        Ok(Box::new(Guarded::new(file, &self.meter)))
    }

    fn packed(&self) -> Option<u64> {
        Some(self.packed)
    }
}
