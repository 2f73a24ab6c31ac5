//! `setup`: what the machine lacks, and how to get it.

mod failures;
mod install;

use std::io::{IsTerminal, Write};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;

use crate::Ended;
use crate::catalogue::{Course, Test};
use crate::cli::{OutputFormat, Setup};
use crate::report::style;
use crate::tools::{self, Machine, TOOLS, Tool};
use failures::Failures;
use install::{Installer, Right, run_within};

/// Time for Miri to compile its library.
const MIRI_LIBRARY: Duration = Duration::from_secs(300);

/// Finds what is missing, installs it where that is allowed, and says how where it is not.
///
/// # Errors
/// When the course cannot be read; not when a tool cannot be had.
pub fn run(arguments: &Setup) -> Result<Ended> {
    let course = Course::here()?;
    let machine = Machine::here();
    let text = arguments.format.format == OutputFormat::Text;
    let mut out = anstream::stdout().lock();
    if text {
        write_table(&mut out, &course, &machine)?;
    }
    let mut named = named(&arguments.names)?;
    named.retain(|tool| needing(&course, tool) == 0);
    let lacks_named = || named.iter().copied().filter(|tool| !tool.is_on(&machine));
    let wanted: Vec<_> = lacking(&course, &machine).chain(lacks_named()).collect();
    if !wanted.is_empty()
        && !arguments.check
        && let Some(right) = permission(&machine, arguments.yes, text, &wanted)?
    {
        install(&course, &machine, right, wanted);
    }
    if !arguments.check {
        make_miri_library(&course, &machine);
    }
    let missing: Vec<_> = lacking(&course, &machine).chain(lacks_named()).collect();
    if !text {
        writeln!(out, "{}", json_report(&course, &machine)?)?;
    } else if missing.is_empty() {
        writeln!(out, "\nEvery test can be graded here.")?;
    } else {
        writeln!(out, "\nTo install what is missing:")?;
        for tool in &missing {
            writeln!(out, "  {}", tool.command(&machine))?;
        }
    }
    Ok(if missing.is_empty() {
        Ended::Holds
    } else {
        Ended::FallsShort
    })
}

/// Called by `grade`: quick when nothing is missing. Root and CI get what is, everybody else one line.
///
/// # Errors
/// Never for a tool that cannot be had: its tests are *not graded*.
pub fn provide(course: &Course) -> Result<()> {
    let machine = Machine::here();
    if lacking(course, &machine).next().is_some() && (machine.is_root || is_ci()) {
        let failures = Failures::load(&course.root);
        let now_s = now_s();
        let fresh = lacking(course, &machine).filter(|tool| !failures.is_recent(tool.name, now_s));
        install(
            course,
            &machine,
            Right::without_password(&machine),
            fresh.collect(),
        );
    }
    if !machine.has_miri_library() {
        make_miri_library(course, &machine);
    }
    let missing = tools::missing_for(tests(course));
    let lacks = |test: &&Test| test.needs.iter().any(|name| missing.contains_key(name));
    let count = tests(course).filter(lacks).count();
    if count > 0 {
        let tests = if count == 1 { "test" } else { "tests" };
        anstream::eprintln!("{count} {tests} cannot be graded here: cargo xtask setup says why");
    }
    Ok(())
}

/// Called by `verify`: as [`provide`], and Miri's library is brought in step with the nightly compiler.
///
/// # Errors
/// As [`provide`].
pub fn provide_for_proof(course: &Course) -> Result<()> {
    provide(course)?;
    make_miri_library(course, &Machine::here());
    Ok(())
}

fn tests(course: &Course) -> impl Iterator<Item = &Test> {
    course.exercises().flat_map(|exercise| &exercise.tests)
}

/// How many tests need `tool`.
fn needing(course: &Course, tool: &Tool) -> usize {
    tests(course)
        .filter(|test| test.needs.iter().any(|name| name == tool.name))
        .count()
}

/// The tools that a test of the course needs and `machine` lacks.
fn lacking<'a>(course: &'a Course, machine: &'a Machine) -> impl Iterator<Item = &'static Tool> + 'a {
    TOOLS
        .iter()
        .filter(|tool| needing(course, tool) > 0 && !tool.is_on(machine))
}

/// The tools of these names.
fn named(names: &[String]) -> Result<Vec<&'static Tool>> {
    let found = names.iter().map(|name| {
        tools::tool(name).with_context(|| {
            let known: Vec<_> = TOOLS.iter().map(|tool| tool.name).collect();
            format!("{name:?} is no tool that is known here: {}", known.join(", "))
        })
    });
    found.collect()
}

/// With which right `wanted` is to be installed; none when nobody allowed it.
fn permission(machine: &Machine, yes: bool, may_ask: bool, wanted: &[&Tool]) -> Result<Option<Right>> {
    if machine.is_root || yes {
        return Ok(Some(Right::without_password(machine)));
    }
    if !may_ask || !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Ok(None);
    }
    let names: Vec<_> = wanted.iter().map(|tool| tool.name).collect();
    anstream::eprint!("\nInstall {} now? [y/N] ", names.join(", "));
    let mut answer = String::new();
    std::io::stdin()
        .read_line(&mut answer)
        .context("cannot read the answer")?;
    let agreed = matches!(answer.trim().to_lowercase().as_str(), "y" | "yes");
    Ok(agreed.then(|| Right::with_password(machine)))
}

/// Installs what can be installed, and says in one line each what is done and why it failed.
fn install(course: &Course, machine: &Machine, right: Right, tools: Vec<&Tool>) {
    let mut failures = Failures::load(&course.root);
    let mut installer = Installer::new(machine, right, &course.root);
    for tool in tools {
        anstream::eprintln!("setup: installing {}, which {}", tool.name, tool.purpose);
        let error = installer.install(tool).err();
        if let Some(error) = &error {
            anstream::eprintln!("setup: {} could not be installed: {error:#}", tool.name);
        }
        failures.note(tool.name, error.as_ref(), now_s());
    }
}

/// Lets Miri compile its library, if a test needs it. The tests themselves have neither the time nor the network.
fn make_miri_library(course: &Course, machine: &Machine) {
    let is_needed = tools::tool("miri").is_some_and(|miri| needing(course, miri) > 0 && miri.is_on(machine));
    if !is_needed {
        return;
    }
    let mut command = Command::new("cargo");
    command
        .args(["+nightly", "miri", "setup"])
        .current_dir(&course.root);
    // What Cargo tells this program about the stable compiler is not meant for another one.
    for name in ["CARGO", "RUSTC", "RUSTFLAGS", "RUSTC_WRAPPER", "RUSTUP_TOOLCHAIN"] {
        command.env_remove(name);
    }
    if let Err(error) = run_within(&mut command, MIRI_LIBRARY) {
        anstream::eprintln!("setup: Miri's library could not be made: {error:#}");
    }
}

fn write_table(out: &mut impl Write, course: &Course, machine: &Machine) -> Result<()> {
    for tool in TOOLS {
        let state = match (tool.is_on(machine), needing(course, tool)) {
            (true, _) => style::good("present"),
            (false, 0) => style::dim("missing"),
            (false, _) => style::bad("missing"),
        };
        let tests = match needing(course, tool) {
            0 => "no test needs it".to_owned(),
            1 => "1 test".to_owned(),
            count => format!("{count} tests"),
        };
        writeln!(
            out,
            "  {state}  {:<22} {:<42} {}",
            tool.name,
            tool.purpose,
            style::dim(&tests)
        )?;
    }
    Ok(())
}

fn json_report(course: &Course, machine: &Machine) -> Result<String> {
    let tools: Vec<_> = TOOLS
        .iter()
        .map(|tool| {
            json!({
                "name": tool.name, "purpose": tool.purpose, "present": tool.is_on(machine),
                "tests": needing(course, tool), "command": tool.command(machine),
            })
        })
        .collect();
    serde_json::to_string_pretty(&tools).context("a table is JSON")
}

/// Whether this runs in continuous integration, where nobody can be asked and everything may be installed.
fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

fn now_s() -> i64 {
    jiff::Timestamp::now().as_second()
}
