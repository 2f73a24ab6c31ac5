//! What goes on in the background: files are indexed, followed, and asked again when there is another filter.
//!
//! The worker owns its files' readers and shares nothing. What it finds it tells in [`Report`]s; what it is to do it is
//! told in [`Order`]s. It runs in [`Worker::step`]s of a millisecond or two, on whatever thread.

use std::collections::VecDeque;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use crate::diagnostics;
use crate::filter::Filter;
use crate::follow::{Change, Follower};
use crate::histogram::Histogram;
use crate::index::Span;
use crate::reader::Positioned;
use crate::scan::{self, Scanner};
use crate::split::End;
use crate::time::Clock;

/// So many files that were rotated away stay open, for each path.
const ROTATED_MAX: usize = 8;

/// What the worker is to do.
#[derive(Debug)]
pub enum Order {
    /// Ask all records anew; reports of it carry this number.
    Filter(u64, Arc<Filter>),
}

/// What the worker has found.
#[derive(Debug)]
pub enum Report {
    /// There is a file more, the next number: the path of another one is this file now.
    Opened {
        /// Its name.
        name: Arc<str>,
        /// The file.
        file: Arc<File>,
        /// What stands before its first time.
        key: i64,
    },
    /// The file begins anew, or it is gone for good.
    Emptied {
        /// Which file.
        number: usize,
    },
    /// Records that were not known, counted as the filter of this number says.
    Scanned {
        /// Which file.
        number: usize,
        /// Which filter.
        generation: u64,
        /// The spans, behind those told before.
        spans: Vec<Span>,
    },
    /// The events over time, so far.
    Events {
        /// Which filter.
        generation: u64,
        /// All of them.
        histogram: Histogram,
    },
    /// The file is not read any further.
    Failed {
        /// Which file.
        number: usize,
        /// Why.
        reason: String,
    },
}

/// Where a file is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Reading,
    /// Read to its end; at the next look that finds it unchanged its last line is told even if it is not whole.
    AtEnd {
        is_settled: bool,
    },
    /// Rotated away, or not to be read.
    Done,
}

#[derive(Debug)]
struct Watched {
    name: Arc<str>,
    file: Arc<File>,
    key: i64,
    scanner: Scanner,
    /// Asks the records anew that the scanner has read with another filter.
    again: Option<Scanner>,
    /// None for a temporary file: nothing can come in its place.
    follower: Option<Follower>,
    rotated: VecDeque<usize>,
    state: State,
}

/// The files, and what was found out about them.
#[derive(Debug)]
pub struct Worker {
    files: Vec<Watched>,
    clock: Clock,
    filter: Arc<Filter>,
    generation: u64,
    histogram: Histogram,
    has_news: bool,
}

impl Worker {
    /// A worker without files, that counts what fulfils `filter`.
    pub fn new(clock: Clock, filter: Arc<Filter>) -> Self {
        Self {
            files: Vec::new(),
            clock,
            filter,
            generation: 0,
            histogram: Histogram::default(),
            has_news: false,
        }
    }

    /// Adds a file; with a path it is followed when that is rotated.
    pub fn add(&mut self, name: &Arc<str>, file: &Arc<File>, path: Option<PathBuf>, key: i64) {
        let follower = path.map(|path| Follower::new(&path, Arc::clone(file)));
        self.files.push(Watched {
            name: Arc::clone(name),
            file: Arc::clone(file),
            key,
            scanner: scan::of_file(name, file, key, &self.clock),
            again: None,
            follower,
            rotated: VecDeque::new(),
            state: State::Reading,
        });
    }

    /// Takes an order.
    pub fn take(&mut self, order: Order) {
        let Order::Filter(generation, filter) = order;
        (self.generation, self.filter) = (generation, filter);
        self.histogram = Histogram::default();
        self.has_news = true;
        for watched in &mut self.files {
            let known = Positioned::new(Arc::clone(&watched.file), 0).until(watched.scanner.offset());
            let name = Arc::clone(&watched.name);
            watched.again = Some(Scanner::new(name, known, watched.key, self.clock.clone()));
        }
    }

    /// Reads on in each file that is not read to its end. `false` when there is none.
    pub fn step(&mut self, reports: &mut Vec<Report>) -> bool {
        let mut is_busy = false;
        for number in 0..self.files.len() {
            is_busy |= self.step_file(number, reports);
        }
        if std::mem::take(&mut self.has_news) {
            reports.push(Report::Events {
                generation: self.generation,
                histogram: self.histogram.clone(),
            });
        }
        is_busy
    }

    /// Looks whether files have grown or were rotated: once a tick.
    pub fn look(&mut self, reports: &mut Vec<Report>) {
        for number in 0..self.files.len() {
            let watched = &mut self.files[number];
            let State::AtEnd { is_settled } = watched.state else {
                continue;
            };
            let read_to = watched.scanner.read_to();
            let change = match &mut watched.follower {
                Some(follower) => follower.look(read_to),
                None => watched
                    .file
                    .metadata()
                    .map(|metadata| match metadata.len() > read_to {
                        true => Change::Grown,
                        false => Change::Quiet,
                    }),
            };
            match change {
                Ok(Change::Grown) => watched.state = State::Reading,
                Ok(Change::Quiet) if is_settled => {}
                Ok(Change::Quiet) => {
                    self.scan(number, End::Closed, reports);
                    self.files[number].state = State::AtEnd { is_settled: true };
                }
                Ok(Change::Truncated) => {
                    watched.scanner = scan::of_file(&watched.name, &watched.file, watched.key, &self.clock);
                    watched.again = None;
                    watched.state = State::Reading;
                    reports.push(Report::Emptied { number });
                }
                Ok(Change::Replaced(file)) => self.rotate(number, &file, reports),
                Err(error) => self.fail(number, diagnostics::reason(&error), reports),
            }
        }
    }

    /// The old file is told to its end and kept; the new one is a file of its own.
    fn rotate(&mut self, number: usize, file: &Arc<File>, reports: &mut Vec<Report>) {
        self.scan(number, End::Closed, reports);
        let new_number = self.files.len();
        let watched = &mut self.files[number];
        watched.state = State::Done;
        let follower = watched.follower.take();
        let (name, key) = (Arc::clone(&watched.name), watched.scanner.key());
        let mut rotated = std::mem::take(&mut watched.rotated);
        rotated.push_back(number);
        self.add(&name, file, None, key);
        let new = &mut self.files[new_number];
        new.follower = follower;
        new.rotated = rotated;
        if new.rotated.len() > ROTATED_MAX
            && let Some(oldest) = new.rotated.pop_front()
        {
            // An open file that is deleted keeps its space on the disk.
            let new_file = Arc::clone(&new.file);
            self.files[oldest].file = new_file;
            self.files[oldest].again = None;
            let empty = Positioned::new(Arc::clone(file), 0).until(0);
            self.files[oldest].scanner = Scanner::new(Arc::clone(&name), empty, key, self.clock.clone());
            reports.push(Report::Emptied { number: oldest });
        }
        let file = Arc::clone(file);
        reports.push(Report::Opened { name, file, key });
    }

    /// One step of one file; whether there is more to do at once.
    fn step_file(&mut self, number: usize, reports: &mut Vec<Report>) -> bool {
        if self.files[number].again.is_some() {
            return self.scan(number, End::Closed, reports);
        }
        if self.files[number].state != State::Reading {
            return false;
        }
        if self.scan(number, End::Quiet, reports) {
            return true;
        }
        if self.files[number].state == State::Reading {
            self.files[number].state = State::AtEnd { is_settled: false };
        }
        false
    }

    /// Lets a scanner make a step, and reports it; whether there is more.
    fn scan(&mut self, number: usize, end: End, reports: &mut Vec<Report>) -> bool {
        let watched = &mut self.files[number];
        let mut spans = Vec::new();
        let is_again = watched.again.is_some();
        let scanner = watched.again.as_mut().unwrap_or(&mut watched.scanner);
        let stepped = scanner.step(&self.filter, &mut self.histogram, end, &mut spans);
        if !spans.is_empty() {
            self.has_news = true;
            reports.push(Report::Scanned {
                number,
                generation: self.generation,
                spans,
            });
        }
        match stepped {
            Ok(true) => true,
            Ok(false) => {
                watched.again = None;
                is_again
            }
            Err(error) => {
                watched.again = None;
                self.fail(number, diagnostics::reason(&error), reports);
                false
            }
        }
    }

    fn fail(&mut self, number: usize, reason: String, reports: &mut Vec<Report>) {
        self.files[number].state = State::Done;
        reports.push(Report::Failed { number, reason });
    }
}
