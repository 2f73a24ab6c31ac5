//! The workers, each taking whatever can be done next: as many at work as there are processors.
//!
//! A test that waits, for a deadline or for a peer that never answers, lends its processor to another worker, and has it
//! back when it works again: for as long as that takes there is one too many.
//!
//! Tests that wait come before units that wait to be built, so that a unit is finished, and its directory gone, before
//! many others are begun. Nobody waits for a barrier: a submission that sits out every limit holds no processor.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard};

use anyhow::Result;

use super::Graded;
use super::work::Work;
use crate::console::Progress;

/// Workers for each processor: one that works, and those whose tests wait.
const WORKERS: usize = 4;

/// What a worker takes up.
enum Task {
    Build(usize),
    Test(usize, usize),
}

struct State {
    /// The next work to build.
    next: usize,
    /// Tests of built works.
    tests: VecDeque<(usize, usize)>,
    /// Tasks that workers are at.
    busy: usize,
    /// Those of them whose tests wait.
    waiting: usize,
    /// The first error ends it all.
    error: Option<anyhow::Error>,
}

struct Pool<'a, 'b> {
    works: &'a [Work<'b>],
    /// Tests of each work that have no outcome yet.
    left: Vec<AtomicUsize>,
    state: Mutex<State>,
    changed: Condvar,
    progress: &'a Progress,
}

/// Does all of `works`.
///
/// # Errors
/// The first error of the grader's own, or of `finished`.
pub fn run(
    works: &[Work],
    progress: &Progress,
    finished: impl Fn(usize, Graded) -> Result<()> + Sync,
) -> Result<()> {
    let _descendants = crate::run::Descendants::adopt()?;
    let pool = Pool {
        works,
        left: works.iter().map(|_| AtomicUsize::new(0)).collect(),
        state: Mutex::new(State {
            next: 0,
            tests: VecDeque::new(),
            busy: 0,
            waiting: 0,
            error: None,
        }),
        changed: Condvar::new(),
        progress,
    };
    progress.start_tests(works.iter().map(Work::tests).sum());
    std::thread::scope(|scope| {
        for _ in 0..threads() * WORKERS {
            scope.spawn(|| pool.worker(&finished));
        }
    });
    let state = pool.state.into_inner().expect("nobody panics with the lock held");
    state.error.map_or(Ok(()), Err)
}

/// Does `work` with each of `items`, by as many workers.
///
/// # Errors
/// An error of `work`; items that were not begun by then are left.
pub fn each<T: Sync>(items: &[T], work: impl Fn(&T) -> Result<()> + Sync) -> Result<()> {
    let next = AtomicUsize::new(0);
    let worker = || -> Result<()> {
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(error) = work(item) {
                next.store(items.len(), Ordering::Relaxed);
                return Err(error);
            }
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads()).map(|_| scope.spawn(worker)).collect();
        let ended = workers
            .into_iter()
            .map(|worker| worker.join().expect("a worker does not panic"));
        ended.fold(Ok(()), Result::and)
    })
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}

impl Pool<'_, '_> {
    fn worker(&self, finished: &(impl Fn(usize, Graded) -> Result<()> + Sync)) {
        while let Some(task) = self.take() {
            let done = match task {
                Task::Build(work) => self.build(work, finished),
                Task::Test(work, test) => self.test(work, test, finished),
            };
            let mut state = self.lock();
            state.busy -= 1;
            if let Err(error) = done {
                state.error.get_or_insert(error);
            }
            self.changed.notify_all();
        }
    }

    /// The next task; nothing when all is done, or nothing more shall be.
    fn take(&self) -> Option<Task> {
        let processors = threads();
        let mut state = self.lock();
        loop {
            if state.error.is_some() {
                return None;
            }
            // More than there are for a moment, when tests go on that had waited.
            if state.busy - state.waiting < processors
                && let Some(task) = self.next_task(&mut state)
            {
                state.busy += 1;
                return Some(task);
            }
            if state.busy == 0 {
                return None;
            }
            state = self
                .changed
                .wait(state)
                .expect("nobody panics with the lock held");
        }
    }

    /// A test that can be run, or else a unit that can be built.
    fn next_task(&self, state: &mut State) -> Option<Task> {
        if let Some((work, test)) = state.tests.pop_front() {
            return Some(Task::Test(work, test));
        }
        let work = state.next;
        (work < self.works.len()).then(|| {
            state.next += 1;
            Task::Build(work)
        })
    }

    /// Takes a processor from a test that waits, or gives it back.
    fn lend(&self, is_waiting: bool) {
        let mut state = self.lock();
        if is_waiting {
            state.waiting += 1;
        } else {
            state.waiting -= 1;
        }
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics with the lock held")
    }

    fn build(&self, index: usize, finished: &impl Fn(usize, Graded) -> Result<()>) -> Result<()> {
        let work = &self.works[index];
        let runnable = work.build()?;
        for _ in runnable.len()..work.tests() {
            self.progress.ran("");
        }
        if runnable.is_empty() {
            return finished(index, work.finish()?);
        }
        self.left[index].store(runnable.len(), Ordering::Release);
        let mut state = self.lock();
        state.tests.extend(runnable.into_iter().map(|test| (index, test)));
        Ok(())
    }

    fn test(&self, index: usize, test: usize, finished: &impl Fn(usize, Graded) -> Result<()>) -> Result<()> {
        let work = &self.works[index];
        if !work.is_decided() {
            work.run(test, &|is_waiting| self.lend(is_waiting))?;
        }
        self.progress.ran(work.name(test));
        // Whoever runs the last one sees what the others have written.
        if self.left[index].fetch_sub(1, Ordering::AcqRel) == 1 {
            return finished(index, work.finish()?);
        }
        Ok(())
    }
}
