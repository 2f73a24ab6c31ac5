//! Tables for people. A column in which nothing stands is left out; where room is short, so are the less important ones.

use std::fmt::Write;

use console::{measure_text_width, truncate_str};
use jiff::{Timestamp, Zoned};

use crate::date::{self, When};
use crate::task::{Status, Task};

/// How a line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// As the terminal has it.
    Plain,
    /// A heading: underlined.
    Heading,
    /// Overdue: red.
    Late,
    /// Due today: yellow.
    Soon,
    /// Done: dim.
    Done,
}

/// A table: one string a cell.
#[derive(Debug)]
pub struct Table {
    /// Names of the columns; one that begins with a blank is for numbers, which stand on the right.
    heads: Vec<&'static str>,
    /// Columns that go, the first one first, until the last column has [`LAST_MIN`].
    spare: &'static [usize],
    rows: Vec<(Style, Vec<String>)>,
}

/// What the last column should have, if it needs so much.
const LAST_MIN: usize = 20;

impl Table {
    /// An empty table with these columns, of which the `spare` ones may be left out.
    pub fn new(heads: &[&'static str], spare: &'static [usize]) -> Self {
        Self {
            heads: heads.to_vec(),
            spare,
            rows: Vec::new(),
        }
    }

    /// Adds a line with as many cells as there are columns.
    pub fn row(&mut self, style: Style, cells: Vec<String>) {
        assert_eq!(cells.len(), self.heads.len(), "a cell for each column");
        self.rows.push((style, cells));
    }

    /// The columns that are shown, with their widths.
    fn columns(&self, width: Option<usize>) -> Vec<(usize, usize)> {
        let mut widths = vec![0; self.heads.len()];
        for (_, cells) in &self.rows {
            for (width, cell) in widths.iter_mut().zip(cells) {
                *width = columns_of(cell).max(*width);
            }
        }
        let shown = widths.into_iter().zip(&self.heads).enumerate();
        let mut columns: Vec<(usize, usize)> = shown
            .filter(|(_, (width, _))| *width > 0)
            .map(|(column, (width, head))| (column, width.max(head.trim().len())))
            .collect();
        let width = width.unwrap_or(usize::MAX);
        for spare in self.spare {
            let last = columns.last().map_or(0, |(_, wide)| *wide);
            let others: usize = columns
                .iter()
                .map(|(_, wide)| wide + 2)
                .sum::<usize>()
                .saturating_sub(last + 2);
            if others + last.min(LAST_MIN) <= width {
                break;
            }
            columns.retain(|(column, _)| column != spare);
        }
        columns
    }

    /// The table as text; no line is wider than `width`.
    pub fn render(&self, width: Option<usize>, color: bool) -> String {
        let mut text = String::new();
        let columns = self.columns(width);
        let heads: Vec<String> = self.heads.iter().map(|head| head.trim().to_owned()).collect();
        let mut line = |style, cells: &[String]| {
            let mut line = String::new();
            for &(column, wide) in &columns {
                let cell = &cells[column];
                let padding = " ".repeat(wide - columns_of(cell));
                match self.heads[column].starts_with(' ') {
                    true => write!(line, "{padding}{cell}  "),
                    false => write!(line, "{cell}{padding}  "),
                }
                .expect("a string takes everything");
            }
            let line = line.trim_end();
            let line = match width {
                Some(width) if columns_of(line) > width => truncate_str(line, width, "…"),
                _ => line.into(),
            };
            paint(&mut text, style, &line, color);
        };
        line(Style::Heading, &heads);
        for (style, cells) in &self.rows {
            line(*style, cells);
        }
        text
    }
}

/// How many columns a text takes. Most texts are ASCII, and there is nothing to look up.
fn columns_of(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        measure_text_width(text)
    }
}

fn paint(text: &mut String, style: Style, line: &str, color: bool) {
    let code = match style {
        Style::Heading => "4",
        Style::Late => "31",
        Style::Soon => "33",
        Style::Done => "2",
        Style::Plain => "",
    };
    if color && !code.is_empty() {
        writeln!(text, "\x1b[{code}m{line}\x1b[0m").expect("a string takes everything");
    } else {
        text.push_str(line);
        text.push('\n');
    }
}

/// Tasks, and a line that sums them up.
pub fn tasks(tasks: &[&Task], now: &Zoned, width: Option<usize>, color: bool) -> String {
    let mut table = Table::new(
        &[" ID", "DONE", "DUE", "P", "PROJECT", "TAGS", "EVERY", "TASK"],
        &[5, 6, 4, 1],
    );
    let today = date::today(now);
    let show = |date: Option<Timestamp>| date.map_or(String::new(), |date| date::show(date, now));
    for task in tasks {
        let cells = vec![
            task.id.to_string(),
            show(task.end),
            show(task.due),
            task.priority
                .map_or(String::new(), |priority| priority.to_string()),
            task.project.clone().unwrap_or_default(),
            task.tags.join(" "),
            task.recur.map_or(String::new(), |recur| recur.to_string()),
            task.description.clone(),
        ];
        table.row(style(task, now.timestamp(), today), cells);
    }
    let late = tasks
        .iter()
        .filter(|task| task.is_overdue(now.timestamp()))
        .count();
    let mut text = table.render(width, color);
    let noun = if tasks.len() == 1 { "task" } else { "tasks" };
    write!(text, "\n{} {noun}", tasks.len()).expect("a string takes everything");
    if late > 0 {
        write!(text, ", {late} overdue").expect("a string takes everything");
    }
    text.push('\n');
    text
}

fn style(task: &Task, now: Timestamp, today: When) -> Style {
    if task.status == Status::Completed {
        Style::Done
    } else if task.is_overdue(now) {
        Style::Late
    } else if task.due.is_some_and(|due| due <= today.last) {
        Style::Soon
    } else {
        Style::Plain
    }
}

/// A line a task, for scripts: nothing is left out, and dates are in UTC.
pub fn tsv(tasks: &[&Task]) -> String {
    let mut text = String::new();
    for task in tasks {
        let date = |date: Option<Timestamp>| date.map_or(String::new(), |date| date.to_string());
        let cells = [
            task.id.to_string(),
            if task.status == Status::Pending {
                "pending"
            } else {
                "completed"
            }
            .to_owned(),
            date(task.due),
            task.priority
                .map_or(String::new(), |priority| priority.to_string()),
            task.project.clone().unwrap_or_default(),
            task.tags.join(","),
            task.recur.map_or(String::new(), |recur| recur.to_string()),
            task.description.clone(),
        ];
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }
    text
}

/// A JSON array with a task a line.
pub fn json<'a>(tasks: impl IntoIterator<Item = &'a Task>) -> String {
    let line = |task: &Task| serde_json::to_string(task).expect("strings, numbers and lists are JSON");
    let lines: Vec<String> = tasks.into_iter().map(line).collect();
    if lines.is_empty() {
        "[]\n".to_owned()
    } else {
        format!("[\n{}\n]\n", lines.join(",\n"))
    }
}
