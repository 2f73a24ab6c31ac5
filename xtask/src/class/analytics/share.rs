//! How many fail a test, and how many break a rule.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::class::grade::LearnerGrades;
use crate::class::marks::Marks;
use crate::class::matrix;
use crate::run::Verdict;
use crate::score::TestResult;

/// How many of how many fall short of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The exercise.
    pub exercise: String,
    /// The test's name; empty for a rule.
    pub test: String,
    /// The rule, and its sentence.
    pub rule: u32,
    /// See [`Share::rule`].
    pub sentence: String,
    /// How many fall short.
    pub failed: usize,
    /// Of how many.
    pub graded: usize,
}

impl Share {
    /// In per cent, with one decimal.
    pub fn percent(&self) -> Marks {
        Marks(self.failed as u64).percent_of(Marks(self.graded as u64))
    }
}

/// Who fails which test, and who breaks which rule; a rule is broken by whoever fails one of its tests.
pub fn shares(grades: &[LearnerGrades]) -> (Vec<Share>, Vec<Share>) {
    let (mut tests, mut rules) = (Vec::new(), BTreeMap::<(usize, u32), Share>::new());
    for exercise in matrix::rows(grades) {
        let place = exercise.place;
        for test in exercise.tests.iter().filter(|test| test.rule > 0) {
            let mut share = Share {
                exercise: grades[0].exercises[place].info.name.clone(),
                test: test.name.clone(),
                rule: test.rule,
                sentence: test.rule_text.clone(),
                failed: 0,
                graded: 0,
            };
            for found in grades
                .iter()
                .filter_map(|learner| matrix::find(learner, place, &test.name))
            {
                share.graded += usize::from(!matches!(found.verdict, Verdict::NotGraded(_)));
                share.failed +=
                    usize::from(!matches!(found.verdict, Verdict::NotGraded(_) | Verdict::Passed));
            }
            rules
                .entry((place, test.rule))
                .or_insert_with(|| rule(grades, place, &share));
            tests.push(share);
        }
    }
    (worst_first(tests), worst_first(rules.into_values().collect()))
}

/// The share of those who break the rule of `test`.
fn rule(grades: &[LearnerGrades], place: usize, test: &Share) -> Share {
    let mut share = Share {
        test: String::new(),
        failed: 0,
        graded: 0,
        ..test.clone()
    };
    for result in grades
        .iter()
        .filter_map(|learner| learner.exercises[place].result())
    {
        let graded = |test: &&TestResult| !matches!(test.verdict, Verdict::NotGraded(_));
        let mut of_rule = result
            .tests
            .iter()
            .filter(|test| test.rule == share.rule)
            .filter(graded)
            .peekable();
        share.graded += usize::from(of_rule.peek().is_some());
        share.failed += usize::from(of_rule.any(|test| test.verdict != Verdict::Passed));
    }
    share
}

fn worst_first(mut shares: Vec<Share>) -> Vec<Share> {
    shares.retain(|share| share.failed > 0);
    // Equal shares stay in course order.
    shares.sort_by_key(|share| Reverse((share.percent(), share.failed)));
    shares
}
