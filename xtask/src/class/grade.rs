//! What a learner's points come to under a policy: raw, what lateness takes, and what counts.

mod lateness;

pub use lateness::Lateness;

use std::borrow::Cow;

use super::marks::Marks;
use super::policy::{Decision, Due, Policy};
use super::{ClassReport, EntryReport, ExerciseInfo, reviewed};
use crate::report::words;
use crate::score::{ExerciseResult, State};

/// One learner's grades.
pub struct LearnerGrades<'a> {
    /// Whose they are.
    pub entry: &'a EntryReport,
    /// One for each exercise of the class, in its order.
    pub exercises: Vec<Grade<'a>>,
}

/// One learner's grade for one exercise.
pub struct Grade<'a> {
    /// The exercise.
    pub info: &'a ExerciseInfo,
    /// Its result, if it was handed in; as the decision left it, if there is one.
    result: Option<Cow<'a, ExerciseResult>>,
    /// What the instructor who read these very sources decided.
    pub decision: Option<Decision>,
    /// Whether it counts, and if not, why.
    pub standing: Standing,
    /// When it was due.
    pub due: Option<Due>,
    /// How late it came.
    pub lateness: Lateness,
    /// What the evidence earned, weighted.
    pub raw: Marks,
    /// What lateness takes of it.
    pub taken: Marks,
    /// The difference.
    pub counted: Marks,
    /// What could be had, weighted.
    pub possible: Marks,
}

/// Whether a result counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was handed in.
    NotHandedIn,
    /// It was refused.
    Refused,
    /// It is set aside until a person has read it.
    Review,
    /// It was set aside, has been read, and counts.
    Accepted,
    /// It has been read, and nothing of it counts.
    Rejected,
    /// It counts.
    Graded(State),
}

/// The grades of everyone, in the report's order.
pub fn grades<'a>(report: &'a ClassReport, policy: &Policy) -> Vec<LearnerGrades<'a>> {
    let learner = |entry: &'a EntryReport| LearnerGrades {
        entry,
        exercises: report
            .exercises
            .iter()
            .map(|info| grade(entry, info, policy))
            .collect(),
    };
    report.entries.iter().map(learner).collect()
}

fn grade<'a>(entry: &'a EntryReport, info: &'a ExerciseInfo, policy: &Policy) -> Grade<'a> {
    let graded = entry.results.iter().find(|result| result.name == info.name);
    let decision = graded.and_then(|result| policy.decision(&entry.learner.id, result));
    let standing = Standing::of(entry, graded, decision.map(|decision| decision.accept));
    let result = graded.map(|result| match standing {
        Standing::Accepted => Cow::Owned(reviewed::accepted(result)),
        Standing::Rejected => Cow::Owned(reviewed::rejected(result)),
        _ => Cow::Borrowed(result),
    });
    let weight = policy.weight(&info.name);
    let (raw, possible) = match &result {
        Some(result) => {
            let points = result.points;
            let graded = points.possible.saturating_sub(points.not_graded);
            let earned = if standing.counts() { points.earned } else { 0 };
            (Marks::weighted(earned, weight), Marks::weighted(graded, weight))
        }
        None => (Marks(0), Marks::weighted(info.possible, weight)),
    };
    let due = policy.due(&entry.learner.id, info);
    let lateness = match &due {
        Some(due) if result.is_some() => {
            Lateness::of(entry.submitted.as_ref().map(|when| when.at), due.at, &policy.late)
        }
        _ => Lateness::OnTime,
    };
    let counted = raw.without(lateness.percent());
    Grade {
        info,
        result,
        decision: decision.cloned(),
        standing,
        due,
        lateness,
        raw,
        taken: raw - counted,
        counted,
        possible,
    }
}

impl LearnerGrades<'_> {
    /// Raw points of all exercises.
    pub fn raw(&self) -> Marks {
        self.exercises.iter().map(|grade| grade.raw).sum()
    }

    /// What lateness takes of them.
    pub fn taken(&self) -> Marks {
        self.exercises.iter().map(|grade| grade.taken).sum()
    }

    /// What counts.
    pub fn counted(&self) -> Marks {
        self.exercises.iter().map(|grade| grade.counted).sum()
    }

    /// What could be had.
    pub fn possible(&self) -> Marks {
        self.exercises.iter().map(|grade| grade.possible).sum()
    }

    /// What counts, in per cent of what could be had.
    pub fn percent(&self) -> Marks {
        self.counted().percent_of(self.possible())
    }

    /// Whether anything was handed in and taken.
    pub fn handed_in(&self) -> bool {
        !self.entry.results.is_empty()
    }

    /// The exercises that wait for a person.
    pub fn for_review(&self) -> impl Iterator<Item = &Grade<'_>> {
        self.exercises
            .iter()
            .filter(|grade| grade.standing == Standing::Review)
    }

    /// Where the learner stands, in a word.
    pub fn status(&self) -> &'static str {
        if self.entry.refusal.is_some() {
            "refused"
        } else if !self.handed_in() {
            "not handed in"
        } else if self.for_review().next().is_some() {
            "review"
        } else {
            "graded"
        }
    }
}

impl Grade<'_> {
    /// Its result, if it was handed in; as an instructor's decision left it, if there is one.
    pub fn result(&self) -> Option<&ExerciseResult> {
        self.result.as_deref()
    }

    /// The word beside the points.
    pub fn word(&self) -> &'static str {
        match (self.standing, self.result()) {
            (Standing::Refused, _) => "refused",
            (Standing::Review, _) => "review",
            (Standing::Rejected, _) => "nothing counts",
            (Standing::Graded(_) | Standing::Accepted, Some(result)) => words::state(result),
            (Standing::NotHandedIn | Standing::Graded(_) | Standing::Accepted, _) => "not handed in",
        }
    }
}

impl Standing {
    /// How a result stands as it was graded; `accepts` is what an instructor decided of it.
    fn of(entry: &EntryReport, result: Option<&ExerciseResult>, accepts: Option<bool>) -> Self {
        match (result, accepts) {
            (None, _) if entry.refusal.is_some() => Self::Refused,
            (None, _) => Self::NotHandedIn,
            // Also what is not set aside any more: a wire may trip in one run and not in the next.
            (Some(_), Some(false)) => Self::Rejected,
            (Some(result), None) if !result.review.is_empty() => Self::Review,
            (Some(result), Some(true)) if !result.review.is_empty() => Self::Accepted,
            (Some(result), _) if result.state == State::Refused => Self::Refused,
            (Some(result), _) => Self::Graded(result.state),
        }
    }

    /// Whether points count.
    pub fn counts(self) -> bool {
        matches!(self, Self::Graded(_) | Self::Accepted)
    }
}

#[cfg(test)]
mod tests;
