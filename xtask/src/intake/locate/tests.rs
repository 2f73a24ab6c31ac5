//! Paths as learners and platforms make them, and what they are.

use super::*;
use crate::intake::sample;

/// The exercise, its place and whether that is named; for each path.
fn place(only: Option<&str>, path: &str) -> Option<(String, String, bool)> {
    let (_directory, course) = sample::course();
    let locator = Locator::new(&course, only).unwrap();
    let Part::Wanted(place) = locator.part(path, true) else {
        return None;
    };
    let parts: Vec<_> = path.split('/').take(place.depth).collect();
    Some((
        locator.exercise(place.exercise).name.clone(),
        parts.join("/"),
        place.named,
    ))
}

#[test]
fn an_exercise_is_found_by_any_name_of_its_directory() {
    for (path, expected) in [
        ("31-one/01-alpha/src/lib.rs", Some("31-one/01-alpha")),
        (
            "w/repo-main/31-one/01-alpha/src/a/b.rs",
            Some("w/repo-main/31-one/01-alpha"),
        ),
        (
            "1/2/3/4/31-one/01-alpha/src/lib.rs",
            Some("1/2/3/4/31-one/01-alpha"),
        ),
        ("1/2/3/4/01-alpha/src/lib.rs", Some("1/2/3/4/01-alpha")),
        ("1/2/3/4/5/01-alpha/src/lib.rs", None),
        ("01-alpha/src/lib.rs", Some("01-alpha")),
        ("alpha/src/lib.rs", Some("alpha")),
        ("alpha/01-alpha/src/lib.rs", Some("alpha/01-alpha")),
        ("01-alpha/solution/src/lib.rs", None),
        ("01-alpha/src/notes.txt", None),
        ("target/package/alpha/src/lib.rs", None),
        ("alpha-2/src/lib.rs", None),
        ("src/lib.rs", None),
    ] {
        assert_eq!(
            place(None, path).map(|place| place.1).as_deref(),
            expected,
            "{path}"
        );
    }
}

#[test]
fn a_bare_src_is_the_only_exercise_asked_for() {
    let bare = |path: &str| place(Some("beta"), path);
    let expected = |place: &str| Some(("beta".to_owned(), place.to_owned(), false));
    assert_eq!(bare("src/lib.rs"), expected(""));
    assert_eq!(bare("work/src/a/b.rs"), expected("work"));
    assert_eq!(bare("work/config/a.toml"), expected("work"));
    assert_eq!(bare("phase7/src/lib.rs"), None);
    assert_eq!(bare("31-one/01-alpha/src/lib.rs"), None);
    assert_eq!(bare("02-beta/src/lib.rs").map(|place| place.2), Some(true));
}

#[test]
fn what_would_steer_the_build_is_notable() {
    let (_directory, course) = sample::course();
    let locator = Locator::new(&course, None).unwrap();
    for path in [
        "Cargo.toml",
        "a/.cargo/config.toml",
        "alpha/build.rs",
        "alpha/tests/x.rs",
        "alpha/hidden/h.rs",
    ] {
        assert!(matches!(locator.part(path, true), Part::Notable(_)), "{path}");
    }
    for path in ["README.md", "alpha/README.md", "alpha/main.rs", "tests/x.rs"] {
        assert_eq!(locator.part(path, true), Part::Other, "{path}");
    }
}

#[test]
fn a_link_is_looked_at_wherever_sources_are() {
    let (_directory, course) = sample::course();
    let locator = Locator::new(&course, None).unwrap();
    for path in ["alpha/src", "alpha/src/folder", "alpha/src/a.rs"] {
        assert!(matches!(locator.part(path, false), Part::Wanted(_)), "{path}");
    }
    assert_eq!(locator.part("alpha/README.md", false), Part::Other);
}
