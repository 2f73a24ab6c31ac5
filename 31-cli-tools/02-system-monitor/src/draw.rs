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
//! What there is room for depends on the size: rules 23 and 24 of the brief.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::keys::State;
use crate::rates::Rates;
use crate::sample::Sample;
use crate::users::Users;
use crate::view::Row;

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
        todo!("draw {} rows into {area} of {buffer:?}", self.rows.len())
    }
}
