//! Wrong solutions: three or more, each with tests that exist; between them they fail every hidden test.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use super::{Problem, has_solution};
use crate::catalogue::{Exercise, Kind, Wrong};
use crate::submission::Submission;

/// Wrong solutions of an exercise.
const WRONG_MIN: usize = 3;

/// What is wrong with the wrong solutions of `exercise`.
///
/// # Errors
/// When one cannot be read.
pub fn problems(root: &Path, exercise: &Exercise) -> Result<Vec<Problem>> {
    if !has_solution(root, exercise) {
        return Ok(Vec::new());
    }
    let wrongs = exercise.wrongs(root)?;
    let reference = Submission::take(
        &root.join(&exercise.dir).join("solution"),
        &exercise.manifest.submit,
    )?
    .files;
    let mut problems = Vec::new();
    if wrongs.len() < WRONG_MIN {
        let what = format!(
            "{} wrong solutions, where {WRONG_MIN} or more are wanted",
            wrongs.len()
        );
        problems.push(Problem::of(&exercise.dir.join("wrong"), what));
    }
    for wrong in &wrongs {
        let file = exercise.dir.join("wrong").join(format!("{}.toml", wrong.name));
        problems.extend(
            against_tests(wrong, exercise)
                .into_iter()
                .map(|what| Problem::of(&file, what)),
        );
        if let Err(error) = wrong.apply(&mut reference.clone()) {
            let prefix = format!("wrong/{}: ", wrong.name);
            problems.push(Problem::of(&file, error.to_string().trim_start_matches(&prefix)));
        }
    }
    let failed: BTreeSet<_> = wrongs.iter().flat_map(|wrong| &wrong.fails).collect();
    let hidden = exercise.tests.iter().filter(|test| test.kind == Kind::Hidden);
    for test in hidden.filter(|test| !failed.contains(&test.full_name())) {
        let what = format!("no wrong solution fails {}", test.full_name());
        problems.push(Problem::at(&exercise.dir.join(&test.file), test.line, what));
    }
    Ok(problems)
}

/// What is wrong with the list of tests that must fail.
fn against_tests(wrong: &Wrong, exercise: &Exercise) -> Vec<String> {
    let mut problems = Vec::new();
    if wrong.fails.is_empty() {
        problems.push("it names no test that fails".to_owned());
    }
    for name in &wrong.fails {
        match exercise.tests.iter().find(|test| test.full_name() == *name) {
            None => problems.push(format!("there is no test {name}")),
            Some(test) if test.kind == Kind::Wire => {
                problems.push(format!("{name} is a wire, which always fails"))
            }
            Some(_) => {}
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    const HIDDEN: &str = "#[phase7::test(points = 1, rule = 1)] fn h() {}\n#[phase7::wire] fn w() {}\n";

    fn problems_of(fails: &str, find: &str) -> Vec<String> {
        let wrong = format!(
            "why = \"x\"\nfails = {fails}\n[[replace]]\nfile = \"src/lib.rs\"\nfind = \"{find}\"\nwith = \"b\"\n"
        );
        let (root, course) = sample::exercise(&[
            ("hidden/hidden.rs", HIDDEN),
            ("solution/src/lib.rs", "one two two\n"),
            ("wrong/x.toml", &wrong),
            (
                "wrong/y.toml",
                &wrong.replace(fails, "[\"open::a\"]").replace(find, "one"),
            ),
            (
                "wrong/z.toml",
                &wrong.replace(fails, "[\"open::a\"]").replace(find, "one"),
            ),
        ]);
        sample::words(&problems(root.path(), course.exercise("b").unwrap()).unwrap())
    }

    #[test]
    fn three_that_fail_every_hidden_test_are_right() {
        assert_eq!(problems_of("[\"hidden::h\"]", "one"), [""; 0]);
    }

    #[test]
    fn a_hidden_test_that_nothing_fails_is_named() {
        let found = problems_of("[\"open::a\"]", "one");
        assert_eq!(
            found,
            ["31-a/01-b/hidden/hidden.rs:1: no wrong solution fails hidden::h"]
        );
    }

    #[test]
    fn tests_that_do_not_exist_and_wires_are_named() {
        let found = problems_of("[\"hidden::h\", \"open::gone\", \"hidden::w\"]", "one");
        assert!(
            found[0].ends_with("x.toml: there is no test open::gone"),
            "{found:?}"
        );
        assert!(
            found[1].ends_with("hidden::w is a wire, which always fails"),
            "{found:?}"
        );
    }

    #[test]
    fn a_text_that_stands_twice_is_named() {
        let found = problems_of("[\"hidden::h\"]", "two");
        assert!(found[0].contains("stands 2 times in src/lib.rs"), "{found:?}");
    }

    #[test]
    fn two_are_too_few() {
        let (root, course) = sample::exercise(&[("solution/src/lib.rs", "")]);
        let found = problems(root.path(), course.exercise("b").unwrap()).unwrap();
        assert_eq!(found[0].what, "0 wrong solutions, where 3 or more are wanted");
    }
}
