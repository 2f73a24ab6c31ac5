//! How often a task comes back, and when next.
//!
//! ```text
//! recurrence = "daily" | "weekdays" | "weekly" | "monthly" | "yearly"
//!            | N ( "d" | "w" | "m" | "y" )           every N days, weeks, months, years; N from 1 to 999
//!            | "P" N ( "D" | "W" | "M" | "Y" )       the same, as ISO 8601 and Taskwarrior write it
//! ```
//!
//! Occurrence number k is the first one plus k times the interval, never the one before plus one interval: a series
//! that began on January 31 passes through February 28 and is back on March 31.

use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// A unit of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Days.
    Days,
    /// Weeks.
    Weeks,
    /// Months.
    Months,
    /// Years.
    Years,
}

/// How often a task comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Recurrence {
    /// Monday to Friday.
    Weekdays,
    /// Every `count` steps.
    Every {
        /// From 1 to [`COUNT_MAX`].
        count: i32,
        /// Of what.
        step: Step,
    },
}

/// The largest interval.
pub const COUNT_MAX: i32 = 999;

/// No recurrence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "cannot read the recurrence {0:?}: it is daily, weekdays, weekly, monthly, yearly, or a number with d, w, m or y"
)]
pub struct RecurrenceError(pub String);

impl Recurrence {
    /// The first date of the series that begins with `anchor` that is later than `after`; `None` when the calendar
    /// ends before it.
    pub fn next(self, anchor: DateTime, after: DateTime) -> Option<DateTime> {
        todo!("the date after {after} in the series of {self:?} from {anchor}")
    }
}

impl FromStr for Recurrence {
    type Err = RecurrenceError;

    fn from_str(text: &str) -> Result<Self, RecurrenceError> {
        todo!("read {text:?}")
    }
}

impl TryFrom<String> for Recurrence {
    type Error = RecurrenceError;

    fn try_from(text: String) -> Result<Self, RecurrenceError> {
        text.parse()
    }
}

impl From<Recurrence> for String {
    fn from(recurrence: Recurrence) -> Self {
        recurrence.to_string()
    }
}

impl fmt::Display for Recurrence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        todo!("write {self:?} as it is typed, {:?} wide", formatter.width())
    }
}
