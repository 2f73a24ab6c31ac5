//! What waits for a person: what was set aside or should be read and has not been, what was refused, what does not
//! compile.

use std::collections::BTreeMap;

use crate::class::grade::{Grade, Lateness, LearnerGrades, Standing};
use crate::report::words;
use crate::score::State;

/// Something about a learner, and about an exercise unless it is about all of them.
pub struct About {
    /// The learner's id.
    pub learner: String,
    /// The exercise; empty for all.
    pub exercise: String,
    /// The hash of its sources, which a decision in the policy names; empty where there is nothing to decide.
    pub sources: String,
    /// What it is.
    pub what: String,
}

/// Lists for an instructor.
#[derive(Default)]
pub struct Waiting {
    /// What was set aside, with all its reasons: it counts nothing until somebody has read it.
    pub review: Vec<About>,
    /// What counts, and should be read all the same.
    pub flags: Vec<About>,
    /// What could not be taken.
    pub refused: Vec<About>,
    /// Whose time is unknown although there is a deadline.
    pub untimed: Vec<String>,
    /// Learners by the compiler's error code; an error without one is `no code`.
    pub error_codes: Vec<(String, Vec<String>)>,
}

impl Waiting {
    /// The lists of a class.
    pub fn new(grades: &[LearnerGrades]) -> Self {
        let mut waiting = Self::default();
        let mut codes = BTreeMap::<String, Vec<String>>::new();
        for learner in grades {
            let id = &learner.entry.learner.id;
            let about = |exercise: &str, what: &str| About {
                learner: id.clone(),
                exercise: exercise.to_owned(),
                sources: String::new(),
                what: what.to_owned(),
            };
            waiting
                .refused
                .extend(learner.entry.refusal.iter().map(|why| about("", why)));
            if learner
                .exercises
                .iter()
                .any(|grade| grade.lateness == Lateness::TimeUnknown)
            {
                waiting.untimed.push(id.clone());
            }
            for grade in &learner.exercises {
                let name = grade.info.name.as_str();
                let Some(result) = grade.result() else { continue };
                let to_read = |what: &str| About {
                    sources: result.sources.clone(),
                    ..about(name, what)
                };
                if grade.standing == Standing::Review {
                    waiting.review.push(to_read(&result.review.join("; ")));
                }
                // Whoever has decided about these sources has read them.
                if grade.decision.is_none() {
                    waiting.flags.extend(result.flag.iter().map(|why| to_read(why)));
                }
                if result.state == State::Refused {
                    waiting
                        .refused
                        .push(about(name, &words::reasons(result).join(", ")));
                }
                if let Some(code) = error_code(grade) {
                    codes.entry(code).or_default().push(format!("{id} ({name})"));
                }
            }
        }
        waiting.error_codes = codes.into_iter().collect();
        waiting
            .error_codes
            .sort_by_key(|(_, learners)| std::cmp::Reverse(learners.len()));
        waiting
    }
}

/// The code of the first error, of what does not compile.
fn error_code(grade: &Grade) -> Option<String> {
    let does_not_compile = grade.standing == Standing::Graded(State::DoesNotCompile);
    let error = grade.result()?.compile_error.as_ref();
    if error.is_none() && !does_not_compile {
        return None;
    }
    let code = error.and_then(|error| {
        let (_, rest) = error.split_once("error[")?;
        let (code, _) = rest.split_once(']')?;
        let is_code =
            code.len() == 5 && code.starts_with('E') && code[1..].bytes().all(|byte| byte.is_ascii_digit());
        is_code.then(|| code.to_owned())
    });
    Some(code.unwrap_or_else(|| "no code".to_owned()))
}
