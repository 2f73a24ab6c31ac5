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

use jiff::civil::{DateTime, Weekday};
use jiff::{Span, ToSpan, Unit};
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
        match self {
            Self::Weekdays => next_weekday(anchor, after),
            Self::Every { count, step } => {
                let occurrence = |k: i64| anchor.checked_add(step.times(k.checked_mul(count.into())?)?).ok();
                // Whole steps that have passed: the occurrence of that number is the answer, or close before it,
                // since the end of a month may have pulled it forward.
                let passed = match anchor.until((step.unit(), after)) {
                    Ok(span) => step.of(span) / i64::from(count),
                    Err(_) => return None,
                };
                let first = passed.saturating_sub(1).max(0);
                (first..=first + 3).find_map(|k| occurrence(k).filter(|date| *date > after))
            }
        }
    }
}

fn next_weekday(anchor: DateTime, after: DateTime) -> Option<DateTime> {
    let is_free = |date: &DateTime| matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    let mut date = after.date().to_datetime(anchor.time()).max(anchor);
    // At most a weekend and the day itself.
    for _ in 0..4 {
        if date > after && !is_free(&date) {
            return Some(date);
        }
        date = date.checked_add(1.day()).ok()?;
    }
    None
}

impl Step {
    fn unit(self) -> Unit {
        match self {
            Self::Days => Unit::Day,
            Self::Weeks => Unit::Week,
            Self::Months => Unit::Month,
            Self::Years => Unit::Year,
        }
    }

    /// `count` of these, if a span can be so long.
    fn times(self, count: i64) -> Option<Span> {
        match self {
            Self::Days => Span::new().try_days(count),
            Self::Weeks => Span::new().try_weeks(count),
            Self::Months => Span::new().try_months(count),
            Self::Years => Span::new().try_years(count),
        }
        .ok()
    }

    /// How many of these are in a span that was measured in them.
    fn of(self, span: Span) -> i64 {
        match self {
            Self::Days => span.get_days().into(),
            Self::Weeks => span.get_weeks().into(),
            Self::Months => span.get_months().into(),
            Self::Years => span.get_years().into(),
        }
    }

    fn letter(self) -> char {
        match self {
            Self::Days => 'd',
            Self::Weeks => 'w',
            Self::Months => 'm',
            Self::Years => 'y',
        }
    }

    fn from_letter(letter: char) -> Option<Self> {
        match letter.to_ascii_lowercase() {
            'd' => Some(Self::Days),
            'w' => Some(Self::Weeks),
            'm' => Some(Self::Months),
            'y' => Some(Self::Years),
            _ => None,
        }
    }
}

impl FromStr for Recurrence {
    type Err = RecurrenceError;

    fn from_str(text: &str) -> Result<Self, RecurrenceError> {
        let every = |step| Ok(Self::Every { count: 1, step });
        match text {
            "daily" => return every(Step::Days),
            "weekly" => return every(Step::Weeks),
            "monthly" => return every(Step::Months),
            "yearly" | "annual" => return every(Step::Years),
            "weekdays" => return Ok(Self::Weekdays),
            _ => {}
        }
        let wrong = || RecurrenceError(text.to_owned());
        let interval = text.strip_prefix('P').unwrap_or(text);
        let letter = interval.chars().next_back().ok_or_else(wrong)?;
        let step = Step::from_letter(letter).ok_or_else(wrong)?;
        let digits = &interval[..interval.len() - letter.len_utf8()];
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong());
        }
        match digits.parse() {
            Ok(count @ 1..=COUNT_MAX) => Ok(Self::Every { count, step }),
            _ => Err(wrong()),
        }
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
        let text = match *self {
            Self::Weekdays => "weekdays",
            Self::Every {
                count: 1,
                step: Step::Days,
            } => "daily",
            Self::Every {
                count: 1,
                step: Step::Weeks,
            } => "weekly",
            Self::Every {
                count: 1,
                step: Step::Months,
            } => "monthly",
            Self::Every {
                count: 1,
                step: Step::Years,
            } => "yearly",
            Self::Every { count, step } => return formatter.pad(&format!("{count}{}", step.letter())),
        };
        formatter.pad(text)
    }
}
