//! Every exercise through the grader: all starters, all solutions, then the wrong solutions.
//!
//! They go the way of any submission, each in a directory of its own, so that a learner's kept results are never touched.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};

use super::{Tally, Verified, verified};
use crate::catalogue::{Course, Exercise, Test, Wrong};
use crate::console::Progress;
use crate::grader::{Graded, Grader, Request};
use crate::incremental::Origin;
use crate::run::Verdict;
use crate::score::TestResult;
use crate::submission::Submission;

/// Runs in which a test may look for a mistake. A race in a wrong solution does not show in each; the line for it says
/// how many it took, so that its author can make it show.
const TRIES: usize = 3;

/// Seconds that the tests meant for a wrong solution may take together before its line says so: its author may know of
/// a quicker one.
const SLOW_S: u64 = 10;

/// Holds each exercise against its own tests.
///
/// # Errors
/// When the grader cannot do its work.
pub fn verify(course: &Course, exercises: &[&Exercise], tally: &mut Tally) -> Result<()> {
    let rounds = Rounds {
        course,
        grader: Grader::new(course)?,
        progress: Progress::new(false),
    };
    rounds.grader.expect_many(exercises, &rounds.progress)?;
    rounds.starters(exercises, tally)?;
    rounds.solutions(exercises, tally)?;
    rounds.wrongs(exercises, tally)
}

struct Rounds<'a> {
    course: &'a Course,
    grader: Grader<'a>,
    progress: Progress,
}

impl<'a> Rounds<'a> {
    /// Grades all requests; `each` is told every result as it comes, one at a time.
    fn grade(&self, requests: &[Request<'a>], each: impl FnMut(usize, Graded) + Send) -> Result<()> {
        let each = Mutex::new(each);
        self.grader.run(requests, &self.progress, |index, graded| {
            (each.lock().expect("nobody panics with the lock held"))(index, graded);
            Ok(())
        })
    }

    /// The untouched starter compiles without a warning, and every single test fails on it.
    fn starters(&self, exercises: &[&'a Exercise], tally: &mut Tally) -> Result<()> {
        let starter = |exercise: &&'a Exercise| {
            let submission =
                Submission::take(&self.course.root.join(&exercise.dir), &exercise.manifest.submit)?;
            Ok(request(exercise, submission, exercise.tests.iter().collect()))
        };
        let requests = exercises.iter().map(starter).collect::<Result<Vec<_>>>()?;
        self.grade(&requests, |_, graded| {
            let name = &graded.result.name;
            let mut problems = graded.warnings.clone();
            problems.extend(graded.result.compile_error.clone());
            let mut red = 0;
            for (test, verdict) in &graded.verdicts {
                match verdict {
                    Verdict::Passed | Verdict::WireTripped => {
                        problems.push(format!("{test} passes on the starter"))
                    }
                    Verdict::DoesNotCompile | Verdict::Refused(_) => {
                        problems.push(format!("{test}: {verdict}"))
                    }
                    Verdict::NotGraded(_) => {}
                    _ => red += 1,
                }
            }
            let seen = format!("{red} tests, each red");
            tally.add(&format!("{name}: starter"), &verified(problems, seen));
            skipped(&graded, "starter", tally);
        })
    }

    /// The reference earns every point, trips no wire, and runs no test that the inventory lacks.
    fn solutions(&self, exercises: &[&'a Exercise], tally: &mut Tally) -> Result<()> {
        let reference = |exercise: &&'a Exercise| {
            Ok(request(
                exercise,
                self.reference(exercise)?,
                exercise.tests.iter().collect(),
            ))
        };
        let requests = exercises.iter().map(reference).collect::<Result<Vec<_>>>()?;
        let mut late = Vec::new();
        self.grade(&requests, |index, graded| {
            if fell_short(&graded).next().is_some() {
                late.push((index, graded));
            } else {
                add_solution(&requests[index], &graded, &BTreeSet::new(), tally);
            }
        })?;
        late.sort_by_key(|(index, _)| *index);
        for (index, mut graded) in late {
            let second = self.look_again_at_solution(&requests[index], &mut graded)?;
            add_solution(&requests[index], &graded, &second, tally);
        }
        Ok(())
    }

    /// Runs the reference's tests again that did not pass, with nothing beside them: a machine that does other work as
    /// well may let a deadline pass. Those that pass now are returned, and named in the line for the solution.
    fn look_again_at_solution(&self, request: &Request<'a>, graded: &mut Graded) -> Result<BTreeSet<String>> {
        let failed: BTreeSet<String> = fell_short(graded).map(|test| test.name.clone()).collect();
        let tests = request.tests.iter().copied();
        let again = Request {
            tests: tests.filter(|test| failed.contains(&test.full_name())).collect(),
            ..request.clone()
        };
        let mut passed = BTreeSet::new();
        if graded.result.compile_error.is_none() {
            self.grade(&[again], |_, second| {
                let tests = second.verdicts.into_iter();
                passed.extend(
                    tests
                        .filter(|(_, verdict)| *verdict == Verdict::Passed)
                        .map(|(name, _)| name),
                );
            })?;
        }
        Ok(passed)
    }

    /// Each wrong solution compiles, and fails the tests that are meant for it.
    fn wrongs(&self, exercises: &[&'a Exercise], tally: &mut Tally) -> Result<()> {
        let mut wrongs = Vec::new();
        let mut requests = Vec::new();
        for exercise in exercises {
            let reference = self.reference(exercise)?;
            for wrong in exercise.wrongs(&self.course.root)? {
                let mut submission = reference.clone();
                match wrong.apply(&mut submission.files) {
                    Ok(()) => {
                        let tests = exercise.tests.iter();
                        let meant = |test: &&Test| wrong.fails.contains(&test.full_name());
                        requests.push(request(exercise, submission, tests.filter(meant).collect()));
                        wrongs.push(wrong);
                    }
                    Err(error) => {
                        let name = format!("{}: wrong/{}", exercise.name, wrong.name);
                        tally.add(&name, &Verified::Falls(vec![format!("{error:#}")]));
                    }
                }
            }
        }
        let mut missed = Vec::new();
        self.grade(&requests, |index, graded| {
            if graded
                .verdicts
                .values()
                .any(|verdict| *verdict == Verdict::Passed)
            {
                missed.push((index, graded));
            } else {
                add_wrong(&requests[index], &wrongs[index], &graded, None, tally);
            }
        })?;
        missed.sort_by_key(|(index, _)| *index);
        for (index, graded) in missed {
            self.look_again(&requests[index], &wrongs[index], graded, tally)?;
        }
        Ok(())
    }

    /// Runs the tests again that have let a wrong solution pass.
    fn look_again(
        &self,
        request: &Request<'a>,
        wrong: &Wrong,
        mut graded: Graded,
        tally: &mut Tally,
    ) -> Result<()> {
        let mut runs = 1;
        let mut last_missed = 0;
        while runs < TRIES {
            let passed = |test: &&Test| graded.verdicts.get(&test.full_name()) == Some(&Verdict::Passed);
            let again = Request {
                tests: request
                    .tests
                    .iter()
                    .copied()
                    .filter(|test| passed(test))
                    .collect(),
                ..request.clone()
            };
            if again.tests.is_empty() {
                break;
            }
            last_missed = runs;
            let mut verdicts = BTreeMap::new();
            self.grade(std::slice::from_ref(&again), |_, graded| {
                verdicts = graded.verdicts
            })?;
            graded.verdicts.extend(verdicts);
            runs += 1;
        }
        add_wrong(request, wrong, &graded, Some(last_missed), tally);
        Ok(())
    }

    /// The reference's sources, as a submission.
    fn reference(&self, exercise: &Exercise) -> Result<Submission> {
        let directory = self.course.root.join(&exercise.dir).join("solution");
        Submission::take(&directory, &exercise.manifest.submit)
            .with_context(|| format!("{} has no solution to verify", exercise.name))
    }
}

fn request<'a>(exercise: &'a Exercise, submission: Submission, tests: Vec<&'a Test>) -> Request<'a> {
    Request {
        exercise,
        submission: Arc::new(submission),
        tests,
        until_first_failure: false,
        origin: Origin::Course,
    }
}

/// The tests that did not pass, though they could be graded.
fn fell_short(graded: &Graded) -> impl Iterator<Item = &TestResult> {
    let is_short = |test: &&TestResult| !matches!(test.verdict, Verdict::Passed | Verdict::NotGraded(_));
    graded.result.tests.iter().filter(is_short)
}

/// A line for a solution; `second` are the tests that passed at the second look only.
fn add_solution(request: &Request, graded: &Graded, second: &BTreeSet<String>, tally: &mut Tally) {
    let result = &graded.result;
    let mut problems = graded.warnings.clone();
    problems.extend(result.compile_error.clone());
    problems.extend(result.review.iter().cloned());
    for test in fell_short(graded).filter(|test| !second.contains(&test.name)) {
        problems.push(format!("{}: {}", test.name, test.verdict));
        problems.extend(test.failure.as_ref().map(ToString::to_string));
    }
    problems.extend(unlisted(request.exercise, graded));
    let late = fell_short(graded).filter(|test| second.contains(&test.name));
    let (mut earned, mut names) = (result.points.earned, String::new());
    for test in late {
        earned += test.possible;
        names.push_str(&format!("; at the second look: {} ({})", test.name, test.verdict));
    }
    let possible = result.points.possible - result.points.not_graded;
    let seen = format!("{earned} of {possible} points{names}");
    tally.add(&format!("{}: solution", result.name), &verified(problems, seen));
    skipped(graded, "solution", tally);
}

fn add_wrong(request: &Request, wrong: &Wrong, graded: &Graded, missed: Option<usize>, tally: &mut Tally) {
    let name = format!("{}: wrong/{}", request.exercise.name, wrong.name);
    tally.add(&name, &caught(graded, wrong, missed));
}

/// Whether every test that is meant for a wrong solution has failed on it; `missed` counts the runs in which one has not.
fn caught(graded: &Graded, wrong: &Wrong, missed: Option<usize>) -> Verified {
    let result = &graded.result;
    let mut problems = Vec::new();
    if let Some(error) = &result.compile_error {
        problems.push(error.clone());
    }
    let mut caught = 0;
    let mut reason = None;
    for test in &wrong.fails {
        match graded.verdicts.get(test) {
            None => problems.push(format!("there is no test {test}")),
            Some(Verdict::Passed) => problems.push(format!("{test} passes on it: {}", wrong.why)),
            Some(Verdict::NotGraded(why)) => reason = Some(why.clone()),
            Some(Verdict::DoesNotCompile | Verdict::Refused(_)) => {}
            Some(_) => caught += 1,
        }
    }
    match reason {
        Some(why) if problems.is_empty() && caught == 0 => Verified::Skipped(why),
        _ => {
            let misses = missed.map_or_else(String::new, |runs| {
                format!(", missed in {runs} of {} runs", runs + 1)
            });
            let seconds = result.tests.iter().map(|test| test.duration_ms).sum::<u64>() / 1000;
            let slow = if seconds >= SLOW_S {
                format!(", in {seconds} s")
            } else {
                String::new()
            };
            verified(problems, format!("caught by {caught}{misses}{slow}"))
        }
    }
}

/// Tests that a binary lists and the inventory does not know: a test without points is a test forgotten.
fn unlisted(exercise: &Exercise, graded: &Graded) -> Vec<String> {
    let known = |name: &str| exercise.tests.iter().any(|test| test.full_name() == name);
    let unknown = graded.listed.iter().filter(|name| !known(name));
    unknown
        .map(|name| format!("{name} is a test without points: use #[phase7::test]"))
        .collect()
}

/// A line for what could not be graded here.
fn skipped(graded: &Graded, what: &str, tally: &mut Tally) {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for verdict in graded.verdicts.values() {
        if let Verdict::NotGraded(why) = verdict {
            *reasons.entry(why).or_default() += 1;
        }
    }
    for (why, count) in reasons {
        let name = format!("{}: {what}, {count} tests", graded.result.name);
        tally.add(&name, &Verified::Skipped(format!("not graded: {why}")));
    }
}
