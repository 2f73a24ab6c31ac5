//! What a screen has room for.

use std::ops::Range;

/// A meter of a processor has at least so many columns.
const METER_MIN_COLUMNS: u16 = 20;

/// Lines that are kept for the table and the footer: heading, two rows, footer.
const KEPT_LINES: u16 = 4;

/// A part of the screen above the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Load, uptime, processes.
    Title,
    /// A meter for each core.
    Cores {
        /// Meters in a line.
        per_line: u16,
        /// Lines of them.
        lines: u16,
    },
    /// One meter for all cores.
    Cpu,
    /// Memory and swap.
    Memory,
    /// Disks.
    Disks,
    /// Interfaces.
    Networks,
}

/// How the lines of a screen are used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// What stands above the table, from top to bottom.
    pub sections: Vec<Section>,
    /// Rows of the table, without its heading.
    pub rows: u16,
}

impl Section {
    /// The lines that it takes.
    pub fn lines(self) -> u16 {
        match self {
            Self::Cores { lines, .. } => lines,
            _ => 1,
        }
    }
}

/// Divides a screen. What matters less gives way to the table: first the networks, then the disks, the title, memory,
/// and last the processors. All cores are shown if their meters take at most half of the lines there are.
pub fn layout(columns: u16, lines: u16, cores: usize) -> Layout {
    let mut left = lines.saturating_sub(KEPT_LINES);
    let cores = u16::try_from(cores).unwrap_or(u16::MAX);
    let per_line = (columns / METER_MIN_COLUMNS).clamp(1, cores.max(1));
    let core_lines = cores.div_ceil(per_line);
    let processors = if cores > 0 && core_lines <= left / 2 {
        Section::Cores {
            per_line,
            lines: core_lines,
        }
    } else {
        Section::Cpu
    };
    let mut take = |section: Section| {
        let fits = section.lines() <= left;
        if fits {
            left -= section.lines();
        }
        fits.then_some(section)
    };
    // Taken in the order of what matters, listed in that of the screen.
    let [processors, memory, title, disks, networks] = [
        processors,
        Section::Memory,
        Section::Title,
        Section::Disks,
        Section::Networks,
    ]
    .map(&mut take);
    let sections: Vec<_> = [title, processors, memory, disks, networks]
        .into_iter()
        .flatten()
        .collect();
    let used: u16 = sections.iter().map(|section| section.lines()).sum();
    Layout {
        sections,
        rows: lines.saturating_sub(used).saturating_sub(2),
    }
}

/// The rows on the screen: the page, of `page_rows` each, that holds the cursor. There is no scroll position that could
/// be wrong after a resize.
pub fn page(page_rows: u16, cursor: usize, rows: usize) -> Range<usize> {
    let page_rows = usize::from(page_rows);
    if page_rows == 0 {
        return 0..0;
    }
    let first = (cursor / page_rows * page_rows).min(rows);
    first..rows.min(first + page_rows)
}
