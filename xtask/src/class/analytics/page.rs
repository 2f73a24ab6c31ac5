//! `analytics.html`.

mod waiting;

use super::markdown::{GROUPS_MAX, ROWS_MAX, example, more, some};
use super::{ExerciseFigures, Figures, Group, Share, seconds};
use crate::class::page::{self, Width, bar, name, table};
use crate::report::escape::html;
use crate::report::html::prose;

/// The page.
pub fn text(figures: &Figures) -> String {
    let body = format!(
        "{}<main>\n{}{}{}{}{}{}{}</main>\n",
        header(figures),
        distribution(figures),
        waiting::section(figures),
        exercises(figures),
        shares("Tests that fail most", "Test", &figures.tests),
        shares("Rules that are broken most", "Rule", &figures.rules),
        groups(figures),
        time(figures)
    );
    page::page("phase7: the class", Width::Text, &body)
}

fn header(figures: &Figures) -> String {
    let card =
        |number: &str, words: &str| format!("<li><strong>{number}</strong><span>{words}</span></li>\n");
    let waiting = &figures.waiting;
    let cards = [
        card(
            &format!("{} of {}", figures.handed_in, figures.learners),
            "learners handed in",
        ),
        card(&format!("{} %", figures.average), "average"),
        card(&format!("{} %", figures.median), "median"),
        card(&waiting.review.len().to_string(), "set aside for review"),
        card(&waiting.refused.len().to_string(), "refused"),
    ];
    format!(
        "<header class=\"plain\">\n<p class=\"course\">phase7</p>\n<h1>The class</h1>\n\
         <p class=\"when\">For the instructor: hidden tests stand here by name.</p>\n<ul class=\"cards\">\n{}</ul>\n</header>\n",
        cards.concat()
    )
}

/// A part of the page; title, lead and body are HTML.
fn section(title: &str, lead: &str, body: &str) -> String {
    let lead = if lead.is_empty() {
        String::new()
    } else {
        format!("<p class=\"lead\">{lead}</p>\n")
    };
    format!("<section>\n<h2>{title}</h2>\n{lead}{body}</section>\n")
}

fn distribution(figures: &Figures) -> String {
    let most = figures.tenths.iter().copied().max().unwrap_or(0).max(1);
    let bins: String = figures
        .tenths
        .iter()
        .enumerate()
        .map(|(tenth, count)| {
            let height = 100.0 * *count as f64 / most as f64;
            let to = if tenth == 9 { 100 } else { tenth * 10 + 9 };
            let column = if *count == 0 {
                String::new()
            } else {
                format!("<span style=\"height:{height:.1}%\"></span>")
            };
            format!(
                "<li><div class=\"column\"><b>{count}</b>{column}</div>{}–{to}</li>\n",
                tenth * 10
            )
        })
        .collect();
    let lead = "Learners by final per cent, of those who handed in.";
    section(
        "Distribution",
        lead,
        &format!("<ol class=\"bins\">\n{bins}</ol>\n"),
    )
}

fn exercises(figures: &Figures) -> String {
    let row = |exercise: &ExerciseFigures| {
        let average = exercise.average;
        vec![
            nowrap(&exercise.info.name),
            nowrap(&format!("{} of {}", exercise.handed_in, figures.learners)),
            exercise.complete.to_string(),
            exercise.broken.to_string(),
            format!("{average} %{}", bar(average.as_f64(), "")),
            nowrap(&seconds(exercise.duration_ms)),
        ]
    };
    let rows: Vec<_> = figures.exercises.iter().map(row).collect();
    let headings = [
        "Exercise",
        "Handed in",
        "Complete",
        "Does not compile",
        "Average",
        "Time of its tests",
    ];
    section(
        "Exercises",
        "",
        &table("Figures of each exercise", &headings, &rows),
    )
}

/// Text that stays on one line.
fn nowrap(text: &str) -> String {
    format!("<span class=\"nowrap\">{}</span>", html(text))
}

fn shares(title: &str, what: &str, shares: &[Share]) -> String {
    if shares.is_empty() {
        return String::new();
    }
    let row = |share: &Share| {
        let what = if share.test.is_empty() {
            format!("<strong>Rule {}</strong> {}", share.rule, prose(&share.sentence))
        } else {
            let (test, rule) = (name(&share.test), prose(&share.sentence));
            format!(
                "<code>{test}</code><span class=\"hint\">Rule {}: {rule}</span>",
                share.rule
            )
        };
        let percent = share.percent();
        vec![
            what,
            nowrap(&share.exercise),
            nowrap(&format!("{} of {}", share.failed, share.graded)),
            format!("{percent} %{}", bar(percent.as_f64(), "warm")),
        ]
    };
    let rows: Vec<_> = shares.iter().take(ROWS_MAX).map(row).collect();
    let more = more(shares.len(), ROWS_MAX)
        .map_or_else(String::new, |more| format!("<p class=\"lead\">{more}</p>\n"));
    let table = table(title, &[what, "Exercise", "Fail", "Share"], &rows);
    section(title, "Of those who handed the exercise in.", &(table + &more))
}

fn groups(figures: &Figures) -> String {
    if figures.groups.is_empty() {
        return String::new();
    }
    let groups: String = figures.groups.iter().take(GROUPS_MAX).map(group).collect();
    let more = more(figures.groups.len(), GROUPS_MAX)
        .map_or_else(String::new, |more| format!("<p class=\"lead\">{more}</p>\n"));
    let lead = "The same test with the same words, but for numbers, addresses and paths: what to talk about in class.";
    section("Equal failures", lead, &(groups + &more))
}

fn group(group: &Group) -> String {
    let example = example(group).map_or_else(String::new, |example| format!("<pre>{}</pre>", html(&example)));
    format!(
        "<div class=\"group\"><p><strong>{} learners</strong> · {} <code>{}</code> {}</p>\
         <span class=\"hint\">{}</span>{example}</div>\n",
        group.learners.len(),
        html(&group.exercise),
        name(&group.test),
        html(&group.verdict),
        html(&some(&group.learners))
    )
}

fn time(figures: &Figures) -> String {
    let longest = figures
        .slowest
        .first()
        .map_or(1, |(_, duration_ms)| *duration_ms)
        .max(1);
    let row = |(test, duration_ms): &(String, u64)| {
        let share = 100.0 * *duration_ms as f64 / longest as f64;
        vec![
            format!("<code>{}</code>", name(test)),
            format!("{}{}", seconds(*duration_ms), bar(share, "soft")),
        ]
    };
    let rows: Vec<_> = figures.slowest.iter().take(ROWS_MAX).map(row).collect();
    section(
        "Where time goes",
        "The sum over the class.",
        &table("Time of each test", &["Test", "Time"], &rows),
    )
}
