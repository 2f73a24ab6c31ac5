//! `grade`: the main job; and the dashboard, which is the same with less to say.

use std::io::Write;

use anyhow::{Context, Result, bail};

use crate::Ended;
use crate::catalogue::Course;
use crate::checklist;
use crate::cli::{Grade, ReportFormat};
use crate::console::Progress;
use crate::grader::{Grader, Options, Scope};
use crate::report;
use crate::score::Report;
use crate::store;

/// Grades the named exercises and prints the report. A partial grade is no error: it is where a learner stands.
///
/// # Errors
/// When the grader cannot do its work.
pub fn run(arguments: &Grade) -> Result<Ended> {
    if arguments.write_checklist && !arguments.names.is_empty() {
        bail!("the checklist is about the whole course: grade it without naming exercises");
    }
    let course = Course::here()?;
    let items = checklist::load(&course)?;
    super::setup::provide(&course)?;
    let report = grade(&course, &items, &arguments.names, arguments.fresh)?;
    if arguments.names.is_empty() {
        store::remember(&course.root, &report)?;
    }
    let history = store::history(&course.root);
    if let Some(path) = &arguments.html {
        let page = report::html::page(&report, &history);
        store::write_whole(path, page.as_bytes())?;
    }
    let mut out = anstream::stdout().lock();
    match arguments.format {
        ReportFormat::Text => report::terminal::write(&mut out, &report, &history)?,
        ReportFormat::Json => writeln!(out, "{}", report::json::text(&report)?)?,
        ReportFormat::Junit => out.write_all(report::junit::text(&report)?.as_bytes())?,
        ReportFormat::Markdown => out.write_all(report::markdown::text(&report).as_bytes())?,
    }
    if arguments.write_checklist {
        let changed = checklist::write_ticks(&course, &items, &report.checklist)?;
        if arguments.format == ReportFormat::Text {
            writeln!(
                out,
                "checklist.md: {changed} {} changed",
                if changed == 1 { "box" } else { "boxes" }
            )?;
        }
    }
    out.flush().context("cannot write to standard output")?;
    let complete = report.exercises().all(|exercise| exercise.points.is_full());
    Ok(if complete { Ended::Holds } else { Ended::FallsShort })
}

/// How far the learner is: the whole course, from kept results where nothing changed. It always holds.
///
/// # Errors
/// When the grader cannot do its work.
pub fn dashboard() -> Result<Ended> {
    run(&Grade {
        names: Vec::new(),
        format: ReportFormat::Text,
        html: None,
        write_checklist: false,
        fresh: false,
    })?;
    Ok(Ended::Holds)
}

/// Grades the named exercises.
///
/// # Errors
/// When the grader cannot do its work.
pub fn report(names: &[String], fresh: bool) -> Result<Report> {
    let course = Course::here()?;
    let items = checklist::load(&course)?;
    grade(&course, &items, names, fresh)
}

fn grade(course: &Course, items: &[checklist::Item], names: &[String], fresh: bool) -> Result<Report> {
    let exercises = course.select(names)?;
    if exercises.is_empty() {
        bail!("{} has no exercise yet", names.join(" "));
    }
    let progress = Progress::new(false);
    let grader = Grader::new(course)?;
    let options = Options {
        scope: Scope::All,
        reuse: !fresh,
    };
    let results = grader.grade(&exercises, options, &progress)?;
    drop(progress);
    // The checklist speaks of the whole course: a part of it says nothing.
    let ticks = if names.is_empty() {
        checklist::evaluate(items, &results)
    } else {
        Vec::new()
    };
    Ok(Report::new(course, results, ticks))
}
