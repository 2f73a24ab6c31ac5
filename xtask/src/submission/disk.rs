//! Finding a submission in a directory: no link is followed, and no pipe is waited for.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result};
use walkdir::WalkDir;

use super::{Allowed, FILE_MAX, FILES_MAX, Found, is_litter};

/// What is `allowed` at and below `directory/root`.
pub fn collect(
    directory: &Path,
    root: &str,
    allowed: &Allowed,
    found: &mut BTreeMap<String, Found>,
) -> Result<()> {
    let top = directory.join(root);
    let walk = WalkDir::new(&top).sort_by_file_name();
    for entry in walk {
        let entry = entry.with_context(|| format!("cannot read {}", top.display()))?;
        let path = entry.path();
        let relative = path
            .strip_prefix(directory)
            .context("walked below the directory")?;
        let name = relative.to_string_lossy().into_owned();
        let kind = entry.file_type();
        let in_sources = name == "src" || name.starts_with("src/");
        let wanted = if kind.is_file() {
            allowed.has(&name)
        } else {
            in_sources || allowed.has_further(&name)
        };
        if kind.is_dir() || !wanted || is_litter(&entry.file_name().to_string_lossy()) {
            continue;
        }
        // One more than may be taken is enough to refuse them.
        if found.len() > FILES_MAX {
            break;
        }
        let what = if kind.is_file() {
            read(path)?
        } else {
            Found::NotRegular(kind_name(kind))
        };
        found.insert(name, what);
    }
    Ok(())
}

/// Reads a file that was regular a moment ago; a pipe or link that has taken its place is not waited for or followed.
fn read(path: &Path) -> Result<Found> {
    let file = open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let Some(file) = file else {
        return Ok(Found::NotRegular("no regular file any more"));
    };
    let mut bytes = Vec::new();
    file.take(FILE_MAX + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read {}", path.display()))?;
    Ok(if bytes.len() as u64 > FILE_MAX {
        Found::TooLarge
    } else {
        Found::File(bytes)
    })
}

/// Opens `path` if it is a regular file.
///
/// # Errors
/// When the system refuses it.
pub fn open(path: &Path) -> std::io::Result<Option<File>> {
    let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_CLOEXEC;
    let file = File::options().read(true).custom_flags(flags).open(path)?;
    Ok(file.metadata()?.is_file().then_some(file))
}

/// What a thing that is no regular file is called.
pub fn kind_name(kind: std::fs::FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_symlink() {
        "a symbolic link"
    } else if kind.is_fifo() {
        "a FIFO"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}
