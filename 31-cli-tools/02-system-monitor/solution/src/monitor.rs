//! The program without its terminal: two samples, what happened between them, and what is shown of it.

use std::mem;
use std::time::Duration;

use crate::draw::{self, Screen};
use crate::keys::State;
use crate::rates::{Rates, rates};
use crate::reader::Reader;
use crate::sample::Sample;
use crate::users::Users;
use crate::view::{Row, rows};

/// What is known, and what is made of it.
#[derive(Debug)]
pub struct Monitor {
    reader: Reader,
    ticks_per_s: u64,
    users: Users,
    /// The sample before the newest; its memory becomes the next one's.
    before: Sample,
    /// The newest sample.
    after: Sample,
    rates: Rates,
    rows: Vec<Row>,
    /// What the user has chosen.
    pub state: State,
    is_colored: bool,
}

impl Monitor {
    /// Takes the first sample, at the time `at`: it has no rates yet.
    pub fn new(reader: Reader, ticks_per_s: u64, users: Users, state: State, at: Duration) -> Self {
        let mut monitor = Self {
            reader,
            ticks_per_s,
            users,
            before: Sample::default(),
            after: Sample::default(),
            rates: Rates::default(),
            rows: Vec::new(),
            state,
            // Set but empty counts as unset: https://no-color.org
            is_colored: std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        };
        monitor.reader.read(at, &monitor.before, &mut monitor.after);
        monitor.rates = rates(&monitor.after, &monitor.after, ticks_per_s);
        monitor.arrange();
        monitor
    }

    /// Takes another sample.
    pub fn refresh(&mut self, at: Duration) {
        mem::swap(&mut self.before, &mut self.after);
        self.reader.read(at, &self.before, &mut self.after);
        self.rates = rates(&self.before, &self.after, self.ticks_per_s);
        self.arrange();
    }

    /// Arranges the rows anew, after a refresh or a key.
    pub fn arrange(&mut self) {
        if !self.state.order.filter.is_empty() {
            // The filter looks at command lines, of all processes.
            self.describe(0..self.after.processes.len());
        }
        self.rows = rows(&self.after.processes, &self.rates.processes, &self.state.order);
        self.state.settle(&self.rows, &self.after.processes);
    }

    /// Reads what the rows on a screen of this size need beyond the sample.
    pub fn look_up(&mut self, columns: u16, lines: u16) {
        let page_rows = self.page_rows(columns, lines);
        let page = draw::page(page_rows, self.state.cursor, self.rows.len());
        for place in page {
            let index = self.rows[place].index;
            self.describe(index..index + 1);
        }
    }

    /// Reads the details of all processes that are listed.
    pub fn look_up_all(&mut self) {
        self.describe(0..self.after.processes.len());
    }

    fn describe(&mut self, indices: std::ops::Range<usize>) {
        for process in &mut self.after.processes[indices] {
            self.reader.describe(self.after.at, process);
        }
    }

    /// The rows of the table on a screen of this size.
    pub fn page_rows(&self, columns: u16, lines: u16) -> u16 {
        let cores = self.rates.cpu.as_ref().map_or(0, |cpu| cpu.cores.len());
        draw::layout(columns, lines, cores).rows
    }

    /// Hands a key to the state.
    pub fn press(&mut self, key: crossterm::event::KeyEvent, page_rows: u16) -> crate::keys::Action {
        let action = self
            .state
            .press(key, &self.rows, &self.after.processes, usize::from(page_rows));
        self.arrange();
        action
    }

    /// What is to be drawn.
    pub fn screen(&self) -> Screen<'_> {
        Screen {
            sample: &self.after,
            rates: &self.rates,
            rows: &self.rows,
            state: &self.state,
            users: &self.users,
            is_colored: self.is_colored,
        }
    }
}
