//! `analytics.md`.

use super::waiting::About;
use super::{Figures, Group, Share, seconds};
use crate::class::text::{code, code_cell};
use crate::report::markdown::fence;

/// Tests and rules that are listed.
pub const ROWS_MAX: usize = 20;

/// Groups of failures that are shown.
pub const GROUPS_MAX: usize = 30;

/// How to say what came of reading something.
pub const TO_DECIDE: &str = "What you have read you decide with `[[reviewed]]` in the policy: learner, exercise, `accept`, and the \
                         `sources` that stand here.";

/// Ids that a group names.
const IDS_MAX: usize = 12;

/// The document.
pub fn text(figures: &Figures) -> String {
    let mut parts = vec![
        "# The class".to_owned(),
        format!(
            "{} of {} learners handed something in. Final per cent of those: average {}, median {}.",
            figures.handed_in, figures.learners, figures.average, figures.median
        ),
        tenths(figures),
    ];
    parts.extend(waiting(figures));
    parts.push(exercises(figures));
    parts.extend(shares("Tests that fail most", "Test", &figures.tests));
    parts.extend(shares("Rules that are broken most", "Rule", &figures.rules));
    parts.extend(groups(figures));
    parts.push(time(figures));
    parts.join("\n\n") + "\n"
}

fn tenths(figures: &Figures) -> String {
    let mut lines = vec!["| Per cent | Learners |".to_owned(), "|--:|--:|".to_owned()];
    for (tenth, count) in figures.tenths.iter().enumerate() {
        let to = if tenth == 9 { 100 } else { tenth * 10 + 9 };
        lines.push(format!("| {}–{to} | {count} |", tenth * 10));
    }
    lines.join("\n")
}

fn exercises(figures: &Figures) -> String {
    let mut lines = vec![
        "## Exercises\n".to_owned(),
        "| Exercise | Handed in | Complete | Does not compile | Average | Time of its tests |".to_owned(),
        "|---|--:|--:|--:|--:|--:|".to_owned(),
    ];
    for exercise in &figures.exercises {
        lines.push(format!(
            "| {} | {} | {} | {} | {} % | {} |",
            exercise.info.name,
            exercise.handed_in,
            exercise.complete,
            exercise.broken,
            exercise.average,
            seconds(exercise.duration_ms)
        ));
    }
    lines.join("\n")
}

fn shares(title: &str, what: &str, shares: &[Share]) -> Option<String> {
    if shares.is_empty() {
        return None;
    }
    let mut lines = vec![
        format!("## {title}\n\nOf those who handed the exercise in.\n"),
        format!("| Exercise | {what} | Fail | |"),
        "|---|---|--:|--:|".to_owned(),
    ];
    for share in shares.iter().take(ROWS_MAX) {
        let sentence = share.sentence.replace('|', "\\|");
        let what = if share.test.is_empty() {
            format!("{}. {sentence}", share.rule)
        } else {
            format!("{} (rule {})", code_cell(&share.test), share.rule)
        };
        let (failed, graded) = (share.failed, share.graded);
        lines.push(format!(
            "| {} | {what} | {failed} of {graded} | {} % |",
            share.exercise,
            share.percent()
        ));
    }
    lines.extend(more(shares.len(), ROWS_MAX).map(|more| format!("\n{more}")));
    Some(lines.join("\n"))
}

/// What to say of what is not listed.
pub fn more(count: usize, shown: usize) -> Option<String> {
    (count > shown).then(|| format!("And {} more.", count - shown))
}

/// The first ids, and how many there are beside them.
pub fn some(ids: &[String]) -> String {
    let mut named = ids.iter().take(IDS_MAX).cloned().collect::<Vec<_>>().join(", ");
    if ids.len() > IDS_MAX {
        named.push_str(&format!(" and {} more", ids.len() - IDS_MAX));
    }
    named
}

fn groups(figures: &Figures) -> Option<String> {
    if figures.groups.is_empty() {
        return None;
    }
    let mut parts = vec!["## Equal failures".to_owned()];
    parts.extend(figures.groups.iter().take(GROUPS_MAX).map(group));
    parts.extend(more(figures.groups.len(), GROUPS_MAX));
    Some(parts.join("\n\n"))
}

fn group(group: &Group) -> String {
    let head = format!(
        "**{} learners**, {} {}: {}\n\n{}",
        group.learners.len(),
        group.exercise,
        code(&group.test),
        group.verdict,
        code(&some(&group.learners))
    );
    match example(group) {
        Some(example) => format!("{head}\n\n{}", fence(&example)),
        None => head,
    }
}

/// One failure of the group, in a few lines.
pub fn example(group: &Group) -> Option<String> {
    let failure = group.example.as_ref()?;
    let mut lines = vec![failure.message.clone()];
    if let (Some(actual), Some(expected)) = (&failure.actual, &failure.expected) {
        lines.push(format!("expected {expected:?}\nactual   {actual:?}"));
    }
    let text = lines.join("\n").trim().to_owned();
    (!text.is_empty()).then_some(text)
}

fn time(figures: &Figures) -> String {
    let mut lines = vec![
        "## Where time goes\n\nThe sum over the class.\n".to_owned(),
        "| Test | Time |".to_owned(),
        "|---|--:|".to_owned(),
    ];
    for (test, duration_ms) in figures.slowest.iter().take(ROWS_MAX) {
        lines.push(format!("| {} | {} |", code_cell(test), seconds(*duration_ms)));
    }
    lines.join("\n")
}

fn waiting(figures: &Figures) -> Option<String> {
    let waiting = &figures.waiting;
    let list = |title: &str, list: &[About]| {
        let line = |about: &About| {
            let exercise = if about.exercise.is_empty() {
                String::new()
            } else {
                format!(" {}", about.exercise)
            };
            let sources = if about.sources.is_empty() {
                String::new()
            } else {
                format!(", sources {}", code(&about.sources))
            };
            let (learner, what) = (code(&about.learner), code(&about.what));
            format!("- {learner}{exercise}{sources}: {what}")
        };
        let lines: Vec<_> = list.iter().map(line).collect();
        (!lines.is_empty()).then(|| format!("### {title}\n\n{}", lines.join("\n")))
    };
    let mut parts: Vec<String> = Vec::new();
    if waiting.review.len() + waiting.flags.len() > 0 {
        parts.push(TO_DECIDE.to_owned());
    }
    parts.extend(list(
        "Set aside: counts nothing until somebody has read it",
        &waiting.review,
    ));
    parts.extend(list("To be read, although it counts", &waiting.flags));
    parts.extend(list("Refused", &waiting.refused));
    if !waiting.untimed.is_empty() {
        let ids = code(&waiting.untimed.join(", "));
        parts.push(format!("### Time unknown, taken as on time\n\n{ids}"));
    }
    let codes: Vec<_> = waiting
        .error_codes
        .iter()
        .map(|(error, learners)| format!("- {error}: {}, {}", learners.len(), code(&some(learners))))
        .collect();
    if !codes.is_empty() {
        parts.push(format!(
            "### Does not compile, by the compiler's first error\n\n{}",
            codes.join("\n")
        ));
    }
    (!parts.is_empty()).then(|| format!("## What waits for you\n\n{}", parts.join("\n\n")))
}
