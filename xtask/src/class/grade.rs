//! What a learner's points come to under a policy: raw, what lateness takes, and what counts.

mod lateness;

pub use lateness::Lateness;

use super::marks::Marks;
use super::policy::{Due, Policy};
use super::{ClassReport, EntryReport, ExerciseInfo};
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
    /// Its result, if it was handed in.
    pub result: Option<&'a ExerciseResult>,
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
    let result = entry.results.iter().find(|result| result.name == info.name);
    let standing = Standing::of(entry, result);
    let weight = policy.weight(&info.name);
    let (raw, possible) = match result {
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
    /// The word beside the points.
    pub fn word(&self) -> &'static str {
        match (self.standing, self.result) {
            (Standing::Refused, _) => "refused",
            (Standing::Review, _) => "review",
            (Standing::Graded(_), Some(result)) => words::state(result),
            (Standing::NotHandedIn | Standing::Graded(_), _) => "not handed in",
        }
    }
}

impl Standing {
    fn of(entry: &EntryReport, result: Option<&ExerciseResult>) -> Self {
        match result {
            None if entry.refusal.is_some() => Self::Refused,
            None => Self::NotHandedIn,
            Some(result) if !result.review.is_empty() => Self::Review,
            Some(result) if result.state == State::Refused => Self::Refused,
            Some(result) => Self::Graded(result.state),
        }
    }

    /// Whether points count.
    pub fn counts(self) -> bool {
        matches!(self, Self::Graded(_))
    }
}

#[cfg(test)]
mod tests;
