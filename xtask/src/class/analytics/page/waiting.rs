//! What waits for a person, on the page.

use super::nowrap;
use crate::class::analytics::Figures;
use crate::class::analytics::markdown::{TO_DECIDE, some};
use crate::class::analytics::waiting::About;
use crate::class::page::table;
use crate::report::escape::html;
use crate::report::html::prose;

/// The section; nothing when nothing waits.
pub fn section(figures: &Figures) -> String {
    let waiting = &figures.waiting;
    let mut body = to_read(
        "Set aside: it counts nothing until somebody has read it",
        &waiting.review,
    );
    body += &to_read("To be read, although it counts", &waiting.flags);
    body += &refused(&waiting.refused);
    if !waiting.untimed.is_empty() {
        let ids = html(&waiting.untimed.join(", "));
        body += &format!("<h3>Time unknown, taken as on time</h3>\n<p>{ids}</p>\n");
    }
    let code = |(code, learners): &(String, Vec<String>)| {
        vec![
            format!("<code>{}</code>", html(code)),
            learners.len().to_string(),
            html(&some(learners)),
        ]
    };
    let codes: Vec<_> = waiting.error_codes.iter().map(code).collect();
    if !codes.is_empty() {
        let title = "Does not compile, by the compiler’s first error";
        body += &format!(
            "<h3>{title}</h3>\n{}",
            table(title, &["Error", "How many", "Who"], &codes)
        );
    }
    if body.is_empty() {
        return String::new();
    }
    let lead = match waiting.review.len() + waiting.flags.len() {
        0 => String::new(),
        _ => prose(TO_DECIDE),
    };
    super::section("What waits for you", &lead, &body)
}

/// A list of what an instructor reads and decides; the hash goes into the decision.
fn to_read(title: &str, list: &[About]) -> String {
    let row = |about: &About| {
        vec![
            html(&about.learner),
            nowrap(&about.exercise),
            format!("<code>{}</code>", html(&about.sources)),
            html(&about.what),
        ]
    };
    let rows: Vec<_> = list.iter().map(row).collect();
    titled(title, &["Learner", "Exercise", "Sources", "Why"], &rows)
}

fn refused(list: &[About]) -> String {
    let row = |about: &About| vec![html(&about.learner), nowrap(&about.exercise), html(&about.what)];
    let rows: Vec<_> = list.iter().map(row).collect();
    titled("Refused", &["Learner", "Exercise", "Why"], &rows)
}

/// A table under its title; nothing without rows.
fn titled(title: &str, headings: &[&str], rows: &[Vec<String>]) -> String {
    match rows {
        [] => String::new(),
        rows => format!("<h3>{title}</h3>\n{}", table(title, headings, rows)),
    }
}
