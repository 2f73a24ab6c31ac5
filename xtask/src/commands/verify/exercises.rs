//! Every exercise through the grader, in rounds: all starters, all solutions, then the wrong solutions.
//!
//! Each round is one Cargo call over all exercises, in a stage of its own, so that a learner's kept results and
//! build are never touched.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::{Tally, Verified};
use crate::catalogue::{Course, Exercise, Test, Wrong};
use crate::console::Progress;
use crate::grader::{Graded, Grader, Options, Scope};
use crate::run::Verdict;
use crate::submission::Submission;

/// Runs in which a test may look for a mistake. A race in a wrong solution does not show in each; the line for it says
/// how many it took, so that its author can make it show.
const TRIES: usize = 3;

/// Holds each exercise against its own tests.
///
/// # Errors
/// When the grader cannot do its work.
pub fn verify(course: &Course, exercises: &[&Exercise], tally: &mut Tally) -> Result<()> {
    let grader = Grader::in_directory(course, course.root.join("target/verify"))?;
    let rounds = Rounds {
        course,
        grader,
        progress: Progress::new(false),
    };
    rounds.starters(exercises, tally)?;
    rounds.solutions(exercises, tally)?;
    rounds.wrongs(exercises, tally)
}

struct Rounds<'a> {
    course: &'a Course,
    grader: Grader<'a>,
    progress: Progress,
}

impl Rounds<'_> {
    fn grade(
        &self,
        exercises: &[&Exercise],
        submissions: BTreeMap<String, Submission>,
        scope: Scope<'_>,
    ) -> Result<Vec<Graded>> {
        let options = Options {
            scope,
            reuse: false,
            keep: false,
        };
        self.grader.grade(exercises, submissions, options, &self.progress)
    }

    /// The untouched starter compiles without a warning, and every single test fails on it.
    fn starters(&self, exercises: &[&Exercise], tally: &mut Tally) -> Result<()> {
        for graded in self.grade(exercises, BTreeMap::new(), Scope::All)? {
            let name = &graded.result.name;
            let mut problems = graded.built.warnings.clone();
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
        }
        Ok(())
    }

    /// The reference earns every point, trips no wire, and runs no test that the inventory lacks.
    fn solutions(&self, exercises: &[&Exercise], tally: &mut Tally) -> Result<()> {
        let submissions = exercises
            .iter()
            .map(|exercise| Ok((exercise.name.clone(), self.reference(exercise)?)));
        let submissions = submissions.collect::<Result<BTreeMap<_, _>>>()?;
        for graded in self.grade(exercises, submissions, Scope::All)? {
            let result = &graded.result;
            let mut problems = graded.built.warnings.clone();
            problems.extend(result.compile_error.clone());
            problems.extend(result.review.iter().cloned());
            for test in &result.tests {
                if !matches!(test.verdict, Verdict::Passed | Verdict::NotGraded(_)) {
                    problems.push(format!("{}: {}", test.name, test.verdict));
                    problems.extend(test.failure.as_ref().map(ToString::to_string));
                }
            }
            let exercise = self.course.exercise(&result.name)?;
            problems.extend(unlisted(exercise, &graded));
            let points = result.points;
            let seen = format!(
                "{} of {} points",
                points.earned,
                points.possible - points.not_graded
            );
            tally.add(&format!("{}: solution", result.name), &verified(problems, seen));
            skipped(&graded, "solution", tally);
        }
        Ok(())
    }

    /// Each wrong solution compiles, and fails the tests that are meant for it.
    fn wrongs(&self, exercises: &[&Exercise], tally: &mut Tally) -> Result<()> {
        let mut left: Vec<(&Exercise, Vec<Wrong>)> = Vec::new();
        for exercise in exercises {
            let mut wrongs = exercise.wrongs(&self.course.root)?;
            wrongs.reverse();
            left.push((exercise, wrongs));
        }
        loop {
            let round: Vec<(&Exercise, Wrong)> = left
                .iter_mut()
                .filter_map(|(exercise, wrongs)| Some((*exercise, wrongs.pop()?)))
                .collect();
            if round.is_empty() {
                return Ok(());
            }
            self.wrong_round(&round, tally)?;
        }
    }

    fn wrong_round(&self, round: &[(&Exercise, Wrong)], tally: &mut Tally) -> Result<()> {
        let mut submissions = BTreeMap::new();
        let mut names = BTreeMap::new();
        let mut ready = Vec::new();
        for (exercise, wrong) in round {
            let mut submission = self.reference(exercise)?;
            if let Err(error) = wrong.apply(&mut submission.files) {
                let name = format!("{}: wrong/{}", exercise.name, wrong.name);
                tally.add(&name, &Verified::Falls(vec![format!("{error:#}")]));
                continue;
            }
            submissions.insert(exercise.name.clone(), submission);
            names.insert(exercise.name.clone(), wrong.fails.clone());
            ready.push((*exercise, wrong));
        }
        let exercises: Vec<_> = ready.iter().map(|(exercise, _)| *exercise).collect();
        let mut graded = self.grade(&exercises, submissions.clone(), Scope::Named(&names))?;
        let mut missed = BTreeMap::new();
        for attempt in 1..TRIES {
            let still_missed = passes(&graded);
            if still_missed.is_empty() {
                break;
            }
            let again: Vec<_> = exercises
                .iter()
                .copied()
                .filter(|exercise| still_missed.contains_key(&exercise.name))
                .collect();
            for again in self.grade(&again, submissions.clone(), Scope::Named(&still_missed))? {
                missed.insert(again.result.name.clone(), attempt);
                if let Some(first) = graded
                    .iter_mut()
                    .find(|graded| graded.result.name == again.result.name)
                {
                    first.verdicts.extend(again.verdicts);
                }
            }
        }
        for (graded, (exercise, wrong)) in graded.iter().zip(ready) {
            let name = format!("{}: wrong/{}", exercise.name, wrong.name);
            tally.add(&name, &caught(graded, wrong, missed.get(&exercise.name).copied()));
        }
        Ok(())
    }

    /// The reference's sources, as a submission.
    fn reference(&self, exercise: &Exercise) -> Result<Submission> {
        let directory = self.course.root.join(&exercise.dir).join("solution");
        Submission::take(&directory, &exercise.manifest.submit)
            .with_context(|| format!("{} has no solution to verify", exercise.name))
    }
}

/// The tests that pass, by exercise.
fn passes(graded: &[Graded]) -> BTreeMap<String, Vec<String>> {
    let mut passes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for graded in graded {
        for (test, verdict) in &graded.verdicts {
            if *verdict == Verdict::Passed {
                passes
                    .entry(graded.result.name.clone())
                    .or_default()
                    .push(test.clone());
            }
        }
    }
    passes
}

/// Whether every test that is meant for a wrong solution has failed on it; `missed` counts the runs in which one has not.
fn caught(graded: &Graded, wrong: &Wrong, missed: Option<usize>) -> Verified {
    let mut problems = Vec::new();
    if let Some(error) = &graded.result.compile_error {
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
            verified(problems, format!("caught by {caught}{misses}"))
        }
    }
}

/// Tests that a binary lists and the inventory does not know: a test without points is a test forgotten.
fn unlisted(exercise: &Exercise, graded: &Graded) -> Vec<String> {
    let mut unlisted = Vec::new();
    for (target, binary) in &graded.built.binaries {
        let Ok(output) = std::process::Command::new(binary)
            .args(["--list", "--format", "terse"])
            .output()
        else {
            continue;
        };
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let Some(name) = line.strip_suffix(": test") else {
                continue;
            };
            let known = |test: &Test| test.kind.target() == target && test.name == name;
            if !exercise.tests.iter().any(known) {
                unlisted.push(format!(
                    "{target}::{name} is a test without points: use #[phase7::test]"
                ));
            }
        }
    }
    unlisted
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

fn verified(problems: Vec<String>, seen: String) -> Verified {
    if problems.is_empty() {
        Verified::Holds(seen)
    } else {
        Verified::Falls(problems)
    }
}
