//! What the screen shows, as a widget: from values to cells, without a terminal.
//!
//! ```text
//! load 0.52 0.58 0.59  up 3d 04:05  7 processes, 1 running      title
//!  0[||||||       37.5%]  1[|             5.0%]                 processors
//! mem[|||||| 1.2G/7.6G] swp[            0/2.0G]                 memory
//! disk sda r 1.0M/s w 12K/s 3%                                  disks
//! net eth0 in 1.2K/s out 300/s                                  networks
//!     PID USER     S CPU%▼  MEM%  RES  THR COMMAND              heading
//!    4242 root     S  12.5   1.0  78M    1 worker --fast        rows, a page of them
//! ? help  q quit  / filter  t tree  k kill                      footer
//! ```
//!
//! - [`layout()`]: what of this a screen of some size has room for
//! - [`page()`]: which rows are on it
//! - [`Screen`]: draws it
//!
//! Cells are written one line after another, by hand: the constraint solver and the table widget of ratatui would take
//! longer than everything else here.

mod footer;
mod layout;
mod summary;
mod table;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use ratatui::widgets::Widget;

use crate::keys::{Mode, State};
use crate::rates::Rates;
use crate::sample::Sample;
use crate::users::Users;
use crate::view::Row;

pub use layout::{Layout, Section, layout, page};

/// Everything that is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Screen<'a> {
    /// The newest sample.
    pub sample: &'a Sample,
    /// What happened up to it.
    pub rates: &'a Rates,
    /// Its processes, arranged.
    pub rows: &'a [Row],
    /// What the user has chosen.
    pub state: &'a State,
    /// Names of users.
    pub users: &'a Users,
    /// Without, there is only reverse video.
    pub is_colored: bool,
}

impl Widget for &Screen<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        // A terminal may shrink between two looks at its size.
        let mut canvas = Canvas {
            area: area.intersection(buffer.area),
            buffer,
            is_colored: self.is_colored,
        };
        if self.state.mode == Mode::Help {
            footer::help(&mut canvas);
            return;
        }
        let cores = self.rates.cpu.as_ref().map_or(0, |cpu| cpu.cores.len());
        let layout = layout(canvas.area.width, canvas.area.height, cores);
        let mut line = 0;
        for section in &layout.sections {
            summary::section(&mut canvas, line, *section, self);
            line += section.lines();
        }
        table::table(&mut canvas, line, layout.rows, self);
        footer::footer(&mut canvas, self);
    }
}

/// A rectangle of cells that is never left, whatever is written to it.
struct Canvas<'a> {
    area: Rect,
    buffer: &'a mut Buffer,
    is_colored: bool,
}

impl Canvas<'_> {
    /// Writes `text` into `line` from `column` on, as far as `width` and the canvas go; where it ended.
    fn put(&mut self, column: u16, line: u16, width: u16, text: &str, style: Style) -> u16 {
        if column >= self.area.width || line >= self.area.height {
            return column;
        }
        let width = width.min(self.area.width - column);
        let (x, y) = (self.area.x + column, self.area.y + line);
        let (end, _) = self.buffer.set_stringn(x, y, text, usize::from(width), style);
        end - self.area.x
    }

    /// Sets the style of a whole line.
    fn paint(&mut self, line: u16, style: Style) {
        if line < self.area.height {
            let row = Rect {
                y: self.area.y + line,
                height: 1,
                ..self.area
            };
            self.buffer.set_style(row, style);
        }
    }

    /// A colour, if there are any.
    fn color(&self, color: Color) -> Style {
        if self.is_colored {
            Style::new().fg(color)
        } else {
            Style::new()
        }
    }
}
