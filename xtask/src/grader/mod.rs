//! The grader: from the course and its submissions to results.
//!
//! What is graded is a [`Request`]: one exercise of one submission. Each goes its own way through staging, compilation
//! and tests, in a directory of its own and in the sandbox; [`pool`] sees to it that the processors have work.
//!
//! - [`key`]: the hash of everything that could change a result, under which it is kept
//! - [`work`]: one request on its way
//! - [`pool`]: the workers

mod key;
mod pool;
mod work;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, bail};

use crate::base::Base;
use crate::catalogue::{Course, Exercise, Kind, Test};
use crate::compile::Compiler;
use crate::console::Progress;
use crate::incremental::{self, Origin};
use crate::recipe::Target;
use crate::room::Rooms;
use crate::run::Verdict;
use crate::sandbox::Sandbox;
use crate::score::ExerciseResult;
use crate::store::Store;
use crate::submission::Submission;
use crate::tools;
use crate::unit::{self, Unit};
use key::Keys;

/// Where the grader works for one workspace.
pub struct Grader<'a> {
    course: &'a Course,
    store: Store,
    keys: Keys,
    sandbox: Sandbox,
    directory: PathBuf,
    /// Where units keep what lives for seconds.
    rooms: Rooms,
    /// Tools that tests need and the machine lacks, with the reason a report gives.
    missing: BTreeMap<String, String>,
    /// Made when something has to be graded.
    base: Mutex<Option<Arc<Base>>>,
}

/// What to grade, and how.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Which tests.
    pub scope: Scope,
    /// Take the kept result of what has not changed.
    pub reuse: bool,
}

/// A test with a longer limit than this starts a compiler or a board.
const QUICK_S: u64 = 30;

/// Whether a test is one that starts neither.
pub fn is_quick(test: &Test) -> bool {
    test.timeout_s <= QUICK_S
}

/// Which of an exercise's tests are run.
#[derive(Debug, Clone, Copy)]
pub enum Scope {
    /// Open and hidden ones, and the wires.
    All,
    /// Open ones alone.
    Open,
    /// Open ones that do not take long: what a learner waits for at each step.
    Quick,
}

impl Scope {
    fn has(self, test: &Test) -> bool {
        match self {
            Scope::All => true,
            Scope::Open => test.kind == Kind::Open,
            Scope::Quick => test.kind == Kind::Open && is_quick(test),
        }
    }

    /// The name that results of this scope are kept under.
    fn slot(self, exercise: &Exercise) -> String {
        match self {
            Scope::All => exercise.name.clone(),
            Scope::Open => format!("{}.open", exercise.name),
            Scope::Quick => format!("{}.quick", exercise.name),
        }
    }
}

/// One exercise of one submission, to be graded.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The exercise.
    pub exercise: &'a Exercise,
    /// Its sources.
    pub submission: Arc<Submission>,
    /// The tests to run.
    pub tests: Vec<&'a Test>,
    /// Whether one test that does not pass is all there is to know: those that were not begun by then are left out of
    /// the result.
    pub until_first_failure: bool,
    /// Whose sources they are.
    pub origin: Origin,
}

/// One exercise graded, with what only the author of an exercise wants to know.
#[derive(Debug, Clone)]
pub struct Graded {
    /// The points.
    pub result: ExerciseResult,
    /// The compiler's warnings; none when the result was kept from before.
    pub warnings: Vec<String>,
    /// Every test's verdict by full name, wires too; empty when the result was kept from before.
    pub verdicts: BTreeMap<String, Verdict>,
    /// The tests that the binaries list, by full name; empty when the result was kept from before.
    pub listed: Vec<String>,
}

impl<'a> Grader<'a> {
    /// The grader of `course`, in the workspace's target directory.
    ///
    /// # Errors
    /// When shared files cannot be read.
    pub fn new(course: &'a Course) -> Result<Self> {
        let directory = course.root.join("target/grade");
        let sandbox = Sandbox::probe();
        unit::sweep(&directory.join("units"));
        let mut missing = tools::missing_for(course.exercises().flat_map(|exercise| &exercise.tests));
        if let Some(why) = sandbox.withholds_proc() {
            let why = format!("the sandbox has no {} of its own: {why}", tools::PROC);
            missing.entry(tools::PROC.to_owned()).or_insert(why);
        }
        if sandbox.withholds_mqueue() {
            let why = "the sandbox has no message queues of its own".to_owned();
            missing.entry(tools::MQUEUE.to_owned()).or_insert(why);
        }
        Ok(Self {
            course,
            store: Store::new(directory.join("results")),
            keys: Keys::new(course, sandbox.layers())?,
            sandbox,
            missing,
            directory,
            rooms: Rooms::open(),
            base: Mutex::new(None),
        })
    }

    /// Where the grader keeps things.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Why a test cannot be run on this machine, if it cannot.
    pub fn missing(&self, test: &Test) -> Option<&String> {
        test.needs.iter().find_map(|tool| self.missing.get(tool))
    }

    /// What holds submissions in on this machine.
    pub fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// Whether the sandbox holds what a class needs, if that is `required`.
    ///
    /// # Errors
    /// One line that names what is missing and why.
    pub fn check_sandbox(&self, required: bool) -> Result<()> {
        match self.sandbox.satisfies_class() {
            Err(why) if required => bail!("{why}"),
            _ => Ok(()),
        }
    }

    /// The hash of the course and the grader: what two results must have in common to be compared.
    pub fn course_hash(&self) -> String {
        self.keys.course()
    }

    /// The hash of everything that could change the result of a submission.
    ///
    /// # Errors
    /// When the exercise is none of this course's.
    pub fn key(&self, exercise: &Exercise, submission: &Submission) -> Result<String> {
        self.keys.of(exercise, submission, &self.missing)
    }

    /// Grades the learner's own sources of `exercises`; what did not change is taken from before.
    ///
    /// # Errors
    /// When the grader cannot do its work; nothing that a submission does is an error.
    pub fn grade(
        &self,
        exercises: &[&'a Exercise],
        options: Options,
        progress: &Progress,
    ) -> Result<Vec<ExerciseResult>> {
        let own = |exercise: &&'a Exercise| {
            let directory = self.course.root.join(&exercise.dir);
            Ok((
                *exercise,
                Submission::take(&directory, &exercise.manifest.submit)?,
            ))
        };
        let submissions = exercises.iter().map(own).collect::<Result<_>>()?;
        self.grade_submissions(submissions, options, progress)
    }

    /// Grades these sources; what did not change is taken from before.
    ///
    /// # Errors
    /// As [`Grader::grade`].
    pub fn grade_submissions(
        &self,
        submissions: Vec<(&'a Exercise, Submission)>,
        options: Options,
        progress: &Progress,
    ) -> Result<Vec<ExerciseResult>> {
        let mut results: Vec<Option<ExerciseResult>> = Vec::new();
        let mut requests = Vec::new();
        let mut places = Vec::new();
        for (exercise, submission) in submissions {
            let key = self.key(exercise, &submission)?;
            let slot = options.scope.slot(exercise);
            let kept = self.store.find(&slot, &key).filter(|_| options.reuse);
            if kept.is_none() {
                places.push((results.len(), slot, key));
                requests.push(Request {
                    exercise,
                    submission: Arc::new(submission),
                    tests: exercise
                        .tests
                        .iter()
                        .filter(|test| options.scope.has(test))
                        .collect(),
                    until_first_failure: false,
                    origin: Origin::Learner,
                });
            }
            results.push(kept);
        }
        let results = Mutex::new(results);
        self.run(&requests, progress, |index, graded| {
            let (place, slot, key) = &places[index];
            self.store.keep(slot, key, &graded.result)?;
            results.lock().expect("nobody panics with the lock held")[*place] = Some(graded.result);
            Ok(())
        })?;
        let results = results.into_inner().expect("nobody panics with the lock held");
        Ok(results.into_iter().flatten().collect())
    }

    /// Grades every request afresh; `finished` is told each as soon as its last test has ended, from any thread.
    ///
    /// # Errors
    /// When the grader cannot do its work, or `finished` cannot do its own.
    pub fn run(
        &self,
        requests: &[Request<'a>],
        progress: &Progress,
        finished: impl Fn(usize, Graded) -> Result<()> + Sync,
    ) -> Result<()> {
        if requests.is_empty() {
            return Ok(());
        }
        let base = self.base(progress)?;
        let mut units: BTreeMap<&str, (&Exercise, usize)> = BTreeMap::new();
        for Request { exercise, .. } in requests {
            units.entry(&exercise.name).or_insert((exercise, 0)).1 += 1;
        }
        self.warm_up(units.values().map(|(exercise, _)| *exercise), &base, progress)?;
        let is_worth_it = |(exercise, count)| (count >= incremental::UNITS_MIN).then_some(exercise);
        self.learn(units.into_values().filter_map(is_worth_it), &base, progress)?;
        pool::run(&self.works(requests, &base), progress, finished)
    }

    fn works<'b>(&'b self, requests: &'b [Request<'a>], base: &'b Base) -> Vec<work::Work<'b>> {
        requests
            .iter()
            .map(|request| work::Work::new(self, base, request))
            .collect()
    }

    fn base(&self, progress: &Progress) -> Result<Arc<Base>> {
        let mut base = self.base.lock().expect("nobody panics with the lock held");
        if let Some(base) = &*base {
            return Ok(Arc::clone(base));
        }
        let made = Arc::new(Base::prepare(
            self.course,
            &self.directory.join("base"),
            progress,
        )?);
        *base = Some(Arc::clone(&made));
        Ok(made)
    }

    /// Prepares for many units of each of `exercises`, in whatever runs they come.
    ///
    /// # Errors
    /// When the grader cannot do its work.
    pub fn expect_many(&self, exercises: &[&'a Exercise], progress: &Progress) -> Result<()> {
        let base = self.base(progress)?;
        self.learn(exercises.iter().copied(), &base, progress)
    }

    /// Lets the exercises' tests that start a compiler do so once, on sources that are the course's own, and keeps what
    /// was compiled: each unit begins with a copy of it.
    fn warm_up(
        &self,
        exercises: impl Iterator<Item = &'a Exercise>,
        base: &Base,
        progress: &Progress,
    ) -> Result<()> {
        let is_cold = |exercise: &&Exercise| exercise.manifest.toolchain && !base.warm(exercise).is_dir();
        let mut cold: Vec<_> = exercises.filter(is_cold).collect();
        if cold.is_empty() {
            return Ok(());
        }
        let _lock = base.lock_warm()?;
        // Another grader may have done it while this one waited.
        cold.retain(is_cold);
        let request = |exercise: &&'a Exercise| {
            Ok(Request {
                exercise,
                submission: Arc::new(self.own_sources(exercise)?),
                tests: exercise.tests.iter().filter(|test| !is_quick(test)).collect(),
                until_first_failure: false,
                origin: Origin::Course,
            })
        };
        let requests = cold.iter().map(request).collect::<Result<Vec<_>>>()?;
        let names: Vec<_> = cold.iter().map(|exercise| exercise.name.as_str()).collect();
        progress.say(format!(
            "compiling what the tests of {} compile",
            names.join(", ")
        ));
        let mut works = self.works(&requests, base);
        for (work, exercise) in works.iter_mut().zip(&cold) {
            work.keep_target_as(base.warm(exercise));
        }
        pool::run(&works, &Progress::new(true), |_, _| Ok(()))
    }

    /// Lets the compiler get to know the exercises from the course's own sources, for the units that are to come.
    fn learn(
        &self,
        exercises: impl Iterator<Item = &'a Exercise>,
        base: &Base,
        progress: &Progress,
    ) -> Result<()> {
        // Units that stand in different places have nothing to share.
        if !self.sandbox.gives_root() {
            return Ok(());
        }
        let mut unknown = Vec::new();
        for exercise in exercises {
            let own = self.own_sources(exercise)?;
            let stamp = self.key(exercise, &own)?;
            unknown.push((exercise, own, stamp));
        }
        let is_unknown = |(exercise, _, stamp): &(&Exercise, Submission, String)| {
            !incremental::is_current(&base.known(exercise), stamp)
        };
        unknown.retain(is_unknown);
        if unknown.is_empty() {
            return Ok(());
        }
        let _lock = base.lock_warm()?;
        // Another grader may have done it while this one waited.
        unknown.retain(is_unknown);
        pool::each(&unknown, |(exercise, own, stamp)| {
            progress.say(format!("compiling {}", exercise.name));
            self.learn_one(exercise, own, stamp, base)
        })
    }

    fn learn_one(&self, exercise: &Exercise, own: &Submission, stamp: &str, base: &Base) -> Result<()> {
        let unit = self.stage_alone(base, exercise, own, false)?;
        incremental::begin(&unit)?;
        unit.give_to(self.sandbox.user(), false)?;
        let compiler = Compiler {
            base,
            sandbox: &self.sandbox,
            exercise,
            unit: &unit,
        };
        let built = compiler.compile(&[Target::Open, Target::Hidden].into())?;
        // What does not compile here does not compile in a unit either, and is told there.
        if built.errors.is_empty() {
            incremental::keep(&unit, &base.known(exercise), stamp)?;
        }
        Ok(())
    }

    /// The reference, or where the course is a learner's copy what the learner has.
    fn own_sources(&self, exercise: &Exercise) -> Result<Submission> {
        let directory = self.course.root.join(&exercise.dir);
        let solution = directory.join("solution");
        let from = if solution.is_dir() { &solution } else { &directory };
        Submission::take(from, &exercise.manifest.submit)
    }

    /// Clippy's first remark about the learner's own library.
    ///
    /// # Errors
    /// When clippy cannot be started.
    pub fn lint(&self, exercise: &'a Exercise, progress: &Progress) -> Result<Option<String>> {
        let base = self.base(progress)?;
        let submission = Submission::take(&self.course.root.join(&exercise.dir), &exercise.manifest.submit)?;
        let toolchain = exercise.manifest.toolchain;
        let unit = self.stage_alone(&base, exercise, &submission, toolchain)?;
        unit.give_to(self.sandbox.user(), toolchain)?;
        let compiler = Compiler {
            base: &base,
            sandbox: &self.sandbox,
            exercise,
            unit: &unit,
        };
        compiler.lint().context("clippy cannot look at the library")
    }

    /// A unit with what the compiler knows already, and given to those who work in it.
    fn stage(
        &self,
        base: &Base,
        exercise: &Exercise,
        submission: &Submission,
        with_toolchain: bool,
        origin: Origin,
    ) -> Result<Unit> {
        let unit = self.stage_alone(base, exercise, submission, with_toolchain)?;
        if self.sandbox.gives_root() {
            incremental::lend(&base.known(exercise), &unit, origin, self.rooms)?;
        }
        unit.give_to(self.sandbox.user(), exercise.manifest.toolchain)?;
        Ok(unit)
    }

    /// A unit that is the grader's own as yet.
    fn stage_alone(
        &self,
        base: &Base,
        exercise: &Exercise,
        submission: &Submission,
        with_toolchain: bool,
    ) -> Result<Unit> {
        let pristine = self.keys.pristine(exercise)?;
        Unit::stage(
            &self.directory.join("units"),
            &self.sandbox,
            base,
            exercise,
            pristine,
            submission,
            with_toolchain,
        )
    }
}
