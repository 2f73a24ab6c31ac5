//! Starter and solution are one exercise: equal dependencies, one set of tests, sources that fit in both.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{Problem, has_solution, line_of};
use crate::catalogue::{self, Exercise};
use crate::submission::Submission;

/// What keeps the solution of `exercise` from being its starter's twin.
///
/// # Errors
/// When a file of either cannot be read.
pub fn problems(root: &Path, exercise: &Exercise) -> Result<Vec<Problem>> {
    if !has_solution(root, exercise) {
        return Ok(Vec::new());
    }
    let solution = exercise.dir.join("solution");
    let mut problems = dependencies(root, &exercise.dir, &solution)?;
    let krate = format!("{}_solution", exercise.krate());
    for (name, bytes) in Submission::take(&root.join(&solution), &exercise.manifest.submit)?.files {
        let text = String::from_utf8_lossy(&bytes);
        if text.contains(&krate) {
            let what = format!("it names {krate}, and so cannot take the starter's place");
            problems.push(Problem::at(&solution.join(name), line_of(&text, &krate), what));
        }
    }
    let mount = solution.join("tests/course.rs");
    let text = std::fs::read_to_string(root.join(&mount)).unwrap_or_default();
    for file in ["tests/open.rs", "hidden/hidden.rs"] {
        if !text.contains(&format!("\"../../{file}\"")) {
            problems.push(Problem::of(&mount, format!("it does not mount {file}")));
        }
    }
    if !root.join(&solution).join("README.md").is_file() {
        problems.push(Problem::of(
            &solution.join("README.md"),
            "the design of the solution is missing",
        ));
    }
    Ok(problems)
}

/// Dependencies of the library that only one of the twins has, or that differ.
fn dependencies(root: &Path, starter: &Path, solution: &Path) -> Result<Vec<Problem>> {
    let manifest = |directory: &Path| -> Result<(PathBuf, toml::Table)> {
        let path = directory.join("Cargo.toml");
        let table = catalogue::read(&root.join(&path))?;
        let table = table
            .parse()
            .with_context(|| format!("{} cannot be parsed", path.display()))?;
        Ok((path, table))
    };
    let (_, starter) = manifest(starter)?;
    let (path, solution) = manifest(solution)?;
    let mut problems = Vec::new();
    for section in ["dependencies", "build-dependencies", "target"] {
        let empty = toml::Value::Table(toml::Table::new());
        let [left, right] = [&starter, &solution].map(|table| table.get(section).unwrap_or(&empty).clone());
        if left != right {
            problems.push(Problem::of(
                &path,
                format!(
                    "[{section}] differs from the starter's{}",
                    difference(&left, &right)
                ),
            ));
        }
    }
    Ok(problems)
}

/// The keys that only one of two tables has.
fn difference(left: &toml::Value, right: &toml::Value) -> String {
    let keys = |value: &toml::Value| -> std::collections::BTreeSet<String> {
        value
            .as_table()
            .into_iter()
            .flat_map(toml::Table::keys)
            .cloned()
            .collect()
    };
    let one_side: Vec<_> = keys(left).symmetric_difference(&keys(right)).cloned().collect();
    if one_side.is_empty() {
        String::new()
    } else {
        format!(": {}", one_side.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    const MOUNT: &str =
        "#[path = \"../../tests/open.rs\"] mod o;\n#[path = \"../../hidden/hidden.rs\"] mod h;\n";

    fn problems_of(manifest: &str, library: &str, mount: &str) -> Vec<String> {
        let (root, course) = sample::exercise(&[
            ("solution/Cargo.toml", manifest),
            ("solution/README.md", "# B\n"),
            ("solution/src/lib.rs", library),
            ("solution/tests/course.rs", mount),
        ]);
        sample::words(&problems(root.path(), course.exercise("b").unwrap()).unwrap())
    }

    #[test]
    fn equal_twins_have_no_problem() {
        assert_eq!(
            problems_of("[dev-dependencies]\ncriterion = \"1\"\n", "//! B\n", MOUNT),
            [""; 0]
        );
    }

    #[test]
    fn a_dependency_of_one_twin_is_named() {
        let found = problems_of("[dependencies]\nnix = \"1\"\n", "", MOUNT);
        assert_eq!(
            found,
            ["31-a/01-b/solution/Cargo.toml: [dependencies] differs from the starter's: nix"]
        );
    }

    #[test]
    fn sources_that_name_their_crate_do_not_fit_the_starter() {
        let found = problems_of("", "//! B\nuse b_solution::x;\n", MOUNT);
        assert!(
            found[0].starts_with("31-a/01-b/solution/src/lib.rs:2: it names b_solution"),
            "{found:?}"
        );
    }

    #[test]
    fn both_test_files_are_mounted() {
        let found = problems_of("", "", "#[path = \"../../tests/open.rs\"] mod o;\n");
        assert_eq!(
            found,
            ["31-a/01-b/solution/tests/course.rs: it does not mount hidden/hidden.rs"]
        );
    }
}
