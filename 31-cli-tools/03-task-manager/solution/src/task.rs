//! What a task is, and what may stand in one.
//!
//! The names of the fields are those of Taskwarrior's JSON, so that files go both ways. Times are seconds in UTC; only
//! what people read and write knows a time zone.

use std::fmt;
use std::str::FromStr;

use jiff::{Timestamp, civil};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::recur::Recurrence;

/// A task, pending or completed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// What people call it by: given once in a store, never to another task.
    pub id: u64,
    /// What other stores know it by.
    pub uuid: Uuid,
    /// One line; see [`check_description()`].
    pub description: String,
    /// Whether it is done.
    pub status: Status,
    /// When it was added.
    pub entry: Timestamp,
    /// When it was last changed.
    pub modified: Timestamp,
    /// When it was done. Present exactly in completed tasks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Timestamp>,
    /// The last moment at which it is not late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// Which project it belongs to; `home.garden` lies in `home`. See [`check_word()`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Sorted, each once. See [`check_word()`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// How important it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// How often it comes back. Only a task with a due date does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recur: Option<Recurrence>,
    /// The first due date of the series, as a clock on the wall shows it. Present exactly where `recur` is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<civil::DateTime>,
    /// No task of the series is due after this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// Whether a task is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Still to be done.
    Pending,
    /// Done.
    Completed,
}

/// How important a task is; higher is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Priority {
    /// Low.
    L,
    /// Medium.
    M,
    /// High.
    H,
}

/// A value that may not stand in a task.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// Nothing but blanks.
    #[error("the description is empty")]
    NoDescription,
    /// A line feed would break a table, an escape sequence a terminal.
    #[error("the description has a control character")]
    Control,
    /// Neither a tag nor a project.
    #[error("cannot use {0:?} as a name: it is a word without blanks, quotes, parentheses, commas and '!'")]
    Name(String),
    /// Not a priority.
    #[error("cannot read the priority {0:?}: it is H, M or L")]
    Priority(String),
    /// A series needs a beginning.
    #[error("a task that recurs needs a due date")]
    NoDue,
    /// An end of what never comes back.
    #[error("\"until\" is for tasks that recur")]
    NoRecurrence,
}

impl Task {
    /// A pending task, new at `now`, with nothing but a description. Its id is the store's to give: 0 until then.
    pub fn new(description: &str, now: Timestamp) -> Self {
        Self {
            id: 0,
            uuid: Uuid::new_v4(),
            description: description.to_owned(),
            status: Status::Pending,
            entry: now,
            modified: now,
            end: None,
            due: None,
            project: None,
            tags: Vec::new(),
            priority: None,
            recur: None,
            anchor: None,
            until: None,
        }
    }

    /// Checks what the fields promise each other and each alone.
    ///
    /// # Errors
    /// The first promise that is broken.
    pub fn check(&self) -> Result<(), ValueError> {
        check_description(&self.description)?;
        self.tags
            .iter()
            .chain(&self.project)
            .try_for_each(|name| check_word(name))?;
        if self.recur.is_some() && self.due.is_none() {
            return Err(ValueError::NoDue);
        }
        if self.until.is_some() && self.recur.is_none() {
            return Err(ValueError::NoRecurrence);
        }
        Ok(())
    }

    /// Whether it is pending and its due date has passed.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.status == Status::Pending && self.due.is_some_and(|due| due < now)
    }

    /// Whether its project is `name` or lies in it.
    pub fn is_in_project(&self, name: &str) -> bool {
        let rest = self
            .project
            .as_deref()
            .and_then(|project| project.strip_prefix(name));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

/// A description is one line with something to see in it.
///
/// # Errors
/// It is blank, or has a control character.
pub fn check_description(text: &str) -> Result<(), ValueError> {
    if text.chars().any(char::is_control) {
        return Err(ValueError::Control);
    }
    if text.trim().is_empty() {
        return Err(ValueError::NoDescription);
    }
    Ok(())
}

/// A tag or a project is a word that a filter can name without quotes; `none` means that there is none.
///
/// # Errors
/// It is not such a word.
pub fn check_word(word: &str) -> Result<(), ValueError> {
    let is_wrong = |c: char| c.is_whitespace() || c.is_control() || "\"'(),!".contains(c);
    if word.is_empty() || word == "none" || word.contains(is_wrong) {
        return Err(ValueError::Name(word.to_owned()));
    }
    Ok(())
}

impl FromStr for Priority {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        match text {
            "H" | "h" => Ok(Self::H),
            "M" | "m" => Ok(Self::M),
            "L" | "l" => Ok(Self::L),
            _ => Err(ValueError::Priority(text.to_owned())),
        }
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::H => "H",
            Self::M => "M",
            Self::L => "L",
        })
    }
}
