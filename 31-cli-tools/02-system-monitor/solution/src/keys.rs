//! What keys do: a state machine without a terminal, from a key to a changed [`State`] and an [`Action`].
//!
//! ```text
//!            /                k K (a row is selected)
//! Filter ◀─────── Table ─────────────────▶ Confirm ──y──▶ Action::Kill, Table
//!    └─ ⏎ Esc ──▶  │ ▲ ◀──── any other key ────┘
//!                ? ▼ │ any key
//!                 Help
//! ```

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::sample::{Identity, Process};
use crate::view::{Order, Row, SortKey};

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
        if key.kind == KeyEventKind::Release {
            return Action::Continue;
        }
        self.message = None;
        if key.modifiers.contains(KeyModifiers::CONTROL) {
            match key.code {
                KeyCode::Char('c') => return Action::Quit,
                KeyCode::Char('z') => return Action::Suspend,
                _ => {}
            }
        }
        match std::mem::take(&mut self.mode) {
            Mode::Table => return self.command(key.code, rows, processes, page),
            Mode::Filter => self.edit(key),
            Mode::Confirm(target) if matches!(key.code, KeyCode::Char('y' | 'Y')) => {
                return Action::Kill(target);
            }
            Mode::Confirm(_) | Mode::Help => {}
        }
        Action::Continue
    }

    fn command(&mut self, code: KeyCode, rows: &[Row], processes: &[Process], page: usize) -> Action {
        let last = rows.len().saturating_sub(1);
        let page = page.max(1);
        match code {
            KeyCode::Char('q') => return Action::Quit,
            KeyCode::Up => self.go(self.cursor.saturating_sub(1), rows, processes),
            KeyCode::Down => self.go((self.cursor + 1).min(last), rows, processes),
            KeyCode::PageUp => self.go(self.cursor.saturating_sub(page), rows, processes),
            KeyCode::PageDown => self.go(self.cursor.saturating_add(page).min(last), rows, processes),
            KeyCode::End => self.go(last, rows, processes),
            KeyCode::Home => {
                self.cursor = 0;
                self.selected = None;
            }
            KeyCode::Char('c') => self.sort(SortKey::Cpu),
            KeyCode::Char('m') => self.sort(SortKey::Memory),
            KeyCode::Char('p') => self.sort(SortKey::Pid),
            KeyCode::Char('n') => self.sort(SortKey::Name),
            KeyCode::Char('t') => self.order.tree = !self.order.tree,
            KeyCode::Char(' ') => self.is_paused = !self.is_paused,
            KeyCode::Char('/') => self.mode = Mode::Filter,
            KeyCode::Esc => self.order.filter.clear(),
            KeyCode::Char('?' | 'h') => self.mode = Mode::Help,
            KeyCode::Char('k') => self.ask(KillSignal::Term, rows, processes),
            KeyCode::Char('K') => self.ask(KillSignal::Kill, rows, processes),
            _ => {}
        }
        Action::Continue
    }

    fn edit(&mut self, key: KeyEvent) {
        match key.code {
            KeyCode::Enter => return,
            KeyCode::Esc => {
                self.order.filter.clear();
                return;
            }
            KeyCode::Backspace => {
                self.order.filter.pop();
            }
            KeyCode::Char(character) if !key.modifiers.contains(KeyModifiers::CONTROL) => {
                self.order.filter.push(character);
            }
            _ => {}
        }
        self.mode = Mode::Filter;
    }

    /// Sorts by `key`; by the same key again, the other way round.
    fn sort(&mut self, key: SortKey) {
        self.order.reversed = self.order.sort == key && !self.order.reversed;
        self.order.sort = key;
    }

    fn go(&mut self, cursor: usize, rows: &[Row], processes: &[Process]) {
        self.cursor = cursor;
        self.selected = rows.get(cursor).map(|row| processes[row.index].identity);
    }

    fn ask(&mut self, signal: KillSignal, rows: &[Row], processes: &[Process]) {
        if let Some(row) = rows.get(self.cursor) {
            let process = &processes[row.index];
            self.mode = Mode::Confirm(Target {
                identity: process.identity,
                name: process.name.to_string(),
                signal,
            });
        }
    }

    /// Moves the cursor to where the selected process stands in new `rows`. If it is gone, the row that is now in its
    /// place is selected.
    pub fn settle(&mut self, rows: &[Row], processes: &[Process]) {
        let Some(selected) = self.selected else {
            self.cursor = 0;
            return;
        };
        match rows
            .iter()
            .position(|row| processes[row.index].identity == selected)
        {
            Some(place) => self.cursor = place,
            None => self.go(self.cursor.min(rows.len().saturating_sub(1)), rows, processes),
        }
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
