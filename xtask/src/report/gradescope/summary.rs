//! What stands above the tests of a result.

use crate::report::plain;
use crate::run::Verdict;
use crate::score::{Report, State, TestResult};

/// Characters of it.
const TEXT_MAX: usize = 8000;

/// The points, and each exercise of which nothing counts, with the reason.
pub fn text(report: &Report) -> String {
    let (earned, possible) = plain::points(report);
    let mut lines = vec![format!("{earned} of {possible} points")];
    for exercise in report.exercises() {
        let why = if plain::is_set_aside(exercise) {
            Some("it is set aside and waits for your instructor".to_owned())
        } else {
            match exercise.state {
                State::DoesNotCompile => Some("it does not compile".to_owned()),
                State::Refused => exercise.tests.iter().find_map(refusal),
                State::NotGraded => Some("nothing of it could be graded here".to_owned()),
                State::NotStarted | State::Started | State::Complete => None,
            }
        };
        lines.extend(why.map(|why| format!("{}: {why}", exercise.name)));
    }
    plain::harmless(&lines.join("\n"), TEXT_MAX)
}

fn refusal(test: &TestResult) -> Option<String> {
    match &test.verdict {
        Verdict::Refused(why) => Some(format!("the submission was refused: {why}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn what_counts_for_nothing_is_named_with_its_reason() {
        let text = text(&fixture::report());
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(
            lines,
            [
                "15 of 73 points",
                "tcp-echo: it does not compile",
                "blink: nothing of it could be graded here",
                "process-supervisor: it is set aside and waits for your instructor",
                "bump-allocator: the submission was refused: src/<b>.rs has a name that no module has",
            ]
        );
    }
}
