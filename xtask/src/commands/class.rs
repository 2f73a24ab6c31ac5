//! `grade --submissions`, `--repositories`, `--resume`, `--merge`: a whole class, from what was handed in to the gradebook.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::Ended;
use crate::batch::{self, Done, Plan};
use crate::catalogue::Course;
use crate::class::analytics::Figures;
use crate::class::grade::grades;
use crate::class::policy::Policy;
use crate::class::{ClassReport, file, merge, output, summary};
use crate::cli::{Grade, ReportFormat};
use crate::intake::{self, Sources};
use crate::report::style;

/// Whether a class is to be graded, and not the learner's own sources.
pub fn is_asked_for(arguments: &Grade) -> bool {
    let class = &arguments.class;
    class.submissions.is_some()
        || class.repositories.is_some()
        || class.resume.is_some()
        || !class.merge.is_empty()
}

/// Grades a class, or puts its parts together, and writes the gradebook. It holds when the book is complete: what the
/// learners earned is no matter of the exit code.
///
/// # Errors
/// When the instructor's own files cannot be used, or the grader cannot do its work.
pub fn run(arguments: &Grade) -> Result<Ended> {
    let course = Course::here()?;
    if !arguments.class.merge.is_empty() {
        return put_together(arguments, &course);
    }
    let (plan, directory) = plan(arguments)?;
    let exercises = course.select(&plan.names)?;
    if exercises.is_empty() {
        bail!("{} has no exercise yet", plan.names.join(" "));
    }
    // Before anything is graded: a mistake in it must not cost an hour.
    let policy = policy(&course, plan.policy.as_deref())?;
    plan.keep(&directory)?;
    super::setup::provide(&course)?;
    let entries = intake::take(
        &course,
        &Sources {
            submissions: plan.submissions.as_deref(),
            repositories: plan.repositories.as_deref(),
            roster: plan.roster.as_deref(),
            only: match exercises.as_slice() {
                [only] => Some(&only.name),
                _ => None,
            },
            scratch: &directory.join("tmp"),
        },
    )?;
    let entries = match plan.shard {
        Some(shard) => shard.take(entries),
        None => entries,
    };
    let options = batch::Options {
        directory: &directory,
        fresh: arguments.fresh,
        quiet: arguments.format == ReportFormat::Json,
        require_sandbox: arguments.class.require_sandbox,
    };
    let (report, done) = batch::grade(&course, &exercises, entries, &options)?;
    write(arguments, &report, &policy, &directory, Some(done))
}

/// What is to be graded, and where the results go.
fn plan(arguments: &Grade) -> Result<(Plan, PathBuf)> {
    let class = &arguments.class;
    if let Some(directory) = &class.resume {
        return Ok((Plan::load(directory)?, directory.clone()));
    }
    let plan = Plan {
        submissions: class.submissions.clone(),
        repositories: class.repositories.clone(),
        roster: class.roster.clone(),
        policy: class.policy.clone(),
        names: arguments.names.clone(),
        shard: class.shard,
    };
    let directory = class.out.clone().unwrap_or_else(|| plan.default_directory());
    Ok((plan, directory))
}

/// The policy in `path`; without one nothing is late. It may speak of exercises that are not graded now.
fn policy(course: &Course, path: Option<&Path>) -> Result<Policy> {
    let infos: Vec<_> = course
        .exercises()
        .map(|exercise| batch::info(course, exercise))
        .collect();
    path.map_or_else(|| Ok(Policy::default()), |path| Policy::read(path, &infos))
}

/// `--merge`: the parts of a class that were graded apart.
fn put_together(arguments: &Grade, course: &Course) -> Result<Ended> {
    let class = &arguments.class;
    let directory = class
        .out
        .as_ref()
        .context("--merge needs --out: where the whole class goes")?;
    let parts = class
        .merge
        .iter()
        .map(|part| ClassReport::read(&part.join(file::NAME)));
    let report = merge::merge(parts.collect::<Result<_>>()?)?;
    let policy = policy(course, class.policy.as_deref())?;
    write(arguments, &report, &policy, directory, None)
}

/// Writes the book and says what is in it.
fn write(
    arguments: &Grade,
    report: &ClassReport,
    policy: &Policy,
    directory: &Path,
    done: Option<Done>,
) -> Result<Ended> {
    let written = output::write_all(report, policy, jiff::Timestamp::now(), directory)?;
    let mut out = anstream::stdout().lock();
    if arguments.format == ReportFormat::Json {
        serde_json::to_writer_pretty(&mut out, report)?;
        writeln!(out)?;
        return Ok(Ended::Holds);
    }
    let grades = grades(report, policy);
    summary::write(&mut out, &Figures::new(&grades), &written)?;
    let held = if report.sandbox.is_empty() {
        style::warn("no sandbox: whatever was handed in could do what you can")
    } else {
        style::dim(&format!("held in by {}", report.sandbox.join(", ")))
    };
    writeln!(out, "  {held}")?;
    if let Some(Done { graded, kept }) = done {
        let line = format!("{graded} different submissions graded, {kept} known from before");
        writeln!(out, "  {}", style::dim(&line))?;
    }
    out.flush().context("cannot write to standard output")?;
    Ok(Ended::Holds)
}
