//! Report files: what a terminal, a spreadsheet, a page or a build log would take for more than text.

use std::path::Path;

use anyhow::{Context, Result};
use pulldown_cmark::{Event, Options, Parser, Tag};
use walkdir::WalkDir;

use super::ground::CANARY;

/// What a reader's program would take for more than text in the report files below `directory`.
///
/// # Errors
/// When one cannot be read.
pub fn problems(directory: &Path, mark: &str) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for entry in WalkDir::new(directory) {
        let entry = entry.with_context(|| format!("cannot look through {}", directory.display()))?;
        if !entry.file_type().is_file() {
            continue;
        }
        let path = entry.path();
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let text = String::from_utf8_lossy(&bytes);
        let ending = path
            .extension()
            .and_then(|ending| ending.to_str())
            .unwrap_or_default();
        let found = unsafe_text(&text, ending, mark);
        problems.extend(
            found
                .into_iter()
                .map(|what| format!("{}: {what}", path.display())),
        );
    }
    Ok(problems)
}

/// What is wrong with the text of a report whose file name ends in `ending`.
fn unsafe_text(text: &str, ending: &str, mark: &str) -> Vec<&'static str> {
    let mut problems = Vec::new();
    let control = |c: char| c.is_control() && !['\n', '\r', '\t'].contains(&c);
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    // What a terminal shows is coloured by the grader itself, and only `.txt` is shown as it is.
    if text.contains(control) || text.contains(turns) {
        problems.push("it holds a control character");
    }
    if text.contains(CANARY) {
        problems.push("it tells what the canary says");
    }
    // A page and a JSON document are read by programs that know no commands.
    if !["json", "html", "svg"].contains(&ending)
        && text
            .split(['\n', '\r'])
            .any(|line| line.trim_start().starts_with("::"))
    {
        problems.push("a line is a workflow command");
    }
    let element = format!("<b id={mark}>");
    if ["html", "svg", "xml"].contains(&ending) && text.contains(&element)
        || ending == "md" && is_rendered(text, &element)
    {
        problems.push("markup of a submission stands in it as markup");
    }
    if ["csv", "tsv"].contains(&ending) && has_formula(text, ending) {
        problems.push("a cell is a formula");
    }
    problems
}

/// Whether a page made of this Markdown has the element in it, or anything that is fetched from this machine.
fn is_rendered(text: &str, element: &str) -> bool {
    Parser::new_ext(text, Options::all()).any(|event| match event {
        Event::Html(html) | Event::InlineHtml(html) => html.contains(element),
        Event::Start(Tag::Image { dest_url, .. } | Tag::Link { dest_url, .. }) => {
            dest_url.contains("127.0.0.1")
        }
        _ => false,
    })
}

/// Whether a spreadsheet would compute one of the cells.
fn has_formula(text: &str, ending: &str) -> bool {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(if ending == "tsv" { b'\t' } else { b',' })
        .from_reader(text.as_bytes());
    reader.records().flatten().any(|record| {
        record.iter().any(|cell| {
            cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err() && cell != "-"
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reader_would_run_is_seen_in_reports() {
        let found = |text: &str, ending: &str| unsafe_text(text, ending, "mark");
        assert_eq!(found("\u{1b}[2J", "txt"), ["it holds a control character"]);
        assert_eq!(
            found("a\n  ::error::b\n", "txt"),
            ["a line is a workflow command"]
        );
        assert_eq!(
            found("<b id=mark>", "html"),
            ["markup of a submission stands in it as markup"]
        );
        assert_eq!(found("a,\"=1+1\"\n", "csv"), ["a cell is a formula"]);
        for (text, ending) in [
            ("a,-1.5,-,'=1\n", "csv"),
            ("&lt;b id=mark>\n", "html"),
            ("a::b\n", "txt"),
        ] {
            assert_eq!(found(text, ending), Vec::<&str>::new(), "{text}");
        }
    }
}
