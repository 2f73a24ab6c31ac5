//! The report as one page that needs nothing else: no script, no font, no picture, no network.
//!
//! ```text
//! header       points, and the chart of progress
//! next step    and the checklist beside it
//! modules      a section each: a folded part an exercise, in it a row a test
//! ```
//!
//! Every text is escaped, and the page's policy forbids whatever an escape could miss.

mod chart;
mod table;

use super::escape::html;
use super::words;
use crate::score::{ExerciseResult, ModuleResult, Points, Report, State};
use crate::store::Moment;

/// The style of this page, and of others that hold parts of it.
pub const CSS: &str = include_str!("html/page.css");

/// What a page may load and run: nothing.
pub const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The page.
pub fn page(report: &Report, history: &[Moment]) -> String {
    let total = report.points;
    let modules: String = report.modules.iter().map(|part| module(part, report)).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>phase7: {} of {} points</title>\n<style>\n{CSS}</style>\n</head>\n<body>\n{}<main>\n\
         <div class=\"beside\">\n{}{}</div>\n{modules}</main>\n</body>\n</html>\n",
        total.earned,
        total.possible,
        header(report, history),
        next(report),
        checklist(report),
    )
}

fn header(report: &Report, history: &[Moment]) -> String {
    let total = report.points;
    let complete = report
        .exercises()
        .filter(|exercise| exercise.state == State::Complete)
        .count();
    let mut facts = vec![
        format!("{} %", total.percent()),
        format!("{complete} of {} exercises complete", report.exercises().count()),
    ];
    if !report.checklist.is_empty() {
        let ticked = report.checklist.iter().filter(|item| item.ticked).count();
        facts.push(format!("{ticked} of {} boxes ticked", report.checklist.len()));
    }
    if total.not_graded > 0 {
        facts.push(format!("{} points could not be graded here", total.not_graded));
    }
    let facts: String = facts.iter().map(|fact| format!("<li>{fact}</li>")).collect();
    let when = report.graded_at.parse::<jiff::Timestamp>().map_or_else(
        |_| html(&report.graded_at),
        |at| at.strftime("%-d %B %Y, %H:%M UTC").to_string(),
    );
    format!(
        "<header>\n<div class=\"score\">\n<p class=\"course\">phase7</p>\n\
         <h1><span class=\"earned\">{}</span> of {} points</h1>\n{}<ul class=\"facts\">{facts}</ul>\n\
         <p class=\"when\">Graded <time datetime=\"{}\">{when}</time></p>\n</div>\n{}\n</header>\n",
        total.earned,
        total.possible,
        bar(total),
        html(&report.graded_at),
        chart::figure(history, &report.graded_at),
    )
}

fn next(report: &Report) -> String {
    let said = match &report.next {
        Some(next) => format!(
            "<p><strong>{}</strong></p>\n<p>{}</p>\n<pre class=\"command\"><code>{}</code></pre>\n",
            html(&next.exercise),
            prose(&capital(&next.why)),
            html(&next.command)
        ),
        None => format!("<p>{}</p>\n", report.closing()),
    };
    format!(
        "<section class=\"next\" aria-labelledby=\"next\">\n<h2 id=\"next\">Next step</h2>\n{said}</section>\n"
    )
}

fn checklist(report: &Report) -> String {
    if report.checklist.is_empty() {
        return String::new();
    }
    let item = |item: &crate::checklist::ItemResult| {
        let (class, mark, said) = match item.ticked {
            true => ("ticked", "✓", "done"),
            false => ("open", "", "open"),
        };
        format!(
            "<li class=\"{class}\"><span class=\"box\" role=\"img\" aria-label=\"{said}\">{mark}</span>\
             <span class=\"item\"><strong>{}</strong><span class=\"rule\">{}</span></span>\
             <span class=\"count\">{} of {}</span></li>\n",
            html(&item.name),
            prose(&item.rule),
            item.reached.min(item.wanted),
            item.wanted
        )
    };
    let items: String = report.checklist.iter().map(item).collect();
    format!(
        "<section class=\"checklist\" aria-labelledby=\"checklist\">\n<h2 id=\"checklist\">Checklist</h2>\n<ul>\n{items}</ul>\n\
         </section>\n"
    )
}

fn module(module: &ModuleResult, report: &Report) -> String {
    let next = report.next.as_ref().map(|next| next.exercise.as_str());
    let exercises: String = module
        .exercises
        .iter()
        .map(|part| exercise(part, next == Some(&part.name)))
        .collect();
    let id = html(&module.name);
    let number = words::number(&module.name);
    let points = module.points;
    format!(
        "<section class=\"module\" aria-labelledby=\"{id}\">\n<h2 id=\"{id}\"><span class=\"number\">{number}</span> \
         <span class=\"title\">{}</span> <span class=\"points\">{} of {} points</span></h2>\n{exercises}</section>\n",
        html(&module.title),
        points.earned,
        points.possible,
    )
}

/// One exercise: a line that unfolds. The next one is unfolded from the start.
pub fn exercise(exercise: &ExerciseResult, is_next: bool) -> String {
    let points = exercise.points;
    let class = if exercise.review.is_empty() {
        words::state(exercise).replace(' ', "-")
    } else {
        "for-review".to_owned()
    };
    let notes: String = exercise
        .review
        .iter()
        .map(|why| {
            format!(
                "<p class=\"note review\"><strong>For review:</strong> {}</p>\n",
                html(why)
            )
        })
        .chain(
            words::reasons(exercise)
                .into_iter()
                .map(|why| format!("<p class=\"note\">{}</p>\n", html(why))),
        )
        .chain(
            exercise
                .compile_error
                .iter()
                .map(|error| format!("<pre class=\"said\">{}</pre>\n", html(error.trim_end()))),
        )
        .collect();
    format!(
        "<details class=\"exercise {class}\"{}>\n<summary><span class=\"number\">{}</span> \
         <span class=\"title\">{} <code>{}</code></span> <span class=\"state\">{}</span> {}\
         <span class=\"points\">{} / {}</span></summary>\n<div class=\"inside\">\n{notes}{}</div>\n</details>\n",
        if is_next { " open" } else { "" },
        words::number(&exercise.dir),
        html(&exercise.title),
        html(&exercise.name),
        html(words::state(exercise)),
        bar(points),
        points.earned,
        points.possible,
        table::table(exercise)
    )
}

/// A bar; the points beside it say the same in words.
fn bar(points: Points) -> String {
    format!(
        "<span class=\"bar\" aria-hidden=\"true\"><span style=\"width:{}%\"></span></span>\n",
        points.percent().min(100)
    )
}

/// A sentence of the course, in which backticks mark code.
pub fn prose(text: &str) -> String {
    let parts: Vec<_> = text.split('`').collect();
    let marks = |index: usize| index % 2 == 1 && index + 1 < parts.len();
    let part = |(index, part): (usize, &&str)| match (index, marks(index)) {
        (_, true) => format!("<code>{}</code>", html(part)),
        // A backtick without its other half is a backtick.
        (index, false) if index % 2 == 1 => format!("`{}", html(part)),
        (_, false) => html(part),
    };
    parts.iter().enumerate().map(part).collect()
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn everything_is_on_the_page() {
        let page = page(&fixture::report(), &fixture::history(12));
        let parts = [
            "<title>phase7: 15 of 83 points</title>",
            "<span class=\"earned\">15</span> of 83 points",
            "26 July 2026, 14:03 UTC",
            "class=\"line\"",
            "<code>cargo xtask check file-search</code>",
            "<code>31-cli-tools</code>",
            "<span class=\"title\">Command-line tools</span>",
            "open::numbers_lines_from_one",
            "counted from 1",
            "error[E0308]",
            "For review:",
            "qemu-system-arm is not installed",
        ];
        for part in parts {
            assert!(page.replace("<wbr/>", "").contains(part), "{part}");
        }
        assert_eq!(page.matches("<details class=\"exercise").count(), 7);
    }

    #[test]
    fn the_page_asks_for_nothing_and_runs_nothing() {
        let page = page(&fixture::report(), &fixture::history(3));
        assert!(page.contains("Content-Security-Policy"));
        for part in [
            "<script", "http://", "https://", "url(", "@import", "<link", "<img", "src=",
        ] {
            assert!(!page.contains(part), "{part}");
        }
    }

    #[test]
    fn every_tag_is_our_own_and_is_closed() {
        const VOID: [&str; 2] = ["meta", "!doctype"];
        let page = page(&fixture::report(), &fixture::history(3));
        let (head, body) = page.split_once("<style>").unwrap();
        let page = head.to_owned() + body.split_once("</style>").unwrap().1;
        let mut open = Vec::new();
        for part in page.split('<').skip(1) {
            let name = part.split([' ', '>', '/']).find(|name| !name.is_empty()).unwrap();
            let is_empty = part.split('>').next().unwrap().ends_with('/');
            if part.starts_with('/') {
                assert_eq!(open.pop(), Some(name), "in <{part}");
            } else if !VOID.contains(&name) && !is_empty {
                open.push(name);
            }
        }
        assert!(open.is_empty(), "{open:?}");
    }

    #[test]
    fn backticks_are_code_when_there_are_two() {
        assert_eq!(prose("a `b<` c"), "a <code>b&lt;</code> c");
        assert_eq!(prose("a ` b"), "a ` b");
    }
}
