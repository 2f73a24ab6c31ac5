//! Which tasks are meant. How a filter is written stands in [`crate::parser`].

use std::collections::BTreeSet;

use jiff::{Timestamp, Zoned};

use crate::date::When;
use crate::parser::{self, FilterError};
use crate::task::{Priority, Status, Task};

/// A filter: a tree of tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// Every one of these holds; with none of them, everything passes.
    All(Vec<Filter>),
    /// One of these holds.
    Any(Vec<Filter>),
    /// This one does not.
    Not(Box<Filter>),
    /// A test of one field.
    Test(Test),
}

/// A test of one field of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// The id is in one of these ranges, both ends included.
    Ids(Vec<(u64, u64)>),
    /// The description has this text, in either case. It is in lower case here.
    Text(String),
    /// It has this tag; `None`: it has no tag.
    Tag(Option<String>),
    /// It is in this project; `None`: it is in none.
    Project(Option<String>),
    /// Its status is this one; `None`: it may be any.
    Status(Option<Status>),
    /// It has no priority, or one that compares like this.
    Priority(Comparison, Option<Priority>),
    /// It comes back (`true`), or does not.
    Recurs(bool),
    /// This date of it lies so to that one; `None`: it has no such date.
    Date(DateField, Option<(Comparison, When)>),
}

/// Which date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateField {
    /// When it is due.
    Due,
    /// When it was added.
    Entry,
    /// When it was done.
    End,
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `:` and `=`; with a day: within it.
    Is,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

impl Filter {
    /// Reads a filter, its dates as they are meant at `now`.
    ///
    /// # Errors
    /// It is not one; the message says where.
    pub fn parse(text: &str, now: &Zoned) -> Result<Self, FilterError> {
        parser::parse(text, now)
    }

    /// The filter that names these ids.
    pub fn of_ids(ids: &[u64]) -> Self {
        Self::Test(Test::Ids(ids.iter().map(|id| (*id, *id)).collect()))
    }

    /// Whether it lets everything pass: it was empty.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::All(filters) if filters.is_empty())
    }

    /// Whether the task passes.
    pub fn matches(&self, task: &Task) -> bool {
        match self {
            Self::All(filters) => filters.iter().all(|filter| filter.matches(task)),
            Self::Any(filters) => filters.iter().any(|filter| filter.matches(task)),
            Self::Not(filter) => !filter.matches(task),
            Self::Test(test) => test.holds(task),
        }
    }

    /// This filter, for pending tasks alone unless it says something of the status or names ids.
    #[must_use]
    pub fn or_pending(self) -> Self {
        if self.any_test(&|test| matches!(test, Test::Status(_) | Test::Ids(_))) {
            return self;
        }
        Self::All(vec![Self::Test(Test::Status(Some(Status::Pending))), self])
    }

    /// The ids that are named one by one and not denied: whoever writes `done 7` means that there is a task 7.
    pub fn named_ids(&self) -> BTreeSet<u64> {
        match self {
            Self::All(filters) | Self::Any(filters) => filters.iter().flat_map(Self::named_ids).collect(),
            Self::Test(Test::Ids(ranges)) => {
                let single = ranges.iter().filter(|(first, last)| first == last);
                single.map(|(id, _)| *id).collect()
            }
            Self::Not(_) | Self::Test(_) => BTreeSet::new(),
        }
    }

    fn any_test(&self, predicate: &dyn Fn(&Test) -> bool) -> bool {
        match self {
            Self::All(filters) | Self::Any(filters) => {
                filters.iter().any(|filter| filter.any_test(predicate))
            }
            Self::Not(filter) => filter.any_test(predicate),
            Self::Test(test) => predicate(test),
        }
    }
}

impl Test {
    fn holds(&self, task: &Task) -> bool {
        match self {
            Self::Ids(ranges) => ranges
                .iter()
                .any(|(first, last)| (*first..=*last).contains(&task.id)),
            Self::Text(text) => task.description.to_lowercase().contains(text),
            Self::Tag(Some(tag)) => task.tags.contains(tag),
            Self::Tag(None) => task.tags.is_empty(),
            Self::Project(Some(name)) => task.is_in_project(name),
            Self::Project(None) => task.project.is_none(),
            Self::Status(status) => status.is_none_or(|status| task.status == status),
            // No priority is less than L.
            Self::Priority(comparison, priority) => comparison.holds(task.priority, *priority, *priority),
            Self::Recurs(recurs) => task.recur.is_some() == *recurs,
            Self::Date(field, None) => field.of(task).is_none(),
            Self::Date(field, Some((comparison, when))) => field
                .of(task)
                .is_some_and(|date| comparison.holds(date, when.first, when.last)),
        }
    }
}

impl DateField {
    fn of(self, task: &Task) -> Option<Timestamp> {
        match self {
            Self::Due => task.due,
            Self::Entry => Some(task.entry),
            Self::End => task.end,
        }
    }
}

impl Comparison {
    /// Compares a value with an interval: "before tomorrow" is before its first second, "until tomorrow" to its last.
    fn holds<T: PartialOrd>(self, value: T, first: T, last: T) -> bool {
        match self {
            Self::Is => first <= value && value <= last,
            Self::Less => value < first,
            Self::AtMost => value <= last,
            Self::More => value > last,
            Self::AtLeast => value >= first,
        }
    }
}
