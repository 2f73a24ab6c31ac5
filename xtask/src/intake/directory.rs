//! The entries of a directory on disk; no link is followed, and nothing but regular files is opened.

use std::io::Read;
use std::path::Path;

use walkdir::{DirEntry, WalkDir};

use super::entry::{Content, Kind, Met, Visit};
use super::path::lies_in_litter;
use super::refused::Refused;
use crate::submission::{kind_name, open, shown};

/// Walks over what is below `directory`, except what lies in litter: a build alone can hold more than all sources.
///
/// # Errors
/// The visitor's refusal, or what cannot be read.
pub fn visit(directory: &Path, visit: &mut Visit<'_>) -> Result<(), Refused> {
    let walk = WalkDir::new(directory)
        .min_depth(1)
        .sort_by_file_name()
        .into_iter();
    for entry in walk.filter_entry(|entry| !is_litter(directory, entry)) {
        let entry = entry.map_err(|error| unreadable(directory, error.path(), &error.to_string()))?;
        let kind = match entry.file_type() {
            kind if kind.is_dir() => Kind::Directory,
            kind if kind.is_file() => Kind::File,
            kind => Kind::Other(kind_name(kind)),
        };
        let name = relative(directory, entry.path());
        visit(Met {
            name: &name,
            kind,
            content: &mut OnDisk {
                directory,
                path: entry.path(),
            },
        })?;
    }
    Ok(())
}

fn relative(directory: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(directory).unwrap_or(path);
    relative.to_string_lossy().into_owned()
}

fn is_litter(directory: &Path, entry: &DirEntry) -> bool {
    let path = relative(directory, entry.path());
    entry.depth() > 0 && lies_in_litter(&path.split('/').collect::<Vec<_>>())
}

/// Names the path within the learner's folder: the machine's own is nobody's business.
fn unreadable(directory: &Path, path: Option<&Path>, why: &str) -> Refused {
    let name = path.map(|path| relative(directory, path)).unwrap_or_default();
    let why = why.rsplit(": ").next().unwrap_or(why);
    Refused::new(format!("{} cannot be read: {why}", shown(&name)))
}

struct OnDisk<'a> {
    directory: &'a Path,
    path: &'a Path,
}

impl Content for OnDisk<'_> {
    fn open(&mut self) -> Result<Box<dyn Read + '_>, Refused> {
        let why = match open(self.path) {
            Ok(Some(file)) => return Ok(Box::new(file)),
            Ok(None) => "it is no regular file any more".to_owned(),
            Err(error) => error.to_string(),
        };
        Err(unreadable(self.directory, Some(self.path), &why))
    }
}
