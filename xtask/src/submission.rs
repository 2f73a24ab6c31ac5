//! A submission: the `src/**/*.rs` of one exercise, and nothing else.
//!
//! The grader owns manifest, lock file, tests and configuration; whatever else a learner's folder holds is not
//! looked at. What cannot be taken is refused by name, and refuses that exercise alone.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use anyhow::{Context, Result};
use walkdir::WalkDir;

/// Bytes of the largest source file.
const FILE_MAX: u64 = 1 << 20;

/// Source files of one exercise.
const FILES_MAX: usize = 200;

/// Directories below `src/`.
const DEPTH_MAX: usize = 8;

/// What a learner hands in for one exercise.
#[derive(Debug, Clone, Default)]
pub struct Submission {
    /// The files, by their path with `/`: `src/lib.rs`.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Why it is not taken, if it is not.
    pub refusal: Option<String>,
}

impl Submission {
    /// Takes the sources in `directory/src`.
    ///
    /// # Errors
    /// When the machine cannot read them; what the learner is to blame for becomes the refusal.
    pub fn take(directory: &Path) -> Result<Self> {
        let mut submission = Self::default();
        let source = directory.join("src");
        if std::fs::symlink_metadata(&source).is_ok_and(|metadata| metadata.is_symlink()) {
            submission.refuse("src is a symbolic link");
            return Ok(submission);
        }
        for entry in WalkDir::new(&source).max_depth(DEPTH_MAX + 1).sort_by_file_name() {
            let entry = entry.with_context(|| format!("cannot read {}", source.display()))?;
            let path = entry.path();
            let relative = path
                .strip_prefix(directory)
                .context("walked below the directory")?;
            if entry.file_type().is_dir() {
                if entry.depth() > DEPTH_MAX {
                    submission.refuse(&format!("{} lies too deep", shown(relative)));
                }
                continue;
            }
            if path.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let Some(name) = plain_name(relative) else {
                submission.refuse(&format!("{} has a name that no module has", shown(relative)));
                continue;
            };
            if !entry.file_type().is_file() {
                submission.refuse(&format!("{name} is not a regular file"));
                continue;
            }
            let size = entry
                .metadata()
                .with_context(|| format!("cannot read {}", path.display()))?
                .len();
            if size > FILE_MAX {
                submission.refuse(&format!("{name} is larger than {} KiB", FILE_MAX >> 10));
                continue;
            }
            if submission.files.len() == FILES_MAX {
                submission.refuse(&format!("more than {FILES_MAX} source files"));
                break;
            }
            let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            submission.files.insert(name, bytes);
        }
        Ok(submission)
    }

    /// Refuses the submission; the first reason stands.
    fn refuse(&mut self, why: &str) {
        self.refusal.get_or_insert_with(|| why.to_owned());
    }
}

/// The path with `/`, if every part is a plain name.
fn plain_name(relative: &Path) -> Option<String> {
    let mut parts = Vec::new();
    for component in relative.components() {
        let Component::Normal(part) = component else {
            return None;
        };
        let part = part.to_str()?;
        let plain = |character: char| character.is_ascii_alphanumeric() || "_-.".contains(character);
        if !part.chars().all(plain) {
            return None;
        }
        parts.push(part);
    }
    Some(parts.join("/"))
}

/// A path for people: control characters are escaped, so that a file name cannot speak to the terminal.
fn shown(path: &Path) -> String {
    path.to_string_lossy().escape_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(fill: impl Fn(&Path)) -> Submission {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir(directory.path().join("src")).unwrap();
        fill(directory.path());
        Submission::take(directory.path()).unwrap()
    }

    #[test]
    fn only_sources_are_taken() {
        let submission = take(|directory| {
            std::fs::write(directory.join("src/lib.rs"), "// a").unwrap();
            std::fs::write(directory.join("src/notes.txt"), "b").unwrap();
            std::fs::write(directory.join("build.rs"), "fn main() {}").unwrap();
        });
        assert_eq!(submission.files.keys().collect::<Vec<_>>(), ["src/lib.rs"]);
        assert_eq!(submission.refusal, None);
    }

    #[test]
    fn links_pipes_and_giants_are_refused_by_name() {
        let linked =
            take(|directory| std::os::unix::fs::symlink("/etc/passwd", directory.join("src/a.rs")).unwrap());
        assert_eq!(linked.refusal.as_deref(), Some("src/a.rs is not a regular file"));
        let piped = take(|directory| {
            nix::unistd::mkfifo(&directory.join("src/b.rs"), nix::sys::stat::Mode::S_IRWXU).unwrap();
        });
        assert_eq!(piped.refusal.as_deref(), Some("src/b.rs is not a regular file"));
        let giant =
            take(|directory| std::fs::write(directory.join("src/c.rs"), vec![b' '; 2 << 20]).unwrap());
        assert_eq!(giant.refusal.as_deref(), Some("src/c.rs is larger than 1024 KiB"));
        let named = take(|directory| std::fs::write(directory.join("src/\u{1b}[2J.rs"), "").unwrap());
        assert!(named.refusal.is_some_and(|why| !why.contains('\u{1b}')));
    }
}
