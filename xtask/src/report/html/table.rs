//! The tests of one exercise: a row each, and below a failing one what it said, folded.

use similar::{ChangeTag, TextDiff};

use super::prose;
use crate::catalogue::Kind;
use crate::report::escape::html;
use crate::report::words;
use crate::run::{Failure, Verdict};
use crate::score::{ExerciseResult, TestResult};

/// The table.
pub fn table(exercise: &ExerciseResult) -> String {
    let rows: String = exercise.tests.iter().map(row).collect();
    format!(
        "<table>\n<caption>Tests of {}</caption>\n<thead><tr><th scope=\"col\">Test</th><th scope=\"col\">Rule</th>\
         <th scope=\"col\">Points</th><th scope=\"col\">Verdict</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n",
        html(&exercise.title)
    )
}

fn row(test: &TestResult) -> String {
    let (class, mark) = look(test);
    let rule = if test.rule == 0 {
        String::new()
    } else {
        format!(
            "<span class=\"number\">{}</span> {}",
            test.rule,
            prose(&test.rule_text)
        )
    };
    let kind = match test.kind {
        // The name says which of the two.
        Kind::Open | Kind::Hidden => "",
        Kind::Wire => " <span class=\"kind\">wire</span>",
    };
    let details = test.failure.as_ref().map_or_else(String::new, |failure| {
        format!(
            "<tr class=\"{class} details\"><td colspan=\"4\">{}</td></tr>\n",
            details(failure)
        )
    });
    format!(
        "<tr class=\"{class}\"><th scope=\"row\"><code>{}</code>{kind}<span class=\"doc\">{}</span></th>\
         <td class=\"rule\">{rule}</td><td class=\"points\">{} / {}</td>\
         <td class=\"verdict\"><span aria-hidden=\"true\">{mark}</span> {}</td></tr>\n{details}",
        // A long name may break after a part of it.
        html(&test.name).replace("::", "::<wbr/>").replace('_', "_<wbr/>"),
        prose(&test.doc),
        test.earned,
        test.possible,
        html(&words::verdict(test)),
    )
}

/// The class of a row, and its mark.
fn look(test: &TestResult) -> (&'static str, &'static str) {
    match &test.verdict {
        Verdict::Passed => ("passed", "✓"),
        Verdict::Failed if words::is_stub(test) => ("not-yet", "○"),
        Verdict::Failed => ("failed", "✗"),
        Verdict::WireTripped => ("tripped", "!"),
        Verdict::DoesNotCompile | Verdict::Refused(_) | Verdict::NotGraded(_) => ("not-yet", "–"),
        _ => ("failed", "!"),
    }
}

fn details(failure: &Failure) -> String {
    let message = format!("<pre class=\"said\">{}</pre>\n", html(&failure.message));
    let sides = match (&failure.expected, &failure.actual) {
        (Some(expected), Some(actual)) => sides(expected, actual),
        _ => String::new(),
    };
    let places: String = [
        ("In your source", &failure.source),
        ("Panicked at", &failure.location),
    ]
    .iter()
    .filter_map(|(name, place)| place.as_ref().map(|place| (name, place)))
    .map(|(name, place)| format!("<p class=\"place\">{name} <code>{}</code></p>\n", html(place)))
    .collect();
    format!("<details>\n<summary>What it said</summary>\n{message}{sides}{places}</details>")
}

/// Expected and actual beside each other, with the lines that only one of them has marked.
fn sides(expected: &str, actual: &str) -> String {
    let diff = TextDiff::from_lines(expected, actual);
    let (mut left, mut right) = (String::new(), String::new());
    for change in diff.iter_all_changes() {
        let text = visible(change.value());
        match change.tag() {
            ChangeTag::Equal => {
                left.push_str(&text);
                right.push_str(&text);
            }
            ChangeTag::Delete => left.push_str(&format!("<mark>{text}</mark>")),
            ChangeTag::Insert => right.push_str(&format!("<mark>{text}</mark>")),
        }
    }
    let side = |name: &str, text: &str| {
        let text = if text.is_empty() {
            "<span class=\"nothing\">nothing</span>"
        } else {
            text
        };
        format!("<div><h4>{name}</h4><pre>{text}</pre></div>\n")
    };
    format!(
        "<div class=\"sides\">\n{}{}</div>\n",
        side("Expected", &left),
        side("Actual", &right)
    )
}

/// Text whose line feeds, tabs and trailing blanks can be seen; what stands for them is not copied with it.
fn visible(text: &str) -> String {
    let line = text.strip_suffix('\n').unwrap_or(text);
    let words = line.trim_end_matches(' ');
    let blanks = "<span class=\"blank\"> </span>".repeat(line.len() - words.len());
    let feed = if line.len() < text.len() {
        "<span class=\"feed\"></span>\n"
    } else {
        ""
    };
    html(words).replace('\t', "<span class=\"tab\">\t</span>") + &blanks + feed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_marked_on_its_side() {
        let feed = "<span class=\"feed\"></span>\n";
        let sides = sides("a\nb\n", "a\nc");
        assert!(
            sides.contains(&format!("<pre>a{feed}<mark>b{feed}</mark></pre>")),
            "{sides}"
        );
        assert!(
            sides.contains(&format!("<pre>a{feed}<mark>c</mark></pre>")),
            "{sides}"
        );
    }

    #[test]
    fn an_empty_side_says_so() {
        assert!(sides("a", "").contains("<span class=\"nothing\">nothing</span>"));
    }

    #[test]
    fn blanks_at_the_end_and_tabs_are_seen() {
        assert_eq!(
            visible("\t<a> \n"),
            "<span class=\"tab\">\t</span>&lt;a&gt;<span class=\"blank\"> </span><span class=\"feed\"></span>\n"
        );
    }
}
