//! Which tasks are meant. How a filter is written stands in [`crate::parser`].

use std::collections::BTreeSet;

use jiff::Zoned;

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
        todo!("whether {task:?} passes {self:?}")
    }

    /// This filter, for pending tasks alone unless it says something of the status or names ids.
    #[must_use]
    pub fn or_pending(self) -> Self {
        todo!("{self:?}, for pending tasks alone")
    }

    /// The ids that are named one by one and not denied: whoever writes `done 7` means that there is a task 7.
    pub fn named_ids(&self) -> BTreeSet<u64> {
        todo!("the single ids in {self:?}")
    }
}
