//! Draws the histogram: a column for a stretch of time, as high as it has events, in the colour of the worst of them.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::app::App;
use super::draw::level_style;
use crate::histogram::{Bin, Counts};
use crate::level::Level;

/// Rows for columns, and one for the times below them.
pub(super) const ROWS: u16 = BAR_ROWS + 1;
const BAR_ROWS: u16 = 4;

/// An eighth of a cell to a whole one.
const EIGHTHS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Draws the events of `app`.
pub(super) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let bins = app.events.bins(usize::from(area.width));
    let most = bins.iter().map(|bin| total(&bin.counts)).max().unwrap_or(0);
    // Fewer bins than columns are spread over all of them, so that the times below stand where they belong.
    let columns = usize::from(area.width);
    let at = |column: usize| &bins[column * bins.len() / columns];
    let mut lines: Vec<Line<'_>> = (0..BAR_ROWS)
        .rev()
        .map(|row| match bins.is_empty() {
            true => Line::default(),
            false => (0..columns).map(|column| cell(at(column), row, most)).collect(),
        })
        .collect();
    lines.push(axis(app, &bins, most, area.width));
    frame.render_widget(Paragraph::new(lines), area);
}

/// A cell of a column: its lower part is there if the column is high enough. One event is seen, whatever the others are.
fn cell(bin: &Bin, row: u16, most: u64) -> Span<'static> {
    let full = u64::from(BAR_ROWS) * 8;
    let height = (total(&bin.counts) * full).div_ceil(most.max(1));
    let eighths = height.saturating_sub(u64::from(row) * 8).min(8);
    let worst = Level::ALL
        .into_iter()
        .rev()
        .find(|level| bin.counts[*level as usize] > 0);
    let style = worst.map_or(Style::new().fg(Color::DarkGray), level_style);
    Span::styled(EIGHTHS[eighths as usize].to_string(), style)
}

/// The first and the last time, and how many events the highest column has.
fn axis(app: &App, bins: &[Bin], most: u64, columns: u16) -> Line<'static> {
    let (Some(first), Some(last)) = (bins.first(), bins.last()) else {
        return Line::styled("no times", Style::new().fg(Color::DarkGray));
    };
    let (first, last) = (
        app.clock().wall(first.start_us, 0),
        app.clock().wall(last.start_us, 0),
    );
    let highest = format!("up to {most}");
    let room = usize::from(columns).saturating_sub(first.len() + last.len());
    let text = if room > highest.len() + 2 {
        format!("{first}{highest:^room$}{last}")
    } else {
        first
    };
    Line::styled(text, Style::new().fg(Color::DarkGray))
}

fn total(counts: &Counts) -> u64 {
    counts.iter().sum()
}
