//! Running the tests on mutants.
//!
//! First the reference itself: it passes every test, which are then run the fastest first. A mutant is done at the first
//! test that fails on it, or does not end in time. Tests that start a compiler or a board come in a second round, for
//! the mutants that all others missed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, bail};

use super::kept::{self, Kept};
use super::{Fate, Mutant, patch};
use crate::catalogue::{Course, Exercise, Kind, Test};
use crate::console::Progress;
use crate::grader::{Graded, Grader, Request, is_quick};
use crate::incremental::Origin;
use crate::run::Verdict;
use crate::submission::Submission;

/// What to run.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Believe nothing from before.
    pub fresh: bool,
    /// The most mutants to run.
    pub limit: Option<usize>,
}

/// What was found out.
pub struct Judged {
    /// What became of each mutant; nothing of one that was not run.
    pub fates: Vec<Option<Fate>>,
    /// How many are known from before.
    pub kept: usize,
    /// The tests that this machine cannot run, and why.
    pub left_out: BTreeMap<String, String>,
}

/// Runs the tests of `exercise` on those of `mutants` that `wanted` names.
///
/// # Errors
/// When the reference does not pass its own tests, or the grader cannot do its work.
pub fn judge(
    course: &Course,
    exercise: &Exercise,
    mutants: &[Mutant],
    wanted: &[usize],
    options: Options,
) -> Result<Judged> {
    let grader = Grader::new(course)?;
    let solution = course.root.join(&exercise.dir).join("solution");
    let reference = Submission::take(&solution, &exercise.manifest.submit)?;
    let mut round = Round {
        exercise,
        kept: Kept::load(&grader.directory().join("mutants"), &course.root, exercise)?,
        fates: vec![None; mutants.len()],
        subjects: mutants
            .iter()
            .map(|mutant| Subject::new(&grader, exercise, &reference, mutant))
            .collect::<Result<_>>()?,
        grader,
    };
    let mut queue = round.believe(wanted, options.fresh);
    let kept = wanted.len() - queue.len();
    queue.truncate(options.limit.unwrap_or(queue.len()));
    let left_out = round.cannot_run();
    if !queue.is_empty() {
        let progress = Progress::new(false);
        let [quick, slow] = round.reference(reference, &left_out, &progress)?;
        progress.start(queue.len(), "mutants");
        let missed = round.run(&queue, &quick, slow.is_empty(), &progress)?;
        round.run(&missed, &slow, true, &progress)?;
    }
    if wanted.len() == mutants.len() && queue.len() + kept == wanted.len() {
        let hashes: Vec<_> = round
            .subjects
            .iter()
            .map(|subject| subject.hash.clone())
            .collect();
        round.kept.retain(&hashes)?;
    }
    Ok(Judged {
        fates: round.fates,
        kept,
        left_out,
    })
}

/// One mutant as a submission.
struct Subject {
    submission: Arc<Submission>,
    hash: String,
    key: String,
}

impl Subject {
    fn new(grader: &Grader, exercise: &Exercise, reference: &Submission, mutant: &Mutant) -> Result<Self> {
        let mut submission = reference.clone();
        let place = || format!("{}:{}: {}", mutant.file, mutant.line, mutant.change);
        let bytes = submission.files.get_mut(&mutant.file).with_context(place)?;
        let text = std::str::from_utf8(bytes).with_context(place)?;
        *bytes = patch::apply(text, &mutant.diff).with_context(place)?.into_bytes();
        Ok(Self {
            hash: kept::hash(&submission),
            key: grader.key(exercise, &submission)?,
            submission: Arc::new(submission),
        })
    }
}

struct Round<'a> {
    grader: Grader<'a>,
    exercise: &'a Exercise,
    kept: Kept,
    subjects: Vec<Subject>,
    fates: Vec<Option<Fate>>,
}

impl<'a> Round<'a> {
    /// Takes over what is known; returns what is to be run, with what was missed the last time in front.
    fn believe(&mut self, wanted: &[usize], fresh: bool) -> Vec<usize> {
        for &index in wanted.iter().filter(|_| !fresh) {
            let Subject { hash, key, .. } = &self.subjects[index];
            self.fates[index] = self.kept.find(hash, key);
        }
        let mut queue: Vec<_> = wanted
            .iter()
            .copied()
            .filter(|index| self.fates[*index].is_none())
            .collect();
        queue.sort_by_key(|index| !self.kept.was_missed(&self.subjects[*index].hash));
        queue
    }

    /// The tests that lack a tool.
    fn cannot_run(&self) -> BTreeMap<String, String> {
        let reason = |test: &Test| Some((test.full_name(), self.grader.missing(test)?.clone()));
        self.exercise.tests.iter().filter_map(reason).collect()
    }

    /// Runs all tests on the reference, in the two rounds in which mutants meet them; returns each round's tests, the
    /// fastest first.
    fn reference(
        &self,
        reference: Submission,
        left_out: &BTreeMap<String, String>,
        progress: &Progress,
    ) -> Result<[Vec<&'a Test>; 2]> {
        let is_run = |test: &&Test| test.kind != Kind::Wire && !left_out.contains_key(&test.full_name());
        let (quick, slow): (Vec<_>, Vec<_>) = self
            .exercise
            .tests
            .iter()
            .filter(is_run)
            .partition(|test| is_quick(test));
        let mut rounds = [quick, slow];
        let reference = Arc::new(reference);
        let requests = rounds.each_ref().map(|tests| Request {
            exercise: self.exercise,
            submission: Arc::clone(&reference),
            tests: tests.clone(),
            until_first_failure: false,
            origin: Origin::Course,
        });
        let results = Mutex::new(Vec::new());
        self.grader.run(&requests, progress, |_, graded| {
            let mut results = results.lock().expect("nobody panics with the lock held");
            results.extend(graded.result.tests);
            Ok(())
        })?;
        let results = results.into_inner().expect("nobody panics with the lock held");
        if let Some(test) = results.iter().find(|test| test.verdict != Verdict::Passed) {
            bail!(
                "the reference does not pass {} ({}), so it tells nothing about mutants: see `cargo xtask verify {}`",
                test.name,
                test.verdict,
                self.exercise.name
            );
        }
        let durations: BTreeMap<_, _> = results
            .iter()
            .map(|result| (result.name.as_str(), result.duration_ms))
            .collect();
        for tests in &mut rounds {
            tests.sort_by_key(|test| durations.get(test.full_name().as_str()).copied());
        }
        Ok(rounds)
    }

    /// Runs `tests` on the mutants of `queue`; returns those that none of them catches. They are missed for good only
    /// when no tests are `last` to come.
    fn run(
        &mut self,
        queue: &[usize],
        tests: &[&'a Test],
        last: bool,
        progress: &Progress,
    ) -> Result<Vec<usize>> {
        if tests.is_empty() {
            return Ok(queue.to_vec());
        }
        let requests: Vec<_> = queue
            .iter()
            .map(|index| Request {
                exercise: self.exercise,
                submission: Arc::clone(&self.subjects[*index].submission),
                tests: tests.to_vec(),
                until_first_failure: true,
                origin: Origin::Course,
            })
            .collect();
        let (subjects, total) = (&self.subjects, queue.len());
        let state = Mutex::new((&mut self.kept, &mut self.fates, 0));
        let mut missed = Vec::new();
        let gone_by = Mutex::new(&mut missed);
        self.grader.run(&requests, &Progress::new(true), |at, graded| {
            let (index, fate) = (queue[at], fate(&graded));
            let mut state = state.lock().expect("nobody panics with the lock held");
            let (kept, fates, done) = &mut *state;
            *done += 1;
            if fate == Fate::Missed {
                gone_by
                    .lock()
                    .expect("nobody panics with the lock held")
                    .push(index);
            }
            if fate != Fate::Missed || last {
                kept.keep(&subjects[index].hash, &subjects[index].key, &fate)?;
                fates[index] = Some(fate);
                progress.ran("");
            }
            progress.tell(&format!("{done} of {total} mutants"));
            Ok(())
        })?;
        missed.sort_unstable();
        Ok(missed)
    }
}

/// What the tests' verdicts make of a mutant.
fn fate(graded: &Graded) -> Fate {
    if graded.result.compile_error.is_some() {
        return Fate::Unviable;
    }
    let passed = |verdict: &Verdict| matches!(verdict, Verdict::Passed | Verdict::NotGraded(_));
    match graded.result.tests.iter().find(|test| !passed(&test.verdict)) {
        Some(test) => Fate::Caught {
            test: test.name.clone(),
        },
        None => Fate::Missed,
    }
}
