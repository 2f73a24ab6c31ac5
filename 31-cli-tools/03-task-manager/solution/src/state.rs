//! What the records of a log come to: the tasks, the next id, and what can be undone.
//!
//! A record is a [`Transaction`]: all of it happens or nothing. It says what is so from now on, not what was before:
//! "task 3 is …", "task 4 is gone". What was before stands in the records before.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::log::{Damage, Record};
use crate::task::Task;

/// What one command has done, as it stands in a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// Which command it was.
    pub kind: Kind,
    /// When.
    pub at: Timestamp,
    /// The first id never given, in a [`Kind::Base`], where the tasks alone do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
    /// Tasks that are as they stand here from now on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub put: Vec<Task>,
    /// Ids of tasks that are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drop: Vec<u64>,
}

/// The command that a transaction comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Everything that was before the records that follow, after a compaction.
    Base,
    /// `add`
    Add,
    /// `done`
    Done,
    /// `edit`
    Edit,
    /// `remove`
    Remove,
    /// `import`
    Import,
    /// `undo`: takes back the last transaction that was not yet taken back.
    Undo,
}

/// The tasks after a number of transactions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The tasks by id.
    pub tasks: BTreeMap<u64, Task>,
    /// The id of the next task: higher than that of any before it, even of those that are gone.
    pub next_id: u64,
    /// Transactions so far.
    pub records: usize,
    /// The numbers of those that can be undone, the last one on top.
    undoable: Vec<usize>,
}

impl Transaction {
    /// A transaction that does nothing yet.
    pub fn new(kind: Kind, at: Timestamp) -> Self {
        Self {
            kind,
            at,
            next: None,
            put: Vec::new(),
            drop: Vec::new(),
        }
    }

    /// The payload of its record.
    pub fn to_payload(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("strings, numbers and lists are JSON")
    }
}

impl Default for State {
    fn default() -> Self {
        Self {
            tasks: BTreeMap::new(),
            next_id: 1,
            records: 0,
            undoable: Vec::new(),
        }
    }
}

impl State {
    /// The state after these records.
    ///
    /// # Errors
    /// A record whose checksum is right, and whose contents are not: a fault, or a later program's.
    pub fn replay(records: &[Record<'_>]) -> Result<Self, Damage> {
        let mut state = Self::default();
        for record in records {
            state.apply(parse(record)?);
        }
        Ok(state)
    }

    /// Goes one transaction on.
    pub fn apply(&mut self, transaction: Transaction) {
        match transaction.kind {
            Kind::Base => {}
            Kind::Undo => {
                self.undoable.pop();
            }
            _ => self.undoable.push(self.records),
        }
        self.records += 1;
        self.next_id = self.next_id.max(transaction.next.unwrap_or(0));
        for task in transaction.put {
            self.next_id = self.next_id.max(task.id.saturating_add(1));
            self.tasks.insert(task.id, task);
        }
        for id in transaction.drop {
            self.tasks.remove(&id);
        }
    }

    /// The transaction that takes back the last one, and which that is; `None` when there is nothing to undo.
    ///
    /// # Errors
    /// As [`State::replay`].
    pub fn inverse(
        &self,
        records: &[Record<'_>],
        at: Timestamp,
    ) -> Result<Option<(Kind, Transaction)>, Damage> {
        let Some(&last) = self.undoable.last() else {
            return Ok(None);
        };
        // Everything later has been taken back already, so the tasks of `last` are now as it left them, and
        // were before as the records before it say.
        let undone = parse(&records[last])?;
        let mut before = Self::replay(&records[..last])?;
        let mut inverse = Transaction::new(Kind::Undo, at);
        for id in undone.put.iter().map(|task| task.id).chain(undone.drop) {
            match before.tasks.remove(&id) {
                Some(task) => inverse.put.push(task),
                None => inverse.drop.push(id),
            }
        }
        Ok(Some((undone.kind, inverse)))
    }

    /// All of it in one transaction.
    pub fn to_base(&self, at: Timestamp) -> Transaction {
        Transaction {
            next: Some(self.next_id),
            put: self.tasks.values().cloned().collect(),
            ..Transaction::new(Kind::Base, at)
        }
    }
}

/// What a record says.
///
/// # Errors
/// As [`State::replay`].
pub fn parse(record: &Record<'_>) -> Result<Transaction, Damage> {
    // Text is checked to be text once, and not string by string.
    let text = str::from_utf8(record.payload).ok();
    let transaction = text.and_then(|text| serde_json::from_str(text).ok());
    transaction.ok_or(Damage {
        offset: record.offset,
        reason: "the record holds something else than tasks",
    })
}

impl Kind {
    /// The command's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::Add => "add",
            Self::Done => "done",
            Self::Edit => "edit",
            Self::Remove => "remove",
            Self::Import => "import",
            Self::Undo => "undo",
        }
    }
}
