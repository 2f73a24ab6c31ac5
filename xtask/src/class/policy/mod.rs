//! What an instructor decides about a class: `class.toml`.
//!
//! ```toml
//! # The zone of every time below that has no offset. It stands above the tables.
//! timezone = "Europe/Berlin"
//!
//! [visibility]                    # what learners are told about hidden tests
//! hidden = "rule"                 # "full": everything, "rule": the rule's sentence, "score": points alone
//! after = 2026-12-01T00:00:00Z    # from then on …
//! hidden_after = "full"           # … this
//!
//! [deadlines]                     # an exercise's own, else its module's, else the default; none: never late
//! default = 2026-11-01T23:59:00
//! 31-cli-tools = 2026-11-08T23:59:00+01:00
//! tcp-echo = "2026-11-15 23:59"
//!
//! [late]
//! grace = "15m"                   # up to this late is on time
//! per_day = 10                    # per cent of the earned points, for each started day after the deadline …
//! # per_hour = 0.5                # … or for each started hour
//! max = 50                        # per cent taken at most; 100 when absent
//! cut_off = "7d"                  # later than this counts nothing
//!
//! [[extension]]                   # as many as it takes; the latest that fits counts
//! learner = "s003"
//! exercise = "tcp-echo"           # all exercises when absent
//! days = 3                        # or: until = 2026-11-20T12:00:00
//! reason = "illness"              # the instructor's; learners are told the date alone
//!
//! [[reviewed]]                    # what came of an exercise that was set aside, or should be read
//! learner = "s003"
//! exercise = "tcp-echo"
//! accept = true                   # its tests' points count; false: nothing of it does
//! sources = "3f2a90c4d17be685"    # what was read, as summary and analytics show it: what is handed in later waits
//! reason = "a guessed name"       # the instructor's; learners are told the decision alone
//!
//! [scale]                         # an exercise's points are multiplied by its weight; 1 when absent
//! weight.file-search = 2
//! ```
//!
//! Durations are `90s`, `15m`, `2h`, `7d` or `1d 12h`; a day of them has 24 hours. The days of an extension are the
//! calendar's in the zone above, so that the time of day stays when the clocks change. A local time that a change of
//! the clocks brings twice is the later one.
//!
//! Lateness counts from the deadline: `grace` forgives, and does not move it. Points have one decimal, a half is
//! rounded up. A submission whose time nobody knows is on time, and marked for the instructor.

mod file;
mod moment;
mod reader;
mod review;
mod table;

pub use moment::{counted, in_words};
pub use review::Decision;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

use super::marks::Hundredths;
use super::{ClassReport, ExerciseInfo};
use crate::report::visibility::Visibility;

/// Everything that `class.toml` says; without one nothing is late, and learners see the rules of hidden tests.
#[derive(Debug, Clone)]
pub struct Policy {
    timezone: TimeZone,
    hidden: Visibility,
    hidden_after: Option<(Timestamp, Visibility)>,
    default_deadline: Option<Timestamp>,
    /// By exercise or module.
    deadlines: BTreeMap<String, Timestamp>,
    /// What lateness costs.
    pub late: Late,
    extensions: Vec<Extension>,
    decisions: Vec<Decision>,
    weights: BTreeMap<String, Hundredths>,
}

/// What lateness costs.
#[derive(Debug, Clone, Default)]
pub struct Late {
    /// Up to this late is on time.
    pub grace: SignedDuration,
    /// What each started day or hour takes.
    pub rate: Option<Rate>,
    /// Per cent that are taken at most.
    pub max: Option<Hundredths>,
    /// Later than this counts nothing.
    pub cut_off: Option<SignedDuration>,
}

/// Per cent of the earned points, for each started unit of time after the deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Per cent.
    pub percent: Hundredths,
    /// Per day or per hour.
    pub unit: Unit,
}

/// What lateness is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// 24 hours.
    Day,
    /// 60 minutes.
    Hour,
}

#[derive(Debug, Clone)]
struct Extension {
    learner: String,
    exercise: Option<String>,
    to: To,
    reason: Option<String>,
    /// The line in the file.
    line: usize,
}

#[derive(Debug, Clone, Copy)]
enum To {
    Until(Timestamp),
    Days(i32),
}

/// When something is due for one learner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The moment.
    pub at: Timestamp,
    /// Whether it is later for this learner than for the others.
    pub is_extended: bool,
    /// Why, if the policy says so; for the instructor.
    pub reason: Option<String>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            timezone: TimeZone::UTC,
            hidden: Visibility::Rule,
            hidden_after: None,
            default_deadline: None,
            deadlines: BTreeMap::new(),
            late: Late::default(),
            extensions: Vec::new(),
            decisions: Vec::new(),
            weights: BTreeMap::new(),
        }
    }
}

impl Policy {
    /// What learners are told about hidden tests at `now`.
    pub fn visibility(&self, now: Timestamp) -> Visibility {
        match self.hidden_after {
            Some((after, visibility)) if now >= after => visibility,
            _ => self.hidden,
        }
    }

    /// When `learner` hands in `exercise` at the latest; nothing when no deadline is set.
    pub fn due(&self, learner: &str, exercise: &ExerciseInfo) -> Option<Due> {
        let own = self.deadlines.get(&exercise.name);
        let at = *own
            .or_else(|| self.deadlines.get(&exercise.module))
            .or(self.default_deadline.as_ref())?;
        let fits = |extension: &&Extension| {
            extension.learner == learner
                && extension
                    .exercise
                    .as_ref()
                    .is_none_or(|name| *name == exercise.name)
        };
        let extended = |extension: &Extension| match extension.to {
            To::Until(until) => until,
            To::Days(days) => self.days_after(at, days),
        };
        let mut due = Due {
            at,
            is_extended: false,
            reason: None,
        };
        for extension in self.extensions.iter().filter(fits) {
            let at = extended(extension);
            if at > due.at {
                due = Due {
                    at,
                    is_extended: true,
                    reason: extension.reason.clone(),
                };
            }
        }
        Some(due)
    }

    /// The same time of day, `days` later.
    fn days_after(&self, at: Timestamp, days: i32) -> Timestamp {
        let local = at.to_zoned(self.timezone.clone());
        let later = local.checked_add(Span::new().days(days));
        // At the end of the calendar there is no later deadline.
        later.map_or(Timestamp::MAX, |later| later.timestamp())
    }

    /// What the points of `exercise` are multiplied with.
    pub fn weight(&self, exercise: &str) -> Hundredths {
        self.weights.get(exercise).copied().unwrap_or(Hundredths::ONE)
    }

    /// A moment for people, in the class's zone.
    pub fn shown(&self, at: Timestamp) -> String {
        at.to_zoned(self.timezone.clone())
            .strftime("%Y-%m-%d %H:%M %Z")
            .to_string()
    }

    /// What is odd about this policy for this class: extensions for learners that it does not have, and reviews of
    /// sources that are not there.
    pub fn warnings(&self, report: &ClassReport) -> Vec<String> {
        let ids: Vec<_> = report
            .entries
            .iter()
            .map(|entry| entry.learner.id.as_str())
            .collect();
        let unknown = self
            .extensions
            .iter()
            .filter(|extension| !ids.contains(&extension.learner.as_str()));
        let extensions = unknown.map(|extension| {
            let near = crate::catalogue::nearest(&extension.learner, ids.iter().copied());
            let hint = near.map_or_else(String::new, |near| format!(": did you mean {near:?}?"));
            let (line, learner) = (extension.line, &extension.learner);
            format!(
                "line {line} of the policy extends a deadline for {learner:?}, who is not in this class{hint}"
            )
        });
        extensions.chain(self.idle_decisions(report)).collect()
    }
}

#[cfg(test)]
mod tests;
