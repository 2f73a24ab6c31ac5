//! The tree of a filter, asked about one record or about many at once.

use memchr::memmem::Finder;
use regex::bytes::Regex;

use crate::index::Summary;
use crate::level::Level;
use crate::record::Record;
use crate::skim::Demand;

/// Fields whose values do not stand in the record.
const DERIVED: [&str; 4] = ["file", "format", "facility", "severity"];

/// A comparison of two values of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What is asked of a field that is there.
#[derive(Debug, Clone)]
pub(super) enum Test {
    /// The same bytes, or, if both are numbers, the same number.
    Equal(Vec<u8>, Option<f64>),
    /// A number for which that holds.
    Compare(Comparison, f64),
    /// A match anywhere.
    Match(Regex),
}

/// A condition.
#[derive(Debug, Clone)]
pub(super) enum Node {
    /// All of them; with none, always.
    And(Vec<Node>),
    /// One of them.
    Or(Vec<Node>),
    /// Not that.
    Not(Box<Node>),
    /// There is a level, and that holds for it.
    Level(Comparison, Level),
    /// There is a time, and that holds for it.
    Time(Comparison, i64),
    /// There is the field.
    Has(String),
    /// There is the field, and it passes.
    Field(String, Test),
    /// The text of the record has this in it.
    Contains(Box<Finder<'static>>),
}

impl Node {
    /// The text of the record has `needle` in it.
    pub(super) fn contains(needle: &str) -> Self {
        Self::Contains(Box::new(Finder::new(needle).into_owned()))
    }

    /// Whether the condition holds for a record. It recurses as deep as the parser allowed.
    pub(super) fn matches(&self, record: &Record<'_>) -> bool {
        match self {
            Self::And(nodes) => nodes.iter().all(|node| node.matches(record)),
            Self::Or(nodes) => nodes.iter().any(|node| node.matches(record)),
            Self::Not(node) => !node.matches(record),
            Self::Level(comparison, level) => {
                record.head.level.is_some_and(|of| comparison.holds(&of, level))
            }
            Self::Time(comparison, time_us) => record
                .head
                .time_us
                .is_some_and(|of| comparison.holds(&of, time_us)),
            Self::Has(name) => match name.as_str() {
                "level" => record.head.level.is_some(),
                "time" => record.head.time_us.is_some(),
                name => record.with_field(name, |value| value.is_some()),
            },
            Self::Field(name, test) => {
                record.with_field(name, |value| value.is_some_and(|value| test.passes(value)))
            }
            Self::Contains(finder) => finder.find(record.text()).is_some(),
        }
    }

    /// Bytes that every record has for which the condition holds. Of several, those that are found least often.
    pub(super) fn demand(&self) -> Option<Demand> {
        match self {
            Self::And(nodes) => nodes.iter().filter_map(Self::demand).max_by_key(Demand::rank),
            Self::Contains(finder) => Demand::new(finder.needle()),
            // Values of all other fields are parts of the record, once their escapes are resolved.
            Self::Field(name, Test::Equal(bytes, None)) if !DERIVED.contains(&name.as_str()) => {
                Demand::new(bytes).map(Demand::or_escaped)
            }
            _ => None,
        }
    }

    /// Whether the condition may hold, and whether it may fail, for one of the records that are summed up.
    pub(super) fn possible(&self, summary: &Summary) -> (bool, bool) {
        match self {
            Self::And(nodes) => nodes.iter().fold((true, false), |(holds, fails), node| {
                let (node_holds, node_fails) = node.possible(summary);
                (holds && node_holds, fails || node_fails)
            }),
            Self::Or(nodes) => nodes.iter().fold((false, true), |(holds, fails), node| {
                let (node_holds, node_fails) = node.possible(summary);
                (holds || node_holds, fails && node_fails)
            }),
            Self::Not(node) => {
                let (holds, fails) = node.possible(summary);
                (fails, holds)
            }
            Self::Level(comparison, level) => {
                let holds = |of: &Level| comparison.holds(of, level);
                let mut present = Level::ALL.iter().filter(|of| summary.levels.contains(Some(**of)));
                let lacks = summary.levels.contains(None);
                (present.clone().any(holds), lacks || present.any(|of| !holds(of)))
            }
            Self::Time(comparison, time_us) => {
                let Some((first, last)) = summary.times_us else {
                    return (false, true);
                };
                let (at_first, at_last) = (
                    comparison.holds(&first, time_us),
                    comparison.holds(&last, time_us),
                );
                // What holds for neither end holds for nothing between, unless it is about a single moment.
                let (holds, holds_always) = match comparison {
                    Comparison::Equal => ((first..=last).contains(time_us), at_first && at_last),
                    _ => (at_first || at_last, at_first && at_last),
                };
                (holds, summary.is_partly_timed || !holds_always)
            }
            Self::Has(_) | Self::Field(..) | Self::Contains(_) => (true, true),
        }
    }
}

impl Comparison {
    fn holds<T: PartialOrd>(self, value: &T, bound: &T) -> bool {
        match self {
            Self::Equal => value == bound,
            Self::Less => value < bound,
            Self::LessOrEqual => value <= bound,
            Self::Greater => value > bound,
            Self::GreaterOrEqual => value >= bound,
        }
    }
}

impl Test {
    fn passes(&self, value: &[u8]) -> bool {
        match self {
            Self::Equal(bytes, None) => value == bytes,
            Self::Equal(bytes, Some(number)) => value == bytes || as_number(value) == Some(*number),
            Self::Compare(comparison, bound) => {
                as_number(value).is_some_and(|number| comparison.holds(&number, bound))
            }
            Self::Match(regex) => regex.is_match(value),
        }
    }
}

fn as_number(value: &[u8]) -> Option<f64> {
    std::str::from_utf8(value).ok()?.trim().parse().ok()
}
