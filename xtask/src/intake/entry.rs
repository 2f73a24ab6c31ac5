//! One entry of whatever was handed in, as the walk over it meets it.

use std::io::Read;

use super::refused::Refused;

/// What an entry of a directory, an archive or a commit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// Anything else, by name: `a symbolic link`.
    Other(&'static str),
}

/// The content of an entry, opened only when it is wanted.
pub trait Content {
    /// A reader of it from its start.
    fn open(&mut self) -> Result<Box<dyn Read + '_>, Refused>;

    /// Bytes that it takes in an archive, as far as that can be told.
    fn packed(&self) -> Option<u64> {
        None
    }
}

/// One entry, as the walk over its container meets it.
pub struct Met<'a> {
    /// Its name there, with `/`; not checked.
    pub name: &'a str,
    /// What it is.
    pub kind: Kind,
    /// What is in it.
    pub content: &'a mut dyn Content,
}

/// What a walk does with each entry; it ends with the first refusal.
pub type Visit<'v> = dyn FnMut(Met<'_>) -> Result<(), Refused> + 'v;
