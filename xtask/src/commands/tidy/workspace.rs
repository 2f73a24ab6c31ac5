//! The workspace as a whole: names, numbers, dependencies, the checklist.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use toml::{Table, Value};

use super::{Problem, has_solution, line_of};
use crate::catalogue::{self, Course};
use crate::checklist;

/// What is wrong with the workspace, whose files are `files`.
///
/// # Errors
/// When a manifest or the checklist cannot be read.
pub fn problems(course: &Course, files: &[PathBuf]) -> Result<Vec<Problem>> {
    let root = &course.root;
    let mut manifests = Vec::new();
    for file in files.iter().filter(|file| is_member(file)) {
        let text = catalogue::read(&root.join(file))?;
        let table: Table = text
            .parse()
            .with_context(|| format!("{} cannot be parsed", file.display()))?;
        manifests.push((file.as_path(), table));
    }
    let mut problems = program_names(root, &manifests);
    let shared = catalogue::read(&root.join("Cargo.toml"))?;
    // In a learner's copy the crates that only solutions use are still declared.
    let is_whole = course.exercises().all(|exercise| has_solution(root, exercise));
    problems.extend(dependencies(&shared, &manifests, is_whole)?);
    problems.extend(numbers(course));
    problems.extend(in_checklist(course)?);
    Ok(problems)
}

/// Whether a file is the manifest of a member: not the root's, no template or sample, and no fuzz target's, which is
/// a workspace of its own because it takes another compiler.
fn is_member(file: &Path) -> bool {
    let aside = ["templates", "sample", "tests", "text", "fuzz"];
    file.file_name().is_some_and(|name| name == "Cargo.toml")
        && file != Path::new("Cargo.toml")
        && !file.iter().any(|part| aside.iter().any(|name| part == *name))
}

/// Programs of equal name are written to one path, and a test then passes on another package's program.
fn program_names(root: &Path, manifests: &[(&Path, Table)]) -> Vec<Problem> {
    let mut seen: BTreeMap<String, &Path> = BTreeMap::new();
    let mut problems = Vec::new();
    for (file, table) in manifests {
        let package = table.get("package").and_then(|package| package.get("name"));
        let package = package.and_then(Value::as_str).unwrap_or_default();
        let listed = table.get("bin").and_then(Value::as_array).into_iter().flatten();
        let mut programs: BTreeSet<String> = listed
            .filter_map(|bin| bin.get("name")?.as_str().map(str::to_owned))
            .collect();
        let source = root.join(file).with_file_name("src");
        if source.join("main.rs").is_file() {
            programs.insert(package.to_owned());
        }
        for entry in std::fs::read_dir(source.join("bin"))
            .into_iter()
            .flatten()
            .flatten()
        {
            programs.extend(
                entry
                    .path()
                    .file_stem()
                    .map(|stem| stem.to_string_lossy().into_owned()),
            );
        }
        for program in programs {
            if let Some(first) = seen.get(&program) {
                let what = format!("the program {program} is also that of {}", first.display());
                problems.push(Problem::of(file, what));
            } else {
                seen.insert(program, file);
            }
        }
    }
    problems
}

/// Dependencies are declared once, in the workspace; each is used.
fn dependencies(shared: &str, manifests: &[(&Path, Table)], is_whole: bool) -> Result<Vec<Problem>> {
    let root = Path::new("Cargo.toml");
    let table: Table = shared.parse().context("Cargo.toml cannot be parsed")?;
    let declared = table
        .get("workspace")
        .and_then(|workspace| workspace.get("dependencies"));
    let declared = declared.and_then(Value::as_table).cloned().unwrap_or_default();
    let mut used = BTreeSet::new();
    let mut problems = Vec::new();
    for (file, table) in manifests {
        for (name, value) in dependency_tables(table).flatten() {
            if value.get("workspace").and_then(Value::as_bool) == Some(true) {
                used.insert(name.clone());
            } else {
                problems.push(Problem::of(
                    file,
                    format!("{name} does not say `workspace = true`"),
                ));
            }
        }
    }
    for name in declared.keys().filter(|name| is_whole && !used.contains(*name)) {
        let line = line_of(shared, &format!("{name} ="));
        problems.push(Problem::at(root, line, format!("no member uses {name}")));
    }
    Ok(problems)
}

/// Every table of dependencies in a manifest, those of single targets too.
fn dependency_tables(manifest: &Table) -> impl Iterator<Item = &Table> {
    const SECTIONS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];
    let targets = manifest
        .get("target")
        .and_then(Value::as_table)
        .into_iter()
        .flat_map(Table::values);
    let tables = targets.filter_map(Value::as_table).chain([manifest]);
    tables.flat_map(|table| {
        SECTIONS
            .iter()
            .filter_map(|section| table.get(*section)?.as_table())
    })
}

/// The number of a directory is its place: no two exercises of a module share one, and no two modules.
fn numbers(course: &Course) -> Vec<Problem> {
    let mut seen: BTreeMap<String, &Path> = BTreeMap::new();
    let mut problems = Vec::new();
    let exercises = course.exercises().map(|exercise| exercise.dir.as_path());
    let modules = course.modules.iter().map(|module| Path::new(&module.name));
    for directory in exercises.chain(modules) {
        let place = directory.to_string_lossy();
        let (parent, name) = place.rsplit_once('/').unwrap_or(("", &place));
        let number = format!("{parent}/{}", name.split('-').next().unwrap_or_default());
        if let Some(first) = seen.insert(number, directory) {
            problems.push(Problem::of(
                directory,
                format!("{} has the same number", first.display()),
            ));
        }
    }
    problems
}

/// The checklist can be read and names every exercise.
fn in_checklist(course: &Course) -> Result<Vec<Problem>> {
    let file = Path::new("checklist.md");
    let text = catalogue::read(&course.root.join(file))?;
    let mut problems = Vec::new();
    if let Err(error) = checklist::load(course) {
        problems.push(Problem::of(file, format!("{error:#}")));
    }
    for exercise in course.exercises() {
        if !text.contains(&format!("`{}`", exercise.name)) {
            problems.push(Problem::of(file, format!("it does not name `{}`", exercise.name)));
        }
    }
    Ok(problems)
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn manifest(text: &str) -> Table {
        text.parse().unwrap()
    }

    #[test]
    fn programs_of_equal_name_are_named() {
        let one = manifest("[package]\nname = \"a\"\n[[bin]]\nname = \"x\"\npath = \"main.rs\"\n");
        let two = manifest("[package]\nname = \"b\"\n[[bin]]\nname = \"x\"\npath = \"main.rs\"\n");
        let manifests = [(Path::new("a/Cargo.toml"), one), (Path::new("b/Cargo.toml"), two)];
        let found = sample::words(&program_names(Path::new("/nowhere"), &manifests));
        assert_eq!(
            found,
            ["b/Cargo.toml: the program x is also that of a/Cargo.toml"]
        );
    }

    #[test]
    fn a_dependency_is_declared_once_and_used() {
        let shared = "[workspace.dependencies]\nlibc = \"0.2\"\nnix = \"0.31\"\nserde = \"1\"\n";
        let member = "[dependencies]\nlibc.workspace = true\n[target.'cfg(unix)'.dependencies]\nnix = { workspace = true }\n[dev-dependencies]\ntoml = \"1\"\n";
        let manifests = [(Path::new("a/Cargo.toml"), manifest(member))];
        let found = sample::words(&dependencies(shared, &manifests, true).unwrap());
        let expected = [
            "a/Cargo.toml: toml does not say `workspace = true`",
            "Cargo.toml:4: no member uses serde",
        ];
        assert_eq!(found, expected);
        assert_eq!(dependencies(shared, &manifests, false).unwrap().len(), 1);
    }

    #[test]
    fn every_exercise_stands_in_the_checklist() {
        let (root, course) = sample::exercise(&[]);
        std::fs::write(
            root.path().join("checklist.md"),
            "- [ ] **A**: one exercise of `31-a` at 80 % or more.\n",
        )
        .unwrap();
        let found = sample::words(&in_checklist(&course).unwrap());
        assert_eq!(found, ["checklist.md: it does not name `b`"]);
    }

    #[test]
    fn equal_numbers_are_named() {
        let (root, _) = sample::exercise(&[
            (
                "../01-c/Cargo.toml",
                "[package]\nname = \"c\"\n[package.metadata.phase7]\nhours = \"1\"\n",
            ),
            ("../01-c/README.md", "# C\n"),
            ("../01-c/tests/open.rs", ""),
        ]);
        let course = Course::load(root.path()).unwrap();
        let found = sample::words(&numbers(&course));
        assert_eq!(found, ["31-a/01-c: 31-a/01-b has the same number"]);
    }

    #[test]
    fn templates_are_no_members() {
        assert!(is_member(Path::new("31-a/01-b/solution/Cargo.toml")));
        assert!(!is_member(Path::new("xtask/templates/exercise/Cargo.toml")));
        assert!(!is_member(Path::new("Cargo.toml")));
    }
}
