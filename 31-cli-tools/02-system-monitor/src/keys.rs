//! What keys do: a state machine without a terminal, from a key to a changed [`State`] and an [`Action`].
//!
//! ```text
//!            /                k K (a row is selected)
//! Filter ◀─────── Table ─────────────────▶ Confirm ──y──▶ Action::Kill, Table
//!    └─ ⏎ Esc ──▶  │ ▲ ◀──── any other key ────┘
//!                ? ▼ │ any key
//!                 Help
//! ```

use crossterm::event::KeyEvent;

use crate::sample::{Identity, Process};
use crate::view::{Order, Row};

/// What the user has made of the program so far.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// What the keys mean now.
    pub mode: Mode,
    /// What is listed.
    pub order: Order,
    /// Nothing is read until this is over.
    pub is_paused: bool,
    /// The selected row, counted from 0; kept in range by [`State::settle`].
    pub cursor: usize,
    /// The selected process, which the cursor follows. `None`: the first row, whatever stands there.
    pub selected: Option<Identity>,
    /// What the last action came to, until the next key.
    pub message: Option<String>,
}

/// What the keys mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Mode {
    /// Commands.
    #[default]
    Table,
    /// Text of the filter, which applies while it is typed.
    Filter,
    /// The answer to a question.
    Confirm(Target),
    /// Anything goes back.
    Help,
}

/// A signal that is about to be sent. It was fixed when the question was asked, however the rows move meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// To whom.
    pub identity: Identity,
    /// Its name, as it was shown.
    pub name: String,
    /// What.
    pub signal: KillSignal,
}

/// The signals that can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KillSignal {
    /// SIGTERM asks a process to end.
    Term,
    /// SIGKILL ends it.
    Kill,
}

/// What the program must do; the state has changed already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Draw.
    Continue,
    /// End.
    Quit,
    /// Stop, as Ctrl-Z stops a program that leaves its keys to the terminal.
    Suspend,
    /// Send a signal.
    Kill(Target),
}

impl State {
    /// Takes a key. `page` is the number of rows on the screen.
    pub fn press(&mut self, key: KeyEvent, rows: &[Row], processes: &[Process], page: usize) -> Action {
        self.message = None;
        todo!(
            "take {key:?} with {} rows, {} processes, {page} a page",
            rows.len(),
            processes.len()
        )
    }

    /// Moves the cursor to where the selected process stands in new `rows`. If it is gone, the row that is now in its
    /// place is selected.
    pub fn settle(&mut self, rows: &[Row], processes: &[Process]) {
        self.cursor = 0;
        todo!(
            "find the selected one in {} rows, {} processes",
            rows.len(),
            processes.len()
        )
    }
}

impl KillSignal {
    /// As `kill -l` calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Term => "SIGTERM",
            Self::Kill => "SIGKILL",
        }
    }
}
