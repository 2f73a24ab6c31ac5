//! What a terminal says when a class is graded: how it went, what waits for a person, what changed, what was written.
//!
//! Ids and reasons come from submissions: they are made harmless here.

use std::io::{self, Write};

use super::analytics::Figures;
use super::output::Written;
use super::regrade::Changes;
use crate::report::escape::log;
use crate::report::style::{self, cut, width};
use crate::score::SOURCES_DIGITS;

/// Cells of a bar.
const BAR: usize = 16;

/// Columns of the widest line.
const COLUMNS: usize = 100;

/// Lines of each list; files have the rest.
const LINES_MAX: usize = 12;

/// Prints the summary.
///
/// # Errors
/// When the output cannot be written.
pub fn write(out: &mut impl Write, figures: &Figures, written: &Written) -> io::Result<()> {
    counts(out, figures)?;
    exercises(out, figures)?;
    waiting(out, figures)?;
    if let Some(changes) = &written.changes {
        regrade(out, changes)?;
    }
    for warning in &written.warnings {
        line(out, &style::warn(&fit(warning, COLUMNS - 2)))?;
    }
    files(out, written)
}

fn counts(out: &mut impl Write, figures: &Figures) -> io::Result<()> {
    let refused = figures
        .waiting
        .refused
        .iter()
        .filter(|about| about.exercise.is_empty())
        .count();
    let absent = figures.learners.saturating_sub(figures.handed_in + refused);
    let mut facts = vec![format!("{} handed in", figures.handed_in)];
    facts.extend((refused > 0).then(|| format!("{refused} refused")));
    facts.extend((absent > 0).then(|| format!("{absent} not handed in")));
    let head = style::heading(&format!("{} learners", figures.learners));
    writeln!(out)?;
    line(out, &format!("{head}: {}", facts.join(", ")))
}

fn exercises(out: &mut impl Write, figures: &Figures) -> io::Result<()> {
    let longest = figures
        .exercises
        .iter()
        .map(|exercise| width(&exercise.info.name))
        .max();
    let columns = longest.unwrap_or(0).clamp(20, 28);
    writeln!(out)?;
    for exercise in &figures.exercises {
        let name = cut(&exercise.info.name, columns);
        let gap = " ".repeat(columns - width(&name));
        let percent = (exercise.average.0 / 10) as u32;
        let mut facts = vec![
            format!("{} handed in", exercise.handed_in),
            format!("{} complete", exercise.complete),
        ];
        facts.extend((exercise.broken > 0).then(|| format!("{} do not compile", exercise.broken)));
        let facts = style::dim(&facts.join(", "));
        line(
            out,
            &format!(
                "{name}{gap} {}  {:>5} %  {facts}",
                style::bar(percent, BAR),
                exercise.average
            ),
        )?;
    }
    let label = style::heading("Together") + &" ".repeat(columns.saturating_sub("Together".len()));
    let percent = (figures.average.0 / 10) as u32;
    let facts = style::dim(&format!("on average, median {} %", figures.median));
    line(
        out,
        &format!(
            "{label} {}  {:>5} %  {facts}",
            style::bar(percent, BAR),
            figures.average
        ),
    )
}

/// What a person must look at, the most pressing first.
fn waiting(out: &mut impl Write, figures: &Figures) -> io::Result<()> {
    let waiting = &figures.waiting;
    let lists = [
        (
            style::bad("Set aside, counts nothing until it has been read"),
            &waiting.review,
        ),
        (style::warn("To be read, although it counts"), &waiting.flags),
        (style::warn("Refused"), &waiting.refused),
    ];
    for (title, list) in lists {
        if list.is_empty() {
            continue;
        }
        writeln!(out)?;
        line(out, &title)?;
        for about in list.iter().take(LINES_MAX) {
            let mut place = fit(&format!("{}  {}", about.learner, about.exercise), 40);
            if !about.sources.is_empty() {
                place += &format!("  {}", fit(&about.sources, SOURCES_DIGITS));
            }
            let why = fit(&about.what, COLUMNS - 8 - width(&place));
            line(out, &format!("  {place}  {}", style::dim(&why)))?;
        }
        more(out, list.len())?;
        if list.iter().any(|about| !about.sources.is_empty()) {
            line(
                out,
                &style::dim("  once read: [[reviewed]] in the policy, with the sources that stand here"),
            )?;
        }
    }
    if !waiting.untimed.is_empty() {
        writeln!(out)?;
        let ids = fit(&waiting.untimed.join(", "), COLUMNS - 42);
        line(
            out,
            &format!("{} {ids}", style::warn("Time unknown, taken as on time:")),
        )?;
    }
    Ok(())
}

fn regrade(out: &mut impl Write, changes: &Changes) -> io::Result<()> {
    writeln!(out)?;
    if changes.course_differs {
        line(
            out,
            &style::warn("The course or the grader is another one than last time."),
        )?;
    }
    if changes.is_empty() {
        return line(out, "No verdict changed since the last grading.");
    }
    let count = changes.verdicts.len();
    let plural = if count == 1 { "" } else { "s" };
    line(
        out,
        &style::heading(&format!("{count} verdict{plural} changed since the last grading")),
    )?;
    for change in changes.verdicts.iter().take(LINES_MAX) {
        let test = if change.test.is_empty() {
            "the exercise"
        } else {
            &change.test
        };
        let place = fit(&format!("{}  {} {test}", change.learner, change.exercise), 64);
        let from_to = format!("{} → {}", change.from.0, change.to.0);
        let points = format!("{} → {}", change.from.1, change.to.1);
        line(out, &format!("  {place}"))?;
        line(out, &format!("    {from_to}, {} points", style::dim(&points)))?;
    }
    more(out, count)?;
    for (word, ids) in [("New", &changes.new), ("Gone", &changes.gone)] {
        if !ids.is_empty() {
            line(out, &format!("{word}: {}", fit(&ids.join(", "), COLUMNS - 10)))?;
        }
    }
    Ok(())
}

fn more(out: &mut impl Write, count: usize) -> io::Result<()> {
    match count.checked_sub(LINES_MAX) {
        None | Some(0) => Ok(()),
        Some(more) => line(out, &style::dim(&format!("  and {more} more"))),
    }
}

fn files(out: &mut impl Write, written: &Written) -> io::Result<()> {
    writeln!(out)?;
    line(
        out,
        &format!(
            "{} {}",
            style::heading("Written to"),
            fit(&written.directory.display().to_string(), 80)
        ),
    )?;
    for text in style::wrap(&written.files.join("  "), 76) {
        line(out, &format!("  {text}"))?;
    }
    if written.feedback > 0 {
        line(
            out,
            &format!(
                "  feedback/ for {} learners, as Markdown and as pages",
                written.feedback
            ),
        )?;
    }
    writeln!(out)
}

/// Harmless text on one line, cut to `columns`.
fn fit(text: &str, columns: usize) -> String {
    let text = log(text).replace(['\n', '\t'], " ");
    cut(text.trim_end(), columns)
}

/// Writes a line without the blanks that an empty last column leaves.
fn line(out: &mut impl Write, text: &str) -> io::Result<()> {
    writeln!(out, "  {}", text.trim_end())
}

#[cfg(test)]
mod tests;
