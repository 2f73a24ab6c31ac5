//! Searches one source after another and prints what the report asks for. Each thread has one worker.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::diagnostics;
use crate::json::JsonPrinter;
use crate::matcher::Matcher;
use crate::options::{Options, Report};
use crate::output::{Output, Slot};
use crate::printer::Printer;
use crate::search::{SearchError, Searcher};
use crate::segments::Segments;

/// How standard input is called where a path would stand.
const STDIN_NAME: &str = "(standard input)";

/// What the whole search has come to so far.
#[derive(Debug, Default)]
pub struct Outcome {
    /// A line was selected.
    pub selected: AtomicBool,
    /// Something could not be read.
    pub failed: AtomicBool,
}

impl Outcome {
    /// Reports an error that the search survives.
    pub fn fail(&self, what: impl std::fmt::Display, error: &io::Error) {
        self.failed.store(true, Ordering::Relaxed);
        diagnostics::report(format_args!("{what}: {}", diagnostics::reason(error)));
    }
}

/// One thread's searcher, with the buffers that it uses again for each source.
#[derive(Debug)]
pub struct Worker<'a> {
    options: &'a Options,
    output: &'a Output,
    outcome: &'a Outcome,
    searcher: Searcher,
    /// For the matches within a line.
    matcher: Matcher,
    buffer: Vec<u8>,
    /// There is only one source: what is found is printed at once.
    eager: bool,
}

impl<'a> Worker<'a> {
    /// A worker that searches as `options` say.
    pub fn new(options: &'a Options, output: &'a Output, outcome: &'a Outcome, eager: bool) -> Self {
        let matcher = options.matcher.clone();
        let searcher = Searcher::new(matcher.clone(), options.search);
        Self {
            options,
            output,
            outcome,
            searcher,
            matcher,
            buffer: Vec::new(),
            eager,
        }
    }

    /// Searches the source at `path` and prints at its `ticket`. An error is reported and the next source searched.
    pub fn search(&mut self, path: &Path, ticket: u64) {
        let slot = self.output.slot(ticket, std::mem::take(&mut self.buffer));
        let result = if path == Path::new("-") {
            self.search_source(Path::new(STDIN_NAME), 0, io::stdin().lock(), slot)
        } else {
            match File::open(path) {
                Ok(file) => self.search_source(self.printed(path), 0, file, slot),
                Err(error) => Err(SearchError::Read(error)),
            }
        };
        self.settle(path, result);
    }

    /// Searches segments of the file at `path` until there are no more.
    pub fn search_segments(&mut self, path: &Path, segments: &Segments) {
        while let Some(ticket) = segments.draw() {
            let slot = self.output.slot(ticket, std::mem::take(&mut self.buffer));
            let result = match segments.segment(ticket) {
                Ok(Some((segment, offset))) => self.search_source(path, offset, segment, slot),
                Ok(None) => Ok(Vec::new()),
                Err(error) => Err(SearchError::Read(error)),
            };
            self.settle(path, result);
            if self.output.is_closed() {
                return;
            }
        }
    }

    /// Takes the buffer back, or reports what went wrong.
    fn settle(&mut self, path: &Path, result: Result<Vec<u8>, SearchError>) {
        match result {
            Ok(buffer) => self.buffer = buffer,
            Err(SearchError::Read(error)) => self.outcome.fail(path.display(), &error),
            // Kept in the output, and reported once.
            Err(SearchError::Write(_)) => {}
        }
    }

    /// The path as it is printed.
    fn printed<'p>(&self, path: &'p Path) -> &'p Path {
        let is_implied = self.options.sources.is_implied;
        if is_implied {
            path.strip_prefix("./").unwrap_or(path)
        } else {
            path
        }
    }

    fn search_source(
        &mut self,
        path: &Path,
        offset: u64,
        source: impl Read,
        mut slot: Slot<'_>,
    ) -> Result<Vec<u8>, SearchError> {
        let out = &mut slot;
        let summary = match self.options.report {
            Report::Lines(style) | Report::Count(style) | Report::Paths(style) => {
                let path = path.as_os_str().as_bytes();
                let mut printer = Printer::new(style, &self.matcher, path, out, self.eager);
                let summary = self.searcher.search_at(offset, source, &mut printer)?;
                match self.options.report {
                    Report::Count(_) => printer.count(summary.selected),
                    Report::Paths(_) if summary.selected > 0 => printer.path(),
                    Report::Lines(_) if summary.selected > 0 && summary.binary => printer.binary(),
                    _ => Ok(()),
                }
                .map_err(SearchError::Write)?;
                summary
            }
            Report::Json { with_matches } => {
                let matcher = with_matches.then_some(&self.matcher);
                let path = path.to_string_lossy();
                let mut printer = JsonPrinter::new(matcher, &path, out, self.eager);
                let summary = self.searcher.search_at(offset, source, &mut printer)?;
                if summary.selected > 0 && summary.binary {
                    printer.binary().map_err(SearchError::Write)?;
                }
                summary
            }
        };
        if summary.selected > 0 {
            self.outcome.selected.store(true, Ordering::Relaxed);
        }
        slot.finish().map_err(SearchError::Write)
    }
}
