//! What waits for a person, on the page.

use super::nowrap;
use crate::class::analytics::Figures;
use crate::class::analytics::markdown::some;
use crate::class::analytics::waiting::About;
use crate::class::page::table;
use crate::report::escape::html;

/// The section; nothing when nothing waits.
pub fn section(figures: &Figures) -> String {
    let waiting = &figures.waiting;
    let list = |title: &str, list: &[About]| {
        let row = |about: &About| vec![html(&about.learner), nowrap(&about.exercise), html(&about.what)];
        let rows: Vec<_> = list.iter().map(row).collect();
        match rows.is_empty() {
            true => String::new(),
            false => format!(
                "<h3>{title}</h3>\n{}",
                table(title, &["Learner", "Exercise", "Why"], &rows)
            ),
        }
    };
    let mut body = list(
        "Set aside: it counts nothing until somebody has read it",
        &waiting.review,
    );
    body += &list("To be read, although it counts", &waiting.flags);
    body += &list("Refused", &waiting.refused);
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
    super::section("What waits for you", "", &body)
}
