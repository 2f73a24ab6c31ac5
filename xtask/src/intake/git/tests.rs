//! Repositories made here, honest and not.

use std::collections::BTreeMap;
use std::process::Command;

use super::super::sample::{self, folder};
use super::super::{Sources, take};
use crate::class::Entry;

use super::*;

/// A repository in a directory of its own.
struct Scratch {
    directory: tempfile::TempDir,
}

impl Scratch {
    fn new() -> Self {
        let scratch = Self {
            directory: tempfile::tempdir().unwrap(),
        };
        std::fs::create_dir(scratch.path()).unwrap();
        scratch.git(&["init", "-q", "-b", "main"]);
        scratch
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("repo")
    }

    fn git(&self, arguments: &[&str]) -> String {
        let mut git = Command::new("git");
        git.env_clear().env("PATH", std::env::var_os("PATH").unwrap());
        for (name, value) in [
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_AUTHOR_NAME", "learner-a"),
            ("GIT_AUTHOR_EMAIL", "a@example.org"),
            ("GIT_COMMITTER_NAME", "learner-a"),
            ("GIT_COMMITTER_EMAIL", "a@example.org"),
            ("GIT_COMMITTER_DATE", "2026-11-02T13:05:59Z"),
        ] {
            git.env(name, value);
        }
        let output = git.arg("-C").arg(self.path()).args(arguments).output().unwrap();
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn commit(&self, files: &[(&str, &str)]) {
        folder(&self.path(), files);
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "work"]);
    }

    /// The entries of a list with these lines below the header.
    fn take(&self, lines: &str) -> BTreeMap<String, Entry> {
        self.try_take(&format!("id,repository,revision\n{lines}"))
            .unwrap()
    }

    fn try_take(&self, list: &str) -> anyhow::Result<BTreeMap<String, Entry>> {
        let (_directory, course) = sample::course();
        let path = self.directory.path().join("list.csv");
        std::fs::write(&path, list).unwrap();
        let sources = Sources {
            submissions: None,
            repositories: Some(&path),
            roster: None,
            only: None,
            scratch: &self.directory.path().join("scratch"),
        };
        let entries = take(&course, &sources)?;
        Ok(entries
            .into_iter()
            .map(|entry| (entry.learner.id.clone(), entry))
            .collect())
    }
}

fn why(entry: &Entry) -> &str {
    entry.refusal.as_deref().unwrap_or_default()
}

#[test]
fn a_commit_is_read_as_it_was_committed() {
    let scratch = Scratch::new();
    scratch.commit(&[
        ("31-one/01-alpha/src/lib.rs", "// one"),
        ("31-one/01-alpha/src/a.rs", ""),
    ]);
    scratch.git(&["tag", "handed-in"]);
    scratch.commit(&[("31-one/01-alpha/src/lib.rs", "// two")]);
    std::fs::write(
        scratch.path().join("31-one/01-alpha/src/lib.rs"),
        "// not committed",
    )
    .unwrap();
    let entries = scratch.take("s1,repo,handed-in\ns2,repo,\ns3,repo,main~1\n");
    let text =
        |id: &str| String::from_utf8(entries[id].exercises["alpha"].files["src/lib.rs"].clone()).unwrap();
    assert_eq!(
        [text("s1"), text("s2"), text("s3")],
        ["// one", "// two", "// one"]
    );
    assert_eq!(entries["s1"].source.as_deref(), Some("repo@handed-in"));
    let submitted = entries["s1"].submitted.as_ref().unwrap();
    assert_eq!(
        (submitted.at.to_string().as_str(), submitted.told_by.as_str()),
        ("2026-11-02T13:05:59Z", "git commit")
    );
    let bare = scratch.directory.path().join("bare.git");
    scratch.git(&[
        "clone",
        "-q",
        "--bare",
        "--no-hardlinks",
        ".",
        bare.to_str().unwrap(),
    ]);
    assert_eq!(
        scratch.take("s1,bare.git,main\n")["s1"].exercises["alpha"]
            .files
            .len(),
        2
    );
}

#[test]
fn what_is_not_there_refuses_its_entry() {
    let scratch = Scratch::new();
    scratch.commit(&[("alpha/src/lib.rs", "")]);
    std::fs::create_dir(scratch.path().join("inner")).unwrap();
    let tree = scratch.git(&["rev-parse", "HEAD^{tree}"]);
    let entries = scratch.take(&format!(
        "s1,repo,gone\ns2,nowhere,main\ns3,repo/inner,main\ns4,repo,{tree}\ns5,repo,main\n"
    ));
    assert_eq!(why(&entries["s1"]), "it has no revision gone");
    assert!(why(&entries["s2"]).starts_with("there is no git repository"));
    // The repository around a directory is not its own.
    assert!(why(&entries["s3"]).starts_with("there is no git repository"));
    assert!(why(&entries["s4"]).starts_with("it has no revision"));
    assert_eq!(entries["s5"].refusal, None);
}

#[test]
fn links_and_submodules_among_sources_refuse_their_exercise() {
    let scratch = Scratch::new();
    folder(
        &scratch.path(),
        &[("alpha/src/lib.rs", ""), ("beta/src/lib.rs", "")],
    );
    std::os::unix::fs::symlink("/etc/passwd", scratch.path().join("alpha/src/x.rs")).unwrap();
    scratch.commit(&[]);
    let head = scratch.git(&["rev-parse", "HEAD"]);
    scratch.git(&[
        "update-index",
        "--add",
        "--cacheinfo",
        &format!("160000,{head},beta/src/sub"),
    ]);
    scratch.git(&["commit", "-q", "-m", "submodule"]);
    let entry = &scratch.take("s1,repo,main\n")["s1"];
    assert_eq!(
        entry.exercises["alpha"].refusal.as_deref(),
        Some("src/x.rs is a symbolic link")
    );
    assert_eq!(
        entry.exercises["beta"].refusal.as_deref(),
        Some("src/sub is a submodule")
    );
}

#[test]
fn nothing_that_a_repository_asks_for_is_run() {
    let scratch = Scratch::new();
    let witness = scratch.directory.path().join("ran");
    let touch = format!("touch {}", witness.display());
    scratch.commit(&[
        (".gitattributes", "*.rs filter=evil diff=evil"),
        ("alpha/src/lib.rs", "// as committed"),
    ]);
    for key in [
        "filter.evil.smudge",
        "filter.evil.clean",
        "diff.evil.textconv",
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
    ] {
        scratch.git(&["config", key, &touch]);
    }
    let object = scratch.git(&["rev-parse", "HEAD:alpha/src/lib.rs"]);
    let other = scratch.git(&["hash-object", "-w", ".gitattributes"]);
    scratch.git(&["replace", &object, &other]);
    let entry = &scratch.take("s1,repo,main\n")["s1"];
    assert_eq!(entry.exercises["alpha"].files["src/lib.rs"], b"// as committed");
    assert!(!witness.exists());
}

#[test]
fn objects_of_another_repository_are_not_read() {
    let scratch = Scratch::new();
    scratch.commit(&[("alpha/src/lib.rs", "")]);
    let shared = scratch.directory.path().join("shared");
    scratch.git(&["clone", "-q", "--shared", ".", shared.to_str().unwrap()]);
    let linked = scratch.directory.path().join("linked");
    scratch.git(&["worktree", "add", "-q", linked.to_str().unwrap()]);
    let entries = scratch.take("s1,shared,main\ns2,linked,HEAD\n");
    assert!(why(&entries["s1"]).contains("another repository's"));
    assert!(why(&entries["s2"]).starts_with("there is no git repository"));
}

#[test]
fn large_objects_are_refused_unread_and_missing_ones_named() {
    let scratch = Scratch::new();
    scratch.commit(&[
        ("alpha/src/lib.rs", &" ".repeat(2 << 20)),
        ("beta/src/lib.rs", "// here"),
    ]);
    let entry = &scratch.take("s1,repo,main\n")["s1"];
    assert_eq!(
        entry.exercises["alpha"].refusal.as_deref(),
        Some("src/lib.rs is larger than 1024 KiB")
    );
    let object = scratch.git(&["rev-parse", "HEAD:beta/src/lib.rs"]);
    std::fs::remove_file(
        scratch
            .path()
            .join(".git/objects")
            .join(&object[..2])
            .join(&object[2..]),
    )
    .unwrap();
    assert_eq!(
        why(&scratch.take(
            "s1,repo,main
"
        )["s1"]),
        "an object of it is missing or damaged"
    );
}

#[test]
fn a_tree_that_names_itself_many_times_is_counted() {
    let scratch = Scratch::new();
    scratch.commit(&[("x", "")]);
    let mut tree = scratch.git(&["rev-parse", "HEAD^{tree}"]);
    for _ in 0..6 {
        let listing = scratch.directory.path().join("tree");
        let lines: String = (0..10)
            .map(|number| format!("040000 tree {tree}\td{number}\n"))
            .collect();
        std::fs::write(&listing, lines).unwrap();
        let mut make = Command::new("git");
        make.arg("-C")
            .arg(scratch.path())
            .arg("mktree")
            .stdin(std::fs::File::open(&listing).unwrap());
        tree = String::from_utf8(make.output().unwrap().stdout)
            .unwrap()
            .trim()
            .to_owned();
    }
    let commit = scratch.git(&["commit-tree", "-m", "bomb", &tree]);
    assert_eq!(
        why(&scratch.take(&format!("s1,repo,{commit}\n"))["s1"]),
        "more than 20000 entries"
    );
}

#[test]
fn the_later_of_two_commits_counts_and_mistakes_in_the_list_have_lines() {
    let scratch = Scratch::new();
    scratch.commit(&[("alpha/src/lib.rs", "// one")]);
    let entries = scratch.take("s1,repo,main\ns1,repo,HEAD\n");
    assert!(why(&entries["s1"]).starts_with("handed in 2 times"));
    for (list, expected) in [
        (
            "id,repository\ns1,\n",
            "list.csv:2: a learner without a repository",
        ),
        (
            "id,repository\n,x\n",
            "list.csv:2: a repository without the id of a learner",
        ),
        (
            "id,repository,revision\ns1,repo,--exec=x\n",
            "list.csv:2: \"--exec=x\" cannot be a revision",
        ),
        (
            "id,path\n",
            "list.csv:1: it has no column \"repository\"; its columns are id, path",
        ),
    ] {
        let error = scratch.try_take(list).unwrap_err().to_string();
        assert!(error.ends_with(expected), "{error}");
    }
}

#[test]
fn a_git_that_does_not_end_is_ended() {
    let scratch = Scratch::new();
    let directory = scratch.path().join(".git");
    let wall = std::time::Duration::from_millis(50);
    let mut git = Git::start_within(&directory, &["cat-file", "--batch"], wall).unwrap();
    assert_eq!(git.read_until(b'\n', 10).unwrap(), None);
    assert!(
        git.finish()
            .unwrap_err()
            .to_string()
            .starts_with("git took more than")
    );
}

#[test]
fn a_commits_time_is_its_committers() {
    let commit =
        b"tree x\nauthor a <a> 1 +0000\ncommitter b <b> 1700000000 +0100\n\ncommitter c <c> 5 +0000\n";
    assert_eq!(committed(commit), Some(1_700_000_000));
    assert_eq!(committed(b"tree x\n\ncommitter c <c> 5 +0000\n"), None);
}
