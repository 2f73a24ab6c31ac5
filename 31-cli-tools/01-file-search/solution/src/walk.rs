//! Finds the files and hands them to the workers.
//!
//! | sources | who walks | who searches |
//! |---|---|---|
//! | one that is no directory | nobody | this thread; each thread if it is large and nothing is against it |
//! | several, or a directory | each thread, beside its searches | each thread |
//! | the same, sorted | one thread at a time, in order, numbering the files | each thread |

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder, WalkState};

use crate::options::{Options, Sources};
use crate::output::Output;
use crate::segments::Segments;
use crate::worker::{Outcome, Worker};

/// Searches all sources.
pub fn search(options: &Options, output: &Output, outcome: &Outcome) {
    let sources = &options.sources;
    if let Some(path) = sources.single() {
        match Segments::of(path, options) {
            Some(segments) => search_segments(options, output, outcome, path, &segments),
            None => Worker::new(options, output, outcome, true).search(path, 0),
        }
        return;
    }
    let roots = existing(&sources.paths, outcome);
    let Some(mut walk) = builder(sources, &roots) else {
        return;
    };
    if sources.sorted {
        walk.sort_by_file_name(std::ffi::OsStr::cmp);
        search_sorted(options, output, outcome, &walk);
    } else {
        search_unsorted(options, output, outcome, &walk);
    }
}

/// The paths that are there; the others are reported.
fn existing<'a>(paths: &'a [PathBuf], outcome: &Outcome) -> Vec<&'a Path> {
    let is_there = |path: &&Path| match path.metadata() {
        Err(error) if *path != Path::new("-") => {
            outcome.fail(path.display(), &error);
            false
        }
        _ => true,
    };
    paths.iter().map(PathBuf::as_path).filter(is_there).collect()
}

/// The walk below `roots`; none if there are no roots.
fn builder(sources: &Sources, roots: &[&Path]) -> Option<WalkBuilder> {
    let (first, others) = roots.split_first()?;
    let mut walk = WalkBuilder::new(first);
    for root in others {
        walk.add(root);
    }
    walk.hidden(!sources.hidden)
        .require_git(false)
        .overrides(sources.globs.clone())
        .threads(sources.threads)
        .filter_entry(|entry| entry.depth() == 0 || entry.file_name() != ".git");
    Some(walk)
}

fn search_unsorted(options: &Options, output: &Output, outcome: &Outcome, walk: &WalkBuilder) {
    walk.build_parallel().run(|| {
        let mut worker = Worker::new(options, output, outcome, false);
        Box::new(move |entry| {
            if let Some(path) = file(&entry, outcome) {
                worker.search(path, 0);
            }
            if output.is_closed() {
                WalkState::Quit
            } else {
                WalkState::Continue
            }
        })
    });
}

fn search_sorted(options: &Options, output: &Output, outcome: &Outcome, walk: &WalkBuilder) {
    // The ticket is drawn together with the file, so the tickets are in the order of the walk.
    let files = Mutex::new((0, walk.build()));
    let next = || {
        let mut files = files.lock().unwrap_or_else(PoisonError::into_inner);
        let (ticket, walk) = &mut *files;
        let path = walk.find_map(|entry| file(&entry, outcome).map(Path::to_path_buf))?;
        *ticket += 1;
        Some((*ticket - 1, path))
    };
    let search = || {
        let mut worker = Worker::new(options, output, outcome, false);
        while let Some((ticket, path)) = next() {
            worker.search(&path, ticket);
            if output.is_closed() {
                return;
            }
        }
    };
    on_threads(options.sources.threads, search);
}

fn search_segments(options: &Options, output: &Output, outcome: &Outcome, path: &Path, segments: &Segments) {
    on_threads(options.sources.threads, || {
        Worker::new(options, output, outcome, false).search_segments(path, segments);
    });
}

/// Runs `work` on so many threads, of which this is one.
fn on_threads(threads: usize, work: impl Fn() + Sync) {
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(&work);
        }
        work();
    });
}

/// The path of what is to be searched: a regular file, or whatever the user named that is no directory.
fn file<'a>(entry: &'a Result<DirEntry, ignore::Error>, outcome: &Outcome) -> Option<&'a Path> {
    match entry {
        Ok(entry) => {
            if entry.is_stdin() {
                return Some(Path::new("-"));
            }
            let is_named = entry.depth() == 0 && !entry.path().is_dir();
            let is_regular = entry.file_type().is_some_and(|kind| kind.is_file());
            (is_named || is_regular).then(|| entry.path())
        }
        Err(error) => {
            report(error, outcome);
            None
        }
    }
}

/// Reports what the walk stumbled over.
fn report(error: &ignore::Error, outcome: &Outcome) {
    let mut path = Path::new(".");
    let mut cause = error;
    loop {
        cause = match cause {
            ignore::Error::WithPath { path: at, err } => {
                path = at;
                err
            }
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => err,
            ignore::Error::Io(error) => return outcome.fail(path.display(), error),
            other => return outcome.fail(path.display(), &io::Error::other(other.to_string())),
        };
    }
}
