//! The prose keeps step with the tree: every exercise stands in the syllabus, on its module's page and in the
//! checklist, with the hours that its manifest says.

use std::path::{Path, PathBuf};

/// One exercise of the tree.
struct Exercise {
    /// Its directory from the root: `31-cli-tools/01-file-search`.
    dir: PathBuf,
    /// Its package.
    name: String,
    /// `6–8`
    hours: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("the book stands two directories below the root")
}

/// The directories in `directory`, sorted.
fn directories(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).expect("the tree can be read");
    let mut found: Vec<_> = entries
        .map(|entry| entry.expect("the tree can be read").path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}

fn is_numbered(path: &Path) -> bool {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    name.len() > 3 && name.as_bytes()[..2].iter().all(u8::is_ascii_digit) && name.as_bytes()[2] == b'-'
}

fn exercises() -> Vec<Exercise> {
    let modules = directories(root())
        .into_iter()
        .filter(|path| is_numbered(path) || path.ends_with("projects"));
    let folders = modules
        .flat_map(|module| directories(&module))
        .filter(|path| is_numbered(path));
    folders
        .map(|folder| {
            let manifest =
                std::fs::read_to_string(folder.join("Cargo.toml")).expect("an exercise has a manifest");
            let manifest: toml::Table = manifest.parse().expect("a manifest is TOML");
            let text = |value: &toml::Value| value.as_str().expect("it is text").to_owned();
            Exercise {
                name: text(&manifest["package"]["name"]),
                hours: text(&manifest["package"]["metadata"]["phase7"]["hours"]),
                dir: folder
                    .strip_prefix(root())
                    .expect("it lies below the root")
                    .to_owned(),
            }
        })
        .collect()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_tree_has_exercises() {
    assert!(exercises().iter().any(|exercise| exercise.name == "file-search"));
}

#[test]
fn the_syllabus_has_every_exercise_with_its_hours() {
    let syllabus = read("phase7/book/text/syllabus.md");
    for Exercise { dir, name, hours } in exercises() {
        let row = format!("| [{name}](../../../{}/README.md) | {hours} |", dir.display());
        assert!(syllabus.contains(&row), "syllabus.md lacks the row `{row} …`");
    }
}

#[test]
fn a_modules_page_has_each_of_its_exercises_with_its_hours() {
    for Exercise { dir, name, hours } in exercises() {
        let module = dir
            .parent()
            .expect("an exercise lies in a module")
            .display()
            .to_string();
        let folder = dir
            .file_name()
            .expect("an exercise has a directory")
            .display()
            .to_string();
        let (number, _) = folder.split_once('-').expect("the directory is numbered");
        let row = format!("| {number} | [{name}]({folder}/README.md) | {hours} |");
        let page = format!("{module}/README.md");
        assert!(read(&page).contains(&row), "{page} lacks the row `{row} …`");
    }
}

#[test]
fn the_checklist_names_every_exercise() {
    let checklist = read("checklist.md");
    for Exercise { name, .. } in exercises() {
        assert!(
            checklist.contains(&format!("  - `{name}`\n")),
            "no item of checklist.md names {name}"
        );
    }
}
