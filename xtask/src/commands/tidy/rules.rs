//! Rules and tests name each other; hidden tests come with a wire; tools are known.

use std::path::Path;

use anyhow::Result;

use super::Problem;
use crate::catalogue::{self, Exercise, Kind};
use crate::tools;

/// What is wrong with the tests of `exercise`.
///
/// # Errors
/// When the brief cannot be read.
pub fn problems(root: &Path, exercise: &Exercise) -> Result<Vec<Problem>> {
    let brief = exercise.dir.join("README.md");
    let text = catalogue::read(&root.join(&brief))?;
    let mut problems = Vec::new();
    for test in &exercise.tests {
        let file = exercise.dir.join(&test.file);
        let mut add =
            |what: String| problems.push(Problem::at(&file, test.line, format!("{} {what}", test.name)));
        if test.kind != Kind::Wire && exercise.brief.rule(test.rule).is_none() {
            add(format!(
                "checks rule {}, which the brief does not have",
                test.rule
            ));
        }
        if test.kind != Kind::Wire && test.doc.is_empty() {
            add("does not say what it checks".to_owned());
        }
        if test
            .name
            .rsplit("::")
            .next()
            .is_some_and(|name| name.starts_with("test_"))
        {
            add("is named `test_`: a name is a sentence".to_owned());
        }
        for tool in test.needs.iter().filter(|tool| tools::tool(tool).is_none()) {
            add(format!("needs {tool:?}, which xtask/src/tools.rs does not know"));
        }
    }
    let has_hidden = root.join(&exercise.dir).join("hidden/hidden.rs").exists();
    if !has_hidden {
        return Ok(problems);
    }
    for rule in &exercise.brief.rules {
        if !exercise.tests.iter().any(|test| test.rule == rule.number) {
            let start = format!("{}. ", rule.number);
            let line = text
                .lines()
                .position(|line| line.starts_with(&start))
                .map_or(1, |index| index + 1);
            problems.push(Problem::at(
                &brief,
                line,
                format!("no test checks rule {}", rule.number),
            ));
        }
    }
    let count = |kind| exercise.tests.iter().filter(|test| test.kind == kind).count();
    if count(Kind::Hidden) > 0 && count(Kind::Wire) == 0 {
        let file = exercise.dir.join("hidden/hidden.rs");
        problems.push(Problem::of(&file, "hidden tests without a wire: #[phase7::wire]"));
    }
    Ok(problems)
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    const OPEN: &str = "/// D.\n#[phase7::test(points = 1, rule = 1)]\nfn a() {}\n";

    fn problems_of(open: &str, hidden: Option<&str>) -> Vec<String> {
        let mut files = vec![("tests/open.rs", open)];
        files.extend(hidden.map(|hidden| ("hidden/hidden.rs", hidden)));
        let (root, course) = sample::exercise(&files);
        sample::words(&problems(root.path(), course.exercise("b").unwrap()).unwrap())
    }

    #[test]
    fn a_test_of_no_rule_is_named_with_its_line() {
        let open = OPEN.replace("rule = 1", "rule = 4");
        let expected = "31-a/01-b/tests/open.rs:3: a checks rule 4, which the brief does not have";
        assert_eq!(problems_of(&open, None), [expected]);
    }

    #[test]
    fn a_rule_without_a_test_is_named_where_hidden_tests_are_known() {
        let hidden = "/// D.\n#[phase7::test(points = 1, rule = 1)] fn h() {}\n#[phase7::wire] fn w() {}\n";
        assert_eq!(problems_of(OPEN, Some(hidden)), [""; 0]);
        let (root, course) = sample::exercise(&[
            ("tests/open.rs", OPEN),
            (
                "README.md",
                &sample::brief().replace("1. It is so.", "1. It is so.\n2. And so."),
            ),
            ("hidden/hidden.rs", "//! None.\n"),
        ]);
        let found = problems(root.path(), course.exercise("b").unwrap()).unwrap();
        assert!(found[0].what.ends_with("no test checks rule 2"), "{found:?}");
    }

    #[test]
    fn hidden_tests_want_a_wire() {
        let hidden = "/// D.\n#[phase7::test(points = 1, rule = 1)] fn h() {}\n";
        assert!(problems_of(OPEN, Some(hidden))[0].contains("without a wire"));
    }

    #[test]
    fn an_unknown_tool_is_named() {
        let open = OPEN.replace("rule = 1", "rule = 1, needs = \"zebra\"");
        assert!(problems_of(&open, None)[0].contains("needs \"zebra\""));
    }

    #[test]
    fn a_test_says_what_it_checks() {
        assert!(problems_of(&OPEN.replace("/// D.\n", ""), None)[0].ends_with("does not say what it checks"));
    }
}
