//! The viewer without its terminal: keys and reports come in, a frame comes out.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crossterm::event::KeyEvent;
use regex::bytes::Regex;

use super::keys::{Command, Keys, Prompt};
use crate::diagnostics;
use crate::filter::{self, Filter};
use crate::histogram::Histogram;
use crate::record::Record;
use crate::source::Source;
use crate::time::Clock;
use crate::view::{Search, View};
use crate::walk::{Direction, Hit};
use crate::worker::{Order, Report, Worker};

/// What covers the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlay {
    /// All of the selected record, from this line on.
    Details(usize),
    /// The keys.
    Help,
}

/// The state of the viewer.
#[derive(Debug)]
pub struct App {
    /// The window of records.
    pub view: View,
    /// Keys, and the line that is being typed.
    pub keys: Keys,
    /// Events over time that fulfil the filter.
    pub events: Histogram,
    /// Whether they are shown.
    pub shows_events: bool,
    /// What covers the list.
    pub overlay: Option<Overlay>,
    /// The last thing that went wrong, or was found out.
    pub message: Option<String>,
    /// The first column of the text that is shown.
    pub shift: usize,
    /// The filter as it was typed.
    pub filter_text: String,
    clock: Clock,
    /// What the flags demand, whatever is typed.
    base: Filter,
    pattern: Option<(Regex, Direction)>,
    /// The background, until it goes to a thread of its own.
    worker: Option<Worker>,
    orders: Vec<Order>,
    height: usize,
}

impl App {
    /// A viewer without files. What is typed as a filter is asked of what fulfils `base`.
    pub fn new(clock: Clock, base: Filter) -> Self {
        let filter = Arc::new(base.clone());
        Self {
            view: View::new(Arc::clone(&filter)),
            keys: Keys::default(),
            events: Histogram::default(),
            shows_events: true,
            overlay: None,
            message: None,
            shift: 0,
            filter_text: String::new(),
            worker: Some(Worker::new(clock.clone(), filter)),
            clock,
            base,
            pattern: None,
            orders: Vec::new(),
            height: 1,
        }
    }

    /// Adds a file; with a path it is followed when that is rotated. Before [`App::take_worker`].
    pub fn add(&mut self, name: &Arc<str>, file: &Arc<File>, path: Option<PathBuf>) {
        if let Some(worker) = &mut self.worker {
            worker.add(name, file, path, i64::MIN);
        }
        let source = Source::new(Arc::clone(name), Arc::clone(file), self.clock.clone());
        self.view.sources.push(source);
    }

    /// Lets the background make one step here; whether there is more to do.
    pub fn step(&mut self) -> bool {
        let mut reports = Vec::new();
        let is_busy = self
            .worker
            .as_mut()
            .is_some_and(|worker| worker.step(&mut reports));
        reports.into_iter().for_each(|report| self.apply(report));
        is_busy
    }

    /// Lets the background look at the files, and do all that is to be done.
    pub fn catch_up(&mut self) {
        let mut reports = Vec::new();
        if let Some(worker) = &mut self.worker {
            worker.look(&mut reports);
        }
        reports.into_iter().for_each(|report| self.apply(report));
        while self.step() {}
        while self.view.is_searching() {
            self.search();
        }
    }

    /// Gives the background away: what it reports is to be handed to [`App::apply`], and it is to be given
    /// [`App::take_orders`].
    pub fn take_worker(&mut self) -> Option<Worker> {
        self.worker.take()
    }

    /// What the background is to do.
    pub fn take_orders(&mut self) -> Vec<Order> {
        std::mem::take(&mut self.orders)
    }

    /// Takes a report of the background.
    pub fn apply(&mut self, report: Report) {
        match report {
            Report::Opened { name, file, .. } => {
                self.view
                    .sources
                    .push(Source::new(name, file, self.clock.clone()));
            }
            Report::Emptied { number } => self.view.empty(number),
            Report::Scanned {
                number,
                generation,
                spans,
            } => {
                let is_current = generation == self.view.generation();
                let index = &mut self.view.sources[number].index;
                for mut span in spans {
                    if span.offset < index.end() {
                        if is_current {
                            index.add_matches(&span);
                        }
                        continue;
                    }
                    if !is_current {
                        span.summary.matches = 0;
                    }
                    index.push(span);
                }
            }
            Report::Events {
                generation,
                histogram,
            } => {
                if generation == self.view.generation() {
                    self.events = histogram;
                }
            }
            Report::Failed { number, reason } => {
                self.message = Some(format!("{}: {reason}", self.view.sources[number].name));
            }
        }
    }

    /// Takes a key; `false` when it ends the viewer.
    pub fn press(&mut self, key: KeyEvent) -> bool {
        let Some(command) = self.keys.press(key) else {
            return true;
        };
        if command == Command::Quit && self.overlay.take().is_none() {
            return false;
        }
        self.message = None;
        if let Err(error) = self.run(command) {
            self.message = Some(diagnostics::reason(&error));
        }
        true
    }

    /// Goes on with a search, if there is one.
    pub fn search(&mut self) {
        if !self.view.is_searching() {
            return;
        }
        self.message = match self.view.search() {
            Ok(Search::Running) => Some("searching (Esc gives up)".to_owned()),
            Ok(Search::Found) => None,
            Ok(Search::Nothing) => Some("not found".to_owned()),
            Err(error) => Some(diagnostics::reason(&error)),
        };
    }

    /// Fills the window before it is drawn.
    pub(super) fn fill(&mut self, height: usize) {
        self.height = height;
        if let Err(error) = self.view.fill(height) {
            self.message = Some(diagnostics::reason(&error));
        }
    }

    /// Hands a record to `show`.
    pub(super) fn with_record(&self, hit: &Hit, show: impl FnOnce(&Record<'_>)) {
        let source = &self.view.sources[hit.source];
        if let Ok(bytes) = source.read(&hit.entry) {
            show(&source.record(&hit.entry, &bytes));
        }
    }

    /// The clock that times are shown by.
    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// What is being looked for.
    pub(super) fn pattern(&self) -> Option<&Regex> {
        self.pattern.as_ref().map(|(pattern, _)| pattern)
    }

    fn run(&mut self, command: Command) -> io::Result<()> {
        let page = (self.height as i64).max(2);
        match command {
            Command::Move(count) => self.scroll(count)?,
            Command::HalfPages(count) => self.scroll(count * page / 2)?,
            Command::Top => self.view.go_to_top(),
            Command::Follow => self.view.follow(),
            Command::Search(text, direction) => self.start_search(text, direction)?,
            Command::Again(direction) => self.search_again(direction)?,
            Command::Filter(text) => self.set_filter(text),
            Command::GoToTime(text) => match self.clock.value(&text) {
                Some(time_us) => self.view.go_to_time(time_us)?,
                None => {
                    self.message = Some(format!("no time: {text}"));
                    self.keys.reopen(Prompt::Time, text, 0);
                }
            },
            Command::Mark => self.view.toggle_mark(),
            Command::GoToMark(direction) => {
                if !self.view.go_to_mark(direction)? {
                    self.message = Some("no bookmark".to_owned());
                }
            }
            Command::Histogram => self.shows_events = !self.shows_events,
            Command::Details => self.toggle(Overlay::Details(0)),
            Command::Help => self.toggle(Overlay::Help),
            Command::Shift(columns) => {
                self.shift = self
                    .shift
                    .saturating_add_signed(columns as isize)
                    .min(crate::split::RECORD_MAX);
            }
            Command::Cancel => {
                self.overlay = None;
                self.view.stop_search();
            }
            Command::Quit => {}
        }
        Ok(())
    }

    fn toggle(&mut self, overlay: Overlay) {
        self.overlay = match self.overlay {
            Some(_) => None,
            None => Some(overlay),
        };
    }

    /// Moves in the details where they are shown, else in the list.
    fn scroll(&mut self, count: i64) -> io::Result<()> {
        if let Some(Overlay::Details(line)) = &mut self.overlay {
            *line = line.saturating_add_signed(count as isize);
            return Ok(());
        }
        self.view.move_by(count)
    }

    fn start_search(&mut self, text: String, direction: Direction) -> io::Result<()> {
        match filter::regex(&text) {
            Ok(pattern) => {
                self.pattern = Some((pattern, direction));
                self.search_again(Direction::Forward)
            }
            Err(reason) => {
                self.message = Some(reason);
                let prompt = match direction {
                    Direction::Forward => Prompt::Search,
                    Direction::Backward => Prompt::SearchBack,
                };
                self.keys.reopen(prompt, text, usize::MAX);
                Ok(())
            }
        }
    }

    fn search_again(&mut self, relative: Direction) -> io::Result<()> {
        let Some((pattern, direction)) = self.pattern.clone() else {
            self.message = Some("nothing was looked for".to_owned());
            return Ok(());
        };
        let direction = match relative {
            Direction::Forward => direction,
            Direction::Backward if direction == Direction::Forward => Direction::Backward,
            Direction::Backward => Direction::Forward,
        };
        self.view.start_search(pattern, direction)?;
        self.search();
        Ok(())
    }

    fn set_filter(&mut self, text: String) {
        let parsed = match text.trim() {
            "" => Ok(Filter::everything()),
            _ => Filter::parse(&text, &self.clock),
        };
        let filter = match parsed {
            Ok(filter) => Arc::new(Filter::all(vec![self.base.clone(), filter])),
            Err(error) => {
                self.message = Some(format!("column {}: {}", error.column, error.reason));
                self.keys.reopen(Prompt::Filter, text, error.offset);
                return;
            }
        };
        self.filter_text = text.trim().to_owned();
        self.view.set_filter(Arc::clone(&filter));
        let order = Order::Filter(self.view.generation(), filter);
        match &mut self.worker {
            Some(worker) => worker.take(order),
            None => self.orders.push(order),
        }
    }
}
