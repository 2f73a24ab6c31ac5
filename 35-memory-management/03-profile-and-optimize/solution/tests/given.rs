//! The starter is the program that was given: `../src` and `../given` are the same files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The names and contents of the files in a directory beside the solution's.
fn files(directory: &str) -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(directory);
    fs::read_dir(&path)
        .expect("the exercise has the directory")
        .map(|entry| {
            let entry = entry.expect("the directory can be read");
            let text = fs::read_to_string(entry.path()).expect("a source is text");
            (entry.file_name().to_string_lossy().into_owned(), text)
        })
        .collect()
}

#[test]
fn the_starter_is_the_given_program() {
    let (starter, given) = (files("src"), files("given"));
    assert!(
        starter.keys().eq(given.keys()),
        "{:?} and {:?}",
        starter.keys(),
        given.keys()
    );
    for (name, text) in &given {
        assert!(
            &starter[name] == text,
            "src/{name} is not given/{name}: change both, or neither"
        );
    }
}
