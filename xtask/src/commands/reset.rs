//! `reset`: the untouched starter of one exercise.
//!
//! Where it comes from:
//!
//! - a learner's copy carries its starters (`.starters/`, written by `export`): they are as they were handed out,
//!   whatever the learner has committed since;
//! - a full checkout has them in git, at the newest commit that came from elsewhere: what `upstream` or else `origin`
//!   has on its main branch, and only without both what was committed here.
//!
//! What stood in `src/` goes to `.phase7/backup/` first, whole, in a directory of its own: nothing is ever lost.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::export::STARTERS;
use crate::Ended;
use crate::catalogue::{Course, Exercise};
use crate::cli::Name;
use crate::store;
use crate::tree;

/// Where untouched starters are, the best place first.
const REVISIONS: [&str; 5] = [
    "upstream/HEAD",
    "upstream/main",
    "origin/HEAD",
    "origin/main",
    "HEAD",
];

/// Puts the starter back and says where the learner's files are.
///
/// # Errors
/// When there is no untouched starter, or a file cannot be moved.
pub fn run(arguments: &Name) -> Result<Ended> {
    let course = Course::here()?;
    let exercise = course.exercise(&arguments.name)?;
    let (starter, origin) = starter(&course.root, exercise)?;
    let backup = backup(&course.root, exercise)?;
    let source = course.root.join(&exercise.dir);
    for (name, bytes) in &starter {
        store::write_whole(&source.join(name), bytes)?;
    }
    let mut out = anstream::stdout().lock();
    let count = starter.len();
    let files = if count == 1 { "file" } else { "files" };
    writeln!(
        out,
        "{}/src: the untouched starter, {count} {files} from {origin}",
        exercise.dir.display()
    )?;
    if let Some(backup) = backup {
        writeln!(out, "what was there: {}", backup.display())?;
    }
    Ok(Ended::Holds)
}

/// Files by their path in the exercise: `src/lib.rs`.
type Files = BTreeMap<PathBuf, Vec<u8>>;

/// The untouched sources, and where they come from.
fn starter(root: &Path, exercise: &Exercise) -> Result<(Files, String)> {
    let kept = root.join(STARTERS).join(&exercise.dir);
    if kept.is_dir() {
        let mut files = Files::new();
        for file in tree::listed(&kept)? {
            let path = kept.join(&file);
            let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            files.insert(file, bytes);
        }
        return Ok((files, STARTERS.to_owned()));
    }
    for revision in REVISIONS {
        let files = at_revision(root, &exercise.dir, revision)?;
        if !files.is_empty() {
            return Ok((files, format!("git's {revision}")));
        }
    }
    bail!(
        "there is no untouched starter of {}: neither {STARTERS} nor git has one",
        exercise.name
    )
}

/// The sources as a revision has them; none when there is no such revision.
fn at_revision(root: &Path, dir: &Path, revision: &str) -> Result<Files> {
    let source = format!("{}/src/", dir.display());
    let list = [
        "ls-tree",
        "-r",
        "-z",
        "--name-only",
        revision,
        "--",
        source.as_str(),
    ];
    let mut files = Files::new();
    let names = git(root, &list).unwrap_or_default();
    for name in names.split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        let name = std::str::from_utf8(name).context("a source has a name that is no text")?;
        // `./`: from here, also where the workspace is not the top of the checkout.
        let bytes = git(root, &["show", &format!("{revision}:./{name}")])?;
        let within = Path::new(name)
            .strip_prefix(dir)
            .context("git lists what it was asked for")?;
        files.insert(within.to_owned(), bytes);
    }
    Ok(files)
}

fn git(root: &Path, arguments: &[&str]) -> Result<Vec<u8>> {
    let mut git = Command::new("git");
    git.args(arguments).current_dir(root).stdin(Stdio::null());
    let output = git.output().context("cannot start git")?;
    if !output.status.success() {
        bail!("git {} failed", arguments[0]);
    }
    Ok(output.stdout)
}

/// Moves `src/` away, and says where to, from the root. There may be none.
fn backup(root: &Path, exercise: &Exercise) -> Result<Option<PathBuf>> {
    let source = root.join(&exercise.dir).join("src");
    if std::fs::symlink_metadata(&source).is_err() {
        return Ok(None);
    }
    let now = jiff::Zoned::now().strftime("%Y%m%d-%H%M%S").to_string();
    let directory = free(
        root,
        &Path::new(".phase7/backup").join(format!("{}-{now}", exercise.name)),
    )?;
    let to = root.join(&directory).join("src");
    std::fs::rename(&source, &to)
        .with_context(|| format!("cannot move {} to {}", source.display(), to.display()))?;
    Ok(Some(directory))
}

/// Makes `wanted`, or the first of its numbered neighbours that is not there yet.
fn free(root: &Path, wanted: &Path) -> Result<PathBuf> {
    let place = || format!("cannot make {}", wanted.display());
    std::fs::create_dir_all(root.join(wanted).parent().unwrap_or(root)).with_context(place)?;
    for number in 1..100 {
        let directory = match number {
            1 => wanted.to_owned(),
            _ => PathBuf::from(format!("{}-{number}", wanted.display())),
        };
        match std::fs::create_dir(root.join(&directory)) {
            Ok(()) => return Ok(directory),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error).with_context(place),
        }
    }
    bail!("{} is taken a hundred times", wanted.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(files: &[(&str, &str)]) -> (tempfile::TempDir, Course) {
        let root = tempfile::tempdir().unwrap();
        for (file, text) in [
            ("31-a/README.md", "# A\n"),
            (
                "31-a/01-b/Cargo.toml",
                "[package]\nname = \"b\"\n[package.metadata.phase7]\nhours = \"1\"\n",
            ),
            ("31-a/01-b/README.md", "# B\n"),
            ("31-a/01-b/tests/open.rs", ""),
        ]
        .iter()
        .chain(files)
        {
            store::write_whole(&root.path().join(file), text.as_bytes()).unwrap();
        }
        let course = Course::load(root.path()).unwrap();
        (root, course)
    }

    fn text(files: &Files, name: &str) -> String {
        String::from_utf8(files[Path::new(name)].clone()).unwrap()
    }

    #[test]
    fn a_copys_starters_are_taken_before_anything_in_git() {
        let (root, course) = course(&[
            ("31-a/01-b/src/lib.rs", "mine"),
            (".starters/31-a/01-b/src/lib.rs", "theirs"),
        ]);
        let (files, origin) = starter(root.path(), course.exercise("b").unwrap()).unwrap();
        assert_eq!(
            (text(&files, "src/lib.rs").as_str(), origin.as_str()),
            ("theirs", STARTERS)
        );
    }

    #[test]
    fn in_a_checkout_the_origin_is_taken_before_what_was_committed_here() {
        let (root, course) = course(&[
            ("31-a/01-b/src/lib.rs", "theirs"),
            ("31-a/01-b/src/a/b.rs", "deep"),
        ]);
        let git = |arguments: &[&str]| {
            let identity = [
                "-c",
                "user.name=a",
                "-c",
                "user.email=a@example.org",
                "-c",
                "commit.gpgsign=false",
            ];
            git(root.path(), &[&identity[..], arguments].concat()).unwrap();
        };
        git(&["init", "-q"]);
        git(&["add", "."]);
        git(&["commit", "-q", "-m", "one"]);
        let exercise = course.exercise("b").unwrap();
        assert_eq!(starter(root.path(), exercise).unwrap().1, "git's HEAD");
        git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
        std::fs::write(root.path().join("31-a/01-b/src/lib.rs"), "mine").unwrap();
        git(&["commit", "-q", "-a", "-m", "two"]);
        let (files, origin) = starter(root.path(), exercise).unwrap();
        assert_eq!((files.len(), origin.as_str()), (2, "git's origin/main"));
        assert_eq!(text(&files, "src/lib.rs"), "theirs");
    }

    #[test]
    fn what_was_there_is_kept_each_time() {
        let (root, course) = course(&[("31-a/01-b/src/lib.rs", "one"), ("31-a/01-b/src/own.rs", "own")]);
        let exercise = course.exercise("b").unwrap();
        let first = backup(root.path(), exercise).unwrap().unwrap();
        store::write_whole(&root.path().join("31-a/01-b/src/lib.rs"), b"two").unwrap();
        let second = backup(root.path(), exercise).unwrap().unwrap();
        let kept = |directory: &Path, name: &str| {
            std::fs::read_to_string(root.path().join(directory).join(name)).unwrap()
        };
        assert_eq!(kept(&first, "src/lib.rs"), "one");
        assert_eq!(kept(&first, "src/own.rs"), "own");
        assert_eq!(kept(&second, "src/lib.rs"), "two");
        assert_eq!(
            backup(root.path(), exercise).unwrap(),
            None,
            "there is no src any more"
        );
    }

    #[test]
    fn without_a_starter_nothing_is_touched() {
        let (root, course) = course(&[("31-a/01-b/src/lib.rs", "mine")]);
        assert!(starter(root.path(), course.exercise("b").unwrap()).is_err());
    }
}
