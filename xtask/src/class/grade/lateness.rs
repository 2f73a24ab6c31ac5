//! How late a submission came, and what that takes.

use jiff::{SignedDuration, Timestamp};

use crate::class::marks::Hundredths;
use crate::class::policy::{Late, Unit, counted, in_words};

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

impl Lateness {
    /// How late it is that something came at `submitted` and was due at `due`.
    pub fn of(submitted: Option<Timestamp>, due: Timestamp, late: &Late) -> Self {
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

    /// What lateness took and why: `2 days late: -20 %`. Nothing to say of what came in time.
    pub fn words(self, late: &Late) -> Option<String> {
        match self {
            Self::OnTime => None,
            Self::TimeUnknown => Some("time unknown, taken as on time".to_owned()),
            Self::WithinGrace(by) => Some(format!("{} late: forgiven", in_words(by))),
            Self::AfterCutOff(by) => Some(format!("{} late, after the cut-off: -100 %", in_words(by))),
            Self::Late(by, percent) => {
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
