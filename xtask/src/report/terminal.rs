//! The report on a terminal: calm, one line an exercise, the checklist, the next step.
//!
//! Tables fit into [`TABLE`] columns, and nothing is wider than [`COLUMNS`].

use std::io::{self, Write};

use super::style::{self, cut, width};
use super::{escape, words};
use crate::score::{ExerciseResult, ModuleResult, Points, Report, State};
use crate::store::Moment;

/// Cells of a bar.
const BAR: usize = 16;

/// Columns of the widest line.
const COLUMNS: usize = 100;

/// Columns of a table.
const TABLE: usize = 80;

/// Columns of text that is wrapped.
const TEXT: usize = 76;

/// Moments of the history that are shown.
const MOMENTS: usize = 24;

/// Prints the report.
///
/// # Errors
/// When the output cannot be written.
pub fn write(out: &mut impl Write, report: &Report, history: &[Moment]) -> io::Result<()> {
    let table = Table::of(report);
    if report
        .exercises()
        .all(|exercise| exercise.state == State::NotStarted)
    {
        let words = "Every test of an untouched exercise is red: this is the start.";
        writeln!(out, "\n  {}", style::dim(words))?;
    }
    for module in &report.modules {
        table.module(out, module)?;
    }
    table.total(out, report.points, history)?;
    checklist(out, report)?;
    next(out, report)
}

/// The columns of the tables, the same in all modules.
struct Table {
    /// Of an exercise's name.
    name: usize,
    /// Digits of earned and of possible points.
    digits: usize,
}

impl Table {
    fn of(report: &Report) -> Self {
        let longest = report.exercises().map(|exercise| width(&exercise.name)).max();
        Self {
            name: longest.unwrap_or(0).clamp(20, 28),
            digits: report.points.possible.to_string().len().max(2),
        }
    }

    fn module(&self, out: &mut impl Write, module: &ModuleResult) -> io::Result<()> {
        let before = self.name + BAR + 4;
        let title = format!("{} {}", words::number(&module.name), module.title);
        let title = cut(title.trim(), before);
        let gap = " ".repeat(before - width(&title));
        writeln!(out)?;
        let points = self.points(module.points);
        line(out, &format!("{}{gap}  {points}", style::heading(&title)))?;
        module
            .exercises
            .iter()
            .try_for_each(|exercise| self.exercise(out, exercise))
    }

    /// One exercise: its bar, its points, a word where one is due, and below it why.
    fn exercise(&self, out: &mut impl Write, exercise: &ExerciseResult) -> io::Result<()> {
        let name = cut(&exercise.name, self.name);
        let gap = " ".repeat(self.name - width(&name));
        let used = 11 + self.name + BAR + self.digits * 2;
        let remark = words::remark(exercise);
        // What does not fit beside the points stands below them.
        let (remark, rest) = match remark.split_once(", ") {
            Some((first, rest)) if used + width(&remark) > TABLE => (first, rest),
            _ => (remark.as_str(), ""),
        };
        let remark = cut(remark, COLUMNS - used);
        let remark = match exercise.state {
            State::Started => remark,
            State::DoesNotCompile | State::Refused => style::warn(&remark),
            State::NotStarted | State::NotGraded | State::Complete => style::dim(&remark),
        };
        let number = words::number(&exercise.dir);
        let bar = style::bar(exercise.points.percent(), BAR);
        let points = self.points(exercise.points);
        line(out, &format!("{number:<2} {name}{gap} {bar}  {points}  {remark}"))?;
        if !rest.is_empty() {
            line(out, &format!("   {}", cut(rest, COLUMNS - 5)))?;
        }
        notes(exercise)
            .iter()
            .try_for_each(|note| line(out, &format!("   {note}")))
    }

    fn total(&self, out: &mut impl Write, points: Points, history: &[Moment]) -> io::Result<()> {
        let label = style::heading("Together") + &" ".repeat(self.name + 3 - "Together".len());
        let bar = style::bar(points.percent(), BAR);
        let growth = style::dim(&growth(history));
        writeln!(out)?;
        line(out, &format!("{label} {bar}  {}  {growth}", self.points(points)))?;
        if points.not_graded > 0 {
            let words = format!("{} points cannot be graded on this machine", points.not_graded);
            line(out, &style::dim(&words))?;
        }
        Ok(())
    }

    fn points(&self, points: Points) -> String {
        let digits = self.digits;
        let possible = points.possible.to_string();
        let text = format!("{:>digits$}/{possible}", points.earned);
        let gap = " ".repeat(digits.saturating_sub(possible.len()));
        if points.is_full() {
            style::good(&text) + &gap
        } else {
            text + &gap
        }
    }
}

/// Writes a line without the blanks that an empty last column leaves.
fn line(out: &mut impl Write, text: &str) -> io::Result<()> {
    writeln!(out, "  {}", text.trim_end())
}

/// What stands below an exercise's line: why it is for review, was refused, was not graded or does not compile.
fn notes(exercise: &ExerciseResult) -> Vec<String> {
    let fit = |text: &str| cut(escape::log(text).lines().next().unwrap_or_default(), COLUMNS - 18);
    let mut notes = Vec::new();
    for why in &exercise.review {
        notes.push(format!("{} {}", style::bad("for review:"), fit(why)));
    }
    for why in words::reasons(exercise) {
        notes.push(style::dim(&fit(why)));
    }
    if exercise.state == State::DoesNotCompile
        && let Some(error) = &exercise.compile_error
    {
        // What is wrong, and where; `check` shows the rest.
        let mut lines = error.lines().filter(|line| !line.trim().is_empty());
        notes.extend(lines.next().map(|line| style::dim(&fit(line))));
        let place = lines.find(|line| line.trim_start().starts_with("--> "));
        notes.extend(place.map(|line| style::dim(&fit(line.trim()))));
    }
    notes
}

/// How the score has grown, as a row of small bars, when there is more than one moment.
fn growth(history: &[Moment]) -> String {
    const CELLS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    if history.len() < 2 {
        return String::new();
    }
    let from = history.len().saturating_sub(MOMENTS);
    history[from..]
        .iter()
        .map(|moment| CELLS[(moment.points.percent() as usize * 7).div_euclid(100).min(7)])
        .collect()
}

fn checklist(out: &mut impl Write, report: &Report) -> io::Result<()> {
    if report.checklist.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n  {}", style::heading("Checklist"))?;
    let longest = report.checklist.iter().map(|item| width(&item.name)).max();
    let columns = longest.unwrap_or(0).min(60);
    for item in &report.checklist {
        let mark = if item.ticked {
            style::good("[x]")
        } else {
            style::dim("[ ]")
        };
        let name = cut(&item.name, columns);
        let gap = " ".repeat(columns - width(&name));
        let count = format!("{} of {}", item.reached.min(item.wanted), item.wanted);
        line(out, &format!("{mark} {name}{gap}  {}", style::dim(&count)))?;
    }
    Ok(())
}

fn next(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let Some(next) = &report.next else {
        writeln!(out)?;
        for text in style::wrap(report.closing(), TEXT) {
            writeln!(out, "  {}", style::good(&text))?;
        }
        return writeln!(out);
    };
    let lines = style::wrap(&format!("{}: {}", next.exercise, next.why), TEXT - 8);
    for (index, line) in lines.iter().enumerate() {
        let label = if index == 0 { "\n  Next  " } else { "        " };
        writeln!(out, "{}{line}", style::heading(label))?;
    }
    writeln!(out, "        {}\n", style::good(&next.command))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn shown(report: &Report, history: &[Moment]) -> String {
        let mut out = anstream::StripStream::new(Vec::new());
        write(&mut out, report, history).unwrap();
        String::from_utf8(out.into_inner()).unwrap()
    }

    #[test]
    fn a_report_in_every_state_looks_like_this() {
        insta::assert_snapshot!(shown(&fixture::report(), &[]));
    }

    #[test]
    fn tables_checklist_and_next_step_come_in_this_order() {
        let text = shown(&fixture::report(), &[]);
        let parts = [
            "  31 Command-line tools                     15/25\n",
            "  01 file-search          █████░░░░░░░░░░░   5/15  3 of 7 tests\n     1 killed by SIGSEGV, 1 timed out\n",
            "  02 word-count           ████████████████  10/10\n",
            "     error[E0308]: mismatched types\n",
            "     --> 32-network-programming/01-tcp-echo/src/frame.rs:42:5\n",
            "     qemu-system-arm is not installed\n",
            "     for review: hidden::ends_in_order passed",
            "  Together",
            "  [ ] Built multiple CLI tools",
            "  [x] Optimized memory usage                   1 of 1\n",
            "  Next  file-search: rule 4: With",
        ];
        let places = parts.map(|part| text.find(part).unwrap_or_else(|| panic!("{part:?} in\n{text}")));
        assert!(places.is_sorted(), "{places:?}\n{text}");
    }

    #[test]
    fn no_line_is_wider_than_a_hundred_columns() {
        let mut report = fixture::report();
        let exercise = &mut report.modules[0].exercises[0];
        exercise.name = "a-name-that-nobody-would-give-to-an-exercise".to_owned();
        exercise.review = vec!["日本語".repeat(60)];
        report.modules[0].title = "word ".repeat(30);
        report.checklist[0].name = "word ".repeat(30);
        for line in shown(&report, &fixture::history(500)).lines() {
            assert!(width(line) <= COLUMNS, "{line}");
        }
    }

    #[test]
    fn a_beginner_sees_a_quiet_page() {
        let mut out = Vec::new();
        write(&mut out, &fixture::beginner(), &[]).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("this is the start"));
        let red = format!("{}", anstyle::AnsiColor::Red.on_default());
        assert!(!text.contains(&red), "{text}");
    }

    #[test]
    fn nothing_hostile_is_printed() {
        let mut report = fixture::report();
        let error = &mut report.modules[1].exercises[0].compile_error;
        *error = Some("::error::x\n --> \u{1b}[2J##[error]\n".to_owned());
        let text = shown(&report, &[]);
        assert!(
            text.contains("     \\::error::x\n     --> \\u{1b}[2J##\\[error]\n"),
            "{text}"
        );
    }

    #[test]
    fn growth_needs_two_moments() {
        assert_eq!(growth(&fixture::history(1)), "");
        assert_eq!(growth(&fixture::history(500)).chars().count(), MOMENTS);
    }
}
