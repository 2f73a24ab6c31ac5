//! What a test says to its learner, as plain text: for the formats that have one field for all of it.
//!
//! A platform prints that field into a page or into the log of a job, so the text is made harmless for both.

use super::escape;
use crate::catalogue::Kind;
use crate::run::{Failure, Verdict};
use crate::score::{ExerciseResult, Report, TestResult};

/// What a test of an exercise under review says, whatever it earned before.
pub const SET_ASIDE: &str =
    "This exercise is set aside: it waits for your instructor, and earns nothing until then.";

/// The tests that a platform is told about. A wire is no learner's business at any level.
pub fn tests(exercise: &ExerciseResult) -> impl Iterator<Item = &TestResult> {
    exercise.tests.iter().filter(|test| test.kind != Kind::Wire)
}

/// Whether an instructor has to look before anything of the exercise counts.
pub fn is_set_aside(exercise: &ExerciseResult) -> bool {
    !exercise.review.is_empty()
}

/// Whether the test counts as passed.
pub fn is_passed(exercise: &ExerciseResult, test: &TestResult) -> bool {
    test.verdict == Verdict::Passed && !is_set_aside(exercise)
}

/// Whether the test could be graded.
pub fn is_graded(test: &TestResult) -> bool {
    !matches!(test.verdict, Verdict::NotGraded(_))
}

/// What a test earns on a platform: nothing while its exercise is set aside.
pub fn earned(exercise: &ExerciseResult, test: &TestResult) -> u32 {
    if is_set_aside(exercise) { 0 } else { test.earned }
}

/// Points earned, and points that could be graded: what could not neither helps nor hurts.
pub fn points(report: &Report) -> (u32, u32) {
    let mut sum = (0, 0);
    for exercise in report.exercises() {
        for test in tests(exercise).filter(|test| is_graded(test)) {
            sum.0 += earned(exercise, test);
            sum.1 += test.possible;
        }
    }
    sum
}

/// The test's name for a list of several exercises' tests.
pub fn name(exercise: &ExerciseResult, test: &TestResult) -> String {
    format!("{}: {}", exercise.name, test.name)
}

/// What a test that is not passed has to say, in at most `max` characters.
pub fn said(exercise: &ExerciseResult, test: &TestResult, max: usize) -> String {
    if is_set_aside(exercise) {
        return SET_ASIDE.to_owned();
    }
    let text = match &test.verdict {
        Verdict::Refused(why) => format!("The submission was refused: {why}"),
        Verdict::NotGraded(why) => format!("Not graded: {why}"),
        Verdict::DoesNotCompile => exercise
            .compile_error
            .clone()
            .unwrap_or_else(|| "It does not compile.".to_owned()),
        verdict => failed(test, verdict),
    };
    harmless(&text, max)
}

/// The text without commands to a terminal or a runner, in at most `max` characters.
pub fn harmless(text: &str, max: usize) -> String {
    // Escapes only add to a text: what is behind the end now is behind it then.
    let start: String = text.chars().take(max + 1).collect();
    cut(&escape::log(&start), max)
}

/// The rule, the word, and all that a failure says; each part a paragraph.
fn failed(test: &TestResult, verdict: &Verdict) -> String {
    let mut parts = Vec::new();
    if test.rule > 0 {
        parts.push(format!("Rule {}: {}", test.rule, test.rule_text));
    }
    if *verdict != Verdict::Failed {
        parts.push(format!("The test was stopped: {verdict}."));
    }
    if let Some(failure) = &test.failure {
        if !failure.message.is_empty() {
            parts.push(failure.message.clone());
        }
        parts.extend(named(failure));
    }
    if parts.is_empty() {
        parts.push("The test failed.".to_owned());
    }
    parts.join("\n\n")
}

/// What a failure says beside its message, each part under its name.
pub fn named(failure: &Failure) -> impl Iterator<Item = String> + '_ {
    let parts = [
        ("expected", &failure.expected),
        ("actual", &failure.actual),
        ("test", &failure.location),
        ("source", &failure.source),
    ];
    let named = |(name, text): (&str, &Option<String>)| Some(format!("{name}:\n{}", text.as_ref()?));
    parts.into_iter().filter_map(named)
}

/// The text, cut to `max` characters with a mark where it is longer.
pub fn cut(text: &str, max: usize) -> String {
    const MARK: &str = "\n… (cut)";
    if text.chars().nth(max).is_none() {
        return text.to_owned();
    }
    let kept = max.saturating_sub(MARK.chars().count());
    text.chars().take(kept).chain(MARK.chars()).take(max).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn a_cut_text_is_no_longer_than_asked_for() {
        assert_eq!(cut("four", 4), "four");
        assert_eq!(cut(&"é".repeat(30), 20).chars().count(), 20);
        assert!(cut(&"x".repeat(1 << 20), 100).ends_with("(cut)"));
        assert_eq!(cut("12345", 3).chars().count(), 3);
    }

    #[test]
    fn points_of_what_could_not_be_graded_are_not_asked_for() {
        let report = fixture::report();
        let (earned, possible) = points(&report);
        assert_eq!(possible, report.points.possible - report.points.not_graded);
        assert_eq!(earned, report.points.earned);
    }

    #[test]
    fn a_failure_says_its_rule_first_and_commands_nothing() {
        let report = fixture::report();
        let file_search = report.exercises().next().unwrap();
        let text = said(file_search, &file_search.tests[2], 4000);
        assert!(text.starts_with("Rule 4: With `-n`"), "{text}");
        assert!(text.contains("expected:\n1:apple"), "{text}");
        let hostile = said(file_search, &file_search.tests[6], 4000);
        assert!(
            !hostile.lines().any(|line| line.trim_start().starts_with("::")),
            "{hostile}"
        );
        assert!(hostile.contains("killed by SIGSEGV"), "{hostile}");
    }
}
