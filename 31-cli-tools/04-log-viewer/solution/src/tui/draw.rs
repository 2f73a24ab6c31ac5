//! Draws the viewer: a title, the histogram, the list or what covers it, a line of state, a line of messages.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::app::{App, Overlay};
use super::keys::{Keys, Prompt};
use super::{details, events};
use crate::level::Level;
use crate::record::{Format, Record};
use crate::source::Source;
use crate::walk::Hit;

/// A window lower than this has no room for the histogram.
const EVENTS_FROM_ROWS: u16 = 14;

/// A window narrower than this shows the time without its date.
const DATE_FROM_COLUMNS: u16 = 80;

/// The names of files take no more columns than this.
const NAME_COLUMNS_MAX: usize = 16;

impl App {
    /// Draws a frame; what it shows is read now.
    pub fn draw(&mut self, frame: &mut Frame<'_>) {
        let has_events = self.shows_events && frame.area().height >= EVENTS_FROM_ROWS;
        let [title, above, list, state, message] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Length(if has_events { events::ROWS } else { 0 }),
            Constraint::Min(1),
            Constraint::Length(1),
            Constraint::Length(1),
        ])
        .areas(frame.area());
        self.fill(usize::from(list.height));
        frame.render_widget(self.title(), title);
        if has_events {
            events::draw(self, frame, above);
        }
        let lines = self.list(list);
        frame.render_widget(Paragraph::new(lines), list);
        if self.view.selected().is_some() {
            // All of the row, not only what is written in it.
            let row = list.rows().nth(self.view.selected_row()).unwrap_or_default();
            let reversed = Style::new().fg(Color::Reset).add_modifier(Modifier::REVERSED);
            frame.buffer_mut().set_style(row.intersection(list), reversed);
        }
        match self.overlay {
            None => {}
            Some(overlay) => {
                let lines = match overlay {
                    Overlay::Details(_) => details::record(self),
                    Overlay::Help => details::help(),
                };
                let first = match &mut self.overlay {
                    Some(Overlay::Details(first)) => {
                        *first = (*first).min(lines.len().saturating_sub(1));
                        *first
                    }
                    _ => 0,
                };
                frame.render_widget(Clear, list);
                let shown: Vec<_> = lines
                    .into_iter()
                    .skip(first)
                    .take(usize::from(list.height))
                    .collect();
                frame.render_widget(Paragraph::new(shown), list);
            }
        }
        frame.render_widget(self.state(state.width), state);
        self.draw_message(frame, message);
    }

    fn title(&self) -> Line<'static> {
        let mut names: Vec<&str> = self.view.sources.iter().map(|source| &*source.name).collect();
        names.dedup();
        let mut spans = vec![
            Span::styled(" log-viewer ", Style::new().add_modifier(Modifier::REVERSED)),
            Span::raw(format!(" {}", printable(&names.join(", "), usize::MAX))),
        ];
        if !self.filter_text.is_empty() {
            let text = format!("  filter: {}", printable(&self.filter_text, usize::MAX));
            spans.push(Span::styled(text, Style::new().fg(Color::Cyan)));
        }
        Line::from(spans)
    }

    fn list(&self, area: Rect) -> Vec<Line<'static>> {
        let names = self.view.sources.iter().map(|source| source.name.width());
        let has_names = self
            .view
            .sources
            .iter()
            .any(|source| source.name != self.view.sources[0].name);
        let name_columns = if has_names {
            names.max().unwrap_or(0).min(NAME_COLUMNS_MAX)
        } else {
            0
        };
        let mut lines = Vec::new();
        for hit in self.view.rows() {
            let mut line = Line::default();
            self.with_record(hit, |record| {
                line = self.row(hit, record, name_columns, area.width)
            });
            lines.push(line);
        }
        if lines.is_empty() {
            lines.push(Line::from(if self.view.is_complete() && self.is_settled() {
                "no records"
            } else {
                "reading"
            }));
        }
        lines
    }

    fn row(&self, hit: &Hit, record: &Record<'_>, name_columns: usize, columns: u16) -> Line<'static> {
        let mark = if self.view.is_marked(hit) { "*" } else { " " };
        let mut spans = vec![Span::styled(mark, Style::new().fg(Color::Yellow))];
        if name_columns > 0 {
            let name = printable(&end_of(record.file, name_columns), name_columns);
            spans.push(Span::styled(
                format!("{name:<name_columns$} "),
                Style::new().fg(Color::Blue),
            ));
        }
        let time = record.head.time_us.map(|time_us| self.clock().wall(time_us, 3));
        let (from, width) = if columns >= DATE_FROM_COLUMNS {
            (0, 23)
        } else {
            (11, 8)
        };
        let time = time.map_or(String::new(), |time| time[from..from + width].to_owned());
        spans.push(Span::styled(
            format!("{time:<width$} "),
            Style::new().fg(Color::DarkGray),
        ));
        let level = record.head.level;
        let name = level.map_or("", Level::name);
        spans.push(Span::styled(
            format!("{name:<6} "),
            level.map_or(Style::new(), level_style),
        ));

        let message = record.message();
        let lines = message.iter().filter(|byte| **byte == b'\n').count();
        let first = message.split(|byte| *byte == b'\n').next().unwrap_or_default();
        // Of a long line only so much is looked at as can be seen.
        let seen = (self.shift + usize::from(columns))
            .saturating_mul(4)
            .min(first.len());
        let text = printable(
            &String::from_utf8_lossy(&first[..seen]),
            self.shift + usize::from(columns),
        );
        let text = skip_columns(&text, self.shift);
        self.highlight(text, &mut spans);
        let more = match record.head.format {
            Format::Journal => lines,
            _ => record.text().iter().filter(|byte| **byte == b'\n').count(),
        };
        if more > 0 {
            spans.push(Span::styled(format!(" +{more}"), Style::new().fg(Color::Magenta)));
        }
        Line::from(spans)
    }

    /// The text, with what is being looked for underlined.
    fn highlight(&self, text: &str, spans: &mut Vec<Span<'static>>) {
        let mut at = 0;
        if let Some(pattern) = self.pattern() {
            for found in pattern.find_iter(text.as_bytes()) {
                // A pattern of bytes may match half a character.
                let (Some(before), Some(matched)) = (text.get(at..found.start()), text.get(found.range()))
                else {
                    continue;
                };
                spans.push(Span::raw(before.to_owned()));
                let style = Style::new().add_modifier(Modifier::UNDERLINED | Modifier::BOLD);
                spans.push(Span::styled(matched.to_owned(), style));
                at = found.end();
            }
        }
        spans.push(Span::raw(text.get(at..).unwrap_or_default().to_owned()));
    }

    fn is_settled(&self) -> bool {
        self.view.sources.iter().all(Source::is_settled)
    }

    fn state(&self, columns: u16) -> Line<'static> {
        let sum = |of: fn(&crate::index::Summary) -> u64| -> u64 {
            self.view
                .sources
                .iter()
                .map(|source| of(source.index.summary()))
                .sum()
        };
        let (records, matches) = (sum(|summary| summary.records), sum(|summary| summary.matches));
        let mut text = match matches == records {
            true => format!(" {records} records"),
            false => format!(" {matches} of {records} records"),
        };
        if !self.is_settled() {
            text.push_str(" so far");
        }
        if self.view.is_following() {
            text.push_str("  following");
        }
        let help = "F1 help  q quit ";
        let room = usize::from(columns).saturating_sub(text.width());
        let text = if room > help.len() {
            format!("{text}{help:>room$}")
        } else {
            text
        };
        Line::styled(text, Style::new().add_modifier(Modifier::REVERSED))
    }

    fn draw_message(&self, frame: &mut Frame<'_>, area: Rect) {
        let message = self
            .message
            .as_deref()
            .map(|message| printable(message, usize::MAX));
        let message = message.unwrap_or_default();
        let Some((label, text, cursor)) = typed(&self.keys) else {
            frame.render_widget(Span::styled(message, Style::new().fg(Color::Yellow)), area);
            return;
        };
        // The cursor stays in sight: a long line is shown from further right.
        let room = usize::from(area.width).saturating_sub(label.width() + 1).max(1);
        let skipped = (text[..cursor].width() + 1).saturating_sub(room);
        let shown = skip_columns(text, skipped);
        let column = label.width() + text[..cursor].width() - skipped;
        let line = Line::from(vec![
            Span::styled(label, Style::new().add_modifier(Modifier::BOLD)),
            Span::raw(shown.to_owned()),
            Span::styled(format!("  {message}"), Style::new().fg(Color::Yellow)),
        ]);
        frame.render_widget(line, area);
        frame.set_cursor_position((area.x + (column as u16).min(area.width.saturating_sub(1)), area.y));
    }
}

/// The label, the text and the cursor of the line that is being typed.
fn typed(keys: &Keys) -> Option<(&'static str, &str, usize)> {
    let line = keys.line()?;
    let label = match line.prompt {
        Prompt::Search => "/",
        Prompt::SearchBack => "?",
        Prompt::Filter => "filter: ",
        Prompt::Time => "time: ",
    };
    Some((label, &line.text, line.cursor))
}

/// How a level looks.
pub(super) fn level_style(level: Level) -> Style {
    match level {
        Level::Trace | Level::Debug => Style::new().fg(Color::DarkGray),
        Level::Info => Style::new().fg(Color::Green),
        Level::Notice => Style::new().fg(Color::Cyan),
        Level::Warn => Style::new().fg(Color::Yellow),
        Level::Error => Style::new().fg(Color::Red),
        Level::Fatal => Style::new().fg(Color::Red).add_modifier(Modifier::BOLD),
    }
}

/// Text that cannot move the cursor or change the terminal, of at most so many columns.
pub(super) fn printable(text: &str, columns: usize) -> String {
    let mut out = String::with_capacity(text.len().min(columns));
    let mut used = 0;
    for character in text.chars() {
        let character = match character {
            '\t' => ' ',
            character if character.is_control() => '\u{b7}',
            character => character,
        };
        used += character.width().unwrap_or(0);
        if used > columns {
            break;
        }
        out.push(character);
    }
    out
}

/// The text from a column on.
fn skip_columns(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, character) in text.char_indices() {
        if used >= columns {
            return &text[at..];
        }
        used += character.width().unwrap_or(0);
    }
    ""
}

/// The end of a name that is too long: files of one directory differ there.
fn end_of(name: &str, columns: usize) -> String {
    let mut rest = name;
    while rest.width() > columns {
        let first = rest.chars().next().map_or(0, char::len_utf8);
        rest = &rest[first..];
    }
    rest.to_owned()
}
