//! What a learner's points come to under a policy: raw, what lateness takes, and what counts.

use jiff::{SignedDuration, Timestamp};

use super::marks::{Hundredths, Marks};
use super::policy::{Due, Late, Policy, Unit, counted, in_words};
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

/// How late a submission came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lateness {
    /// In time, or there is no deadline, or nothing was handed in.
    OnTime,
    /// Late, and forgiven.
    WithinGrace(SignedDuration),
    /// Late, and so many per cent are taken.
    Late(SignedDuration, Hundredths),
    /// Later than the cut-off: nothing counts.
    AfterCutOff(SignedDuration),
    /// There is a deadline, and nobody knows when it was handed in: on time, for the instructor to judge.
    TimeUnknown,
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

    /// What lateness took and why: `2 days late: -20 %`. Nothing to say of what came in time.
    pub fn late_words(&self, late: &Late) -> Option<String> {
        match self.lateness {
            Lateness::OnTime => None,
            Lateness::TimeUnknown => Some("time unknown, taken as on time".to_owned()),
            Lateness::WithinGrace(by) => Some(format!("{} late: forgiven", in_words(by))),
            Lateness::AfterCutOff(by) => Some(format!("{} late, after the cut-off: -100 %", in_words(by))),
            Lateness::Late(by, percent) => {
                let by = late.rate.map_or_else(
                    || in_words(by),
                    |rate| counted(started(by, rate.unit) as i64, rate.unit.name()),
                );
                Some(match percent {
                    Hundredths(0) => format!("{by} late: nothing taken"),
                    percent => format!("{by} late: -{percent} %"),
                })
            }
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

impl Lateness {
    fn of(submitted: Option<Timestamp>, due: Timestamp, late: &Late) -> Self {
        let Some(submitted) = submitted else {
            return Self::TimeUnknown;
        };
        let by = submitted.duration_since(due);
        if !by.is_positive() {
            return Self::OnTime;
        }
        if by <= late.grace {
            return Self::WithinGrace(by);
        }
        if late.cut_off.is_some_and(|cut_off| by > cut_off) {
            return Self::AfterCutOff(by);
        }
        let most = late.max.unwrap_or(Hundredths(100 * 100));
        let percent = late.rate.map_or(Hundredths(0), |rate| {
            rate.percent.times(started(by, rate.unit), most)
        });
        Self::Late(by, percent)
    }

    /// What it takes of the points.
    pub fn percent(self) -> Hundredths {
        match self {
            Self::OnTime | Self::WithinGrace(_) | Self::TimeUnknown => Hundredths(0),
            Self::Late(_, percent) => percent,
            Self::AfterCutOff(_) => Hundredths(100 * 100),
        }
    }
}

/// How many units have started.
fn started(by: SignedDuration, unit: Unit) -> u64 {
    let nanoseconds = by.as_nanos().max(0).unsigned_abs();
    let units = nanoseconds.div_ceil(unit.length().as_nanos().unsigned_abs());
    u64::try_from(units).unwrap_or(u64::MAX)
}

impl Unit {
    /// How long it is.
    pub fn length(self) -> SignedDuration {
        match self {
            Self::Day => SignedDuration::from_hours(24),
            Self::Hour => SignedDuration::from_hours(1),
        }
    }

    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Hour => "hour",
        }
    }
}

#[cfg(test)]
mod tests;
