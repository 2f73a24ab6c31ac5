//! The grader: from the course and its submissions to results, through stage, compilation and tests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::catalogue::{Course, Exercise, Kind, Test};
use crate::compile::{Built, compile};
use crate::console::Progress;
use crate::run::{Job, Limits, Outcome, Verdict, run_all};
use crate::score::{ExerciseResult, TestResult};
use crate::stage::{Stage, pristine_files, shared_files};
use crate::store::Store;
use crate::submission::Submission;
use crate::tools;

/// Where the grader works for one workspace.
pub struct Grader<'a> {
    course: &'a Course,
    stage: Stage,
    store: Store,
    /// Hash of everything that all exercises share.
    shared: blake3::Hash,
    directory: PathBuf,
}

/// What to grade, and how.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Which tests.
    pub scope: Scope<'a>,
    /// Take the kept result of what has not changed.
    pub reuse: bool,
    /// Keep new results.
    pub keep: bool,
}

/// A test with a longer limit than this starts a compiler or a board.
const QUICK_S: u64 = 30;

/// Which of an exercise's tests are run.
#[derive(Debug, Clone, Copy)]
pub enum Scope<'a> {
    /// Open and hidden ones, and the wires.
    All,
    /// Open ones alone.
    Open,
    /// Open ones that do not take long: what a learner waits for at each step.
    Quick,
    /// Those with these full names, by exercise.
    Named(&'a BTreeMap<String, Vec<String>>),
}

impl Scope<'_> {
    fn has(self, exercise: &Exercise, test: &Test) -> bool {
        match self {
            Scope::All => true,
            Scope::Open => test.kind == Kind::Open,
            Scope::Quick => test.kind == Kind::Open && test.timeout_s <= QUICK_S,
            Scope::Named(names) => names
                .get(&exercise.name)
                .is_some_and(|names| names.contains(&test.full_name())),
        }
    }

    /// The name that results of this scope are kept under.
    fn slot(self, exercise: &Exercise) -> String {
        match self {
            Scope::All => exercise.name.clone(),
            Scope::Open => format!("{}.open", exercise.name),
            Scope::Quick => format!("{}.quick", exercise.name),
            Scope::Named(_) => format!("{}.named", exercise.name),
        }
    }
}

/// One exercise graded, with what only the author of an exercise wants to know.
pub struct Graded {
    /// The points.
    pub result: ExerciseResult,
    /// What the compiler made and said; nothing when the result was kept from before.
    pub built: Built,
    /// Every test's verdict by full name, wires too; empty when the result was kept from before.
    pub verdicts: BTreeMap<String, Verdict>,
}

impl<'a> Grader<'a> {
    /// The grader of `course`, in the workspace's target directory.
    ///
    /// # Errors
    /// When shared files cannot be read.
    pub fn new(course: &'a Course) -> Result<Self> {
        Self::in_directory(course, course.root.join("target/grade"))
    }

    /// The grader of `course`, working in `directory`.
    ///
    /// # Errors
    /// As [`Grader::new`].
    pub fn in_directory(course: &'a Course, directory: PathBuf) -> Result<Self> {
        Ok(Self {
            course,
            stage: Stage::new(&directory),
            store: Store::new(directory.join("results")),
            shared: shared_hash(course)?,
            directory,
        })
    }

    /// Where sources and binaries are.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// Grades `exercises` with these submissions, or with the learner's own sources where there is none.
    ///
    /// # Errors
    /// When the grader cannot do its work; nothing that a submission does is an error.
    pub fn grade(
        &self,
        exercises: &[&Exercise],
        mut submissions: BTreeMap<String, Submission>,
        options: Options,
        progress: &Progress,
    ) -> Result<Vec<Graded>> {
        for exercise in self.course.exercises() {
            if !submissions.contains_key(&exercise.name) {
                let submission =
                    Submission::take(&self.course.root.join(&exercise.dir), &exercise.manifest.submit)?;
                submissions.insert(exercise.name.clone(), submission);
            }
        }
        let missing = tools::missing_for(exercises.iter().flat_map(|exercise| &exercise.tests));
        let mut graded = BTreeMap::new();
        let mut open = Vec::new();
        for exercise in exercises {
            let submission = &submissions[&exercise.name];
            let key = self.key(exercise, submission, &missing)?;
            let kept = options
                .reuse
                .then(|| self.store.find(&options.scope.slot(exercise), &key))
                .flatten();
            match kept {
                Some(result) => {
                    graded.insert(exercise.name.clone(), Graded::kept(result));
                }
                None => open.push((*exercise, key)),
            }
        }
        if !open.is_empty() {
            let _lock = self.lock(progress)?;
            for result in self.grade_afresh(&open, &submissions, options, &missing, progress)? {
                graded.insert(result.result.name.clone(), result);
            }
        }
        Ok(exercises
            .iter()
            .filter_map(|exercise| graded.remove(&exercise.name))
            .collect())
    }

    /// Keeps other graders off the stage until it is dropped.
    fn lock(&self, progress: &Progress) -> Result<std::fs::File> {
        let path = self.directory.join("lock");
        std::fs::create_dir_all(&self.directory)
            .with_context(|| format!("cannot make {}", self.directory.display()))?;
        let file =
            std::fs::File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        progress.say("waiting for another grader to finish");
        file.lock()
            .with_context(|| format!("cannot lock {}", path.display()))?;
        Ok(file)
    }

    /// Stages, builds and runs.
    fn grade_afresh(
        &self,
        open: &[(&Exercise, String)],
        submissions: &BTreeMap<String, Submission>,
        options: Options,
        missing: &BTreeMap<String, String>,
        progress: &Progress,
    ) -> Result<Vec<Graded>> {
        progress.say("staging");
        self.stage.seed_lock(self.course)?;
        let accepted: BTreeMap<_, _> = submissions
            .iter()
            .filter(|(_, submission)| submission.refusal.is_none())
            .map(|(name, submission)| (name.clone(), submission.clone()))
            .collect();
        self.stage.fill(self.course, &accepted)?;
        let to_build: Vec<_> = open
            .iter()
            .map(|(exercise, _)| *exercise)
            .filter(|exercise| accepted.contains_key(&exercise.name))
            .collect();
        progress.say("building");
        let built = if to_build.is_empty() {
            BTreeMap::new()
        } else {
            compile(
                self.course,
                &self.stage,
                &to_build,
                !matches!(options.scope, Scope::Open | Scope::Quick),
                progress,
            )?
        };

        let mut works = Vec::new();
        for (exercise, key) in open {
            let refusal = submissions[&exercise.name].refusal.as_deref();
            let built = built.get(&exercise.name).cloned().unwrap_or_default();
            let tests = exercise
                .tests
                .iter()
                .filter(|test| options.scope.has(exercise, test));
            let plans = tests
                .map(|test| (test, self.plan(exercise, test, refusal, &built, missing)))
                .collect();
            works.push(Work {
                exercise,
                key,
                built,
                plans,
            });
        }
        self.run(&works, options, progress)
    }

    /// Runs what is planned; each exercise's result is kept as soon as its last test has ended.
    fn run(&self, works: &[Work], options: Options, progress: &Progress) -> Result<Vec<Graded>> {
        let mut jobs = Vec::new();
        let mut places = Vec::new();
        let mut outcomes: Vec<Vec<Option<Outcome>>> = Vec::new();
        for (work, plans) in works.iter().map(|work| &work.plans).enumerate() {
            outcomes.push(plans.iter().map(|(_, plan)| plan.judged()).collect());
            for (test, (_, plan)) in plans.iter().enumerate() {
                if let Plan::Run(job) = plan {
                    jobs.push(job.clone());
                    places.push((work, test));
                }
            }
        }
        let finish = |work: usize, outcomes: &[Option<Outcome>]| -> Option<Result<Graded>> {
            let outcomes = outcomes.iter().cloned().collect::<Option<Vec<_>>>()?;
            let graded = works[work].graded(outcomes);
            let kept = if options.keep {
                let slot = options.scope.slot(works[work].exercise);
                self.store.keep(&slot, works[work].key, &graded.result)
            } else {
                Ok(())
            };
            Some(kept.map(|()| graded))
        };
        let graded = outcomes
            .iter()
            .enumerate()
            .map(|(work, outcomes)| finish(work, outcomes))
            .collect::<Vec<_>>();
        let state = Mutex::new((outcomes, graded));
        progress.start_tests(jobs.len());
        run_all(&jobs, &self.directory.join("tmp"), |index, outcome| {
            progress.ran(&jobs[index].name);
            let (work, test) = places[index];
            let mut state = state.lock().expect("nobody panics with the lock held");
            let (outcomes, graded) = &mut *state;
            outcomes[work][test] = Some(outcome.clone());
            if let Some(result) = finish(work, &outcomes[work]) {
                graded[work] = Some(result);
            }
        })?;
        let (_, graded) = state.into_inner().expect("nobody panics with the lock held");
        graded
            .into_iter()
            .map(|result| result.context("every exercise is finished")?)
            .collect()
    }

    fn plan(
        &self,
        exercise: &Exercise,
        test: &Test,
        refusal: Option<&str>,
        built: &Built,
        missing: &BTreeMap<String, String>,
    ) -> Plan {
        if let Some(why) = refusal {
            return Plan::Judged(Verdict::Refused(why.to_owned()));
        }
        if let Some(why) = test.needs.iter().find_map(|tool| missing.get(tool)) {
            return Plan::Judged(Verdict::NotGraded(why.clone()));
        }
        let Ok(binary) = built.binary(test.kind) else {
            return Plan::Judged(Verdict::DoesNotCompile);
        };
        Plan::Run(Job {
            binary: binary.clone(),
            name: test.name.clone(),
            directory: self.stage.root.join(&exercise.dir),
            // Outside the stage, which is swept before each run: what was built for the board stays built.
            variables: vec![(
                phase7::firmware::TARGET_VARIABLE,
                self.stage.target.join("firmware"),
            )],
            limits: Limits {
                wall: Duration::from_secs(test.timeout_s),
                memory_mb: exercise.manifest.memory_mb,
                processes: exercise.manifest.processes,
            },
        })
    }

    /// The hash of everything that could change an exercise's result.
    fn key(
        &self,
        exercise: &Exercise,
        submission: &Submission,
        missing: &BTreeMap<String, String>,
    ) -> Result<String> {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.shared.as_bytes());
        for (path, bytes) in pristine_files(self.course, exercise)? {
            update(&mut hasher, &path, &bytes);
        }
        let brief = self.course.root.join(&exercise.dir).join("README.md");
        update(
            &mut hasher,
            Path::new("README.md"),
            &std::fs::read(&brief).unwrap_or_default(),
        );
        for (name, bytes) in &submission.files {
            update(&mut hasher, Path::new(name), bytes);
        }
        hasher.update(submission.refusal.as_deref().unwrap_or_default().as_bytes());
        for tool in exercise.tests.iter().flat_map(|test| &test.needs) {
            hasher.update(missing.get(tool).map_or("", String::as_str).as_bytes());
        }
        Ok(hasher.finalize().to_string())
    }
}

/// What is to be done about one test.
enum Plan {
    Run(Job),
    Judged(Verdict),
}

impl Plan {
    /// The outcome that needs no process.
    fn judged(&self) -> Option<Outcome> {
        match self {
            Plan::Run(_) => None,
            Plan::Judged(verdict) => Some(Outcome {
                verdict: verdict.clone(),
                failure: None,
                duration: Duration::ZERO,
            }),
        }
    }
}

/// One exercise on its way through the tests.
struct Work<'a> {
    exercise: &'a Exercise,
    key: &'a str,
    built: Built,
    plans: Vec<(&'a Test, Plan)>,
}

impl Work<'_> {
    /// The exercise's result, from an outcome for each planned test.
    fn graded(&self, outcomes: Vec<Outcome>) -> Graded {
        let tests = self.plans.iter().zip(outcomes);
        let results: Vec<_> = tests
            .map(|((test, _), outcome)| TestResult::new(self.exercise, test, outcome))
            .collect();
        let verdicts = results
            .iter()
            .map(|result| (result.name.clone(), result.verdict.clone()))
            .collect();
        let error = self
            .built
            .errors
            .iter()
            .find(|(target, _)| !self.built.binaries.contains_key(*target));
        let error = error.map(|(_, text)| crate::run::failure::clean(text));
        Graded {
            result: ExerciseResult::new(self.exercise, results, error),
            built: self.built.clone(),
            verdicts,
        }
    }
}

impl Graded {
    fn kept(result: ExerciseResult) -> Self {
        Self {
            result,
            built: Built::default(),
            verdicts: BTreeMap::new(),
        }
    }
}

/// The hash of the grader itself and of what all exercises share.
fn shared_hash(course: &Course) -> Result<blake3::Hash> {
    let mut hasher = blake3::Hasher::new();
    let own = std::env::current_exe().context("cannot tell this program's path")?;
    hasher
        .update_mmap(&own)
        .with_context(|| format!("cannot read {}", own.display()))?;
    for (path, bytes) in shared_files(course)? {
        update(&mut hasher, &path, &bytes);
    }
    let lock = course.root.join("Cargo.lock");
    let bytes = std::fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    update(&mut hasher, Path::new("Cargo.lock"), &bytes);
    Ok(hasher.finalize())
}

/// Adds a file so that no two sets of files hash alike.
fn update(hasher: &mut blake3::Hasher, path: &Path, bytes: &[u8]) {
    let name = path.as_os_str().as_encoded_bytes();
    hasher.update(&(name.len() as u64).to_le_bytes());
    hasher.update(name);
    hasher.update(&(bytes.len() as u64).to_le_bytes());
    hasher.update(bytes);
}
