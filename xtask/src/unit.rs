//! A unit: one exercise of one submission, in a directory of its own that goes when it is graded.
//!
//! ```text
//! target/grade/units/PID-N/
//! ├─ course/     the exercise as the course has it, the submission's files in its src/
//! ├─ out/        what was compiled of it
//! ├─ cache/      while it is compiled: a copy of what the compiler knows of the course's own text (see `incremental`),
//! │              in memory where that can be
//! └─ target/     for tests that start a compiler, and for them alone: a copy of what the base has warmed up
//! ```
//!
//! Where the sandbox gives each process a root of its own, every unit stands at one and the same path in it, [`INSIDE`]:
//! the compiler takes up what it knows of another compilation only in the same directory.
//!
//! Everything is written afresh, so that nothing can be taken for an older build's. Only the unit's own processes see
//! it. They write while they compile; a test writes nothing here, but for one that starts a compiler: whatever it could
//! write would still be there for the next test.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result};
use nix::unistd::{Gid, Uid};
use walkdir::WalkDir;

use crate::base::Base;
use crate::catalogue::Exercise;
use crate::recipe::{Places, Target, output_name};
use crate::room;
use crate::sandbox::{Moved, Sandbox};
use crate::stage::write;
use crate::submission::Submission;

/// Where its own processes find a unit. Not too short: trybuild takes the path of a test for one that Cargo chose, and
/// subtracts the length of a hash from its own.
const INSIDE: &str = "/phase7/unit";

/// The directory of one exercise of one submission; removed on drop.
#[derive(Debug)]
pub struct Unit {
    root: PathBuf,
    /// Where it stands for its own processes, if elsewhere.
    moved: Option<Moved>,
    /// The staged workspace: the exercise at its usual place.
    pub course: PathBuf,
    /// What is compiled.
    pub out: PathBuf,
    /// Cargo's target directory within tests.
    pub target: PathBuf,
    /// The exercise's directory below [`Unit::course`].
    pub exercise: PathBuf,
    package: String,
}

impl Unit {
    /// Stages `exercise`, whose pristine files are `pristine`, with `submission` on top; `with_toolchain` for tests that
    /// start a compiler.
    ///
    /// # Errors
    /// When a file cannot be written (a full disk, say); the message names it.
    pub fn stage(
        directory: &Path,
        sandbox: &Sandbox,
        base: &Base,
        exercise: &Exercise,
        pristine: &[(PathBuf, Vec<u8>)],
        submission: &Submission,
        with_toolchain: bool,
    ) -> Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        std::fs::create_dir_all(directory).with_context(|| format!("cannot make {}", directory.display()))?;
        let directory = directory
            .canonicalize()
            .with_context(|| format!("cannot find {}", directory.display()))?;
        let root = directory.join(format!("{}-{number}", std::process::id()));
        let moved = sandbox.gives_root().then(|| Moved {
            from: root.clone(),
            to: INSIDE.into(),
        });
        let unit = Self {
            course: root.join("course"),
            out: root.join("out"),
            target: root.join("target"),
            exercise: root.join("course").join(&exercise.dir),
            package: exercise.name.clone(),
            moved,
            root,
        };
        for directory in [&unit.course, &unit.out, &unit.target] {
            std::fs::create_dir_all(directory)
                .with_context(|| format!("cannot make {}", directory.display()))?;
        }
        if with_toolchain {
            copy(&base.stage, &unit.course)?;
            let warm = base.warm(exercise);
            if warm.is_dir() {
                copy(&warm, &unit.target)?;
            }
        }
        for (path, bytes) in pristine {
            write(&unit.course.join(path), bytes)?;
        }
        for (name, bytes) in &submission.files {
            write(&unit.exercise.join(name), bytes)?;
        }
        if !submission.files.contains_key("src/lib.rs") {
            write(&unit.exercise.join("src/lib.rs"), b"")?;
        }
        Ok(unit)
    }

    /// Where recipes find things.
    pub fn places<'a>(&'a self, base: &'a Base) -> Places<'a> {
        Places {
            stage: (&base.stage, self.inside(&self.course)),
            out: self.inside(&self.out),
            scratch: self.inside(&self.target.join("tmp")),
            package: &self.package,
        }
    }

    /// How the unit's processes see it.
    pub fn moved(&self) -> Option<Moved> {
        self.moved.clone()
    }

    /// Where they find what is at `path`.
    pub fn inside(&self, path: &Path) -> PathBuf {
        match &self.moved {
            Some(moved) => moved.inside(path),
            None => path.to_owned(),
        }
    }

    /// Where the compiler finds what it knows of `target`, and leaves what it has learnt; used where it exists.
    pub fn cache(&self, target: Target) -> PathBuf {
        self.caches().join(target.name())
    }

    /// What the compiler knows of each target.
    pub fn caches(&self) -> PathBuf {
        self.root.join("cache")
    }

    /// The file that `target` becomes.
    pub fn output(&self, target: Target) -> PathBuf {
        self.out.join(output_name(target, &self.package))
    }

    /// Takes the hidden tests' sources away: what they compiled to is there, and no test may read them.
    ///
    /// # Errors
    /// When a file cannot be emptied.
    pub fn hide(&self) -> Result<()> {
        for entry in WalkDir::new(self.exercise.join("hidden")).into_iter().flatten() {
            let path = entry.path();
            if entry.file_type().is_file() && path.extension().is_some_and(|extension| extension == "rs") {
                std::fs::write(path, b"").with_context(|| format!("cannot empty {}", path.display()))?;
            }
        }
        Ok(())
    }

    /// Gives what is written in the unit to the user that its processes run as.
    ///
    /// # Errors
    /// When the grader may not.
    pub fn give_to(&self, user: Option<(Uid, Gid)>, whole: bool) -> Result<()> {
        let Some((uid, gid)) = user else { return Ok(()) };
        let caches = self.caches();
        let mut below: Vec<&Path> = vec![&self.out];
        if whole {
            below.extend([self.course.as_path(), &self.target]);
        }
        if caches.is_dir() {
            below.push(&caches);
        }
        for entry in below.iter().flat_map(WalkDir::new) {
            let entry = entry.with_context(|| format!("cannot read {}", self.root.display()))?;
            std::os::unix::fs::lchown(entry.path(), Some(uid.as_raw()), Some(gid.as_raw()))
                .with_context(|| format!("cannot give {} away", entry.path().display()))?;
        }
        Ok(())
    }

    /// Keeps what its tests compiled, for [`Base::warm`].
    ///
    /// # Errors
    /// When it cannot be moved.
    pub fn keep_target(&self, warm: &Path) -> Result<()> {
        let _ = crate::broom::remove(warm);
        let parent = warm.parent().context("a warm directory has a parent")?;
        std::fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        std::fs::rename(&self.target, warm).with_context(|| format!("cannot write {}", warm.display()))
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        room::remove(&self.caches());
        let _ = crate::broom::remove(&self.root);
    }
}

/// Copies a tree with its modification times, which is what Cargo goes by.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    for entry in WalkDir::new(from) {
        let entry = entry.with_context(|| format!("cannot read {}", from.display()))?;
        let relative = entry.path().strip_prefix(from).context("walked below it")?;
        let place = to.join(relative);
        let copied = if entry.file_type().is_dir() {
            std::fs::create_dir_all(&place)
        } else if entry.file_type().is_file() {
            copy_file(entry.path(), &place)
        } else {
            Ok(())
        };
        copied.with_context(|| format!("cannot write {}", place.display()))?;
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::copy(from, to)?;
    let modified = std::fs::metadata(from)?.modified()?;
    std::fs::File::options()
        .write(true)
        .open(to)?
        .set_modified(modified)?;
    let mode = std::fs::metadata(to)?.permissions().mode();
    std::fs::set_permissions(to, PermissionsExt::from_mode(mode | 0o444))
}

/// Removes the units of graders that are gone.
pub fn sweep(directory: &Path) {
    let Ok(entries) = std::fs::read_dir(directory) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let owner = name
            .to_str()
            .and_then(|name| name.split('-').next()?.parse::<i32>().ok());
        let is_gone = |id| {
            nix::sys::signal::kill(nix::unistd::Pid::from_raw(id), None) == Err(nix::errno::Errno::ESRCH)
        };
        if owner.is_none_or(is_gone) {
            let _ = crate::broom::remove(&entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_keeps_the_times() {
        let directory = tempfile::tempdir().unwrap();
        let (from, to) = (directory.path().join("from"), directory.path().join("to"));
        write(&from.join("a/b"), b"text").unwrap();
        let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
        std::fs::File::options()
            .write(true)
            .open(from.join("a/b"))
            .unwrap()
            .set_modified(old)
            .unwrap();
        copy(&from, &to).unwrap();
        assert_eq!(
            std::fs::metadata(to.join("a/b")).unwrap().modified().unwrap(),
            old
        );
    }

    #[test]
    fn only_what_dead_graders_left_is_swept() {
        let directory = tempfile::tempdir().unwrap();
        let alive = directory.path().join(format!("{}-0", std::process::id()));
        // Above what the kernel gives out as an id.
        let dead = directory.path().join("2147483647-0");
        for unit in [&alive, &dead] {
            std::fs::create_dir(unit).unwrap();
        }
        sweep(directory.path());
        assert!(alive.exists() && !dead.exists());
    }
}
