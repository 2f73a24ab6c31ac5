//! The report as Markdown, for a pull request or the summary of a CI job.
//!
//! What a submission said stands in fences and nowhere else: a fence is longer than any run of backticks in
//! it, so that nothing inside can end it. Rules, titles and names are the course's own, and are Markdown.

use super::{escape, words};
use crate::run::{Failure, Verdict};
use crate::score::{ExerciseResult, ModuleResult, Report, TestResult};

/// Bytes of details that are written; GitHub refuses a summary of more than 1 MiB as a whole.
const DETAILS_MAX: usize = 800 << 10;

/// Lines of one text that are shown.
const LINES_MAX: usize = 40;

/// Characters of one line that are shown.
const COLUMNS_MAX: usize = 300;

/// The report as one document.
pub fn text(report: &Report) -> String {
    let total = report.points;
    let mut parts = vec![format!(
        "# phase7: {} of {} points ({} %)",
        total.earned,
        total.possible,
        total.percent()
    )];
    if total.not_graded > 0 {
        parts.push(format!("{} points could not be graded here.", total.not_graded));
    }
    parts.extend(report.modules.iter().map(module));
    if !report.checklist.is_empty() {
        parts.push(checklist(report));
    }
    if let Some(next) = &report.next {
        parts.push(format!(
            "## Next step\n\n**{}**: {}\n\n{}",
            next.exercise,
            next.why,
            fence(&next.command)
        ));
    }
    parts.extend(details(report, DETAILS_MAX));
    parts.join("\n\n") + "\n"
}

/// A table of a module's exercises.
fn module(module: &ModuleResult) -> String {
    let points = module.points;
    let mut lines = vec![
        format!(
            "## {} {}: {} of {} points",
            words::number(&module.name),
            module.title,
            points.earned,
            points.possible
        )
        .replace("##  ", "## "),
        String::new(),
        "| Exercise | Points | | |".to_owned(),
        "|---|--:|--:|---|".to_owned(),
    ];
    for exercise in &module.exercises {
        let points = exercise.points;
        lines.push(format!(
            "| {} {} | {} of {} | {} % | {} |",
            words::number(&exercise.dir),
            cell(&exercise.title),
            points.earned,
            points.possible,
            points.percent(),
            remark(exercise),
        ));
    }
    lines.join("\n")
}

fn remark(exercise: &ExerciseResult) -> String {
    let remark = words::remark(exercise);
    let remark = if exercise.review.is_empty() {
        remark
    } else {
        format!("**for review**, {remark}")
    };
    if exercise.points.is_full() && remark.is_empty() {
        "✓".to_owned()
    } else {
        remark
    }
}

fn checklist(report: &Report) -> String {
    let mut lines = vec!["## Checklist".to_owned(), String::new()];
    for item in &report.checklist {
        let mark = if item.ticked { 'x' } else { ' ' };
        let reached = item.reached.min(item.wanted);
        lines.push(format!(
            "- [{mark}] **{}**: {} ({reached} of {})",
            item.name, item.rule, item.wanted
        ));
    }
    lines.join("\n")
}

/// A folded part for each exercise that has something to say, until `budget` bytes are used up.
fn details(report: &Report, budget: usize) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut left_out = 0;
    for exercise in report.exercises() {
        let Some(part) = exercise_details(exercise) else {
            continue;
        };
        let used: usize = parts.iter().map(String::len).sum();
        if used + part.len() <= budget {
            parts.push(part);
        } else {
            left_out += 1;
        }
    }
    if left_out > 0 {
        parts.push(format!(
            "The details of {left_out} more exercises are in the JSON report."
        ));
    }
    if !parts.is_empty() {
        parts.insert(0, "## Details".to_owned());
    }
    parts
}

pub fn exercise_details(exercise: &ExerciseResult) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(
        exercise
            .review
            .iter()
            .map(|why| format!("For review:\n\n{}", fence(why))),
    );
    parts.extend(words::reasons(exercise).into_iter().map(fence));
    parts.extend(exercise.compile_error.as_deref().map(fence));
    let failing = exercise
        .tests
        .iter()
        .filter(|test| {
            !matches!(
                test.verdict,
                Verdict::Passed | Verdict::DoesNotCompile | Verdict::Refused(_) | Verdict::NotGraded(_)
            )
        })
        .filter(|test| !words::is_stub(test));
    parts.extend(failing.map(failing_test));
    if parts.is_empty() {
        return None;
    }
    Some(format!(
        "<details><summary>{}: {}</summary>\n\n{}\n\n</details>",
        escape::html(&exercise.title),
        words::state(exercise),
        parts.join("\n\n")
    ))
}

fn failing_test(test: &TestResult) -> String {
    let mut parts = vec![format!("**`{}`** {}", test.name, words::verdict(test))];
    if test.rule > 0 {
        parts.push(format!("Rule {}: {}", test.rule, test.rule_text));
    }
    if let Some(failure) = &test.failure {
        parts.extend(said(failure));
    }
    parts.join("\n\n")
}

/// What a failure says, in fences.
fn said(failure: &Failure) -> Vec<String> {
    let mut parts = Vec::new();
    if !failure.message.is_empty() {
        parts.push(fence(&failure.message));
    }
    let named = [
        ("Expected", &failure.expected),
        ("Actual", &failure.actual),
        ("At", &failure.location),
        ("In the submission", &failure.source),
    ];
    for (name, text) in named {
        parts.extend(text.as_ref().map(|text| format!("{name}:\n\n{}", fence(text))));
    }
    parts
}

/// Text in a fence that it cannot end.
pub fn fence(text: &str) -> String {
    let text = escape::log(text);
    let mut lines: Vec<String> = text.lines().take(LINES_MAX).map(shorten).collect();
    if text.lines().nth(LINES_MAX).is_some() {
        lines.push("…".to_owned());
    }
    let text = lines.join("\n");
    let runs = text.split(|character| character != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0).max(2) + 1);
    format!("{fence}text\n{text}\n{fence}")
}

fn shorten(line: &str) -> String {
    match line.char_indices().nth(COLUMNS_MAX) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// The course's Markdown in a table's cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use pulldown_cmark::{Event, Options, Parser, Tag};

    /// What a reader of the document is shown as HTML, and as code.
    fn rendered(text: &str) -> (Vec<String>, Vec<String>) {
        let (mut html, mut code) = (Vec::new(), Vec::new());
        let mut in_code = false;
        for event in Parser::new_ext(text, Options::all()) {
            match event {
                Event::Start(Tag::CodeBlock(_)) => {
                    in_code = true;
                    code.push(String::new());
                }
                Event::End(pulldown_cmark::TagEnd::CodeBlock) => in_code = false,
                Event::Text(text) if in_code => code.last_mut().unwrap().push_str(&text),
                Event::Html(text) | Event::InlineHtml(text) => html.push(text.to_string()),
                _ => {}
            }
        }
        (html, code)
    }

    #[test]
    fn a_table_a_module_then_the_checklist_then_the_next_step() {
        let text = text(&fixture::report());
        assert!(
            text.contains("## 31 Command-line tools: 15 of 25 points\n"),
            "{text}"
        );
        assert!(
            text.contains(
                "| 01 File search | 5 of 15 | 33 % | 3 of 7 tests, 1 killed by SIGSEGV, 1 timed out |\n"
            ),
            "{text}"
        );
        assert!(
            text.contains("| 02 Word count | 10 of 10 | 100 % | ✓ |\n"),
            "{text}"
        );
        assert!(text.contains("- [ ] **Built multiple CLI tools**: two exercises of `31-cli-tools`"));
        assert!(text.contains("- [x] **Optimized memory usage**"));
        let places =
            ["## 31", "## Checklist", "## Next step", "## Details"].map(|part| text.find(part).unwrap());
        assert!(places.is_sorted(), "{places:?}");
    }

    #[test]
    fn hostile_text_stays_in_its_fence() {
        let text = text(&fixture::report());
        let (html, code) = rendered(&text);
        for tag in html.iter().flat_map(|html| html.lines()) {
            let own = tag.starts_with("<details><summary>") || tag == "</details>";
            assert!(own, "{tag}");
        }
        assert_eq!(html.join("").matches("<details>").count(), 5);
        let whole =
            |code: &&String| code.contains("<script>alert('1')</script>") && code.contains("=1+1\n]]>");
        // Message, actual, location, source, and the compiler's error.
        assert_eq!(code.iter().filter(whole).count(), 5);
        assert!(!text.contains(['\u{1b}', '\u{202e}']));
    }

    #[test]
    fn no_line_is_a_command_to_the_runner() {
        let text = text(&fixture::report());
        let commands = text.lines().filter(|line| line.trim_start().starts_with("::"));
        assert_eq!(commands.count(), 0);
        assert!(!text.contains("##["));
    }

    #[test]
    fn details_end_where_the_budget_does() {
        let parts = details(&fixture::report(), 700);
        assert!(parts.iter().map(String::len).sum::<usize>() < 900);
        assert!(
            parts
                .last()
                .unwrap()
                .contains("more exercises are in the JSON report")
        );
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!(fence("a"), "```text\na\n```");
        assert_eq!(fence("````"), "`````text\n````\n`````");
    }

    #[test]
    fn a_beginner_has_no_details() {
        assert!(!text(&fixture::beginner()).contains("<details>"));
    }
}
