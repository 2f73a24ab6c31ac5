//! Equal failures: the same test, ended by the same word, with the same message but for what differs from run to run.
//!
//! It tells an instructor what to talk about. It tells nothing about who works with whom: where one mistake is easy,
//! many make it.

use std::collections::BTreeMap;

use super::normal::normalised;
use crate::class::grade::LearnerGrades;
use crate::report::words;
use crate::run::{Failure, Verdict};

/// Failures that are equal.
pub struct Group {
    /// The exercise and the test.
    pub exercise: String,
    /// See [`Group::exercise`].
    pub test: String,
    /// How it ended.
    pub verdict: String,
    /// Whose they are.
    pub learners: Vec<String>,
    /// One of them as it was, if it said anything.
    pub example: Option<Failure>,
}

/// The failures that two or more share, those of most learners first.
pub fn groups(grades: &[LearnerGrades]) -> Vec<Group> {
    let mut groups = BTreeMap::new();
    for learner in grades {
        for grade in &learner.exercises {
            for test in grade.result().iter().flat_map(|result| &result.tests) {
                if words::is_stub(test) || !is_failure(&test.verdict) {
                    continue;
                }
                let message = test
                    .failure
                    .as_ref()
                    .map_or("", |failure| failure.message.as_str());
                let verdict = words::verdict(test);
                let key = (&grade.info.name, &test.name, verdict.clone(), normalised(message));
                let group = groups.entry(key).or_insert_with(|| Group {
                    exercise: grade.info.name.clone(),
                    test: test.name.clone(),
                    verdict,
                    learners: Vec::new(),
                    example: test.failure.clone(),
                });
                group.learners.push(learner.entry.learner.id.clone());
            }
        }
    }
    let mut groups: Vec<_> = groups
        .into_values()
        .filter(|group| group.learners.len() > 1)
        .collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.learners.len()));
    groups
}

/// Whether a test has run and failed. What is not written yet has not failed in any way of its own.
fn is_failure(verdict: &Verdict) -> bool {
    !matches!(
        verdict,
        Verdict::Passed | Verdict::DoesNotCompile | Verdict::Refused(_) | Verdict::NotGraded(_)
    )
}
