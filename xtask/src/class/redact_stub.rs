//! What a learner may see of an exercise's hidden tests.

use crate::catalogue::Kind;
use crate::run::Verdict;
use crate::score::{ExerciseResult, TestResult};

/// How much of hidden tests is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Everything.
    Full,
    /// The rule that a test checks, its points and its verdict.
    Rule,
    /// Points alone.
    Score,
}

/// The result with no more about hidden tests than `visibility` allows.
pub fn redact(result: &ExerciseResult, visibility: Visibility) -> ExerciseResult {
    let mut redacted = result.clone();
    if visibility == Visibility::Full {
        return redacted;
    }
    let hidden = |test: &TestResult| test.kind != Kind::Open;
    redacted.tests.retain(|test| test.kind != Kind::Wire);
    redacted.flag = None;
    match visibility {
        Visibility::Full => {}
        Visibility::Rule => {
            for (index, test) in redacted.tests.iter_mut().filter(|test| hidden(test)).enumerate() {
                test.name = format!("hidden test {}", index + 1);
                (test.doc, test.failure, test.duration_ms) = (String::new(), None, 0);
            }
        }
        Visibility::Score => {
            redacted.tests.retain(|test| test.kind == Kind::Open);
            let tests: Vec<_> = result.tests.iter().filter(|test| hidden(test)).collect();
            let (earned, possible) = tests.iter().fold((0, 0), |(earned, possible), test| {
                (earned + test.earned, possible + test.possible)
            });
            if !tests.is_empty() {
                let verdict = if earned == possible {
                    Verdict::Passed
                } else {
                    Verdict::Failed
                };
                redacted.tests.push(TestResult {
                    name: "hidden tests".to_owned(),
                    kind: Kind::Hidden,
                    possible,
                    earned,
                    rule: 0,
                    rule_text: String::new(),
                    doc: String::new(),
                    verdict,
                    failure: None,
                    duration_ms: 0,
                });
            }
        }
    }
    redacted.compile_error = redacted.compile_error.filter(|error| !error.contains("hidden/"));
    redacted
}
