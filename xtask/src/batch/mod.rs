//! A batch: every submission of a class graded, each once, however often it is asked for.
//!
//! ```text
//! OUT/
//! ├─ batch.json               what was asked for: `--resume OUT` goes on with it
//! ├─ results/EXERCISE/KEY.json   one for each different submission, written whole as soon as it is graded
//! └─ class.json …             what it comes to, written when all are graded
//! ```
//!
//! A result belongs to the hash of all that could change it, not to a learner: two learners with equal sources, the
//! untouched starters above all, are graded once, and a batch that was killed goes on where it was.

mod plan;
mod shard;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};

use crate::catalogue::{Course, Exercise};
use crate::class::{ClassReport, Entry, EntryReport, ExerciseInfo, FORMAT};
use crate::console::Progress;
use crate::grader::{Grader, Request};
use crate::incremental::Origin;
use crate::score::ExerciseResult;
use crate::store::Store;
pub use plan::Plan;
pub use shard::Shard;

/// How a batch is graded.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Where results are kept.
    pub directory: &'a Path,
    /// Grade everything again, whatever is known from before.
    pub fresh: bool,
    /// Say nothing on the way.
    pub quiet: bool,
    /// Refuse to go on where the sandbox is weaker than a class needs.
    pub require_sandbox: bool,
}

/// What a batch did, for whoever waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    /// Different submissions of an exercise that were graded now.
    pub graded: usize,
    /// Those whose result was there already.
    pub kept: usize,
}

/// One exercise of one learner: where its result is.
struct Place<'a> {
    exercise: &'a Exercise,
    key: String,
}

/// Grades `exercises` of all `entries`.
///
/// # Errors
/// When the grader cannot do its work; nothing that a submission does is an error. What was graded until then is kept.
pub fn grade(
    course: &Course,
    exercises: &[&Exercise],
    entries: Vec<Entry>,
    options: &Options,
) -> Result<(ClassReport, Done)> {
    let grader = Grader::new(course)?;
    grader.check_sandbox(options.require_sandbox)?;
    let store = Store::new(options.directory.join("results"));
    let mut places = Vec::new();
    let mut results: BTreeMap<String, ExerciseResult> = BTreeMap::new();
    let mut requests = BTreeMap::new();
    for entry in &entries {
        let mut learners = Vec::new();
        for &exercise in exercises {
            let Some(submission) = entry.exercises.get(&exercise.name) else {
                continue;
            };
            let key = grader.key(exercise, submission)?;
            if !results.contains_key(&key) && !requests.contains_key(&key) {
                match store.find(&slot(exercise, &key), &key).filter(|_| !options.fresh) {
                    Some(result) => {
                        results.insert(key.clone(), result);
                    }
                    None => {
                        // In the order of the class, which is the order of the book.
                        requests.insert(key.clone(), (requests.len(), exercise, submission.clone()));
                    }
                }
            }
            learners.push(Place { exercise, key });
        }
        places.push(learners);
    }
    let kept = results.len();
    let graded = requests.len();
    let mut requests: Vec<_> = requests.into_iter().collect();
    requests.sort_by_key(|(_, (number, ..))| *number);
    let (keys, requests): (Vec<_>, Vec<_>) = requests
        .into_iter()
        .map(|(key, (_, exercise, submission))| {
            let request = Request {
                exercise,
                submission: Arc::new(submission),
                tests: exercise.tests.iter().collect(),
                until_first_failure: false,
                origin: Origin::Learner,
            };
            (key, request)
        })
        .unzip();
    let progress = Progress::new(options.quiet);
    let results = Mutex::new(results);
    grader.run(&requests, &progress, |index, graded| {
        store.keep(
            &slot(requests[index].exercise, &keys[index]),
            &keys[index],
            &graded.result,
        )?;
        let mut results = results.lock().expect("nobody panics with the lock held");
        results.insert(keys[index].clone(), graded.result);
        progress.tell(&format!("{} of {} graded", results.len() - kept, requests.len()));
        Ok(())
    })?;
    let results = results.into_inner().expect("nobody panics with the lock held");
    let report = report(&grader, course, exercises, entries, places, &results)?;
    Ok((report, Done { graded, kept }))
}

/// The name that a result is kept under.
fn slot(exercise: &Exercise, key: &str) -> String {
    format!("{}/{key}", exercise.name)
}

/// Puts each learner's results together.
fn report(
    grader: &Grader,
    course: &Course,
    exercises: &[&Exercise],
    entries: Vec<Entry>,
    places: Vec<Vec<Place>>,
    results: &BTreeMap<String, ExerciseResult>,
) -> Result<ClassReport> {
    let result = |place: Place| {
        let result = results.get(&place.key).cloned();
        result.with_context(|| format!("{} was not graded", place.exercise.name))
    };
    let entries = entries.into_iter().zip(places).map(|(entry, places)| {
        Ok(EntryReport {
            learner: entry.learner,
            source: entry.source,
            submitted: entry.submitted,
            refusal: entry.refusal,
            notes: entry.notes,
            results: places.into_iter().map(result).collect::<Result<_>>()?,
        })
    });
    let mut entries = entries.collect::<Result<Vec<_>>>()?;
    entries.sort_by(|left, right| left.learner.id.cmp(&right.learner.id));
    Ok(ClassReport {
        format: FORMAT,
        course: grader.course_hash(),
        exercises: exercises.iter().map(|exercise| info(course, exercise)).collect(),
        sandbox: grader.sandbox().names(),
        entries,
    })
}

/// What a gradebook says about an exercise.
pub fn info(course: &Course, exercise: &Exercise) -> ExerciseInfo {
    let module = course
        .modules
        .iter()
        .find(|module| exercise.dir.starts_with(&module.name))
        .map_or_else(String::new, |module| module.name.clone());
    ExerciseInfo {
        name: exercise.name.clone(),
        module,
        title: exercise.brief.title.clone(),
        possible: exercise.possible(),
    }
}
