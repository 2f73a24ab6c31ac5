//! A result as it stands once an instructor has read its sources.
//!
//! The report keeps what was graded; everything that is made of it under a policy goes by these.

use crate::run::Verdict;
use crate::score::{ExerciseResult, State};

/// The result with the points that its tests earned before it was set aside. Wires are worth nothing.
pub fn accepted(result: &ExerciseResult) -> ExerciseResult {
    let mut accepted = with_points(result, |verdict| *verdict == Verdict::Passed);
    if accepted.points.is_full() {
        accepted.state = State::Complete;
    } else if accepted.points.earned > 0 && accepted.state == State::NotStarted {
        accepted.state = State::Started;
    }
    accepted
}

/// The result of which nothing counts.
pub fn rejected(result: &ExerciseResult) -> ExerciseResult {
    let mut rejected = with_points(result, |_| false);
    if rejected.state == State::Complete {
        rejected.state = State::Started;
    }
    rejected
}

/// The result where the tests with these verdicts have earned what they are worth, and nothing waits to be read.
fn with_points(result: &ExerciseResult, earns: impl Fn(&Verdict) -> bool) -> ExerciseResult {
    let mut read = result.clone();
    for test in &mut read.tests {
        test.earned = if earns(&test.verdict) { test.possible } else { 0 };
    }
    read.points.earned = read.tests.iter().map(|test| test.earned).sum();
    read.review.clear();
    read.flag = None;
    read
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::class::fixture;

    fn set_aside() -> ExerciseResult {
        let class = fixture::class();
        let results = class.entries.into_iter().flat_map(|entry| entry.results);
        results
            .into_iter()
            .find(|result| !result.review.is_empty())
            .unwrap()
    }

    #[test]
    fn what_was_taken_is_given_back_and_no_more() {
        let mut result = set_aside();
        for (index, test) in result.tests.iter_mut().enumerate() {
            if test.verdict != Verdict::WireTripped {
                test.verdict = if index < 2 {
                    Verdict::Passed
                } else {
                    Verdict::TimedOut
                };
            }
        }
        result.state = State::NotStarted;
        let read = accepted(&result);
        // Two of its open tests, worth 2 and 3; the wire passed, and is worth nothing.
        assert_eq!((read.points.earned, read.state), (5, State::Started));
        assert!(read.review.is_empty());
        let mut all = result;
        let tests = all.tests.iter_mut();
        tests
            .filter(|test| test.verdict != Verdict::WireTripped)
            .for_each(|test| test.verdict = Verdict::Passed);
        let read = accepted(&all);
        assert!(read.points.is_full() && read.state == State::Complete);
    }

    #[test]
    fn of_what_is_rejected_nothing_counts() {
        let honest = &fixture::class().entries[0].results[0];
        assert_eq!(honest.state, State::Complete);
        let read = rejected(honest);
        assert_eq!((read.points.earned, read.state), (0, State::Started));
        assert!(read.tests.iter().all(|test| test.earned == 0));
    }
}
