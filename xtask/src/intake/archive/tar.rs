//! The entries of a tar stream: ustar, with GNU long names and PAX records.
//!
//! Both extensions are entries that describe the next one. They are read here, with a limit: a reader that trusts
//! their headers can be made to hold gigabytes of one name.

use std::io::{self, Read};

use ::tar::{Archive, Entry, EntryType};

use crate::intake::entry::{Content, Kind, Met, Visit};
use crate::intake::limits::TAR_EXTENSION_MAX;
use crate::intake::refused::Refused;

/// What extension headers say about the next entry.
#[derive(Default)]
struct Extension {
    name: Option<Vec<u8>>,
    size: Option<u64>,
    is_sparse: bool,
}

/// Walks over the entries of a tar, of which there may be `entries_max`.
pub fn visit(stream: impl Read, entries_max: usize, visit: &mut Visit<'_>) -> Result<(), Refused> {
    let failed = |error: io::Error| Refused::reading(&error);
    let mut archive = Archive::new(stream);
    let mut extension = Extension::default();
    let mut count = 0;
    for entry in archive.entries().map_err(failed)?.raw(true) {
        let mut entry = entry.map_err(failed)?;
        count += 1;
        // Two extension headers and the entry itself.
        if count > entries_max.saturating_mul(3) {
            return Err(Refused::new(format!("more than {entries_max} entries")));
        }
        match entry.header().entry_type() {
            EntryType::GNULongName => extension.name = Some(until_zero(extended(&mut entry)?)),
            EntryType::GNULongLink => drop(extended(&mut entry)?),
            EntryType::XHeader => extension.read_pax(&extended(&mut entry)?)?,
            // Comments and time zones for the whole archive: nothing that a source needs.
            EntryType::XGlobalHeader => {}
            EntryType::GNUSparse => return Err(Refused::new("holds a sparse file")),
            kind => {
                let of_entry = std::mem::take(&mut extension);
                meet(entry, kind, of_entry, visit)?;
            }
        }
    }
    Ok(())
}

/// Hands one entry to the visitor.
fn meet<R: Read>(
    entry: Entry<'_, R>,
    kind: EntryType,
    extension: Extension,
    visit: &mut Visit<'_>,
) -> Result<(), Refused> {
    if extension.size.is_some_and(|size| size != entry.size()) {
        return Err(Refused::new("names two sizes for one entry"));
    }
    let name = extension.name.unwrap_or_else(|| entry.path_bytes().into_owned());
    let name = String::from_utf8_lossy(&name).into_owned();
    let kind = match kind {
        // Archives older than ustar mark a directory by its name alone.
        EntryType::Regular if name.ends_with('/') => Kind::Directory,
        _ if extension.is_sparse => Kind::Other("a sparse file"),
        EntryType::Regular | EntryType::Continuous => Kind::File,
        EntryType::Directory => Kind::Directory,
        EntryType::Link => Kind::Other("a hard link"),
        EntryType::Symlink => Kind::Other("a symbolic link"),
        EntryType::Fifo => Kind::Other("a FIFO"),
        EntryType::Char | EntryType::Block => Kind::Other("a device"),
        _ => Kind::Other("of an unknown kind"),
    };
    let mut content = Once(entry);
    visit(Met {
        name: &name,
        kind,
        content: &mut content,
    })
}

/// The content of an extension header.
fn extended<R: Read>(entry: &mut Entry<'_, R>) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    let read = entry.take(TAR_EXTENSION_MAX + 1).read_to_end(&mut bytes);
    read.map_err(|error| Refused::reading(&error))?;
    if bytes.len() as u64 > TAR_EXTENSION_MAX {
        return Err(Refused::new("has too long a name or header"));
    }
    Ok(bytes)
}

fn until_zero(mut bytes: Vec<u8>) -> Vec<u8> {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    bytes.truncate(end);
    bytes
}

impl Extension {
    /// Reads PAX records: `LENGTH KEY=VALUE\n`, the length counting itself.
    fn read_pax(&mut self, mut bytes: &[u8]) -> Result<(), Refused> {
        let damaged = || Refused::new("has a damaged PAX header");
        while !bytes.is_empty() {
            let space = bytes.iter().position(|byte| *byte == b' ').ok_or_else(damaged)?;
            let length = std::str::from_utf8(&bytes[..space])
                .ok()
                .and_then(|text| text.parse::<usize>().ok());
            let length = length
                .filter(|length| (space + 2..=bytes.len()).contains(length))
                .ok_or_else(damaged)?;
            let record = bytes[space + 1..length].strip_suffix(b"\n").ok_or_else(damaged)?;
            let equals = record.iter().position(|byte| *byte == b'=').ok_or_else(damaged)?;
            let (key, value) = (&record[..equals], &record[equals + 1..]);
            match key {
                b"path" => self.name = Some(value.to_vec()),
                b"size" => {
                    let size = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
                    self.size = Some(size.ok_or_else(damaged)?);
                }
                _ => self.is_sparse |= key.starts_with(b"GNU.sparse."),
            }
            bytes = &bytes[length..];
        }
        Ok(())
    }
}

/// An entry of a stream: it can be read where the stream stands, and not again.
struct Once<'a, R: Read>(Entry<'a, R>);

impl<R: Read> Content for Once<'_, R> {
    fn open(&mut self) -> Result<Box<dyn Read + '_>, Refused> {
        Ok(Box::new(&mut self.0))
    }
}
