//! The intake as a whole: classes in every form, and what becomes of each learner.

use std::collections::BTreeMap;

use super::sample::{self, folder, gzip, tar, tar_entry, tar_of, zip, zstandard};
use super::*;

/// A class in a directory of its own, taken in.
struct Class {
    directory: tempfile::TempDir,
    only: Option<&'static str>,
    roster: Option<String>,
}

impl Class {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir(directory.path().join("class")).unwrap();
        Self {
            directory,
            only: None,
            roster: None,
        }
    }

    fn folder(self, name: &str, files: &[(&str, &str)]) -> Self {
        folder(&self.directory.path().join("class").join(name), files);
        self
    }

    fn file(self, name: &str, bytes: &[u8]) -> Self {
        std::fs::write(self.directory.path().join("class").join(name), bytes).unwrap();
        self
    }

    fn roster(mut self, text: &str) -> Self {
        self.roster = Some(text.to_owned());
        self
    }

    fn only(mut self, name: &'static str) -> Self {
        self.only = Some(name);
        self
    }

    fn take_at(&self, submissions: &Path) -> Result<Vec<Entry>> {
        let (_course_directory, course) = sample::course();
        let roster = self.directory.path().join("roster.csv");
        if let Some(text) = &self.roster {
            std::fs::write(&roster, text).unwrap();
        }
        let sources = Sources {
            submissions: Some(submissions),
            repositories: None,
            roster: self.roster.is_some().then_some(&roster),
            only: self.only,
            scratch: &self.directory.path().join("scratch"),
        };
        take(&course, &sources)
    }

    fn take(&self) -> BTreeMap<String, Entry> {
        let entries = self.take_at(&self.directory.path().join("class")).unwrap();
        entries
            .into_iter()
            .map(|entry| (entry.learner.id.clone(), entry))
            .collect()
    }
}

/// What became of one learner: the files of each exercise, or why not.
fn told(entry: &Entry) -> String {
    if let Some(why) = &entry.refusal {
        return why.clone();
    }
    let exercises = entry
        .exercises
        .iter()
        .map(|(name, submission)| match &submission.refusal {
            Some(why) => format!("{name}: {why}"),
            None => format!(
                "{name}: {}",
                submission.files.keys().cloned().collect::<Vec<_>>().join(" ")
            ),
        });
    exercises.collect::<Vec<_>>().join("; ")
}

/// What becomes of one learner's zip.
fn zipped(files: &[(&str, &[u8])]) -> String {
    told(&Class::new().file("s1.zip", &zip(files)).take()["s1"])
}

#[test]
fn eight_learners_in_eight_forms() {
    let lib: &[(&str, &str)] = &[("31-one/01-alpha/src/lib.rs", "// mine")];
    let packed: &[(&str, &[u8])] = &[("repo-main/31-one/01-alpha/src/lib.rs", b"// mine")];
    let class = Class::new()
        .folder("s1", lib)
        .file("s2.zip", &zip(packed))
        .file("s3.tar.gz", &gzip(&tar(packed)))
        .file("s4.tar.zst", &zstandard(&tar(packed)))
        .file("s5.tar", &tar(packed))
        .folder("Learner F_106_assignsubmission_file_", &[])
        .file("lastfirst_LATE_107_9000_work-1.zip", &zip(packed))
        .file("gradebook_C_T_s8_attempt_2026-11-02-13-05-59_work.zip", &zip(packed))
        .file("notes.txt", b"the instructor's own")
        .folder("__MACOSX", &[("._s1", "")])
        .roster("id,name,email,aliases\ns1,,,\ns2,,,\ns3,,,\ns4,,,\ns5,,,\ns6,Learner F,f@example.org,\ns7,,,107\ns8,,,\ns9,,,\n");
    let upload = "Learner F_106_assignsubmission_file_/work.zip";
    let class = class.file(upload, &zip(packed));
    let entries = class.take();
    assert_eq!(
        entries.keys().collect::<Vec<_>>(),
        ["s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9"]
    );
    for (id, entry) in &entries {
        let expected = if id == "s9" { "" } else { "alpha: src/lib.rs" };
        assert_eq!(told(entry), expected, "{id}");
        assert_eq!(entry.source.is_none(), id == "s9");
    }
    assert_eq!(entries["s1"].exercises["alpha"].files["src/lib.rs"], b"// mine");
    assert_eq!(entries["s6"].notes, ["known to the roster by name alone"]);
    assert_eq!(
        entries["s8"].submitted.as_ref().unwrap().at.to_string(),
        "2026-11-02T13:05:59Z"
    );
    assert_eq!(entries["s6"].learner.email.as_deref(), Some("f@example.org"));
}

#[test]
fn a_bulk_download_is_a_class_too() {
    let inner = zip(&[("31-one/01-alpha/src/lib.rs", b"// zipped")]);
    let spaces = vec![b' '; 1 << 20];
    let swollen = zip(&[("alpha/src/a.rs", &spaces), ("alpha/src/b.rs", &spaces)]);
    let files: &[(&str, &[u8])] = &[
        ("s1/01-alpha/src/lib.rs", b"// folder"),
        ("s2.zip", &inner),
        ("Learner C_103_assignsubmission_file_/work.zip", &inner),
        ("s4/../../etc/passwd", b""),
        ("s5/01-alpha/src/lib.rs", b"// folder"),
        ("s6.zip", &swollen),
        ("s7/x.rar", b"Rar!"),
    ];
    for (name, bytes) in [("all.zip", zip(files)), ("all.tar.gz", gzip(&tar(files)))] {
        let class = Class::new().file(name, &bytes);
        let entries = class
            .take_at(&class.directory.path().join("class").join(name))
            .unwrap();
        let told: Vec<_> = entries
            .iter()
            .map(|entry| format!("{} {}", entry.learner.id, told(entry)))
            .collect();
        assert_eq!(
            told,
            [
                "103 alpha: src/lib.rs",
                "s1 alpha: src/lib.rs",
                "s2 alpha: src/lib.rs",
                "s4 ../../etc/passwd leads out of its folder",
                "s5 alpha: src/lib.rs",
                "s6 s6.zip: unpacks to more than 200 times its size",
                "s7 no exercise of the course is in it: it should hold folders like 01-name/src"
            ],
            "{name}"
        );
    }
}

#[test]
fn a_folder_around_a_bulk_download_is_looked_through() {
    let metadata = "submission_1:\n  :submitters:\n  - :name: Learner A\n    :sid: s1\n  - :sid: s2\n  :created_at: 2026-11-02 13:05:59 Z\n\
                    submission_2:\n  :submitters:\n  - :sid: s1\n  :created_at: 2026-11-03 13:05:59 Z\n";
    let files: &[(&str, &[u8])] = &[
        ("assignment_9_export/submission_metadata.yml", metadata.as_bytes()),
        ("assignment_9_export/submission_1/01-alpha/src/lib.rs", b"// one"),
        ("assignment_9_export/submission_2/01-alpha/src/lib.rs", b"// two"),
    ];
    let class = Class::new().file("export.zip", &zip(files));
    let entries = class
        .take_at(&class.directory.path().join("class/export.zip"))
        .unwrap();
    assert_eq!(entries[0].learner.id, "s1");
    assert_eq!(entries[0].exercises["alpha"].files["src/lib.rs"], b"// two");
    assert_eq!(entries[0].notes, ["2 attempts: the latest counts, submission_2"]);
    assert_eq!(entries[1].exercises["alpha"].files["src/lib.rs"], b"// one");
    assert_eq!(entries[1].notes, ["handed in by 2 together"]);
    let named: &[(&str, &[u8])] = &[
        ("class/s1/alpha/src/lib.rs", b""),
        ("class/s2/alpha/src/lib.rs", b""),
    ];
    let class = Class::new().file("class.zip", &zip(named));
    let entries = class
        .take_at(&class.directory.path().join("class/class.zip"))
        .unwrap();
    assert_eq!(entries.len(), 2);
}

#[test]
fn sources_are_found_wherever_they_lie() {
    assert_eq!(
        zipped(&[
            ("a/b/31-one/01-alpha/src/m/x.rs", b""),
            ("a/b/31-one/02-beta/src/lib.rs", b"")
        ]),
        "alpha: src/m/x.rs; beta: src/lib.rs"
    );
    assert_eq!(
        zipped(&[
            ("beta/src/lib.rs", b""),
            ("beta/config/a.toml", b""),
            ("beta/data/a.toml", b"")
        ]),
        "beta: config/a.toml src/lib.rs"
    );
    let bare = |only, files: &[(&str, &[u8])]| {
        told(&Class::new().only(only).file("s1.zip", &zip(files)).take()["s1"])
    };
    assert_eq!(bare("alpha", &[("src/lib.rs", b"")]), "alpha: src/lib.rs");
    assert_eq!(
        bare("alpha", &[("x/src/lib.rs", b""), ("y/src/lib.rs", b"")]),
        "alpha: it is there twice: s1.zip/x/src and s1.zip/y/src"
    );
    assert_eq!(
        bare("alpha", &[("01-alpha/src/lib.rs", b""), ("src/lib.rs", b"")]),
        "alpha: src/lib.rs"
    );
    assert!(bare("alpha", &[("02-beta/src/lib.rs", b"")]).starts_with("no exercise of the course"));
}

#[test]
fn two_places_for_an_exercise_refuse_it_alone() {
    let files: &[(&str, &[u8])] = &[
        ("alpha/src/lib.rs", b""),
        ("old/alpha/src/lib.rs", b""),
        ("beta/src/lib.rs", b""),
    ];
    assert_eq!(
        zipped(files),
        "alpha: it is there twice: s1.zip/alpha/src and s1.zip/old/alpha/src; beta: src/lib.rs"
    );
}

#[test]
fn one_bad_file_refuses_its_exercise_and_no_other() {
    let link = |name: &str| tar_entry(name.as_bytes(), tar::EntryType::Symlink, "/etc/passwd", b"");
    let good = tar_entry(b"beta/src/lib.rs", tar::EntryType::Regular, "", b"");
    let tarred = |entry: Vec<u8>| {
        let archive = tar_of(&[entry, good.clone()]);
        told(&Class::new().file("s1.tar", &archive).take()["s1"])
    };
    assert_eq!(
        tarred(link("alpha/src/lib.rs")),
        "alpha: src/lib.rs is a symbolic link; beta: src/lib.rs"
    );
    assert_eq!(
        tarred(link("alpha/src")),
        "alpha: src is a symbolic link; beta: src/lib.rs"
    );
    let entry = |kind| tarred(tar_entry(b"alpha/src/x.rs", kind, "beta/src/lib.rs", b""));
    assert_eq!(
        entry(tar::EntryType::Link),
        "alpha: src/x.rs is a hard link; beta: src/lib.rs"
    );
    assert_eq!(
        entry(tar::EntryType::Fifo),
        "alpha: src/x.rs is a FIFO; beta: src/lib.rs"
    );
    assert_eq!(
        entry(tar::EntryType::Char),
        "alpha: src/x.rs is a device; beta: src/lib.rs"
    );
    let twice = tar_entry(b"alpha/src/x.rs", tar::EntryType::Regular, "", b"").repeat(2);
    assert_eq!(tarred(twice), "alpha: src/x.rs is there twice; beta: src/lib.rs");
    let odd = tar_entry(b"alpha/src/\xff.rs", tar::EntryType::Regular, "", b"");
    assert_eq!(
        tarred(odd),
        "alpha: src/\u{fffd}.rs has a name that no module has; beta: src/lib.rs"
    );
    let case: &[(&str, &[u8])] = &[
        ("alpha/src/a.rs", b""),
        ("alpha/src/A.rs", b""),
        ("beta/src/lib.rs", b"\xff"),
    ];
    assert_eq!(
        zipped(case),
        "alpha: src/A.rs and src/a.rs differ only in case; beta: src/lib.rs is not UTF-8 text"
    );
    let large = vec![b' '; (1 << 20) + 1];
    let large = tar_entry(b"alpha/src/a.rs", tar::EntryType::Regular, "", &large);
    assert_eq!(
        tarred(large),
        "alpha: src/a.rs is larger than 1024 KiB; beta: src/lib.rs"
    );
}

#[test]
fn an_archive_that_cannot_be_trusted_refuses_its_entry_and_no_other() {
    let good: (&str, &[u8]) = ("alpha/src/lib.rs", b"");
    for (name, expected) in [
        (
            "../alpha/src/lib.rs",
            "s1.zip: ../alpha/src/lib.rs leads out of its folder",
        ),
        (
            "/alpha/src/lib.rs",
            "s1.zip: /alpha/src/lib.rs is an absolute path",
        ),
        (
            "C:\\alpha\\src\\lib.rs",
            "s1.zip: C:/alpha/src/lib.rs is an absolute path",
        ),
    ] {
        let class = Class::new()
            .file("s1.zip", &zip(&[(name, b""), good]))
            .file("s2.zip", &zip(&[good]));
        let entries = class.take();
        assert_eq!(told(&entries["s1"]), expected);
        assert_eq!(told(&entries["s2"]), "alpha: src/lib.rs");
    }
    let entries = Class::new().file("s1.rar", b"Rar!").file("s2.zip", b"MZ").take();
    assert_eq!(
        told(&entries["s1"]),
        "s1.rar cannot be read: hand in .zip or .tar.gz"
    );
    assert!(told(&entries["s2"]).starts_with("s2.zip: is no .zip"));
}

#[test]
fn the_total_of_all_that_is_read_is_held() {
    // Text that does not pack well, so that it is the total that is met and not the ratio.
    let mut seed = 1_u32;
    let mut noise = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        b'a' + (seed >> 28) as u8
    };
    let text: Vec<u8> = (0..1 << 20).map(|_| noise()).collect();
    for (folder, count, expected) in [
        ("src", 17, "s1.tar: more than 16 MiB of sources"),
        ("tests", 65, "s1.tar: more than 64 MiB unpacked"),
    ] {
        let names: Vec<_> = (0..count)
            .map(|number| format!("alpha/{folder}/m{number}.rs"))
            .collect();
        let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &text[..])).collect();
        let entries = Class::new().file("s1.tar", &tar(&files)).take();
        assert_eq!(told(&entries["s1"]), expected);
    }
}

#[test]
fn archives_are_opened_one_level_deep() {
    let inner = zip(&[("alpha/src/lib.rs", b"")]);
    let outer = zip(&[("inner.zip", &inner)]);
    let class = Class::new()
        .file("s1.zip", &outer)
        .folder("s2", &[])
        .folder("s3", &[("alpha/src/lib.rs", "")]);
    let class = class.file("s2/work.zip", &inner).file("s3/work.zip", &inner);
    let entries = class.take();
    assert_eq!(
        told(&entries["s1"]),
        "s1.zip/inner.zip is an archive within an archive, and nothing else is there"
    );
    assert_eq!(told(&entries["s2"]), "alpha: src/lib.rs");
    assert_eq!(
        told(&entries["s3"]),
        "alpha: it is there twice: alpha/src and work.zip/alpha/src"
    );
    let mixed = zip(&[("inner.zip", &inner), ("beta/src/lib.rs", b"")]);
    let entry = &Class::new().file("s1.zip", &mixed).take()["s1"];
    assert_eq!(told(entry), "beta: src/lib.rs");
    assert_eq!(
        entry.notes,
        ["s1.zip/inner.zip is an archive within an archive: it is not opened"]
    );
}

#[test]
fn what_is_left_aside_is_named_unless_it_is_the_courses_own() {
    let (_directory, course) = sample::course();
    let manifest = std::fs::read(course.root.join("31-one/01-alpha/Cargo.toml")).unwrap();
    let files: &[(&str, &[u8])] = &[
        ("r/Cargo.toml", b"[workspace]\nmembers = [\n    \"a\",\n]\n"),
        ("r/31-one/01-alpha/Cargo.toml", &manifest),
        ("r/31-one/01-alpha/tests/open.rs", b"// open\n"),
        ("r/31-one/01-alpha/src/lib.rs", b""),
        ("r/31-one/01-alpha/build.rs", b"fn main() {}"),
        ("r/.cargo/config.toml", b"[build]"),
        ("r/31-one/01-alpha/tests/mine.rs", b"// mine"),
        ("r/README.md", b"hello"),
        ("r/.git/config", b""),
        ("r/.vscode/settings.json", b""),
        ("r/31-one/01-alpha/src/._lib.rs", b"\x00\x05"),
        ("__MACOSX/r/31-one/01-alpha/src/lib.rs", b""),
    ];
    let entry = &Class::new().file("s1.zip", &zip(files)).take()["s1"];
    assert_eq!(told(entry), "alpha: src/lib.rs");
    assert_eq!(
        entry.notes,
        [
            "31-one/01-alpha/build.rs",
            ".cargo/config.toml",
            "31-one/01-alpha/tests/mine.rs"
        ]
        .map(|name| format!("s1.zip/r/{name} is left aside: the grader uses its own"))
    );
}

#[test]
fn the_latest_attempt_counts() {
    let work = |text: &str| zip(&[("alpha/src/lib.rs", text.as_bytes())]);
    let entries = Class::new()
        .file("T_s1_attempt_2026-11-02-13-05-59_a.zip", &work("old"))
        .file("T_s1_attempt_2026-11-02-13-06-00_a.zip", &work("new"))
        .file("T_s1_attempt_2026-11-01-13-06-00_a.zip", &work("older"))
        .file("lastfirst_12_1_a.zip", &work("early"))
        .file("lastfirst_LATE_12_2_a.zip", &work("late"))
        .take();
    assert_eq!(entries["s1"].exercises["alpha"].files["src/lib.rs"], b"new");
    assert_eq!(
        entries["s1"].notes,
        ["3 attempts: the latest counts, T_s1_attempt_2026-11-02-13-06-00_a.zip"]
    );
    assert_eq!(entries["12"].exercises["alpha"].files["src/lib.rs"], b"late");
}

#[test]
fn two_that_cannot_be_ordered_refuse_their_learner() {
    let work = zip(&[("alpha/src/lib.rs", b"")]);
    let entries = Class::new()
        .folder("s1", &[("alpha/src/lib.rs", "")])
        .file("s1.zip", &work)
        .file("s2.zip", &work)
        .take();
    assert_eq!(
        told(&entries["s1"]),
        "handed in 2 times, and nothing tells which is the latest: s1 and s1.zip"
    );
    assert!(entries["s1"].exercises.is_empty());
    assert_eq!(told(&entries["s2"]), "alpha: src/lib.rs");
}

#[test]
fn files_of_one_attempt_are_parts_of_it() {
    let entries = Class::new()
        .file("lastfirst_12_1_a.zip", &zip(&[("alpha/src/lib.rs", b"")]))
        .file("lastfirst_12_2_b.zip", &zip(&[("beta/src/lib.rs", b"")]))
        .file("lastfirst_12_3_notes.pdf", b"%PDF")
        .file("lastfirst_13_text.html", b"<p>")
        .take();
    assert_eq!(told(&entries["12"]), "alpha: src/lib.rs; beta: src/lib.rs");
    assert_eq!(
        entries["12"].notes,
        ["lastfirst_12_3_notes.pdf is no archive: it is left aside"]
    );
    assert_eq!(
        entries["13"].notes,
        ["lastfirst_13_text.html is text that was typed in: it is left aside"]
    );
    assert!(told(&entries["13"]).starts_with("no exercise of the course is in it"));
}

#[test]
fn who_the_roster_does_not_know_stays_in_the_book() {
    let class = Class::new()
        .folder("s1", &[("alpha/src/lib.rs", "")])
        .roster("id,submitted\ns2,\n");
    let entries = class.take();
    assert_eq!(entries["s1"].notes, ["the roster does not know s1"]);
    assert_eq!(told(&entries["s1"]), "alpha: src/lib.rs");
    assert_eq!(
        (entries["s2"].source.clone(), told(&entries["s2"])),
        (None, String::new())
    );
    let told = Class::new()
        .folder("s1", &[])
        .folder("s1", &[("alpha/src/lib.rs", "")])
        .roster("id,submitted\ns1,2026-11-02T13:05:59Z\n")
        .take();
    assert_eq!(told["s1"].submitted.as_ref().unwrap().told_by, "roster");
}

#[test]
fn hostile_folders_harm_nobody_else() {
    let class = Class::new()
        .folder("s1", &[("alpha/src/lib.rs", "")])
        .folder("s2", &[("alpha/src/lib.rs", "")]);
    let root = class.directory.path().join("class");
    std::os::unix::fs::symlink("/etc", root.join("s3")).unwrap();
    nix::unistd::mkfifo(&root.join("s2/alpha/src/x.rs"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    nix::unistd::mkfifo(&root.join("s1/pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", root.join("s1/alpha/link")).unwrap();
    let entries = class.take();
    assert_eq!(told(&entries["s1"]), "alpha: src/lib.rs");
    assert_eq!(
        entries["s1"].notes,
        [
            "alpha/link is a symbolic link: it is left aside",
            "pipe is a FIFO: it is left aside"
        ]
    );
    assert_eq!(told(&entries["s2"]), "alpha: src/x.rs is a FIFO");
    assert_eq!(told(&entries["s3"]), "s3 is a symbolic link");
}

#[test]
fn a_bomb_in_a_bulk_download_is_its_learners_own() {
    let zeros = vec![0; 8 << 20];
    let files: &[(&str, &[u8])] = &[("s1.zip", &zeros), ("s2/alpha/src/lib.rs", b"")];
    let class = Class::new()
        .file("all.zip", &zip(files))
        .file("all.tar.gz", &gzip(&tar(files)));
    for (name, expected) in [
        ("all.zip", "s1.zip: unpacks to more than 200 times its size"),
        (
            "all.tar.gz",
            "s1.zip: is no .zip, .tar, .tar.gz or .tar.zst archive, whatever its name says",
        ),
    ] {
        let entries = class
            .take_at(&class.directory.path().join("class").join(name))
            .unwrap();
        assert_eq!(
            [told(&entries[0]), told(&entries[1])],
            [expected, "alpha: src/lib.rs"]
        );
    }
}

#[test]
fn clones_of_a_classroom_are_their_users() {
    let clone = &[(".git/HEAD", ""), ("alpha/src/lib.rs", "")];
    let entries = Class::new()
        .folder("task-1-user-a", clone)
        .folder("task-1-b", clone)
        .take();
    assert_eq!(entries.keys().collect::<Vec<_>>(), ["b", "user-a"]);
    let folder = &[("alpha/src/lib.rs", "")];
    let entries = Class::new()
        .folder("team-a", folder)
        .folder("team-b", folder)
        .take();
    assert_eq!(entries.keys().collect::<Vec<_>>(), ["team-a", "team-b"]);
}

#[test]
fn a_name_that_is_no_utf8_refuses_its_entry() {
    use std::os::unix::ffi::OsStrExt;
    let class = Class::new().folder("s1", &[("alpha/src/lib.rs", "")]);
    let name = std::ffi::OsStr::from_bytes(b"s\xff");
    std::fs::create_dir(class.directory.path().join("class").join(name)).unwrap();
    let entries = class.take();
    assert_eq!(
        told(&entries["s\u{fffd}"]),
        "s\u{fffd} is named in another way than UTF-8"
    );
    assert_eq!(told(&entries["s1"]), "alpha: src/lib.rs");
}

#[test]
fn mistakes_of_the_instructor_are_errors() {
    let class = Class::new().folder("31-one", &[("01-alpha/src/lib.rs", "")]);
    let error = class
        .take_at(&class.directory.path().join("class"))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("it is one submission, and a class is a directory of such"),
        "{error}"
    );
    let error = class
        .take_at(&class.directory.path().join("nowhere"))
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("cannot read") && error.ends_with("nowhere"),
        "{error}"
    );
    let damaged = Class::new().file("all.zip", b"PK\x03\x04 and no more");
    assert!(
        damaged
            .take_at(&damaged.directory.path().join("class/all.zip"))
            .is_err()
    );
}
