//! The table of processes.

use ratatui::style::{Color, Modifier, Style};

use super::{Canvas, Screen, page};
use crate::figures;
use crate::sample::Process;
use crate::view::{Row, SortKey};

/// The command gives way to no column that can be left out before it has so many columns.
const COMMAND_MIN_COLUMNS: u16 = 16;

/// A column of the table. The command, which comes last, takes what is left.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Pid,
    User,
    State,
    Cpu,
    Memory,
    Resident,
    Threads,
}

/// All columns from left to right, with their headings and widths.
const COLUMNS: [(Column, &str, u16); 7] = [
    (Column::Pid, "PID", 7),
    (Column::User, "USER", 8),
    (Column::State, "S", 1),
    (Column::Cpu, "CPU%", 5),
    (Column::Memory, "MEM%", 5),
    (Column::Resident, "RES", 4),
    (Column::Threads, "THR", 4),
];

/// What is left out of a narrow table, in this order.
const DISPENSABLE: [Column; 5] = [
    Column::Threads,
    Column::User,
    Column::Resident,
    Column::Memory,
    Column::State,
];

/// Draws the heading in `line`, and below it the `rows` of the page that holds the cursor.
pub fn table(canvas: &mut Canvas<'_>, line: u16, rows: u16, screen: &Screen<'_>) {
    let columns = columns(canvas.area.width);
    heading(canvas, line, &columns, screen);
    let page = page(rows, screen.state.cursor, screen.rows.len());
    let mut text = String::new();
    for (index, line) in page.zip(line + 1..) {
        row(canvas, line, &columns, &screen.rows[index], screen, &mut text);
        if index == screen.state.cursor {
            canvas.paint(line, Style::new().add_modifier(Modifier::REVERSED));
        }
    }
}

/// The columns that so wide a table has, each with its width.
fn columns(width: u16) -> Vec<(Column, &'static str, u16)> {
    let mut columns = COLUMNS.to_vec();
    for dispensable in DISPENSABLE {
        // A blank behind each.
        let used: u16 = columns.iter().map(|(.., width)| width + 1).sum();
        if width.saturating_sub(used) >= COMMAND_MIN_COLUMNS {
            break;
        }
        columns.retain(|(column, ..)| *column != dispensable);
    }
    columns
}

fn heading(canvas: &mut Canvas<'_>, line: u16, columns: &[(Column, &str, u16)], screen: &Screen<'_>) {
    let order = &screen.state.order;
    let descends = matches!(order.sort, SortKey::Cpu | SortKey::Memory) != order.reversed;
    let mark = if descends { "▼" } else { "▲" };
    let mut at = 0;
    for (column, name, width) in columns {
        let is_sorted = matches!(
            (column, order.sort),
            (Column::Cpu, SortKey::Cpu) | (Column::Memory, SortKey::Memory) | (Column::Pid, SortKey::Pid)
        );
        let name = format!("{name}{}", if is_sorted { mark } else { "" });
        let width = usize::from(*width);
        let text = match column {
            Column::User | Column::State => format!("{name:<width$} "),
            _ => format!("{name:>width$} "),
        };
        at = canvas.put(at, line, u16::MAX, &text, Style::new());
    }
    let mark = if order.sort == SortKey::Name { mark } else { "" };
    canvas.put(at, line, u16::MAX, &format!("COMMAND{mark}"), Style::new());
    let style = canvas.color(Color::Cyan).add_modifier(Modifier::BOLD);
    canvas.paint(line, style);
}

/// Draws a row; `text` is memory for its cells.
fn row(
    canvas: &mut Canvas<'_>,
    line: u16,
    columns: &[(Column, &str, u16)],
    row: &Row,
    screen: &Screen<'_>,
    text: &mut String,
) {
    let process = &screen.sample.processes[row.index];
    let mut at = 0;
    for &(column, _, width) in columns {
        let style = match (column, process.state) {
            (Column::State, 'R') => canvas.color(Color::Green),
            (Column::State, 'D' | 'Z') => canvas.color(Color::Red),
            _ => Style::new(),
        };
        cell(text, column, process, screen.rates.processes[row.index], screen);
        let columns = text.chars().count() as u16;
        let is_left = matches!(column, Column::User | Column::State);
        let blanks = if is_left { 0 } else { width.saturating_sub(columns) };
        canvas.put(at + blanks, line, width, text, style);
        at += width + 1;
    }
    text.clear();
    branches(text, row);
    at = canvas.put(at, line, u16::MAX, text, canvas.color(Color::DarkGray));
    match process.command_line() {
        Some(command) => canvas.put(at, line, u16::MAX, command, Style::new()),
        None => {
            let name = format!("[{}]", process.name);
            canvas.put(at, line, u16::MAX, &name, canvas.color(Color::DarkGray))
        }
    };
}

fn cell(text: &mut String, column: Column, process: &Process, cpu_percent: f64, screen: &Screen<'_>) {
    text.clear();
    match column {
        Column::Pid => *text += &process.identity.pid.to_string(),
        Column::User => match process.details.as_ref().and_then(|details| details.uid) {
            None => *text += "?",
            Some(uid) => match screen.users.name(uid) {
                Some(name) => *text += name,
                None => *text += &uid.to_string(),
            },
        },
        Column::State => text.push(process.state),
        Column::Cpu => *text += &figures::percent(cpu_percent),
        Column::Memory => {
            let total = screen.sample.memory.as_ref().map(|memory| memory.total_bytes);
            match total.filter(|&total| total > 0) {
                Some(total) => {
                    *text += &figures::percent(process.resident_bytes as f64 * 100.0 / total as f64)
                }
                None => *text += "-",
            }
        }
        Column::Resident => *text += &figures::bytes(process.resident_bytes as f64),
        Column::Threads => *text += &process.threads.to_string(),
    }
}

/// The lines of the tree before a command: `│  └─ `.
fn branches(text: &mut String, row: &Row) {
    // What is deeper would be off the screen.
    for level in 1..=row.depth.min(63) {
        let goes_on = row.rails >> level & 1 == 1;
        *text += match (level == row.depth, goes_on) {
            (true, true) => "├─ ",
            (true, false) => "└─ ",
            (false, true) => "│  ",
            (false, false) => "   ",
        };
    }
}
