//! What is taken of an exercise's directory, and what is refused.

use super::*;

fn take_allowed(allowed: &Allowed, fill: impl Fn(&Path)) -> Submission {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join("src")).unwrap();
    fill(directory.path());
    Submission::take(directory.path(), allowed).unwrap()
}

fn take(fill: impl Fn(&Path)) -> Submission {
    take_allowed(&Allowed::default(), fill)
}

fn of(files: &[(&str, &str)]) -> Submission {
    Submission::from_found(
        files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), Found::File(text.as_bytes().to_vec()))),
    )
}

#[test]
fn only_sources_are_taken() {
    let submission = take(|directory| {
        std::fs::write(directory.join("src/lib.rs"), "// a").unwrap();
        std::fs::write(directory.join("src/._lib.rs"), [0, 5, 22, 7]).unwrap();
        std::fs::write(directory.join("src/notes.txt"), "b").unwrap();
        std::fs::write(directory.join("build.rs"), "fn main() {}").unwrap();
    });
    assert_eq!(submission.files.keys().collect::<Vec<_>>(), ["src/lib.rs"]);
    assert_eq!(submission.refusal, None);
}

#[test]
fn what_the_manifest_asks_for_is_taken_too() {
    let allowed = Allowed::new(vec!["config/*.toml".to_owned()]).unwrap();
    let submission = take_allowed(&allowed, |directory| {
        std::fs::create_dir(directory.join("config")).unwrap();
        std::fs::write(directory.join("config/a.toml"), "").unwrap();
        std::fs::write(directory.join("config/a.json"), "").unwrap();
        std::fs::write(directory.join("src/lib.rs"), "").unwrap();
    });
    assert_eq!(
        submission.files.keys().collect::<Vec<_>>(),
        ["config/a.toml", "src/lib.rs"]
    );
}

#[test]
fn links_pipes_and_giants_are_refused_by_name() {
    let linked =
        take(|directory| std::os::unix::fs::symlink("/etc/passwd", directory.join("src/a.rs")).unwrap());
    assert_eq!(linked.refusal.as_deref(), Some("src/a.rs is a symbolic link"));
    let piped = take(|directory| {
        nix::unistd::mkfifo(&directory.join("src/b.rs"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    });
    assert_eq!(piped.refusal.as_deref(), Some("src/b.rs is a FIFO"));
    let giant = take(|directory| std::fs::write(directory.join("src/c.rs"), vec![b' '; 2 << 20]).unwrap());
    assert_eq!(giant.refusal.as_deref(), Some("src/c.rs is larger than 1024 KiB"));
    let named = take(|directory| std::fs::write(directory.join("src/\u{1b}[2J.rs"), "").unwrap());
    assert!(named.refusal.is_some_and(|why| !why.contains('\u{1b}')));
}

#[test]
fn a_linked_src_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/etc", directory.path().join("src")).unwrap();
    let submission = Submission::take(directory.path(), &Allowed::default()).unwrap();
    assert_eq!(submission.refusal.as_deref(), Some("src is a symbolic link"));
}

#[test]
fn too_many_files_and_too_deep_ones_are_refused() {
    let many = take(|directory| {
        for number in 0..=FILES_MAX {
            std::fs::write(directory.join(format!("src/f{number}.rs")), "").unwrap();
        }
    });
    assert_eq!(many.refusal.as_deref(), Some("more than 200 source files"));
    let deep = |depth: usize| {
        take(|directory| {
            let below = directory.join("src").join("d/".repeat(depth));
            std::fs::create_dir_all(&below).unwrap();
            std::fs::write(below.join("x.rs"), "").unwrap();
        })
    };
    assert_eq!(deep(DEPTH_MAX).refusal, None);
    assert!(deep(DEPTH_MAX + 1).refusal.unwrap().ends_with("lies too deep"));
}

#[test]
fn sources_are_text() {
    let found = [("src/lib.rs".to_owned(), Found::File(vec![b'a', 0xff]))];
    let why = Submission::from_found(found).refusal;
    assert_eq!(why.as_deref(), Some("src/lib.rs is not UTF-8 text"));
}

#[test]
fn names_that_collide_elsewhere_are_refused() {
    let why = |files: &[(&str, &str)]| of(files).refusal.unwrap_or_default();
    assert_eq!(
        why(&[("src/A.rs", ""), ("src/a.rs", "")]),
        "src/A.rs and src/a.rs differ only in case"
    );
    assert_eq!(
        why(&[("src/Up/a.rs", ""), ("src/up/b.rs", "")]),
        "src/Up and src/up differ only in case"
    );
    assert_eq!(
        why(&[("data/a", ""), ("data/a/b", "")]),
        "data/a is both a file and a directory"
    );
    let within = why(&[("src/lib.rs/b.rs", "")]);
    assert_eq!(
        within,
        "src/lib.rs/b.rs lies in a directory that is named like a source"
    );
    assert_eq!(why(&[("src/a.rs", ""), ("src/b.rs", "")]), "");
}

#[test]
fn a_name_that_no_file_system_takes_is_refused() {
    let long = format!("src/{}.rs", "x".repeat(NAME_MAX));
    let why = of(&[(&long, "")]).refusal.unwrap();
    assert!(
        why.contains("has a name that no module has") && why.len() < 300,
        "{why}"
    );
}

#[test]
fn what_is_shown_stays_on_its_line() {
    assert_eq!(shown("a\nb\tc\u{1b}"), "a\\nb\\tc\\u{1b}");
}
