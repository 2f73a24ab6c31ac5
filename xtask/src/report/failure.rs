//! One failing test, for the learner: the rule's sentence, expected and actual side by side, and the line.
//!
//! What a submission said is made harmless first: the terminal may be the log of a CI job, whose runner obeys lines.

use std::io::{self, Write};

use super::{escape, style};
use crate::catalogue::Exercise;
use crate::run::{Failure, Verdict};
use crate::score::TestResult;

/// Columns of one side, when both fit beside each other.
const SIDE: usize = 44;

/// Lines of each side that are shown.
const LINES_MAX: usize = 24;

/// Prints the failure.
///
/// # Errors
/// When the output cannot be written.
pub fn write(out: &mut impl Write, exercise: &Exercise, test: &TestResult) -> io::Result<()> {
    writeln!(
        out,
        "\n  {} {}",
        style::heading(&format!("Rule {}:", test.rule)),
        test.rule_text
    )?;
    let known = exercise.tests.iter().find(|known| known.full_name() == test.name);
    let place = known.map(|test| format!("{}/{}:{}", exercise.dir.display(), test.file.display(), test.line));
    writeln!(out, "  {} {}", style::dim("test"), test.name)?;
    if let Some(place) = place {
        writeln!(out, "  {} {}", style::dim("  in"), place)?;
    }
    let Some(failure) = test.failure.as_ref().map(harmless) else {
        return writeln!(out, "\n  {}", style::bad(&escape::log(&test.verdict.to_string())));
    };
    if failure.not_yet_implemented {
        writeln!(out, "\n  {}", style::warn("This is not yet implemented."))?;
    } else if test.verdict != Verdict::Failed {
        writeln!(out, "\n  {}", style::bad(&explain(&test.verdict)))?;
    }
    match (&failure.actual, &failure.expected) {
        (Some(actual), Some(expected)) => {
            writeln!(out)?;
            for line in failure.message.lines().take(LINES_MAX) {
                writeln!(out, "  {}", style::bad(line))?;
            }
            sides(out, expected, actual)?;
        }
        _ if !failure.message.is_empty() => {
            writeln!(out)?;
            for line in failure.message.lines().take(LINES_MAX) {
                writeln!(out, "    {line}")?;
            }
        }
        _ => {}
    }
    match (&failure.source, &failure.location) {
        (Some(source), _) => writeln!(out, "\n  {} {source}", style::dim("your line")),
        (None, Some(location)) => writeln!(out, "\n  {} {location}", style::dim("asserted at")),
        (None, None) => Ok(()),
    }
}

/// The failure without what a terminal or a runner would obey.
fn harmless(failure: &Failure) -> Failure {
    let text = |text: &Option<String>| text.as_deref().map(escape::log);
    Failure {
        message: escape::log(&failure.message),
        location: text(&failure.location),
        source: text(&failure.source),
        actual: text(&failure.actual),
        expected: text(&failure.expected),
        not_yet_implemented: failure.not_yet_implemented,
    }
}

/// What a word other than *failed* means for the one who wrote the code.
fn explain(verdict: &Verdict) -> String {
    match verdict {
        Verdict::NoEvidence => {
            "The process ended well, but the test never ran to its end: does something call `exit`?"
                .to_owned()
        }
        Verdict::TimedOut => {
            "The test ran out of time: an endless loop, a lock, or a wait for what never comes.".to_owned()
        }
        Verdict::OutOfMemory => "An allocation was larger than the test's memory limit.".to_owned(),
        Verdict::TooMuchOutput => "It printed more than the grader reads.".to_owned(),
        other => format!("The test was {}.", escape::log(&other.to_string())),
    }
}

/// Expected and actual beside each other, or one below the other when a line is too long for that.
fn sides(out: &mut impl Write, expected: &str, actual: &str) -> io::Result<()> {
    let left: Vec<_> = expected.lines().collect();
    let right: Vec<_> = actual.lines().collect();
    let widest = left
        .iter()
        .chain(&right)
        .map(|line| line.chars().count())
        .max()
        .unwrap_or(0);
    if widest > SIDE {
        writeln!(out, "    {}", style::dim("expected"))?;
        left.iter()
            .take(LINES_MAX)
            .try_for_each(|line| writeln!(out, "      {line}"))?;
        writeln!(out, "    {}", style::dim("actual"))?;
        return right
            .iter()
            .take(LINES_MAX)
            .try_for_each(|line| writeln!(out, "      {line}"));
    }
    let width = widest.max("expected".len());
    writeln!(
        out,
        "    {}",
        style::dim(&format!("{:<width$}   actual", "expected"))
    )?;
    for index in 0..left.len().max(right.len()).min(LINES_MAX) {
        let (expected, actual) = (left.get(index).copied(), right.get(index).copied());
        let mark = if expected == actual { " " } else { "≠" };
        let line = format!(
            "{:<width$} {mark} {}",
            expected.unwrap_or(""),
            actual.unwrap_or("")
        );
        writeln!(out, "    {}", line.trim_end())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{Brief, Manifest};
    use crate::report::fixture;

    fn shown(expected: &str, actual: &str) -> String {
        let mut out = anstream::StripStream::new(Vec::new());
        sides(&mut out, expected, actual).unwrap();
        String::from_utf8(out.into_inner()).unwrap()
    }

    #[test]
    fn no_line_of_a_failure_is_a_command() {
        let hostile = fixture::HOSTILE;
        let exercise = Exercise {
            name: "file-search".to_owned(),
            dir: "31-cli-tools/01-file-search".into(),
            manifest: Manifest {
                package: "file-search".to_owned(),
                ..Manifest::default()
            },
            brief: Brief::default(),
            tests: Vec::new(),
        };
        let with_sides = Failure {
            message: hostile.to_owned(),
            location: Some(hostile.to_owned()),
            source: Some(hostile.to_owned()),
            actual: Some(hostile.to_owned()),
            expected: Some("::add-mask::a".repeat(4)),
            not_yet_implemented: false,
        };
        let without = Failure {
            actual: None,
            source: None,
            ..with_sides.clone()
        };
        let report = fixture::report();
        let mut test = report.exercises().next().unwrap().tests[6].clone();
        test.verdict = Verdict::KilledBy(format!("x\n{hostile}"));
        for failure in [Some(with_sides), Some(without), None] {
            test.failure = failure;
            let mut out = anstream::StripStream::new(Vec::new());
            write(&mut out, &exercise, &test).unwrap();
            let text = String::from_utf8(out.into_inner()).unwrap();
            assert!(text.contains("\\::error::forged"), "{text}");
            let is_command = |line: &str| line.trim_start().starts_with("::") || line.contains("##[");
            assert!(!text.lines().any(is_command), "{text}");
            assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
        }
    }

    #[test]
    fn short_texts_stand_beside_each_other_with_the_difference_marked() {
        assert_eq!(
            shown("a\nb", "a\nc"),
            "    expected   actual\n    a          a\n    b        ≠ c\n"
        );
    }

    #[test]
    fn long_texts_stand_below_each_other() {
        let long = "x".repeat(60);
        assert!(shown(&long, "y").contains("actual\n      y\n"));
    }
}
