//! A brief has its sections in their order, something in each, and three hints or more.

use std::path::Path;

use anyhow::Result;

use super::{Problem, line_of};
use crate::catalogue::{self, Exercise};

/// The headings of second level, in order.
pub const HEADINGS: [&str; 9] = [
    "What you will be able to do",
    "What you build",
    "Rules",
    "Steps",
    "At the start",
    "Hints",
    "Questions before you run",
    "How real systems do it",
    "Going further",
];

/// Hints of an exercise, from nudge to near-solution.
const HINTS_MIN: usize = 3;

/// What is wrong with the brief of `exercise`.
///
/// # Errors
/// When it cannot be read.
pub fn problems(root: &Path, exercise: &Exercise) -> Result<Vec<Problem>> {
    let file = exercise.dir.join("README.md");
    let text = catalogue::read(&root.join(&file))?;
    let brief = &exercise.brief;
    let mut problems = Vec::new();
    if brief.summary.is_empty() {
        problems.push(Problem::at(&file, 1, "no sentence stands below the title"));
    }
    problems.extend(headings(&file, &text, &brief.sections));
    if brief.rules.is_empty() {
        problems.push(Problem::at(
            &file,
            line_of(&text, "## Rules"),
            "the brief has no rule",
        ));
    }
    if brief.hints.len() < HINTS_MIN {
        let what = format!(
            "{} hints, where {HINTS_MIN} or more are wanted",
            brief.hints.len()
        );
        problems.push(Problem::at(&file, line_of(&text, "## Hints"), what));
    }
    for (index, hint) in brief.hints.iter().enumerate() {
        let place = line_of(&text, &format!("<summary>Hint {}", index + 1));
        let mut add =
            |what: String| problems.push(Problem::at(&file, place, format!("hint {}{what}", index + 1)));
        if hint.title.is_empty() {
            add(" has no title: Hint 1 (rules 2, 3): where a line ends".to_owned());
        }
        if hint.body.is_empty() {
            add(" is empty".to_owned());
        }
        for rule in hint.rules.iter().filter(|rule| brief.rule(**rule).is_none()) {
            add(format!(" names rule {rule}, which the brief does not have"));
        }
    }
    Ok(problems)
}

/// Which headings are missing, out of order, or have nothing below them. Others may stand between.
fn headings(file: &Path, text: &str, sections: &[String]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut from = 0;
    for heading in HEADINGS {
        let Some(index) = sections.iter().position(|section| section == heading) else {
            problems.push(Problem::of(
                file,
                format!("the heading `## {heading}` is missing"),
            ));
            continue;
        };
        let line = line_of(text, &format!("## {heading}"));
        if index < from {
            let what = format!("`## {heading}` stands before `## {}`", sections[from - 1]);
            problems.push(Problem::at(file, line, what));
        }
        from = from.max(index + 1);
        let below = text.lines().skip(line).find(|line| !line.trim().is_empty());
        if below.is_none_or(|line| line.starts_with("## ")) {
            problems.push(Problem::at(
                file,
                line,
                format!("nothing stands below `## {heading}`"),
            ));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn problems_of(brief: &str) -> Vec<String> {
        let (root, course) = sample::exercise(&[("README.md", brief)]);
        sample::words(&problems(root.path(), course.exercise("b").unwrap()).unwrap())
    }

    #[test]
    fn a_whole_brief_has_no_problem() {
        assert_eq!(problems_of(&sample::brief()), [""; 0]);
    }

    #[test]
    fn a_heading_that_is_missing_is_named() {
        let brief = sample::brief().replace("## Steps", "## Step");
        assert_eq!(
            problems_of(&brief),
            ["31-a/01-b/README.md: the heading `## Steps` is missing"]
        );
    }

    #[test]
    fn headings_out_of_order_are_named() {
        let brief = sample::brief()
            .replace("## Steps", "## X")
            .replace("## At the start", "## Steps");
        let brief = brief.replace("## X", "## At the start");
        let found = problems_of(&brief);
        assert!(
            found[0].ends_with("`## At the start` stands before `## Steps`"),
            "{found:?}"
        );
    }

    #[test]
    fn an_empty_section_is_named() {
        let brief = sample::brief().replace("## Going further\n\nWords.\n", "## Going further\n");
        assert!(problems_of(&brief)[0].ends_with("nothing stands below `## Going further`"));
    }

    #[test]
    fn two_hints_are_too_few_and_an_empty_one_is_none() {
        let brief = sample::brief().replacen("Text.", "", 1);
        assert!(problems_of(&brief)[0].ends_with("hint 1 is empty"));
        let brief = sample::brief().replacen(
            "<details><summary>Hint 3 (rule 1): so</summary>\n\nText.\n\n</details>\n",
            "",
            1,
        );
        assert!(
            problems_of(&brief)[0].contains("2 hints, where 3"),
            "{:?}",
            problems_of(&brief)
        );
    }

    #[test]
    fn a_hint_for_no_rule_is_named() {
        let brief = sample::brief().replacen("(rule 1)", "(rule 7)", 1);
        assert!(problems_of(&brief)[0].ends_with("hint 1 names rule 7, which the brief does not have"));
    }
}
