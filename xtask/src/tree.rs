//! The files of a checkout: what git keeps, or what it would keep.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use ignore::WalkBuilder;

/// Every file below `root` that `.gitignore` does not name, relative to it and sorted. Git need not be there.
///
/// # Errors
/// When a directory cannot be read.
pub fn listed(root: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    // The learner's history and backups are no part of the course.
    let own = |name: &std::ffi::OsStr| name == ".git" || name == ".phase7" || name == "target";
    let walk = WalkBuilder::new(root)
        .hidden(false)
        .require_git(false)
        .parents(false)
        .git_global(false)
        .git_exclude(false)
        .filter_entry(move |entry| entry.depth() != 1 || !own(entry.file_name()))
        .build();
    for entry in walk {
        let entry = entry.with_context(|| format!("cannot read {}", root.display()))?;
        if entry.file_type().is_some_and(|kind| !kind.is_dir()) {
            let relative = entry.path().strip_prefix(root).context("walked below the root")?;
            files.push(relative.to_owned());
        }
    }
    files.sort();
    Ok(files)
}

/// Every file that git tracks and that is there; where `root` is no checkout, as [`listed`].
///
/// # Errors
/// As [`listed`].
pub fn tracked(root: &Path) -> Result<Vec<PathBuf>> {
    if !root.join(".git").exists() {
        return listed(root);
    }
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached"])
        .current_dir(root)
        .stderr(Stdio::null());
    let output = git.output().context("cannot start git")?;
    if !output.status.success() {
        return listed(root);
    }
    let mut files: Vec<_> = output
        .stdout
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty())
        .map(|name| PathBuf::from(String::from_utf8_lossy(name).into_owned()))
        .filter(|path| std::fs::symlink_metadata(root.join(path)).is_ok())
        .collect();
    files.sort();
    files.dedup();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignored_files_are_not_listed() {
        let root = tempfile::tempdir().unwrap();
        for (name, text) in [
            (".gitignore", "/wip\n*.tmp\n"),
            ("wip/a.rs", ""),
            ("x.tmp", ""),
            ("target/debug/x", ""),
            (".phase7/history.jsonl", ""),
            ("a/b.rs", ""),
            (".ci/run", ""),
        ] {
            let path = root.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let names: Vec<_> = listed(root.path()).unwrap();
        assert_eq!(names, [".ci/run", ".gitignore", "a/b.rs"].map(PathBuf::from));
        assert_eq!(tracked(root.path()).unwrap(), names);
    }
}
