//! What commands have in common, and those that only look: `list` and `projects`.

use std::fmt::Write as _;
use std::mem::ManuallyDrop;

use jiff::Zoned;

use crate::cli::{Format, SortKey};
use crate::config::Settings;
use crate::date;
use crate::error::Error;
use crate::filter::Filter;
use crate::prompt;
use crate::state::{Kind, State, Transaction};
use crate::store::Store;
use crate::table;
use crate::task::{Status, Task};
use crate::writer::Writer;

/// What every command needs.
pub struct Context {
    /// The settings.
    pub settings: Settings,
    /// The store.
    pub store: Store,
    /// The present, to the second, in the user's time zone.
    pub now: Zoned,
}

/// What a command prints; 1 is for an empty answer, 3 for one that is not all there is.
pub type Answer = Result<(String, u8), Error>;

impl Context {
    /// `list`
    pub fn list(&self, words: &[String], sort: SortKey) -> Answer {
        let filter = Filter::parse(&words.join(" "), &self.now)?.or_pending();
        // The program ends with this list: nobody needs the memory of every single task back before.
        let state = ManuallyDrop::new(self.store.read()?);
        let mut tasks: Vec<&Task> = state.tasks.values().filter(|task| filter.matches(task)).collect();
        // No date is later than any date; H comes first, and then what is older.
        let due = |task: &Task| (task.due.is_none(), task.due);
        let priority = |task: &Task| std::cmp::Reverse(task.priority);
        match sort {
            SortKey::Due => tasks.sort_by_key(|task| (due(task), priority(task))),
            SortKey::Priority => tasks.sort_by_key(|task| (priority(task), due(task))),
            SortKey::Id => {}
        }
        let text = match self.settings.format {
            Format::Json => table::json(tasks.iter().copied()),
            Format::Tsv => table::tsv(&tasks),
            Format::Table if tasks.is_empty() => "no tasks\n".to_owned(),
            Format::Table => table::tasks(&tasks, &self.now, self.settings.width, self.settings.color),
        };
        Ok((text, u8::from(tasks.is_empty())))
    }

    /// `projects`
    pub fn projects(&self) -> Answer {
        let state = self.store.read()?;
        let mut projects = std::collections::BTreeMap::<&str, [usize; 3]>::new();
        for task in state.tasks.values() {
            let Some(project) = &task.project else { continue };
            let [pending, late, done] = projects.entry(project).or_default();
            match task.status {
                Status::Pending => *pending += 1,
                Status::Completed => *done += 1,
            }
            *late += usize::from(task.is_overdue(self.now.timestamp()));
        }
        if projects.is_empty() {
            return Ok(("no projects\n".to_owned(), 1));
        }
        let mut table = table::Table::new(&["PROJECT", " PENDING", " OVERDUE", " DONE"], &[]);
        for (name, counts) in projects {
            let style = if counts[1] > 0 {
                table::Style::Late
            } else {
                table::Style::Plain
            };
            table.row(style);
            table.cell(|out| out.push_str(name));
            for count in counts {
                table.cell(|out| out.push_str(&count.to_string()));
            }
        }
        Ok((table.render(self.settings.width, self.settings.color), 0))
    }

    /// The filter in `words`, or by the ids that `ask` gets from a person. It never means every task.
    pub(crate) fn filter(
        &self,
        command: &str,
        words: &[String],
        ask: impl FnOnce(&[&Task]) -> Result<Vec<u64>, Error>,
    ) -> Result<Filter, Error> {
        let filter = Filter::parse(&words.join(" "), &self.now)?;
        if !filter.is_empty() {
            return Ok(filter.or_pending());
        }
        if !prompt::is_possible() {
            return Err(missing(&format!("{command}: ids or a filter are missing")));
        }
        let state = self.store.read()?;
        let pending = chosen(&state, &filter.or_pending())?;
        match &ask(&pending)?[..] {
            [] => Err(Error::NoMatch("no task is chosen".to_owned())),
            ids => Ok(Filter::of_ids(ids)),
        }
    }

    pub(crate) fn transaction(&self, kind: Kind) -> Transaction {
        Transaction::new(kind, self.now.timestamp())
    }

    /// Commits; a torn record that had to go is reported.
    pub(crate) fn commit(&self, writer: &mut Writer, transaction: Transaction) -> Result<(), Error> {
        let torn = writer.torn;
        writer.commit(transaction)?;
        self.report_torn(torn);
        Ok(())
    }

    /// Says that a torn record of so many bytes had to go, if there was one.
    pub(crate) fn report_torn(&self, torn: usize) {
        if torn > 0 {
            let path = self.settings.file.display();
            crate::report(format_args!(
                "{path}: an unfinished write of {torn} bytes is dropped"
            ));
        }
    }

    /// What happened to a task.
    pub(crate) fn line(&self, verb: &str, task: &Task) -> String {
        let mut line = format!("{verb} {}: {}", task.id, task.description);
        if let Some(due) = task.due.filter(|_| task.status == Status::Pending) {
            write!(line, " (due {})", date::show(due, &self.now)).expect("a string takes everything");
        }
        line.push('\n');
        line
    }
}

/// The tasks that pass. Each id that is named must be there.
pub(crate) fn chosen<'a>(state: &'a State, filter: &Filter) -> Result<Vec<&'a Task>, Error> {
    if let Some(id) = filter.named_ids().iter().find(|id| !state.tasks.contains_key(id)) {
        return Err(Error::NoMatch(format!("there is no task {id}")));
    }
    let tasks: Vec<&Task> = state.tasks.values().filter(|task| filter.matches(task)).collect();
    if tasks.is_empty() {
        return Err(Error::NoMatch("no task matches".to_owned()));
    }
    Ok(tasks)
}

/// Something must be said and is not.
pub(crate) fn missing(what: &str) -> Error {
    Error::Usage(what.to_owned())
}
