//! The report on a terminal: calm, one line an exercise, the checklist, the next step.

use std::io::{self, Write};

use super::style;
use crate::run::Verdict;
use crate::score::{ExerciseResult, Points, Report, State};
use crate::store::Moment;

/// Cells of a bar.
const BAR: usize = 16;

/// Prints the report.
///
/// # Errors
/// When the output cannot be written.
pub fn write(out: &mut impl Write, report: &Report, history: &[Moment]) -> io::Result<()> {
    for module in &report.modules {
        let number = module.name.split_once('-').map_or("", |(number, _)| number);
        writeln!(
            out,
            "\n  {} {}",
            style::heading(number),
            style::heading(&module.title)
        )?;
        for exercise in &module.exercises {
            row(out, exercise)?;
        }
    }
    let total = report.points;
    writeln!(
        out,
        "\n  {:<25} {}  {}{}",
        "Together",
        style::bar(total.percent(), BAR),
        points(total),
        growth(history)
    )?;
    if !report.checklist.is_empty() {
        writeln!(out, "\n  {}", style::heading("Checklist"))?;
        for item in &report.checklist {
            let mark = if item.ticked {
                style::good("[x]")
            } else {
                style::dim("[ ]")
            };
            let count = format!("{} of {}", item.reached.min(item.wanted), item.wanted);
            writeln!(out, "  {mark} {:<44} {}", item.name, style::dim(&count))?;
        }
    }
    match &report.next {
        Some(next) => writeln!(
            out,
            "\n  {} {}: {}\n       {}\n",
            style::heading("Next"),
            next.exercise,
            next.why,
            style::good(&next.command)
        ),
        None => writeln!(
            out,
            "\n  {}\n",
            style::good("Everything that can be graded here is earned.")
        ),
    }
}

/// One exercise: its bar, its points, and a word where one is due.
fn row(out: &mut impl Write, exercise: &ExerciseResult) -> io::Result<()> {
    let number = exercise
        .dir
        .rsplit('/')
        .next()
        .and_then(|dir| dir.split('-').next())
        .unwrap_or_default();
    let bar = style::bar(exercise.points.percent(), BAR);
    writeln!(
        out,
        "  {number} {:<22} {bar}  {}  {}",
        exercise.name,
        points(exercise.points),
        remark(exercise)
    )?;
    for reason in &exercise.review {
        writeln!(out, "     {} {reason}", style::bad("for review:"))?;
    }
    if exercise.state == State::DoesNotCompile
        && let Some(error) = &exercise.compile_error
    {
        for line in error.trim_end().lines().take(12) {
            writeln!(out, "     {}", style::dim(line))?;
        }
    }
    Ok(())
}

fn points(points: Points) -> String {
    let text = format!("{:>3}/{}", points.earned, points.possible);
    if points.is_full() {
        style::good(&text)
    } else {
        text
    }
}

/// What the bar does not say.
fn remark(exercise: &ExerciseResult) -> String {
    let mut remarks = Vec::new();
    match exercise.state {
        State::NotStarted => remarks.push(style::dim("not started")),
        State::DoesNotCompile => remarks.push(style::warn("does not compile")),
        State::Refused | State::NotGraded => {}
        State::Started | State::Complete => {
            let passed = exercise
                .tests
                .iter()
                .filter(|test| test.verdict == Verdict::Passed)
                .count();
            if exercise.state == State::Started {
                remarks.push(format!("{passed} of {} tests", exercise.tests.len()));
            }
        }
    }
    let mut counts = std::collections::BTreeMap::new();
    for test in &exercise.tests {
        if !matches!(
            test.verdict,
            Verdict::Passed | Verdict::Failed | Verdict::DoesNotCompile
        ) {
            *counts.entry(test.verdict.to_string()).or_insert(0) += 1;
        }
    }
    remarks.extend(
        counts
            .into_iter()
            .map(|(word, count)| style::warn(&format!("{count} {word}"))),
    );
    remarks.join(", ")
}

/// How the score has grown, as a row of small bars, when there is more than one moment.
fn growth(history: &[Moment]) -> String {
    const CELLS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    if history.len() < 2 {
        return String::new();
    }
    let from = history.len().saturating_sub(24);
    let cells: String = history[from..]
        .iter()
        .map(|moment| CELLS[(moment.points.percent() as usize * 7).div_euclid(100).min(7)])
        .collect();
    format!("  {}", style::dim(&cells))
}
