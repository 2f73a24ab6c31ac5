//! `grade`: the main job; and the dashboard, which is the same with less to say.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::Ended;
use crate::catalogue::{Course, Exercise};
use crate::checklist;
use crate::cli::{Grade, ReportFormat};
use crate::console::Progress;
use crate::grader::{Grader, Options, Scope};
use crate::report;
use crate::report::visibility::redact_report;
use crate::report::{escape, style};
use crate::score::Report;
use crate::store;
use crate::submission::Submission;

/// Grades the named exercises and prints the report. A partial grade is no error: it is where a learner stands.
///
/// # Errors
/// When the grader cannot do its work.
pub fn run(arguments: &Grade) -> Result<Ended> {
    if super::class::is_asked_for(arguments) {
        return super::class::run(arguments);
    }
    if arguments.write_checklist && !arguments.names.is_empty() {
        bail!("the checklist is about the whole course: grade it without naming exercises");
    }
    let course = Course::here()?;
    let items = checklist::load(&course)?;
    let identity = Identity::read(arguments, &course)?;
    super::setup::provide(&course)?;
    let report = grade(&course, &items, arguments)?;
    if arguments.names.is_empty() && arguments.class.submission.is_none() {
        store::remember(&course.root, &report)?;
    }
    let history = store::history(&course.root);
    let shown = redact_report(&report, arguments.visibility);
    if let Some(path) = &arguments.html {
        let page = report::html::page(&shown, &history);
        store::write_whole(path, page.as_bytes())?;
    }
    let mut out = anstream::stdout().lock();
    match arguments.format {
        ReportFormat::Text => report::terminal::write(&mut out, &shown, &history)?,
        ReportFormat::Junit => out.write_all(report::junit::text(&shown)?.as_bytes())?,
        ReportFormat::Markdown => out.write_all(report::markdown::text(&shown).as_bytes())?,
        ReportFormat::ClassroomLog => {
            let token = report::classroom::token()?;
            out.write_all(report::classroom::log(&shown, &token).as_bytes())?;
        }
        format => writeln!(out, "{}", document(format, &shown, &identity)?)?,
    }
    if arguments.format == ReportFormat::Classroom
        && let Some(path) = std::env::var_os("GITHUB_OUTPUT")
    {
        report::classroom::set_output(&shown, path.as_ref())?;
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
    Ok(if complete || arguments.format.is_for_a_platform() {
        Ended::Holds
    } else {
        Ended::FallsShort
    })
}

/// Whose submission it is, for the platform that asks.
enum Identity {
    Unknown,
    Classroom50(report::classroom50::Identity),
    Gradescope(report::gradescope::Metadata),
}

impl Identity {
    /// Reads what the format needs: what is missing is said before anything is graded.
    fn read(arguments: &Grade, course: &Course) -> Result<Self> {
        match (arguments.format, &arguments.identity) {
            (ReportFormat::Classroom50, Some(path)) => {
                report::classroom50::Identity::read(path).map(Self::Classroom50)
            }
            (ReportFormat::Gradescope, Some(path)) => {
                report::gradescope::Metadata::read(path).map(Self::Gradescope)
            }
            (ReportFormat::Classroom50, None) => {
                bail!("classroom50's document says whose it is: name a file with --identity (see --help)")
            }
            (_, Some(_)) => bail!("--identity is for --format classroom50 and --format gradescope"),
            (ReportFormat::Exercism, None) if course.select(&arguments.names)?.len() != 1 => {
                bail!("Exercism's document is about one exercise: name it")
            }
            (_, None) => Ok(Self::Unknown),
        }
    }
}

/// The report as one JSON document.
fn document(format: ReportFormat, report: &Report, identity: &Identity) -> Result<String> {
    match (format, identity) {
        (ReportFormat::Gradescope, Identity::Gradescope(metadata)) => {
            report::gradescope::text(report, Some(metadata))
        }
        (ReportFormat::Gradescope, _) => report::gradescope::text(report, None),
        (ReportFormat::Classroom, _) => report::classroom::text(report),
        (ReportFormat::Classroom50, Identity::Classroom50(identity)) => {
            report::classroom50::text(report, identity)
        }
        (ReportFormat::Exercism, _) => report::exercism::text(report),
        (ReportFormat::Json, _) => report::json::text(report),
        (format, _) => bail!("{format:?} is no document in JSON, or has no identity"),
    }
}

/// How far the learner is: the whole course, from kept results where nothing changed. It always holds.
///
/// # Errors
/// When the grader cannot do its work.
pub fn dashboard() -> Result<Ended> {
    run(&Grade::default())?;
    Ok(Ended::Holds)
}

/// Grades the named exercises.
///
/// # Errors
/// When the grader cannot do its work.
pub fn report(names: &[String], fresh: bool) -> Result<Report> {
    let course = Course::here()?;
    let items = checklist::load(&course)?;
    let arguments = Grade {
        names: names.to_vec(),
        fresh,
        ..Grade::default()
    };
    grade(&course, &items, &arguments)
}

fn grade(course: &Course, items: &[checklist::Item], arguments: &Grade) -> Result<Report> {
    let exercises = course.select(&arguments.names)?;
    if exercises.is_empty() {
        bail!("{} has no exercise yet", arguments.names.join(" "));
    }
    let progress = Progress::new(false);
    let grader = Grader::new(course)?;
    grader.check_sandbox(arguments.class.require_sandbox)?;
    let options = Options {
        scope: Scope::All,
        reuse: !arguments.fresh,
    };
    let results = match &arguments.class.submission {
        None => grader.grade(&exercises, options, &progress)?,
        Some(path) => {
            let submissions = handed_in(course, &exercises, path)?;
            grader.grade_submissions(submissions, options, &progress)?
        }
    };
    drop(progress);
    // The checklist speaks of the whole course, and of the learner whose course this is.
    let ticks = if arguments.names.is_empty() && arguments.class.submission.is_none() {
        checklist::evaluate(items, &results)
    } else {
        Vec::new()
    };
    let mut report = Report::new(course, results, ticks);
    report.sandbox = grader.sandbox().names();
    for (layer, why) in grader.sandbox().missing() {
        anstream::eprintln!("{}", style::dim(&format!("the sandbox has no {layer}: {why}")));
    }
    Ok(report)
}

/// What one submission holds of each exercise; an exercise that it does not hold is refused by that name.
fn handed_in<'a>(
    course: &'a Course,
    exercises: &[&'a Exercise],
    path: &Path,
) -> Result<Vec<(&'a Exercise, Submission)>> {
    let scratch = tempfile::tempdir().context("cannot make a temporary directory")?;
    let only = match exercises {
        [only] => Some(only.name.as_str()),
        _ => None,
    };
    let mut entry = crate::intake::take_one(course, path, only, scratch.path())?;
    for note in &entry.notes {
        anstream::eprintln!("{}", style::dim(&escape::log(note)));
    }
    let absent = entry.refusal.unwrap_or_else(|| "not handed in".to_owned());
    let taken = exercises.iter().map(|exercise| {
        let submission = entry.exercises.remove(&exercise.name);
        (
            *exercise,
            submission.unwrap_or_else(|| Submission::refused(&absent)),
        )
    });
    Ok(taken.collect())
}
