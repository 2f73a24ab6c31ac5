//! What both test files need: a clock that stands still, records out of bytes, the viewer on a screen in memory.

#![allow(dead_code, reason = "each test file uses a part")]

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::tz::TimeZone;
use log_viewer::filter::Filter;
use log_viewer::reader::Records;
use log_viewer::record::{Head, Record};
use log_viewer::split::End;
use log_viewer::time::Clock;
use log_viewer::tui::app::App;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::Modifier;
use unicode_width::UnicodeWidthStr;

/// 2026-11-20T22:00:00Z.
pub const NOW_US: i64 = 1_795_212_000_000_000;

/// A clock in UTC.
pub fn clock() -> Clock {
    Clock::new(NOW_US, TimeZone::UTC)
}

/// The program, with that clock, as a pipe filter.
pub fn program(program: phase7::Program) -> phase7::Program {
    program.args(["--no-tui", "--zone", "UTC", "--now", "2026-11-20T22:00:00Z"])
}

/// The program's path, for what starts it in its own way.
pub const PROGRAM: &str = env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME")));

/// A record that needs no buffer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its place in the file.
    pub offset: u64,
    /// The latest time up to it.
    pub key: i64,
    /// Format, time and level.
    pub head: Head,
    /// Its lines.
    pub bytes: Vec<u8>,
}

/// All records of a file that holds `bytes`.
#[track_caller]
pub fn records(bytes: &[u8]) -> Vec<Kept> {
    let mut records = Records::new(Arc::from("a.log"), bytes, clock());
    let mut kept = Vec::new();
    while records.advance(End::Closed).expect("memory can be read") {
        let record = records.record().expect("one was gone to");
        kept.push(Kept {
            offset: record.offset,
            key: record.key,
            head: record.head,
            bytes: record.bytes.to_vec(),
        });
    }
    kept
}

/// Hands the only record of `bytes` to `ask`.
#[track_caller]
pub fn with_record<T>(bytes: &[u8], ask: impl FnOnce(&Record<'_>) -> T) -> T {
    let mut records = Records::new(Arc::from("a.log"), bytes, clock());
    assert!(
        records.advance(End::Closed).expect("memory can be read"),
        "there is a record"
    );
    ask(&records.record().expect("one was gone to"))
}

/// Whether the only record of `line` fulfils `filter`.
#[track_caller]
pub fn fulfils(line: &str, filter: &str) -> bool {
    let filter =
        Filter::parse(filter, &clock()).unwrap_or_else(|error| panic!("{filter:?} is a filter:\n{error}"));
    with_record(line.as_bytes(), |record| filter.matches(record))
}

/// The value of a field of the only record of `line`, as text.
#[track_caller]
pub fn field(line: &str, name: &str) -> Option<String> {
    let value = with_record(line.as_bytes(), |record| record.field(name));
    value.map(|value| String::from_utf8_lossy(&value).into_owned())
}

/// A viewer of `paths`, called by their last parts, that has read them all.
pub fn viewer(paths: &[&Path]) -> App {
    let mut app = App::new(clock(), Filter::everything());
    for path in paths {
        let name = path.file_name().expect("a file has a name").to_string_lossy();
        let file = Arc::new(File::open(path).expect("the file is there"));
        app.add(&Arc::from(name), &file, Some(path.to_path_buf()));
    }
    app.catch_up();
    app
}

/// Presses keys: a character each, and `\n` for Enter, `\x1b` for Esc. What is to be done is done before the next one,
/// on a window of 80 by 12.
pub fn press(app: &mut App, keys: &str) {
    for key in keys.chars() {
        let code = match key {
            '\n' => KeyCode::Enter,
            '\x1b' => KeyCode::Esc,
            '\x08' => KeyCode::Backspace,
            character => KeyCode::Char(character),
        };
        screen(app, 80, 12);
        app.press(KeyEvent::new(code, KeyModifiers::NONE));
        app.catch_up();
    }
}

/// What the viewer draws in a window of that size, without blanks at the ends of lines.
pub fn screen(app: &mut App, columns: u16, rows: u16) -> String {
    let buffer = draw(app, columns, rows);
    let lines = (0..rows).map(|row| row_of(&buffer, row));
    lines.collect::<Vec<_>>().join("\n")
}

/// The row of the list that is selected, that is, drawn in reverse, in a window of 80 by 12.
pub fn selected(app: &mut App) -> String {
    let buffer = draw(app, 80, 12);
    let is_reversed = |row: &u16| buffer[(40, *row)].modifier.contains(Modifier::REVERSED);
    let row = (1..10).find(is_reversed);
    row.map_or(String::new(), |row| row_of(&buffer, row))
}

fn draw(app: &mut App, columns: u16, rows: u16) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("memory can be drawn to");
    terminal
        .draw(|frame| app.draw(frame))
        .expect("memory can be drawn to");
    terminal.backend().buffer().clone()
}

/// The text of a row. A wide character covers the cell behind its own.
fn row_of(buffer: &Buffer, row: u16) -> String {
    let (mut text, mut column) = (String::new(), 0);
    while column < buffer.area.width {
        let symbol = buffer[(column, row)].symbol();
        text.push_str(symbol);
        column += symbol.width().max(1) as u16;
    }
    text.trim_end().to_owned()
}
