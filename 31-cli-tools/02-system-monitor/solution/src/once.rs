//! `--once`: what happened during one delay, for scripts and for people with a pipe.

use std::io::{self, Write};
use std::time::Instant;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::cli::{Cli, Format};
use crate::json;
use crate::monitor::Monitor;

/// How wide `--once` prints text.
const TEXT_COLUMNS: u16 = 80;

/// What `--once` does: two samples, one delay apart, and what happened in between. Returns whether all could be read.
///
/// # Errors
/// Standard output takes no more.
pub fn once(cli: &Cli, mut monitor: Monitor, started: Instant) -> io::Result<bool> {
    std::thread::sleep(cli.delay);
    monitor.refresh(started.elapsed());
    monitor.look_up_all();
    let mut out = io::stdout().lock();
    match cli.format {
        Format::Json => json::write(&monitor.screen(), &mut out)?,
        Format::Text => write_text(&monitor, &mut out)?,
    }
    out.flush()?;
    Ok(monitor.screen().sample.problems.is_empty())
}

/// The screen, as high as it takes to show every row, without its last line, which is for keys.
fn write_text(monitor: &Monitor, mut out: impl Write) -> io::Result<()> {
    let screen = monitor.screen();
    let rows = u16::try_from(screen.rows.len()).unwrap_or(u16::MAX);
    // Enough for every section; then as much as the table leaves over is taken off.
    let cores = screen.rates.cpu.as_ref().map_or(0, |cpu| cpu.cores.len() as u16);
    let lines = rows.saturating_add(cores.saturating_mul(2)).saturating_add(20);
    let spare = monitor.page_rows(TEXT_COLUMNS, lines).saturating_sub(rows);
    let area = Rect::new(0, 0, TEXT_COLUMNS, lines);
    let mut buffer = Buffer::empty(area);
    screen.render(area, &mut buffer);
    for line in 0..lines - spare - 1 {
        let cells = (0..TEXT_COLUMNS).map(|column| buffer[(column, line)].symbol());
        let text: String = cells.collect();
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}
