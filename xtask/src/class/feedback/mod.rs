//! What a learner gets back: points, lateness in figures, what failed as far as they may see it, what to do next.
//!
//! ```text
//! grades → Feedback (redacted, this learner's alone) → ID.md, ID.html
//! ```
//!
//! [`Feedback`] holds nothing that its learner may not see, and the two forms are made from it alone. At no level is
//! a wire named, a reason for review or a flag told, or another learner mentioned.

mod arithmetic;
#[cfg(test)]
mod canary;
mod filename;
mod markdown;
mod next;
mod others;
mod page;

use jiff::Timestamp;

pub use filename::names;
pub use next::Next;
pub use others::Others;

use super::cell::one_line;
use super::grade::{Grade, LearnerGrades, Standing};
use super::marks::Marks;
use super::policy::Policy;
use crate::catalogue::Kind;
use crate::report::visibility::{Visibility, redact};
use crate::score::ExerciseResult;

/// What a learner is told of an exercise that is set aside.
const SET_ASIDE: &str = "Your instructor reads it before it counts.";

/// Everything that one learner is told.
pub struct Feedback {
    /// Their id, and their name if it is known.
    pub id: String,
    /// See [`Feedback::id`].
    pub name: Option<String>,
    /// When it was handed in, for people.
    pub submitted: Option<String>,
    /// Why nothing of it was taken, if so.
    pub refusal: Option<String>,
    /// What was left aside of the submission, and what else is to be said of it.
    pub notes: Vec<String>,
    /// What counts, of what is possible, and in per cent.
    pub counted: Marks,
    /// See [`Feedback::counted`].
    pub possible: Marks,
    /// See [`Feedback::counted`].
    pub percent: Marks,
    /// One for each exercise of the class.
    pub parts: Vec<Part>,
    /// What to do next, if anything is left.
    pub next: Option<Next>,
    /// What is told of hidden tests.
    pub visibility: Visibility,
}

/// One exercise of a feedback.
pub struct Part {
    /// Its name and title.
    pub name: String,
    /// See [`Part::name`].
    pub title: String,
    /// The word for how it stands.
    pub word: &'static str,
    /// Whether it counts, and if not, why.
    pub standing: Standing,
    /// What was earned, what lateness took, what counts, what was possible.
    pub raw: Marks,
    /// See [`Part::raw`].
    pub taken: Marks,
    /// See [`Part::raw`].
    pub counted: Marks,
    /// See [`Part::raw`].
    pub possible: Marks,
    /// How the points came about, in sentences; nothing when they are the tests' own.
    pub arithmetic: Vec<String>,
    /// The result as the learner may see it.
    pub result: Option<ExerciseResult>,
}

impl Feedback {
    /// The feedback for `learner` at `now`. `others` are those of whom it must not speak.
    pub fn new(learner: &LearnerGrades, policy: &Policy, now: Timestamp, others: &Others) -> Self {
        let visibility = policy.visibility(now);
        let entry = learner.entry;
        let id = &entry.learner.id;
        let submitted = entry.submitted.as_ref().map(|when| policy.shown(when.at));
        let parts: Vec<_> = learner
            .exercises
            .iter()
            .map(|grade| Part::new(grade, policy, visibility, submitted.as_deref()))
            .collect();
        let unsaid = || "your instructor can tell why".to_owned();
        let refusal = entry.refusal.as_ref();
        let refusal = refusal.map(|why| others.told(why, entry).unwrap_or_else(unsaid));
        let notes = entry.notes.iter().filter_map(|note| others.told(note, entry));
        Self {
            id: one_line(id),
            name: entry.learner.name.as_deref().map(one_line),
            submitted,
            refusal,
            notes: notes.collect(),
            counted: learner.counted(),
            possible: learner.possible(),
            percent: learner.percent(),
            next: next::next(&parts),
            parts,
            visibility,
        }
    }

    /// What is told of hidden tests, in a sentence.
    pub fn about_hidden(&self) -> &'static str {
        match self.visibility {
            Visibility::Full => "Hidden tests are shown here in full.",
            Visibility::Rule => {
                "Of a hidden test you see the rule of the brief that it checks, and how it ended."
            }
            Visibility::Score => {
                "Of the hidden tests you see their points together; they check every rule of the briefs."
            }
        }
    }

    /// What to say when there is no next step.
    pub fn closing(&self) -> &'static str {
        let is_any = |standing: Standing| self.parts.iter().any(|part| part.standing == standing);
        if is_any(Standing::Review) {
            "Your instructor reads what is set aside; the rest that could be graded is earned."
        } else if is_any(Standing::Rejected) {
            "Your instructor counts nothing of what is marked so; the rest that could be graded is earned."
        } else {
            "Everything that could be graded is earned."
        }
    }

    /// `feedback/ID.md`.
    pub fn markdown(&self) -> String {
        markdown::text(self)
    }

    /// `feedback/ID.html`.
    pub fn page(&self) -> String {
        page::text(self)
    }
}

impl Part {
    fn new(grade: &Grade, policy: &Policy, visibility: Visibility, submitted: Option<&str>) -> Self {
        Self {
            name: grade.info.name.clone(),
            title: grade.info.title.clone(),
            word: grade.word(),
            standing: grade.standing,
            raw: grade.raw,
            taken: grade.taken,
            counted: grade.counted,
            possible: grade.possible,
            arithmetic: arithmetic::arithmetic(grade, policy, submitted),
            result: grade.result().map(|result| own_view(result, visibility)),
        }
    }
}

/// A result as its learner may see it: what [`redact`] leaves, and never a wire, a reason for review or a flag.
fn own_view(result: &ExerciseResult, visibility: Visibility) -> ExerciseResult {
    let mut own = redact(result, visibility);
    own.tests.retain(|test| test.kind != Kind::Wire);
    own.flag = None;
    if !own.review.is_empty() {
        own.review = vec![SET_ASIDE.to_owned()];
    }
    own
}

#[cfg(test)]
mod tests;
