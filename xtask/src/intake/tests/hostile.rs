//! What must not be taken, and whom that must not harm.

use super::super::sample::{gzip, tar, tar_entry, tar_of, zip};
use super::{Class, told, zipped};

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
