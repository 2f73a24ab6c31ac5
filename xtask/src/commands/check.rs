//! `check`: the learner's loop. Open tests, then clippy; the first thing that falls short, alone.

use std::io::Write;

use anyhow::{Context, Result};
use serde::Serialize;

use crate::Ended;
use crate::catalogue::{Course, Exercise, Kind};
use crate::cli::{Check, OutputFormat};
use crate::console::Progress;
use crate::grader::{Grader, Options, Scope};
use crate::report::{escape, failure, style};
use crate::run::Verdict;
use crate::score::{ExerciseResult, State, TestResult};

/// What a check found.
#[derive(Serialize)]
struct Found<'a> {
    exercise: &'a str,
    /// Open tests that passed, of those that could be graded.
    passed: usize,
    of: usize,
    compile_error: Option<&'a str>,
    first_failure: Option<&'a TestResult>,
    /// The hint that helps with the failing rule.
    hint: Option<usize>,
    /// Clippy's first remark, when all open tests pass.
    lint: Option<String>,
}

/// Checks one exercise; the next one when none is named.
///
/// # Errors
/// When the exercise is unknown or the grader cannot do its work.
pub fn run(arguments: &Check) -> Result<Ended> {
    let course = Course::here()?;
    let exercise = match &arguments.name {
        Some(name) => course.exercise(name)?,
        None => {
            let next = super::grade::report(&[], false)?
                .next
                .context("everything is earned: name an exercise")?;
            course.exercise(&next.exercise)?
        }
    };
    let progress = Progress::new(arguments.format.format == OutputFormat::Json);
    let grader = Grader::new(&course)?;
    // What starts a compiler or a board waits until the quick tests pass.
    let mut result = None;
    for scope in [Scope::Quick, Scope::Open] {
        result = grader
            .grade(&[exercise], Options { scope, reuse: true }, &progress)?
            .pop();
        if result
            .as_ref()
            .is_some_and(|result| result.first_failing().is_some())
        {
            break;
        }
    }
    let result = &result.context("the grader answers for each exercise")?;

    let failing = result.first_failing();
    let lint = match failing {
        None if result.state == State::Complete => {
            progress.say("clippy");
            grader.lint(exercise, &progress)?
        }
        _ => None,
    };
    drop(progress);
    let graded_here = |test: &&TestResult| !matches!(test.verdict, Verdict::NotGraded(_));
    let found = Found {
        exercise: &exercise.name,
        passed: result
            .tests
            .iter()
            .filter(|test| test.verdict == Verdict::Passed)
            .count(),
        of: result.tests.iter().filter(graded_here).count(),
        compile_error: result.compile_error.as_deref(),
        first_failure: failing,
        hint: failing.and_then(|test| exercise.brief.hint_for(test.rule)),
        lint,
    };
    let holds = found.first_failure.is_none() && found.compile_error.is_none() && found.lint.is_none();
    let mut out = anstream::stdout().lock();
    match arguments.format.format {
        OutputFormat::Json => writeln!(out, "{}", serde_json::to_string_pretty(&found)?)?,
        OutputFormat::Text => print(&mut out, exercise, result, &found)?,
    }
    Ok(if holds { Ended::Holds } else { Ended::FallsShort })
}

fn print(out: &mut impl Write, exercise: &Exercise, result: &ExerciseResult, found: &Found) -> Result<()> {
    let open = exercise
        .tests
        .iter()
        .filter(|test| test.kind == Kind::Open)
        .count();
    let later = match open - result.tests.len() {
        0 => String::new(),
        waiting => format!(", {waiting} slower ones wait for them"),
    };
    let count = format!("{} of {} open tests pass{later}", found.passed, found.of);
    writeln!(
        out,
        "\n  {}  {}",
        style::heading(&exercise.name),
        style::dim(&count)
    )?;
    if result.state == State::DoesNotCompile || result.state == State::Refused {
        let why = found.compile_error.unwrap_or("its sources cannot be taken");
        writeln!(out, "\n{}", indent(why.trim_end()))?;
        for test in result
            .tests
            .iter()
            .filter(|test| matches!(test.verdict, Verdict::Refused(_)))
            .take(1)
        {
            writeln!(out, "{}", indent(&test.verdict.to_string()))?;
        }
        writeln!(out, "\n  {}", style::dim("Mend this first, then check again."))?;
    } else if let Some(test) = found.first_failure {
        failure::write(out, exercise, test)?;
        if let Some(hint) = found.hint {
            let command = format!("cargo xtask hint {} {hint}", exercise.name);
            writeln!(out, "\n  A hint that helps: {}", style::good(&command))?;
        }
    } else if let Some(lint) = &found.lint {
        writeln!(
            out,
            "\n  The open tests pass. Clippy has a remark:\n\n{}",
            indent(lint)
        )?;
    } else {
        let command = format!("cargo xtask grade {}", exercise.name);
        let ungraded = result.tests.len() - found.of;
        if ungraded > 0 {
            writeln!(
                out,
                "  {}",
                style::warn(&format!("{ungraded} could not be graded: cargo xtask setup"))
            )?;
        }
        writeln!(
            out,
            "\n  {} Now for the points: {command}",
            style::good("All open tests pass, and clippy is content.")
        )?;
        if let Some(rules) = rules_without_open_test(exercise) {
            writeln!(
                out,
                "  No open test covers {rules}: read again what the brief says there."
            )?;
        }
    }
    writeln!(out)?;
    Ok(())
}

/// The rules that only hidden tests check, in words.
fn rules_without_open_test(exercise: &Exercise) -> Option<String> {
    let covers = |rule: u32| {
        exercise
            .tests
            .iter()
            .any(|test| test.kind == Kind::Open && test.rule == rule)
    };
    let numbers = exercise.brief.rules.iter().map(|rule| rule.number);
    let uncovered: Vec<_> = numbers
        .filter(|rule| !covers(*rule))
        .map(|rule| rule.to_string())
        .collect();
    match uncovered.as_slice() {
        [] => None,
        [rule] => Some(format!("rule {rule}")),
        rules => Some(format!("rules {}", rules.join(", "))),
    }
}

/// The text a little further right, with nothing in it that a runner or a terminal obeys.
fn indent(text: &str) -> String {
    escape::log(text)
        .lines()
        .map(|line| format!("    {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}
