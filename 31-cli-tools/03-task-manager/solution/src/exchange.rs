//! `import` and `export`: tasks in files that other programs read and write.

use std::io::{self, Read};
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};

use crate::commands::{Answer, Context};
use crate::error::Error;
use crate::filter::Filter;
use crate::import::{self, ImportError};
use crate::table;

impl Context {
    /// `import`
    pub fn import(&self, path: &Path) -> Answer {
        let name = if path == Path::new("-") {
            "standard input".into()
        } else {
            path.to_string_lossy()
        };
        let named = |error: ImportError| {
            ImportError(
                error
                    .0
                    .into_iter()
                    .map(|line| format!("{name}: {line}"))
                    .collect(),
            )
        };
        let text = text(path).map_err(|error| Error::Usage(format!("{name}: {}", crate::reason(&error))))?;
        let objects = import::split(&text).map_err(named)?;
        // On standard error, and only if that is a terminal.
        let bar = ProgressBar::new(objects.len() as u64).with_style(style());
        let import = import::read(&objects, &self.now, || bar.inc(1)).map_err(named);
        bar.finish_and_clear();
        let import = import?;
        let skipped = import.skipped;

        let mut writer = self.store.lock()?;
        let (transaction, new) = import.into_transaction(&writer.state, self.now.timestamp());
        let updated = transaction.put.len() - new;
        self.commit(&mut writer, transaction)?;
        Ok((
            format!(
                "imported {} tasks: {new} new, {updated} updated, {skipped} left out\n",
                new + updated
            ),
            0,
        ))
    }

    /// `export`
    pub fn export(&self, words: &[String], salvage: bool) -> Answer {
        let filter = Filter::parse(&words.join(" "), &self.now)?;
        let (state, damages) = if salvage {
            let salvaged = self.store.salvage()?;
            (salvaged.state, salvaged.damages)
        } else {
            (self.store.read()?, Vec::new())
        };
        for damage in &damages {
            crate::report(format_args!("{}: {damage}", self.settings.file.display()));
        }
        let mut tasks = state
            .tasks
            .values()
            .filter(|task| filter.matches(task))
            .peekable();
        let is_empty = tasks.peek().is_none();
        let code = match (damages.is_empty(), is_empty) {
            (false, _) => 3,
            (true, true) => 1,
            (true, false) => 0,
        };
        Ok((table::json(tasks), code))
    }
}

fn text(path: &Path) -> io::Result<String> {
    if path == Path::new("-") {
        let mut text = String::new();
        io::stdin().lock().read_to_string(&mut text)?;
        return Ok(text);
    }
    std::fs::read_to_string(path)
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("reading {bar:30} {human_pos} of {human_len} tasks, {eta} left")
        .expect("the template is correct")
}
