//! What covers the list: all of a record, or what the keys are.

use std::ops::ControlFlow;

use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};

use super::app::App;
use super::draw::printable;
use crate::time;

/// No more lines of a record are shown, and no more columns of a line: its end is for `--no-tui`.
const LINES_MAX: usize = 10_000;
const COLUMNS_MAX: usize = 4096;

/// The keys, and what they do.
const KEYS: [(&str, &str); 15] = [
    ("j k, arrows", "next and previous record; to the side"),
    ("d u, Space b", "half a window, a window"),
    ("g G", "first record; last record, and stay there"),
    ("/ ?", "search for a regular expression, backwards"),
    ("n N", "again; the other way"),
    ("f", "filter"),
    ("", "  level>=warn and status=500 and not msg~\"time.?out\""),
    ("", "  = != < <= > >= ~ !~  and or not ( ) has NAME \"text\""),
    ("t", "go to a time: 2026-11-20T22:01, or -90m"),
    ("m", "set a bookmark, or take it away"),
    ("] [", "next and previous bookmark"),
    ("h", "show or hide events over time"),
    ("Enter", "all of a record"),
    ("Esc", "give up a search, close this"),
    ("q, Ctrl-C", "close this; end"),
];

/// The text and the fields of the selected record.
pub(super) fn record(app: &App) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let Some(hit) = app.view.selected() else {
        return lines;
    };
    app.with_record(&hit, |record| {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        let place = format!(
            "{} at byte {}, {}",
            record.file,
            record.offset,
            record.head.format.name()
        );
        lines.push(Line::styled(printable(&place, COLUMNS_MAX), bold));
        if let Some(time_us) = record.head.time_us {
            lines.push(Line::from(time::rfc3339(time_us)));
        }
        lines.push(Line::default());
        for line in record.text().split(|byte| *byte == b'\n').take(LINES_MAX) {
            let line = &line[..line.len().min(COLUMNS_MAX * 4)];
            lines.push(Line::from(printable(&String::from_utf8_lossy(line), COLUMNS_MAX)));
        }
        lines.push(Line::default());
        record.fields(&mut |name, value| {
            let value = &value[..value.len().min(COLUMNS_MAX * 4)];
            lines.push(Line::from(vec![
                Span::styled(format!("{}: ", printable(name, 40)), Style::new().fg(Color::Cyan)),
                Span::raw(printable(&String::from_utf8_lossy(value), COLUMNS_MAX)),
            ]));
            match lines.len() > 2 * LINES_MAX {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        });
    });
    lines
}

/// What the keys are.
pub(super) fn help() -> Vec<Line<'static>> {
    let line = |(keys, what): (&'static str, &'static str)| {
        Line::from(vec![
            Span::styled(format!(" {keys:<13} "), Style::new().fg(Color::Cyan)),
            Span::raw(what),
        ])
    };
    KEYS.into_iter().map(line).collect()
}
