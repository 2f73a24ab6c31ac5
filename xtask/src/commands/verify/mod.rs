//! `verify`: the project's test command.
//!
//! First every exercise, through the very grader that learners meet ([`exercises`]): the starter is red test by
//! test, the solution earns every point, each wrong solution is caught by the tests meant for it. Then, when no
//! exercise was named, the rest of the repository ([`repository`]): lints, unit tests, format, docs, book, tidy,
//! the learner's copy; and the hostile submissions ([`hostile`]). Nothing stops at the first failure; the last line counts.

mod exercises;
mod hostile;
mod repository;

use std::io::Write;
use std::time::Instant;

use anyhow::Result;

use crate::Ended;
use crate::catalogue::Course;
use crate::cli::Verify;
use crate::report::style;

/// What was held, and how it came out.
struct Tally {
    passed: usize,
    failed: Vec<String>,
    skipped: usize,
    started: Instant,
}

/// How one check came out: what was seen, or what is wrong.
enum Verified {
    Holds(String),
    Falls(Vec<String>),
    /// The machine lacks what it takes; why.
    Skipped(String),
}

impl Tally {
    /// Prints a line for one check, and what is wrong below it.
    fn add(&mut self, name: &str, verified: &Verified) {
        let seconds = self.started.elapsed().as_secs();
        let time = style::dim(&format!("{:>3}:{:02}", seconds / 60, seconds % 60));
        let (mark, text) = match verified {
            Verified::Holds(what) => (style::good("ok  "), what.as_str()),
            Verified::Falls(_) => (style::bad("FAIL"), ""),
            Verified::Skipped(why) => (style::warn("skip"), why.as_str()),
        };
        // A reader who has gone misses the words, not the verdict: the exit code has it.
        let _ = writeln!(anstream::stdout(), "{time} {mark} {name:<44} {text}");
        match verified {
            Verified::Holds(_) => self.passed += 1,
            Verified::Skipped(_) => self.skipped += 1,
            Verified::Falls(problems) => {
                for line in problems.iter().flat_map(|problem| problem.lines()) {
                    let _ = writeln!(anstream::stdout(), "            {line}");
                }
                self.failed.push(name.to_owned());
            }
        }
    }
}

/// Runs every check.
///
/// # Errors
/// When a check cannot be made at all: no Cargo, a brief that cannot be read.
pub fn run(arguments: &Verify) -> Result<Ended> {
    let course = Course::here()?;
    super::setup::provide_for_proof(&course)?;
    let mut tally = Tally {
        passed: 0,
        failed: Vec::new(),
        skipped: 0,
        started: Instant::now(),
    };
    let whole = arguments.names.is_empty();
    if arguments.hostile {
        hostile::verify(&course, &arguments.names, &mut tally)?;
    } else {
        let selected = course.select(&arguments.names)?;
        exercises::verify(&course, &selected, &mut tally)?;
        if whole {
            hostile::verify(&course, &[], &mut tally)?;
        }
        repository::verify(&course, &selected, whole, &mut tally)?;
    }
    for name in &tally.failed {
        writeln!(anstream::stdout(), "{} {name}", style::bad("failed:"))?;
    }
    let skipped = if tally.skipped > 0 {
        format!(", {} skipped", tally.skipped)
    } else {
        String::new()
    };
    writeln!(
        anstream::stdout(),
        "{} passed, {} failed{skipped}",
        tally.passed,
        tally.failed.len()
    )?;
    Ok(if tally.failed.is_empty() {
        Ended::Holds
    } else {
        Ended::FallsShort
    })
}

/// Holds when there is no problem.
fn verified(problems: Vec<String>, seen: String) -> Verified {
    if problems.is_empty() {
        Verified::Holds(seen)
    } else {
        Verified::Falls(problems)
    }
}
