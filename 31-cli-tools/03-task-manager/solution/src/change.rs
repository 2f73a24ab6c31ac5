//! The commands that change tasks: words to tasks, tasks to a transaction, and then a line about each.
//!
//! Nobody is asked anything while the lock is held. An answer becomes a filter by ids, and what it means is looked up
//! again under the lock, where nothing can change any more.

use crate::cli::Fields;
use crate::commands::{Answer, Context, chosen, missing};
use crate::error::Error;
use crate::fields;
use crate::filter::Filter;
use crate::prompt;
use crate::state::Kind;
use crate::task::{Status, Task};

impl Context {
    /// `add`
    pub fn add(&self, words: &[String], mut fields: Fields) -> Answer {
        let mut description = words.join(" ");
        if words.is_empty() {
            if !prompt::is_possible() {
                return Err(missing("add: a description is missing"));
            }
            description = prompt::description("")?;
            if fields == Fields::default() {
                fields = prompt::fields(&Task::new("", self.now.timestamp()), &self.now)?;
            }
        }
        let mut task = Task::new(description.trim(), self.now.timestamp());
        fields::apply(&fields, &mut task, &self.now)?;
        let mut writer = self.store.lock()?;
        task.id = writer.state.next_id;
        let text = self.line("added", &task);
        let mut transaction = self.transaction(Kind::Add);
        transaction.put.push(task);
        self.commit(&mut writer, transaction)?;
        Ok((text, 0))
    }

    /// `done`
    pub fn done(&self, words: &[String]) -> Answer {
        let filter = self.filter("done", words, |tasks| prompt::tasks("Done", tasks))?;
        let mut writer = self.store.lock()?;
        let mut transaction = self.transaction(Kind::Done);
        let mut text = String::new();
        let mut next_id = writer.state.next_id;
        for task in chosen(&writer.state, &filter)? {
            if task.status == Status::Completed {
                if filter.named_ids().contains(&task.id) {
                    return Err(Error::NoMatch(format!("task {} is done already", task.id)));
                }
                continue;
            }
            let mut done = task.clone();
            done.status = Status::Completed;
            done.end = Some(self.now.timestamp());
            done.modified = self.now.timestamp();
            text.push_str(&self.line("done", &done));
            match self.next(&done, next_id) {
                Some(next) => {
                    next_id += 1;
                    text.push_str(&self.line("next", &next));
                    transaction.put.extend([done, next]);
                }
                None => transaction.put.push(done),
            }
        }
        if text.is_empty() {
            return Err(Error::NoMatch("no pending task matches".to_owned()));
        }
        self.commit(&mut writer, transaction)?;
        Ok((text, 0))
    }

    /// The next task of a series: due after this one and after the present.
    fn next(&self, done: &Task, id: u64) -> Option<Task> {
        let (recur, anchor, due) = (done.recur?, done.anchor?, done.due?);
        let zone = self.now.time_zone();
        let after = due.max(self.now.timestamp()).to_zoned(zone.clone()).datetime();
        let due = recur
            .next(anchor, after)?
            .to_zoned(zone.clone())
            .ok()?
            .timestamp();
        if done.until.is_some_and(|until| due > until) {
            return None;
        }
        let fresh = Task::new(&done.description, self.now.timestamp());
        let mut next = done.clone();
        (next.id, next.uuid, next.entry, next.modified) = (id, fresh.uuid, fresh.entry, fresh.modified);
        (next.status, next.end, next.due) = (Status::Pending, None, Some(due));
        Some(next)
    }

    /// `edit`
    pub fn edit(
        &self,
        words: &[String],
        description: Option<String>,
        fields: Fields,
        untag: &[String],
    ) -> Answer {
        let (mut description, mut fields) = (description, fields);
        let mut filter = self.filter("edit", words, |tasks| {
            prompt::task("Edit", tasks).map(|id| vec![id])
        })?;
        if description.is_none() && fields == Fields::default() && untag.is_empty() {
            if !prompt::is_possible() {
                return Err(missing("edit: nothing to change is given"));
            }
            let state = self.store.read()?;
            let task = match &chosen(&state, &filter)?[..] {
                [task] => *task,
                _ => {
                    return Err(missing(
                        "edit: several tasks match, and nothing to change is given",
                    ));
                }
            };
            filter = Filter::of_ids(&[task.id]);
            description = Some(prompt::description(&task.description)?);
            fields = prompt::fields(task, &self.now)?;
        }
        let mut writer = self.store.lock()?;
        let mut transaction = self.transaction(Kind::Edit);
        let mut text = String::new();
        for task in chosen(&writer.state, &filter)? {
            let mut edited = task.clone();
            edited.modified = self.now.timestamp();
            if let Some(description) = &description {
                edited.description = description.trim().to_owned();
            }
            edited.tags.retain(|tag| !untag.contains(tag));
            fields::apply(&fields, &mut edited, &self.now)?;
            text.push_str(&self.line("edited", &edited));
            transaction.put.push(edited);
        }
        self.commit(&mut writer, transaction)?;
        Ok((text, 0))
    }

    /// `remove`
    pub fn remove(&self, words: &[String]) -> Answer {
        let mut filter = self.filter("remove", words, |tasks| prompt::tasks("Remove", tasks))?;
        if self.settings.confirm {
            if !prompt::is_possible() {
                return Err(missing("remove: --yes is missing, and nobody can be asked"));
            }
            let state = self.store.read()?;
            let tasks = chosen(&state, &filter)?;
            if !prompt::removal(&tasks)? {
                return Err(Error::NoMatch("nothing is removed".to_owned()));
            }
            filter = Filter::of_ids(&tasks.iter().map(|task| task.id).collect::<Vec<_>>());
        }
        let mut writer = self.store.lock()?;
        let mut transaction = self.transaction(Kind::Remove);
        let mut text = String::new();
        for task in chosen(&writer.state, &filter)? {
            text.push_str(&self.line("removed", task));
            transaction.drop.push(task.id);
        }
        self.commit(&mut writer, transaction)?;
        Ok((text, 0))
    }

    /// `undo`
    pub fn undo(&self) -> Answer {
        let mut writer = self.store.lock()?;
        let (before, torn) = (writer.state.clone(), writer.torn);
        let Some((kind, inverse)) = writer.undo(self.now.timestamp())? else {
            return Err(Error::NoMatch("nothing to undo".to_owned()));
        };
        self.report_torn(torn);
        let mut text = format!("undid {}\n", kind.name());
        for task in &inverse.put {
            text.push_str(&self.line("restored", task));
        }
        for task in inverse.drop.iter().filter_map(|id| before.tasks.get(id)) {
            text.push_str(&self.line("removed", task));
        }
        Ok((text, 0))
    }
}
