//! `export`: the learner's copy of the workspace.
//!
//! It has no `solution/`, `hidden/` and `wrong/`, and nothing that only they need; everything else is as it is
//! here, byte for byte, but for manifests and lock file. It builds, and `grade` works in it with the open tests.
//! The starters lie in it a second time, in [`STARTERS`], for `reset`.
//!
//! The copy is made beside its place, proved ([`proof`]) and only then put there: a copy that holds a line of what
//! was left out is never seen.

mod manifest;
mod part;
mod proof;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::Ended;
use crate::catalogue::{self, Course};
use crate::cli::Export;
use crate::tree;
use part::Part;

/// The directory of a copy that keeps every exercise's `src/` as it was handed out.
pub const STARTERS: &str = ".starters";

/// What an export did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exported {
    /// Files written.
    pub files: usize,
    /// Files left out.
    pub left_out: usize,
    /// Distinct lines of the left-out files that are held to be in no file of the copy.
    pub lines: usize,
}

/// Writes the copy, and says what it proves.
///
/// # Errors
/// When the directory is taken, something cannot be copied, or a line of what is left out is in the copy.
pub fn run(arguments: &Export) -> Result<Ended> {
    let course = Course::here()?;
    let directory = &arguments.directory;
    let exported = export(&course, directory)?;
    let Exported {
        files,
        left_out,
        lines,
    } = exported;
    let mut out = anstream::stdout().lock();
    writeln!(out, "{}: {files} files", directory.display())?;
    writeln!(
        out,
        "left out: {left_out} files; none of their {lines} lines of their own is in the copy"
    )?;
    writeln!(out, "try it: cd {} && cargo xtask grade", directory.display())?;
    Ok(Ended::Holds)
}

/// Writes the learner's copy of `course` to `directory`, which is not there or empty.
///
/// # Errors
/// As [`run`]; then nothing is left behind.
pub fn export(course: &Course, directory: &Path) -> Result<Exported> {
    if std::fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_some()) {
        bail!(
            "{} is not empty: name a directory that is not there yet",
            directory.display()
        );
    }
    let has_solution = |dir: &PathBuf| course.root.join(dir).join("solution").is_dir();
    if !course.exercises().any(|exercise| has_solution(&exercise.dir)) {
        bail!("there is no solution here to leave out: this is a learner's copy");
    }
    let place = std::path::absolute(directory).context("the directory has no path")?;
    let parent = place.parent().context("the root directory is taken")?;
    std::fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    let beside = tempfile::Builder::new()
        .prefix(".phase7-export-")
        .tempdir_in(parent);
    let beside = beside.with_context(|| format!("cannot write to {}", parent.display()))?;

    let exported = write(course, beside.path())?;
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(beside.path(), open).context("cannot open the copy for reading")?;
    std::fs::rename(beside.path(), &place)
        .with_context(|| format!("cannot put the copy at {}", place.display()))?;
    // It is no temporary directory any more.
    let _ = beside.keep();
    Ok(exported)
}

/// Writes the copy to `copy` and proves it.
fn write(course: &Course, copy: &Path) -> Result<Exported> {
    let root = &course.root;
    let mut left_out = Vec::new();
    let mut right = Vec::new();
    for file in tree::tracked(root)? {
        match part::of(course, &file)? {
            Part::LeftOut => left_out.push(file),
            Part::Dropped => {}
            part @ (Part::Given | Part::Open) => {
                copy_file(course, &file, &copy.join(&file))?;
                if let Some(rest) = part::starter(course, &file) {
                    copy_file(course, &file, &copy.join(STARTERS).join(rest))?;
                }
                if part == Part::Open {
                    right.push(file);
                }
            }
        }
    }
    prune_lock(copy)?;
    let course_of_copy = Course::load(copy).context("the copy is no course")?;
    if course_of_copy.exercises().count() != course.exercises().count() {
        bail!("the copy lacks an exercise: is every file of it committed?");
    }
    let lines = proof::hold(root, &left_out, &right, copy)?;
    Ok(Exported {
        files: tree::listed(copy)?.len(),
        left_out: left_out.len(),
        lines,
    })
}

/// Copies one file; manifests lose what names the left-out files.
fn copy_file(course: &Course, file: &Path, to: &Path) -> Result<()> {
    let from = course.root.join(file);
    let parent = to.parent().context("a file stands in a directory")?;
    std::fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    let place = || format!("cannot copy {}", file.display());
    if file == Path::new("Cargo.toml") {
        let text = manifest::of_workspace(&catalogue::read(&from)?).with_context(place)?;
        return std::fs::write(to, text).with_context(place);
    }
    if let Some(exercise) = course
        .exercises()
        .find(|exercise| exercise.dir.join("Cargo.toml") == file)
    {
        let dropped = part::dropped_benches(course, exercise)?;
        let text = manifest::of_exercise(&catalogue::read(&from)?, &dropped).with_context(place)?;
        return std::fs::write(to, text).with_context(place);
    }
    if from.is_symlink() {
        let target = std::fs::read_link(&from).with_context(place)?;
        return std::os::unix::fs::symlink(target, to).with_context(place);
    }
    std::fs::copy(&from, to).map(|_| ()).with_context(place)
}

/// Lets Cargo take the packages out of the lock file that the copy does not have. Versions stay as they are.
fn prune_lock(copy: &Path) -> Result<()> {
    let metadata = |offline: bool| -> Result<std::process::Output> {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo
            .args(["metadata", "--quiet", "--format-version", "1"])
            .current_dir(copy)
            .stdin(Stdio::null());
        if offline {
            cargo.arg("--offline");
        }
        cargo.output().context("cannot start cargo")
    };
    if metadata(true)?.status.success() {
        return Ok(());
    }
    let output = metadata(false)?;
    if !output.status.success() {
        let text = crate::run::failure::clean(&String::from_utf8_lossy(&output.stderr));
        bail!("cargo cannot load the copy: {}", text.trim());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small workspace with one exercise, whose solution has a line of its own.
    fn mini() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        let package =
            |name: &str| format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
        let workspace = "[workspace]\nresolver = \"3\"\nmembers = [\n    \"[0-9][0-9]-*/[0-9][0-9]-*\",\n    \"[0-9][0-9]-*/[0-9][0-9]-*/solution\",\n]\n";
        let manifest = format!(
            "{}\n[package.metadata.phase7]\nhours = \"1\"\n\n[[test]]\nname = \"hidden\"\npath = \"hidden/hidden.rs\"\nrequired-features = [\"hidden\"]\n\n[features]\nhidden = []\n",
            package("sum")
        );
        for (name, text) in [
            ("Cargo.toml", workspace),
            (".gitignore", "/target\n"),
            (".ci/run", "cargo xtask verify\n"),
            ("target/debug/junk", "let total_of_everything = first + second;\n"),
            ("31-a/README.md", "# A\n"),
            ("31-a/01-sum/Cargo.toml", &manifest),
            (
                "31-a/01-sum/README.md",
                "# Sum\n\nAdds.\n\n## Rules\n\n1. It adds.\n",
            ),
            (
                "31-a/01-sum/src/lib.rs",
                "//! Adds.\n/// The sum of two numbers, as a number.\npub fn sum() { todo!() }\n",
            ),
            ("31-a/01-sum/tests/open.rs", "//! Open.\nfn a() {}\n"),
            (
                "31-a/01-sum/hidden/hidden.rs",
                "//! The hidden tests of the sum.\nfn h() {}\n",
            ),
            (
                "31-a/01-sum/wrong/off.toml",
                "why = \"Is off by one, as an index.\"\nfails = []\nreplace = []\n",
            ),
            ("31-a/01-sum/solution/Cargo.toml", &package("sum-solution")),
            (
                "31-a/01-sum/solution/src/lib.rs",
                "//! Adds.\n/// The sum of two numbers, as a number.\npub fn sum() {\n    let total_of_everything = first + second;\n}\n",
            ),
            (
                "31-a/01-sum/benches/both.rs",
                "//! Bench.\nuse sum_solution::sum;\n",
            ),
        ] {
            let path = root.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        root
    }

    #[test]
    fn the_copy_has_what_learners_get_and_nothing_else() {
        let root = mini();
        let course = Course::load(root.path()).unwrap();
        let out = tempfile::tempdir().unwrap();
        let copy = out.path().join("deep/copy");
        let exported = export(&course, &copy).unwrap();
        let names: Vec<_> = tree::listed(&copy)
            .unwrap()
            .iter()
            .map(|file| file.display().to_string())
            .collect();
        let expected = [
            ".gitignore",
            ".starters/31-a/01-sum/src/lib.rs",
            "31-a/01-sum/Cargo.toml",
            "31-a/01-sum/README.md",
            "31-a/01-sum/src/lib.rs",
            "31-a/01-sum/tests/open.rs",
            "31-a/README.md",
            "Cargo.lock",
            "Cargo.toml",
        ];
        assert_eq!(names, expected);
        assert_eq!((exported.files, exported.left_out), (9, 5));
        assert!(exported.lines >= 3, "{exported:?}");
        let lock = std::fs::read_to_string(copy.join("Cargo.lock")).unwrap();
        assert!(
            lock.contains("\"sum\"") && !lock.contains("sum-solution"),
            "{lock}"
        );
    }

    #[test]
    fn a_line_of_the_solution_stops_the_export() {
        let root = mini();
        let stray = root.path().join("31-a/01-sum/old.rs.bak");
        std::fs::write(stray, "\n    let total_of_everything = first + second;\n").unwrap();
        let course = Course::load(root.path()).unwrap();
        let out = tempfile::tempdir().unwrap();
        let error = export(&course, &out.path().join("copy")).unwrap_err();
        assert!(
            format!("{error:#}").contains("31-a/01-sum/old.rs.bak:2"),
            "{error:#}"
        );
        assert_eq!(
            std::fs::read_dir(out.path()).unwrap().count(),
            0,
            "nothing is left behind"
        );
    }

    #[test]
    fn a_directory_that_is_taken_is_refused_and_untouched() {
        let root = mini();
        let course = Course::load(root.path()).unwrap();
        let out = tempfile::tempdir().unwrap();
        std::fs::write(out.path().join("mine"), "x").unwrap();
        let error = export(&course, out.path()).unwrap_err();
        assert!(error.to_string().contains("is not empty"), "{error}");
        assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_copy_is_not_exported_again() {
        let root = mini();
        let out = tempfile::tempdir().unwrap();
        export(&Course::load(root.path()).unwrap(), &out.path().join("one")).unwrap();
        let copy = Course::load(&out.path().join("one")).unwrap();
        let error = export(&copy, &out.path().join("two")).unwrap_err();
        assert!(error.to_string().contains("learner's copy"), "{error}");
    }
}
