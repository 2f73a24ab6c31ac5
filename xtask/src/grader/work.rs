//! One request on its way: staged and compiled once, then test by test, until the last one makes it a result.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use anyhow::Result;

use super::{Graded, Grader, Request, is_quick};
use crate::base::Base;
use crate::catalogue::{Exercise, Test};
use crate::compile::{Built, Compiler};
use crate::recipe::Target;
use crate::run::watch::{self, Waits};
use crate::run::{Job, Limits, Outcome, Verdict, failure::clean, run_test};
use crate::sandbox::{Command, View};
use crate::score::{ExerciseResult, TestResult};
use crate::unit::Unit;

/// How many times its wall clock a test may use of the processors.
const PROCESSORS: u32 = 8;

/// How many times its time a test has that compiles for all that come later: on a busy machine a library takes minutes.
const PATIENCE: u32 = 5;

/// Megabytes of a test's private `/tmp`.
const TMP_MB: u64 = 1024;

/// See the module.
pub struct Work<'a> {
    grader: &'a Grader<'a>,
    base: &'a Base,
    request: &'a Request<'a>,
    staged: OnceLock<Staged>,
    outcomes: Mutex<Vec<Option<Outcome>>>,
    /// Where to keep the unit's target directory.
    target: Option<PathBuf>,
}

/// What became of staging and compiling.
struct Staged {
    /// Gone, with its directory, as soon as the last test has ended.
    unit: Mutex<Option<Unit>>,
    built: Built,
    listed: Vec<String>,
    /// What the audit has to say of the library.
    findings: Vec<String>,
}

impl<'a> Work<'a> {
    pub fn new(grader: &'a Grader<'a>, base: &'a Base, request: &'a Request<'a>) -> Self {
        Self {
            grader,
            base,
            request,
            staged: OnceLock::new(),
            outcomes: Mutex::new(vec![None; request.tests.len()]),
            target: None,
        }
    }

    /// Keeps what its tests compile in `directory`.
    pub fn keep_target_as(&mut self, directory: PathBuf) {
        self.target = Some(directory);
    }

    /// How many tests it has.
    pub fn tests(&self) -> usize {
        self.request.tests.len()
    }

    /// The name of a test, for whoever watches.
    pub fn name(&self, test: usize) -> &str {
        &self.request.tests[test].name
    }

    /// Stages and compiles; returns the tests that are to be run, by their index. The others have their verdict.
    ///
    /// # Errors
    /// When the grader cannot do its work.
    pub fn build(&self) -> Result<Vec<usize>> {
        let Request {
            exercise,
            submission,
            tests,
            ..
        } = self.request;
        let is_runnable = |test: &Test| submission.refusal.is_none() && self.missing(test).is_none();
        let mut staged = Staged {
            unit: Mutex::new(None),
            built: Built::default(),
            listed: Vec::new(),
            findings: Vec::new(),
        };
        if submission.refusal.is_none() {
            // No quick test starts a compiler: what it would find is not copied for nothing.
            let with_toolchain = exercise.manifest.toolchain && !tests.iter().all(|test| is_quick(test));
            let unit = self.grader.stage(
                self.base,
                exercise,
                submission,
                with_toolchain,
                self.request.origin,
            )?;
            let compiler = Compiler {
                base: self.base,
                sandbox: &self.grader.sandbox,
                exercise,
                unit: &unit,
            };
            let wanted = tests.iter().map(|test| Target::of(test.kind)).collect();
            staged.built = compiler.compile(&wanted)?;
            // Nobody needs it any more, and it is large.
            crate::room::remove(&unit.caches());
            unit.hide()?;
            let library = unit.output(Target::Lib);
            if exercise.manifest.allows_unsafe && library.exists() {
                let findings = crate::audit::inspect(&library)?;
                staged.findings = findings.iter().map(ToString::to_string).collect();
            }
            for (target, binary) in &staged.built.binaries {
                staged.listed.extend(self.list(*target, binary, &unit)?);
            }
            staged.unit = Mutex::new(Some(unit));
        }
        let mut outcomes = self.outcomes.lock().expect("nobody panics with the lock held");
        let mut runnable = Vec::new();
        for (index, test) in tests.iter().enumerate() {
            if is_runnable(test) && staged.built.binary(test.kind).is_some() {
                runnable.push(index);
            } else {
                outcomes[index] = Some(Outcome {
                    verdict: self.judged(test),
                    failure: None,
                    duration: Duration::ZERO,
                });
            }
        }
        drop(outcomes);
        let _ = self.staged.set(staged);
        Ok(runnable)
    }

    /// Why a test cannot be run on this machine.
    fn missing(&self, test: &Test) -> Option<&String> {
        self.grader.missing(test)
    }

    /// The verdict that needs no process.
    fn judged(&self, test: &Test) -> Verdict {
        if let Some(why) = &self.request.submission.refusal {
            Verdict::Refused(why.clone())
        } else if let Some(why) = self.missing(test) {
            Verdict::NotGraded(why.clone())
        } else {
            Verdict::DoesNotCompile
        }
    }

    /// Whether the tests that are left can be dropped.
    pub fn is_decided(&self) -> bool {
        let failed = |outcome: &Outcome| !matches!(outcome.verdict, Verdict::Passed | Verdict::NotGraded(_));
        self.request.until_first_failure && {
            let outcomes = self.outcomes.lock().expect("nobody panics with the lock held");
            outcomes.iter().flatten().any(failed)
        }
    }

    /// Runs one test, and says when it waits.
    ///
    /// # Errors
    /// When its process cannot be started.
    pub fn run(&self, test: usize, waits: Waits) -> Result<()> {
        let staged = self.staged.get().expect("built before its tests are run");
        let job = {
            let unit = staged.unit.lock().expect("nobody panics with the lock held");
            self.job(
                self.request.tests[test],
                &staged.built,
                unit.as_ref().expect("gone only when all have run"),
            )
        };
        let outcome = run_test(&self.grader.sandbox, &job, waits)?;
        self.outcomes.lock().expect("nobody panics with the lock held")[test] = Some(outcome);
        Ok(())
    }

    fn job(&self, test: &Test, built: &Built, unit: &Unit) -> Job {
        let patience = if self.target.is_some() { PATIENCE } else { 1 };
        let wall = Duration::from_secs(test.timeout_s) * patience;
        Job {
            binary: built
                .binary(test.kind)
                .cloned()
                .expect("only what was compiled is run"),
            name: test.name.clone(),
            directory: unit.inside(&unit.exercise),
            variables: self.variables(unit),
            view: self.view(unit),
            limits: self.limits(wall),
        }
    }

    fn limits(&self, wall: Duration) -> Limits {
        Limits {
            wall,
            cpu: (wall * PROCESSORS).max(Duration::from_secs(8)),
            memory_mb: self.request.exercise.manifest.memory_mb,
            processes: self.request.exercise.manifest.processes,
        }
    }

    /// What a test sees: its binaries and the exercise's files; with a compiler, the workspace and the toolchains.
    fn view(&self, unit: &Unit) -> View {
        let manifest = &self.request.exercise.manifest;
        let mut view = View {
            moved: unit.moved(),
            read: vec![unit.out.clone(), unit.exercise.clone()],
            write: Vec::new(),
            proc: manifest.proc,
            programs: manifest.programs,
            tmp_mb: TMP_MB,
        };
        if manifest.toolchain {
            view.write.extend([unit.course.clone(), unit.target.clone()]);
            view.read.extend(crate::tools::toolchain_paths());
        }
        view
    }

    fn variables(&self, unit: &Unit) -> Vec<(OsString, OsString)> {
        if !self.request.exercise.manifest.toolchain {
            return Vec::new();
        }
        let target = |name| OsString::from(unit.inside(&unit.target.join(name)));
        let mut variables: Vec<(OsString, OsString)> = vec![
            ("CARGO_NET_OFFLINE".into(), "true".into()),
            ("CARGO_TARGET_DIR".into(), target("cargo")),
            (phase7::firmware::TARGET_VARIABLE.into(), target("firmware")),
            (phase7::miri::TARGET_VARIABLE.into(), target("miri")),
        ];
        variables.extend(crate::tools::toolchain_variables());
        variables
    }

    /// The tests that a binary says it has.
    fn list(&self, target: Target, binary: &std::path::Path, unit: &Unit) -> Result<Vec<String>> {
        let command = Command {
            program: binary.to_owned(),
            arguments: ["--list", "--format", "terse"].map(OsString::from).to_vec(),
            environment: Vec::new(),
            directory: unit.inside(&unit.exercise),
            view: self.view(unit),
            limits: self.limits(Duration::from_secs(10)),
            keep: Vec::new(),
        };
        let ended = watch::run(&self.grader.sandbox, &command, &|_| ())?;
        let text = String::from_utf8_lossy(&ended.output).into_owned();
        let names = text.lines().filter_map(|line| line.strip_suffix(": test"));
        Ok(names
            .map(|name| format!("{}::{}", target.name(), clean(name)))
            .collect())
    }

    /// The result, when the last test has its outcome. Called once.
    ///
    /// # Errors
    /// When what its tests compiled cannot be kept.
    pub fn finish(&self) -> Result<Graded> {
        let staged = self.staged.get().expect("built before it is finished");
        if let Some(unit) = staged
            .unit
            .lock()
            .expect("nobody panics with the lock held")
            .take()
            && let Some(target) = &self.target
        {
            unit.keep_target(target)?;
        }
        let exercise: &Exercise = self.request.exercise;
        let outcomes = std::mem::take(&mut *self.outcomes.lock().expect("nobody panics with the lock held"));
        // Only a test that was dropped has no outcome.
        let tests = self.request.tests.iter().zip(outcomes);
        let results: Vec<_> = tests
            .filter_map(|(test, outcome)| Some(TestResult::new(exercise, test, outcome?)))
            .collect();
        let verdicts = results
            .iter()
            .map(|result| (result.name.clone(), result.verdict.clone()))
            .collect();
        let error = staged.built.errors.first_key_value();
        Ok(Graded {
            result: ExerciseResult::new(
                exercise,
                super::key::sources(&self.request.submission),
                results,
                error.map(|(_, text)| text.clone()),
                staged.findings.clone(),
            ),
            warnings: staged.built.warnings.clone(),
            verdicts,
            listed: staged.listed.clone(),
        })
    }
}
