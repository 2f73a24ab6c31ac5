//! The pipe filter: records in, those that are wanted out.

use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use crate::cli::Cli;
use crate::diagnostics;
use crate::filter::Filter;
use crate::follow::{Change, Follower};
use crate::histogram::Histogram;
use crate::input::{self, Input};
use crate::merge::Merge;
use crate::output::Printer;
use crate::reader::{Positioned, Records};
use crate::split::End;
use crate::time::Clock;

/// What the filter came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    /// A record was printed.
    pub selected: bool,
    /// Something could not be read.
    pub failed: bool,
}

type Source = Box<dyn Read>;

/// Standard output, also in the hands of those who are about to wait.
struct Shared<W>(Rc<RefCell<W>>);

/// A stream that may keep its reader waiting: what was printed goes out before.
struct Live<W> {
    stream: Box<dyn Read + Send>,
    out: Shared<W>,
}

struct Filtering<'a, W: Write> {
    cli: &'a Cli,
    filter: &'a Filter,
    merge: Merge<Source>,
    names: Vec<Arc<str>>,
    /// Whether the last record of each source was wanted: what continues it is too.
    wanted: Vec<bool>,
    printer: Printer<Shared<W>>,
    histogram: Histogram,
    outcome: Outcome,
}

/// Filters the files of the command line to `out`.
///
/// # Errors
/// `out` takes no more. What cannot be read is reported, and the other files are read all the same.
pub fn run(cli: &Cli, clock: &Clock, filter: &Filter, out: impl Write + 'static) -> io::Result<Outcome> {
    let out = Shared(Rc::new(RefCell::new(out)));
    let stdin = [PathBuf::from(input::STDIN)];
    let paths = if cli.files.is_empty() {
        &stdin
    } else {
        cli.files.as_slice()
    };
    // Several files are merged by the times of all their records.
    let demand = filter.demand().filter(|_| paths.len() == 1);
    let mut outcome = Outcome::default();
    let (mut sources, mut names, mut followers) = (Vec::new(), Vec::new(), Vec::new());
    for path in paths {
        match input::open(path) {
            Ok(input) => {
                followers.push(follower(cli, path, &input));
                let name = name(path);
                names.push(Arc::clone(&name));
                let source: Source = match input {
                    Input::File(_) => input.into_stream(),
                    Input::Stream(_) => Box::new(Live {
                        stream: input.into_stream(),
                        out: out.clone(),
                    }),
                };
                let records = Records::new(name, source, clock.clone());
                sources.push(match &demand {
                    Some(demand) => records.only(demand.clone()),
                    None => records,
                });
            }
            Err(error) => outcome.failed |= failed(&path.display(), &error),
        }
    }
    let mut filtering = Filtering {
        cli,
        filter,
        wanted: vec![false; sources.len()],
        merge: Merge::new(sources),
        names,
        printer: Printer::new(out, cli.format, cli.with_filename),
        histogram: Histogram::default(),
        outcome,
    };
    let is_followed = followers.iter().any(Option::is_some);
    filtering.tell(if is_followed { End::Open } else { End::Closed })?;
    if is_followed {
        for (number, _) in followers
            .iter()
            .enumerate()
            .filter(|(_, follower)| follower.is_none())
        {
            filtering.merge.refill_one(number, End::Closed);
        }
        filtering.tell_ready(End::Closed)?;
        filtering.tell(End::Quiet)?;
        filtering.follow(&mut followers)?;
    }
    if let Some(rows) = cli.histogram {
        filtering.printer.histogram(&filtering.histogram, rows)?;
    }
    filtering.printer.flush()?;
    Ok(filtering.outcome)
}

/// How a file is called in what is printed.
pub fn name(path: &Path) -> Arc<str> {
    match path == Path::new(input::STDIN) {
        true => Arc::from("(standard input)"),
        false => Arc::from(path.to_string_lossy()),
    }
}

fn follower(cli: &Cli, path: &Path, input: &Input) -> Option<Follower> {
    match input {
        Input::File(file) if cli.follow => Some(Follower::new(path, Arc::clone(file))),
        _ => None,
    }
}

fn failed(what: &dyn std::fmt::Display, error: &io::Error) -> bool {
    diagnostics::report(format_args!("{what}: {}", diagnostics::reason(error)));
    true
}

impl<W> Clone for Shared<W> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<W: Write> Write for Shared<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.borrow_mut().flush()
    }
}

impl<W: Write> Read for Live<W> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // An error is no error of this source; the next record that is printed meets it again.
        let _ = self.out.flush();
        self.stream.read(buffer)
    }
}

impl<W: Write> Filtering<'_, W> {
    /// Tells what there is.
    fn tell(&mut self, end: End) -> io::Result<()> {
        self.merge.refill(end);
        self.tell_ready(end)
    }

    fn tell_ready(&mut self, end: End) -> io::Result<()> {
        while let Some((number, record)) = self.merge.next_record(end) {
            if !record.continues {
                self.wanted[number] = self.filter.matches(&record);
            }
            if !self.wanted[number] {
                continue;
            }
            self.outcome.selected = true;
            match (self.cli.histogram, record.head.time_us) {
                (None, _) => self.printer.record(&record)?,
                (Some(_), Some(time_us)) => self.histogram.add(time_us, record.head.level),
                (Some(_), None) => {}
            }
        }
        for (number, error) in self.merge.take_errors() {
            self.outcome.failed |= failed(&self.names[number], &error);
        }
        Ok(())
    }

    /// Goes on for ever, or until nobody reads.
    fn follow(&mut self, followers: &mut [Option<Follower>]) -> io::Result<()> {
        loop {
            self.printer.flush()?;
            std::thread::sleep(Duration::from_millis(self.cli.interval));
            let mut is_quiet = true;
            for (number, slot) in followers.iter_mut().enumerate() {
                let Some(follower) = slot else { continue };
                let read_to = self.merge.source(number).read_to();
                let file = match follower.look(read_to) {
                    Ok(Change::Quiet) => continue,
                    Ok(Change::Grown) => None,
                    Ok(Change::Truncated) => Some(follower.file()),
                    Ok(Change::Replaced(file)) => Some(file),
                    Err(error) => {
                        self.outcome.failed |= failed(&self.names[number], &error);
                        *slot = None;
                        continue;
                    }
                };
                is_quiet = false;
                if let Some(file) = file {
                    // All others have told what they had: only this one is asked here.
                    self.merge.refill_one(number, End::Closed);
                    self.tell_ready(End::Closed)?;
                    self.merge
                        .source(number)
                        .replace(Box::new(Positioned::new(file, 0)));
                }
            }
            // What may go on is told when nothing came for a while.
            self.tell(if is_quiet { End::Quiet } else { End::Open })?;
        }
    }
}
