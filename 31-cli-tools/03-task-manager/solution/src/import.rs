//! Reading tasks from JSON: all of them, or none.
//!
//! An array of objects, or objects one behind the other. Fields are those of [`Task`]; all but `description` may be absent,
//! others are ignored. What Taskwarrior exports can be read: `waiting` tasks are pending here, `deleted` ones and the
//! templates of recurring ones (`recurring`) are left out.

use std::collections::{BTreeSet, HashMap};

use jiff::{Timestamp, Zoned, civil};
use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::fields::set_anchor;
use crate::recur::Recurrence;
use crate::state::{Kind, State, Transaction};
use crate::task::{Priority, Status, Task, ValueError};

/// How many wrong tasks are named.
pub const NAMED_MAX: usize = 20;

/// What cannot be imported; nothing was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct ImportError(pub Vec<String>);

/// A task as it stands in the file.
#[derive(Debug, Deserialize)]
struct Raw {
    description: String,
    uuid: Option<Uuid>,
    #[serde(default)]
    status: RawStatus,
    entry: Option<Timestamp>,
    modified: Option<Timestamp>,
    end: Option<Timestamp>,
    due: Option<Timestamp>,
    until: Option<Timestamp>,
    project: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    priority: Option<Priority>,
    recur: Option<Recurrence>,
    anchor: Option<civil::DateTime>,
}

#[derive(Debug, Default, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RawStatus {
    #[default]
    Pending,
    Waiting,
    Completed,
    Deleted,
    Recurring,
}

/// What an import comes to.
#[derive(Debug)]
pub struct Import {
    /// All of it. Tasks with the id 0 are new.
    tasks: Vec<Task>,
    /// How many were left out.
    pub skipped: usize,
}

/// The objects in a text, not looked into.
///
/// # Errors
/// It is not JSON; the message says where.
pub fn split(text: &str) -> Result<Vec<&RawValue>, ImportError> {
    let failed = |error: serde_json::Error| ImportError(vec![error.to_string()]);
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text).map_err(failed);
    }
    let objects = serde_json::Deserializer::from_str(text).into_iter();
    objects.collect::<Result<_, _>>().map_err(failed)
}

/// Reads the objects; `tick` is called for each.
///
/// # Errors
/// A line for each object that is no task, up to [`NAMED_MAX`].
pub fn read(objects: &[&RawValue], now: &Zoned, mut tick: impl FnMut()) -> Result<Import, ImportError> {
    let mut import = Import {
        tasks: Vec::with_capacity(objects.len()),
        skipped: 0,
    };
    let mut known = BTreeSet::new();
    let mut wrong = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        tick();
        match task(object, now) {
            Ok(Some(task)) if !known.insert(task.uuid) => {
                wrong.push(format!("task {}: its UUID stands there twice", index + 1));
            }
            Ok(Some(task)) => import.tasks.push(task),
            Ok(None) => import.skipped += 1,
            Err(reason) => wrong.push(format!("task {}: {reason}", index + 1)),
        }
    }
    if wrong.is_empty() {
        return Ok(import);
    }
    let more = wrong.len().saturating_sub(NAMED_MAX);
    wrong.truncate(NAMED_MAX);
    if more > 0 {
        wrong.push(format!("and {more} more"));
    }
    Err(ImportError(wrong))
}

impl Import {
    /// The transaction that imports into `state`, and how many of the tasks are new there.
    pub fn into_transaction(self, state: &State, at: Timestamp) -> (Transaction, usize) {
        let ids: HashMap<Uuid, u64> = state.tasks.values().map(|task| (task.uuid, task.id)).collect();
        let mut transaction = Transaction::new(Kind::Import, at);
        let mut next_id = state.next_id;
        for mut task in self.tasks {
            task.id = ids.get(&task.uuid).copied().unwrap_or_else(|| {
                next_id += 1;
                next_id - 1
            });
            transaction.put.push(task);
        }
        let new = usize::try_from(next_id - state.next_id).expect("as many as there are tasks in memory");
        (transaction, new)
    }
}

/// The task in an object; `None` if it is to be left out.
fn task(object: &RawValue, now: &Zoned) -> Result<Option<Task>, String> {
    let raw: Raw = serde_json::from_str(object.get()).map_err(|error| without_place(&error))?;
    let status = match raw.status {
        RawStatus::Pending | RawStatus::Waiting => Status::Pending,
        RawStatus::Completed => Status::Completed,
        RawStatus::Deleted | RawStatus::Recurring => return Ok(None),
    };
    let entry = raw.entry.unwrap_or_else(|| now.timestamp());
    let mut task = Task {
        uuid: raw.uuid.unwrap_or_else(Uuid::new_v4),
        status,
        modified: raw.modified.unwrap_or(entry),
        end: (status == Status::Completed).then(|| raw.end.unwrap_or_else(|| now.timestamp())),
        due: raw.due,
        project: raw.project,
        tags: raw.tags,
        priority: raw.priority,
        recur: raw.recur,
        anchor: raw.anchor,
        // Taskwarrior gives it to tasks that do not recur as well.
        until: raw.recur.and(raw.until),
        ..Task::new(&raw.description, entry)
    };
    task.tags.sort_unstable();
    task.tags.dedup();
    if task.recur.is_none() || task.anchor.is_none() {
        set_anchor(&mut task, now);
    }
    task.check().map_err(|error: ValueError| error.to_string())?;
    Ok(Some(task))
}

/// The line and the column are those within the object, and of no use.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rfind(" at line ")
        .map_or(text.clone(), |end| text[..end].to_owned())
}
