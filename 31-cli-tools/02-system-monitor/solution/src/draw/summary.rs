//! The lines above the table.

use ratatui::style::Color;

use super::{Canvas, Screen, Section};
use crate::figures;

/// Draws a section from `line` on.
pub fn section(canvas: &mut Canvas<'_>, line: u16, section: Section, screen: &Screen<'_>) {
    let columns = canvas.area.width;
    match section {
        Section::Title => title(canvas, line, screen),
        Section::Cores { per_line, .. } => cores(canvas, line, per_line, screen),
        Section::Cpu => {
            let percent = screen.rates.cpu.as_ref().map(|cpu| cpu.percent);
            Meter::of_percent("cpu", percent).draw(canvas, 0, line, columns);
        }
        Section::Memory => memory(canvas, line, screen),
        Section::Disks => disks(canvas, line, screen),
        Section::Networks => networks(canvas, line, screen),
    }
}

fn title(canvas: &mut Canvas<'_>, line: u16, screen: &Screen<'_>) {
    let sample = screen.sample;
    let mut text = String::new();
    if let Some(load) = &sample.load {
        let [one, five, fifteen] = load.averages;
        text += &format!("load {one:.2} {five:.2} {fifteen:.2}  ");
    }
    if let Some(uptime_s) = sample.uptime_s {
        text += &format!("up {}  ", figures::uptime(uptime_s));
    }
    let running = sample
        .processes
        .iter()
        .filter(|process| process.state == 'R')
        .count();
    text += &format!("{} processes, {running} running", sample.processes.len());
    canvas.put(0, line, u16::MAX, &text, canvas.color(Color::Cyan));
}

fn cores(canvas: &mut Canvas<'_>, line: u16, per_line: u16, screen: &Screen<'_>) {
    let Some(cpu) = &screen.rates.cpu else { return };
    let columns = canvas.area.width / per_line;
    for (index, (number, percent)) in (0_u16..).zip(&cpu.cores) {
        let (row, place) = (index / per_line, index % per_line);
        // A blank between two meters.
        let width = columns - u16::from(place + 1 < per_line);
        let label = format!("{number:>3}");
        Meter::of_percent(&label, Some(*percent)).draw(
            canvas,
            place * columns,
            line.saturating_add(row),
            width,
        );
    }
}

fn memory(canvas: &mut Canvas<'_>, line: u16, screen: &Screen<'_>) {
    let half = canvas.area.width.div_ceil(2);
    let memory = screen.sample.memory.as_ref();
    let used = memory.map(|memory| (memory.used_bytes(), memory.total_bytes));
    let swap = memory.map(|memory| (memory.swap_used_bytes(), memory.swap_total_bytes));
    Meter::of_bytes("mem", used).draw(canvas, 0, line, half.saturating_sub(1));
    Meter::of_bytes("swp", swap).draw(canvas, half, line, canvas.area.width - half);
}

fn disks(canvas: &mut Canvas<'_>, line: u16, screen: &Screen<'_>) {
    let text = match &screen.rates.disks {
        None => " -".to_owned(),
        Some(disks) => disks
            .iter()
            .map(|disk| {
                format!(
                    " {} r {}/s w {}/s {:.0}% ",
                    disk.name,
                    figures::bytes(disk.read_bytes_per_s),
                    figures::bytes(disk.written_bytes_per_s),
                    disk.busy_percent
                )
            })
            .collect(),
    };
    labeled(canvas, line, "disk", &text);
}

fn networks(canvas: &mut Canvas<'_>, line: u16, screen: &Screen<'_>) {
    let text = match &screen.rates.interfaces {
        None => " -".to_owned(),
        Some(interfaces) => interfaces
            .iter()
            .map(|interface| {
                format!(
                    " {} in {}/s out {}/s ",
                    interface.name,
                    figures::bytes(interface.received_bytes_per_s),
                    figures::bytes(interface.sent_bytes_per_s)
                )
            })
            .collect(),
    };
    labeled(canvas, line, "net", &text);
}

fn labeled(canvas: &mut Canvas<'_>, line: u16, label: &str, text: &str) {
    let end = canvas.put(0, line, u16::MAX, label, canvas.color(Color::Cyan));
    canvas.put(end, line, u16::MAX, text.trim_end(), canvas.color(Color::Reset));
}

/// `mem[||||||    1.2G/7.6G]`: a part of a whole, and what it is in figures.
struct Meter<'a> {
    label: &'a str,
    /// 0 to 1.
    part: f64,
    figures: String,
}

impl<'a> Meter<'a> {
    fn of_percent(label: &'a str, percent: Option<f64>) -> Self {
        Self {
            label,
            part: percent.unwrap_or(0.0) / 100.0,
            figures: percent.map_or("-".to_owned(), |percent| {
                format!("{}%", figures::percent(percent))
            }),
        }
    }

    fn of_bytes(label: &'a str, used_and_total: Option<(u64, u64)>) -> Self {
        let (used, total) = used_and_total.unwrap_or_default();
        let [used, total] = [used, total].map(|count| count as f64);
        Self {
            label,
            part: if total > 0.0 { used / total } else { 0.0 },
            figures: used_and_total.map_or("-".to_owned(), |_| {
                format!("{}/{}", figures::bytes(used), figures::bytes(total))
            }),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, column: u16, line: u16, columns: u16) {
        let label_columns = self.label.len() as u16;
        let inner = usize::from(columns.saturating_sub(label_columns + 2));
        let filled = (self.part * inner as f64).round() as usize;
        // The figures stand at the right, on top of the bar.
        let bar = inner.saturating_sub(self.figures.len());
        let color = match self.part {
            part if part < 0.5 => Color::Green,
            part if part < 0.8 => Color::Yellow,
            _ => Color::Red,
        };
        let end = column.saturating_add(columns);
        let mut at = canvas.put(column, line, columns, self.label, canvas.color(Color::Cyan));
        at = canvas.put(at, line, end.saturating_sub(at), "[", canvas.color(Color::Reset));
        canvas.put(
            at,
            line,
            bar as u16,
            &"|".repeat(filled.min(bar)),
            canvas.color(color),
        );
        at = at.saturating_add(bar as u16);
        at = canvas.put(
            at,
            line,
            (inner - bar) as u16,
            &self.figures,
            canvas.color(Color::Reset),
        );
        canvas.put(at, line, end.saturating_sub(at), "]", canvas.color(Color::Reset));
    }
}
