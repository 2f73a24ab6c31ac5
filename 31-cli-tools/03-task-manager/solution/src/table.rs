//! Tables for people. A column in which nothing stands is left out; where room is short, so are the less important ones.

use std::fmt::{Display, Write};

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

/// A table. The contents of all cells stand in one text: a string for each of a hundred thousand would be most of the work.
#[derive(Debug)]
pub struct Table {
    /// Names of the columns; one that begins with a blank is for numbers, which stand on the right.
    heads: Vec<&'static str>,
    /// Columns that go, the first one first, until the last column has [`LAST_MIN`].
    spare: &'static [usize],
    /// A style for each row.
    styles: Vec<Style>,
    /// The cells, row by row, one behind the other.
    text: String,
    /// Where each cell ends in `text`.
    ends: Vec<usize>,
}

/// What the last column should have, if it needs so much.
const LAST_MIN: usize = 20;

impl Table {
    /// An empty table with these columns, of which the `spare` ones may be left out.
    pub fn new(heads: &[&'static str], spare: &'static [usize]) -> Self {
        Self {
            heads: heads.to_vec(),
            spare,
            styles: Vec::new(),
            text: String::new(),
            ends: Vec::new(),
        }
    }

    /// Begins a row. A [`Table::cell`] for each column follows.
    pub fn row(&mut self, style: Style) {
        assert_eq!(
            self.ends.len(),
            self.styles.len() * self.heads.len(),
            "a cell for each column"
        );
        self.styles.push(style);
    }

    /// The next cell of the row is what `write` appends.
    pub fn cell(&mut self, write: impl FnOnce(&mut String)) {
        write(&mut self.text);
        self.ends.push(self.text.len());
    }

    /// The cells of all rows.
    fn cells(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.text[start..*end])
    }

    /// The columns that are shown, with their widths.
    fn columns(&self, width: Option<usize>) -> Vec<(usize, usize)> {
        let mut widths = vec![0; self.heads.len()];
        for (number, cell) in self.cells().enumerate() {
            let width = &mut widths[number % self.heads.len()];
            *width = columns_of(cell).max(*width);
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
        let columns = self.columns(width);
        let mut text = String::with_capacity(2 * self.text.len());
        let mut line = String::new();
        let mut print = |style, cells: &[&str]| {
            line.clear();
            for &(column, wide) in &columns {
                let cell = cells[column];
                let padding = std::iter::repeat_n(' ', wide - columns_of(cell));
                if self.heads[column].starts_with(' ') {
                    line.extend(padding);
                    line.push_str(cell);
                } else {
                    line.push_str(cell);
                    line.extend(padding);
                }
                line.push_str("  ");
            }
            let line = line.trim_end();
            let line = match width {
                Some(width) if columns_of(line) > width => truncate_str(line, width, "…"),
                _ => line.into(),
            };
            paint(&mut text, style, &line, color);
        };
        let heads: Vec<&str> = self.heads.iter().map(|head| head.trim()).collect();
        print(Style::Heading, &heads);
        let mut cells = self.cells();
        let mut row = heads;
        for style in &self.styles {
            row.iter_mut()
                .for_each(|cell| *cell = cells.next().expect("a cell for each column"));
            print(*style, &row);
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

/// Appends what is there.
fn append(out: &mut String, value: Option<impl Display>) {
    if let Some(value) = value {
        write!(out, "{value}").expect("a string takes everything");
    }
}

/// Tasks, and a line that sums them up.
pub fn tasks(tasks: &[&Task], now: &Zoned, width: Option<usize>, color: bool) -> String {
    let mut table = Table::new(
        &[" ID", "DONE", "DUE", "P", "PROJECT", "TAGS", "EVERY", "TASK"],
        &[5, 6, 4, 1],
    );
    let today = date::today(now);
    let show = |date: Option<Timestamp>, out: &mut String| {
        if let Some(date) = date {
            out.push_str(&date::show(date, now));
        }
    };
    for task in tasks {
        table.row(style(task, now.timestamp(), today));
        table.cell(|out| append(out, Some(task.id)));
        table.cell(|out| show(task.end, out));
        table.cell(|out| show(task.due, out));
        table.cell(|out| append(out, task.priority));
        table.cell(|out| out.push_str(task.project.as_deref().unwrap_or_default()));
        table.cell(|out| out.push_str(&task.tags.join(" ")));
        table.cell(|out| append(out, task.recur));
        table.cell(|out| out.push_str(&task.description));
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
