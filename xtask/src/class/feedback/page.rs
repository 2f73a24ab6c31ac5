//! `feedback/ID.html`: the same as a page, with the parts of the report's page.

use super::{Feedback, Part};
use crate::class::page::{self, Width, bar};
use crate::report::escape::html;
use crate::report::html::{exercise, prose};

/// The page.
pub fn text(feedback: &Feedback) -> String {
    let title = format!("phase7: feedback for {}", feedback.id);
    let rows: Vec<_> = feedback.parts.iter().map(row).collect();
    let headings = ["Exercise", "Earned", "Late", "Counts", "Of", ""];
    let table = page::table("Points of each exercise", &headings, &rows);
    let is_next = |part: &Part| {
        feedback
            .next
            .as_ref()
            .is_some_and(|next| next.exercise == part.name)
    };
    let exercises: String = feedback
        .parts
        .iter()
        .filter_map(|part| part.result.as_ref().map(|result| exercise(result, is_next(part))))
        .collect();
    let tests = if exercises.is_empty() {
        String::new()
    } else {
        format!(
            "<section class=\"module\">\n<h2>Tests</h2>\n<p class=\"lead\">{}</p>\n{exercises}</section>\n",
            feedback.about_hidden()
        )
    };
    let body = format!(
        "{}<main>\n{}{}<section>\n<h2>Points</h2>\n{table}</section>\n{tests}{}</main>\n",
        header(feedback),
        refusal(feedback),
        next(feedback),
        notes(feedback)
    );
    page::page(&title, Width::Feedback, &body)
}

fn header(feedback: &Feedback) -> String {
    let mut facts = vec![format!("{} %", feedback.percent)];
    facts.extend(
        feedback
            .submitted
            .as_ref()
            .map(|at| format!("handed in {}", html(at))),
    );
    let facts: String = facts.iter().map(|fact| format!("<li>{fact}</li>")).collect();
    let name = feedback
        .name
        .as_deref()
        .map_or_else(String::new, |name| format!(" · {}", html(name)));
    format!(
        "<header class=\"plain\">\n<p class=\"course\">phase7 feedback</p>\n<p class=\"person\"><strong>{}</strong>{name}</p>\n\
         <h1 class=\"total\"><span class=\"earned\">{}</span> of {} points</h1>\n{}\n<ul class=\"facts\">{facts}</ul>\n</header>\n",
        html(&feedback.id),
        feedback.counted,
        feedback.possible,
        bar(feedback.percent.as_f64(), "")
    )
}

fn refusal(feedback: &Feedback) -> String {
    feedback.refusal.as_ref().map_or_else(String::new, |why| {
        format!(
            "<p class=\"note review\"><strong>Your submission was refused:</strong> {}</p>\n",
            html(why)
        )
    })
}

fn next(feedback: &Feedback) -> String {
    let said = match &feedback.next {
        Some(next) => format!(
            "<p><strong>{}</strong>: {}</p>\n<pre class=\"command\"><code>{}</code></pre>\n",
            html(&next.exercise),
            prose(&next.why),
            html(&next.command)
        ),
        None => format!("<p>{}</p>\n", feedback.closing()),
    };
    format!("<section class=\"next\">\n<h2>Next step</h2>\n{said}</section>\n")
}

/// The points of an exercise, and below its title how they came about.
fn row(part: &Part) -> Vec<String> {
    let hints: String = part
        .arithmetic
        .iter()
        .map(|sentence| format!("<span class=\"hint\">{}</span>", html(sentence)))
        .collect();
    let late = if part.taken.0 > 0 {
        format!("−{}", part.taken)
    } else {
        "–".to_owned()
    };
    vec![
        format!("{}{hints}", html(&part.title)),
        part.raw.to_string(),
        late,
        format!("<strong>{}</strong>", part.counted),
        part.possible.to_string(),
        html(part.word),
    ]
}

fn notes(feedback: &Feedback) -> String {
    if feedback.notes.is_empty() {
        return String::new();
    }
    let notes: String = feedback
        .notes
        .iter()
        .map(|note| format!("<li>{}</li>", html(note)))
        .collect();
    format!("<section>\n<h2>About your submission</h2>\n<ul class=\"plain-list\">{notes}</ul>\n</section>\n")
}
