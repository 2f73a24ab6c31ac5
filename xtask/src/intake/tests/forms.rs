//! A class in every form that it can be handed in.

use super::super::sample::{self, gzip, tar, zip, zstandard};
use super::{Class, told, zipped};

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
        ("r/31-one/01-alpha/hidden/hidden.rs", b"// hidden\n"),
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
            "31-one/01-alpha/hidden/hidden.rs",
            "31-one/01-alpha/build.rs",
            ".cargo/config.toml",
            "31-one/01-alpha/tests/mine.rs"
        ]
        .map(|name| format!("s1.zip/r/{name} is left aside: the grader uses its own"))
    );
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
