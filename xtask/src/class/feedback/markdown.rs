//! `feedback/ID.md`. What a submission said stands in code and in fences, and nowhere else.

use super::{Feedback, Part};
use crate::class::text::code;
use crate::report::markdown::{exercise_details, fence};
use crate::report::words;

/// The document.
pub fn text(feedback: &Feedback) -> String {
    let mut parts = vec![
        format!("# Feedback for {}", code(&feedback.id)),
        summary(feedback),
    ];
    if let Some(why) = &feedback.refusal {
        parts.push(format!("**Your submission was refused:** {}", code(why)));
    }
    parts.push(table(feedback));
    parts.extend(arithmetic(feedback));
    parts.push(next(feedback));
    let details: Vec<_> = feedback.parts.iter().filter_map(details).collect();
    if !details.is_empty() {
        parts.push(format!("## What did not pass\n\n{}", feedback.about_hidden()));
        parts.extend(details);
    }
    if !feedback.notes.is_empty() {
        let notes: Vec<_> = feedback
            .notes
            .iter()
            .map(|note| format!("- {}", code(note)))
            .collect();
        parts.push(format!("## About your submission\n\n{}", notes.join("\n")));
    }
    parts.join("\n\n") + "\n"
}

fn summary(feedback: &Feedback) -> String {
    let mut facts = Vec::new();
    facts.extend(feedback.name.as_deref().map(code).filter(|name| !name.is_empty()));
    facts.push(format!(
        "**{} of {} points** ({} %)",
        feedback.counted, feedback.possible, feedback.percent
    ));
    facts.extend(feedback.submitted.as_ref().map(|at| format!("handed in {at}")));
    facts.join(", ")
}

fn table(feedback: &Feedback) -> String {
    let mut lines = vec![
        "| Exercise | Earned | Late | Counts | Of | |".to_owned(),
        "|---|--:|--:|--:|--:|---|".to_owned(),
    ];
    for part in &feedback.parts {
        let late = if part.taken.0 > 0 {
            format!("−{}", part.taken)
        } else {
            part.taken.to_string()
        };
        lines.push(format!(
            "| {} | {} | {late} | **{}** | {} | {} |",
            part.title.replace('|', "\\|"),
            part.raw,
            part.counted,
            part.possible,
            part.word,
        ));
    }
    lines.join("\n")
}

/// How the points came about, where they are not the tests' own.
fn arithmetic(feedback: &Feedback) -> Option<String> {
    let said: Vec<_> = feedback
        .parts
        .iter()
        .filter(|part| !part.arithmetic.is_empty())
        .map(|part| format!("- **{}**: {}", part.title, part.arithmetic.join(" ")))
        .collect();
    (!said.is_empty()).then(|| format!("## How the points came about\n\n{}", said.join("\n")))
}

fn next(feedback: &Feedback) -> String {
    match &feedback.next {
        Some(next) => format!(
            "## Next step\n\n**{}**: {}\n\n{}",
            next.exercise,
            next.why,
            fence(&next.command)
        ),
        None => format!("## Next step\n\n{}", feedback.closing()),
    }
}

/// A folded part for an exercise with something to say.
fn details(part: &Part) -> Option<String> {
    let result = part.result.as_ref()?;
    let stubs = result.tests.iter().filter(|test| words::is_stub(test)).count();
    let mut said: Vec<_> = exercise_details(result).into_iter().collect();
    if stubs > 0 {
        said.push(format!(
            "{}: {stubs} of its tests reached code that is not written yet.",
            part.title
        ));
    }
    (!said.is_empty()).then(|| said.join("\n\n"))
}
