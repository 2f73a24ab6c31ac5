//! Removing what a submission leaves: trees of any depth, with directories that are closed.
//!
//! [`std::fs::remove_dir_all`] calls itself for each level, and thirty thousand of them overflow its stack, which aborts
//! the grader. Nor can a path name what lies that deep. So a tree is flattened while it is removed: the directories
//! within a directory are moved up beside it, until there is no second level.
//!
//! For trees in which nothing runs any more: links are removed and never followed, but nobody may exchange a directory
//! for a link meanwhile.

use std::fs::Permissions;
use std::io::{ErrorKind, Result};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Removes whatever is at `path`; nothing there is success.
///
/// # Errors
/// When something cannot be removed. The rest of it may be gone.
pub fn remove(path: &Path) -> Result<()> {
    let metadata = match std::fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        metadata => metadata?,
    };
    if !metadata.is_dir() {
        return std::fs::remove_file(path);
    }
    let mut names = Names { root: path, next: 0 };
    loop {
        let directories = empty_of_files(path)?;
        if directories.is_empty() {
            return std::fs::remove_dir(path);
        }
        for directory in directories {
            for inner in empty_of_files(&directory)? {
                // To move a directory is to write to it.
                open(&inner)?;
                std::fs::rename(&inner, names.fresh())?;
            }
            std::fs::remove_dir(&directory)?;
        }
    }
}

/// Removes everything in `directory` but directories, and returns those.
fn empty_of_files(directory: &Path) -> Result<Vec<PathBuf>> {
    open(directory)?;
    let mut directories = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            directories.push(entry.path());
        } else {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(directories)
}

/// Lets its owner read and change a directory.
fn open(directory: &Path) -> Result<()> {
    let mode = std::fs::symlink_metadata(directory)?.permissions().mode();
    if mode & 0o700 == 0o700 {
        return Ok(());
    }
    std::fs::set_permissions(directory, Permissions::from_mode(mode | 0o700))
}

/// Names in the root that nothing has yet.
struct Names<'a> {
    root: &'a Path,
    next: u64,
}

impl Names<'_> {
    fn fresh(&mut self) -> PathBuf {
        loop {
            let path = self.root.join(format!("moved-{}", self.next));
            self.next += 1;
            if std::fs::symlink_metadata(&path).is_err() {
                return path;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::fd::OwnedFd;

    use nix::fcntl::{OFlag, open, openat};
    use nix::sys::stat::{Mode, mkdirat};

    use super::*;

    /// Makes `depth` directories in one another; no path is long enough for that.
    fn nest(directory: &Path, depth: usize) {
        let flags = OFlag::O_DIRECTORY;
        let mut at: OwnedFd = open(directory, flags, Mode::empty()).unwrap();
        for _ in 0..depth {
            mkdirat(&at, "d", Mode::S_IRWXU).unwrap();
            at = openat(&at, "d", flags, Mode::empty()).unwrap();
        }
    }

    #[test]
    fn what_is_deeper_than_a_path_is_long_is_removed() {
        let scratch = tempfile::tempdir().unwrap();
        let tree = scratch.path().join("tree");
        std::fs::create_dir(&tree).unwrap();
        nest(&tree, 5_000);
        remove(&tree).unwrap();
        assert!(!tree.exists());
    }

    #[test]
    fn closed_directories_go_and_what_links_lead_to_stays() {
        let scratch = tempfile::tempdir().unwrap();
        let kept = scratch.path().join("kept");
        std::fs::write(&kept, "kept").unwrap();
        let tree = scratch.path().join("tree");
        std::fs::create_dir_all(tree.join("a/b/c")).unwrap();
        std::fs::create_dir_all(tree.join("moved-0/moved-1")).unwrap();
        std::os::unix::fs::symlink(scratch.path(), tree.join("a/b/up")).unwrap();
        std::os::unix::fs::symlink(&kept, tree.join("file")).unwrap();
        nix::unistd::mkfifo(&tree.join("a/pipe"), Mode::S_IRWXU).unwrap();
        for closed in ["a/b/c", "a/b", "a"] {
            std::fs::set_permissions(tree.join(closed), Permissions::from_mode(0o000)).unwrap();
        }
        remove(&tree).unwrap();
        assert!(!tree.exists());
        assert_eq!(std::fs::read_to_string(kept).unwrap(), "kept");
        remove(&tree).unwrap();
    }
}
