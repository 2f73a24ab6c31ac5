//! From what was typed about a task to the task.

use jiff::Zoned;

use crate::cli::Fields;
use crate::date;
use crate::error::Error;
use crate::task::{Task, check_word};

/// What takes a value away.
pub const NONE: &str = "none";

/// Sets in `task` what `fields` say, and what follows from it.
///
/// # Errors
/// A value that is none, or values that do not go together. The message names the flag.
pub fn apply(fields: &Fields, task: &mut Task, now: &Zoned) -> Result<(), Error> {
    let wrong = |flag: &str, error: &dyn std::fmt::Display| Error::Usage(format!("--{flag}: {error}"));
    if let Some(due) = value(&fields.due) {
        let when = due.map(|text| date::parse(text, now)).transpose();
        task.due = when.map_err(|error| wrong("due", &error))?.map(|when| when.last);
    }
    if let Some(until) = value(&fields.until) {
        let when = until.map(|text| date::parse(text, now)).transpose();
        task.until = when
            .map_err(|error| wrong("until", &error))?
            .map(|when| when.last);
    }
    if let Some(priority) = value(&fields.priority) {
        let priority = priority.map(str::parse).transpose();
        task.priority = priority.map_err(|error| wrong("priority", &error))?;
    }
    if let Some(project) = value(&fields.project) {
        project
            .map(check_word)
            .transpose()
            .map_err(|error| wrong("project", &error))?;
        task.project = project.map(str::to_owned);
    }
    if let Some(recur) = value(&fields.recur) {
        let recur = recur.map(str::parse).transpose();
        task.recur = recur.map_err(|error| wrong("recur", &error))?;
        if task.recur.is_none() {
            task.until = None;
        }
    }
    for tag in &fields.tags {
        check_word(tag).map_err(|error| wrong("tag", &error))?;
    }
    task.tags.extend(fields.tags.iter().cloned());
    task.tags.sort_unstable();
    task.tags.dedup();
    if fields.due.is_some() || fields.recur.is_some() {
        set_anchor(task, now);
    }
    task.check().map_err(|error| Error::Usage(error.to_string()))
}

/// A new due date, or a new recurrence, begins a new series.
pub fn set_anchor(task: &mut Task, now: &Zoned) {
    let first = task
        .due
        .map(|due| due.to_zoned(now.time_zone().clone()).datetime());
    task.anchor = task.recur.and(first);
}

/// `None`: nothing was said. `Some(None)`: the value is to go.
fn value(field: &Option<String>) -> Option<Option<&str>> {
    field.as_deref().map(|text| (text != NONE).then_some(text))
}
