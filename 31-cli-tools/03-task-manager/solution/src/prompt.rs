//! Questions to a person at a terminal. What is answered goes the same way as flags do.
//!
//! `dialoguer` hides the cursor, and at Ctrl-C raises SIGINT, which would end the program with the cursor hidden. So, while
//! somebody is asked, that signal does nothing, `dialoguer` returns an error, and the cursor is shown again.

use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use dialoguer::{Confirm, Input, MultiSelect, Select};
use jiff::Zoned;
use signal_hook::consts::SIGINT;

use crate::cli::Fields;
use crate::date;
use crate::error::Error;
use crate::fields::NONE;
use crate::task::{Task, check_description, check_word};

/// Whether there is somebody to ask: questions go to standard error, answers come from standard input.
pub fn is_possible() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for a description.
///
/// # Errors
/// The terminal fails, or Ctrl-C.
pub fn description(initial: &str) -> Result<String, Error> {
    let check = |text: &String| check_description(text);
    ask(|| {
        Input::new()
            .with_prompt("Task")
            .with_initial_text(initial)
            .validate_with(check)
            .interact_text()
    })
}

/// Asks for what matters most about a task; `task` has the present values.
///
/// # Errors
/// As [`description()`].
pub fn fields(task: &Task, now: &Zoned) -> Result<Fields, Error> {
    let due = task.due.map_or(String::new(), |due| date::show(due, now));
    let check_due = |text: &String| match text.is_empty() {
        true => Ok(()),
        false => date::parse(text, now).map(drop),
    };
    let due_answer = ask(|| {
        Input::new()
            .with_prompt("Due (empty: never)")
            .with_initial_text(&due)
            .allow_empty(true)
            .validate_with(check_due)
            .interact_text()
    })?;
    let letters = [NONE, "H", "M", "L"];
    let priority = task
        .priority
        .map_or(NONE.to_owned(), |priority| priority.to_string());
    let chosen = ask(|| {
        Select::new()
            .with_prompt("Priority")
            .items(letters)
            .default(letters.iter().position(|letter| *letter == priority).unwrap_or(0))
            .interact()
    })?;
    let project = words(
        "Project (empty: none)",
        task.project.as_deref().unwrap_or_default(),
        1,
    )?;
    let tags = words("More tags (empty: none)", "", usize::MAX)?;
    Ok(Fields {
        // What is shown may leave out seconds: an answer that was not touched changes nothing.
        due: (due_answer != due).then(|| or_none(due_answer)),
        priority: Some(letters[chosen].to_owned()),
        project: Some(or_none(project)),
        tags: tags.split_whitespace().map(str::to_owned).collect(),
        ..Fields::default()
    })
}

/// Asks for up to `count_max` names.
fn words(prompt: &str, initial: &str, count_max: usize) -> Result<String, Error> {
    let check = |text: &String| match text.split_whitespace().count() > count_max {
        true => Err("one word".to_owned()),
        false => text
            .split_whitespace()
            .try_for_each(check_word)
            .map_err(|error| error.to_string()),
    };
    let answer: String = ask(|| {
        Input::new()
            .with_prompt(prompt)
            .with_initial_text(initial)
            .allow_empty(true)
            .validate_with(check)
            .interact_text()
    })?;
    Ok(answer.trim().to_owned())
}

fn or_none(answer: String) -> String {
    if answer.is_empty() {
        NONE.to_owned()
    } else {
        answer
    }
}

/// Asks which tasks; several can be chosen. The answer may be none.
///
/// # Errors
/// As [`description()`].
pub fn tasks(prompt: &str, tasks: &[&Task]) -> Result<Vec<u64>, Error> {
    let chosen = ask(|| {
        MultiSelect::new()
            .with_prompt(format!("{prompt} (space chooses, enter ends)"))
            .items(lines(tasks))
            .interact()
    })?;
    Ok(chosen.into_iter().map(|index| tasks[index].id).collect())
}

/// Asks which task.
///
/// # Errors
/// As [`description()`].
pub fn task(prompt: &str, tasks: &[&Task]) -> Result<u64, Error> {
    let select = Select::new().with_prompt(prompt).items(lines(tasks)).default(0);
    Ok(tasks[ask(|| select.interact())?].id)
}

fn lines(tasks: &[&Task]) -> Vec<String> {
    tasks
        .iter()
        .map(|task| format!("{} {}", task.id, task.description))
        .collect()
}

/// Asks whether to remove these.
///
/// # Errors
/// As [`description()`].
pub fn removal(tasks: &[&Task]) -> Result<bool, Error> {
    let prompt = match tasks {
        [task] => format!("Remove {}: {}?", task.id, task.description),
        _ => format!("Remove {} tasks?", tasks.len()),
    };
    ask(|| Confirm::new().with_prompt(prompt).default(false).interact())
}

/// Asks, and gives the terminal back as it was.
fn ask<T>(question: impl FnOnce() -> dialoguer::Result<T>) -> Result<T, Error> {
    /// Whether SIGINT does what it does to other programs.
    static IS_DEFAULT: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    let is_default = IS_DEFAULT.get_or_init(Arc::default);
    if !is_default.swap(false, Ordering::Relaxed) {
        // The first question: from now on, the signal looks at the flag.
        signal_hook::flag::register_conditional_default(SIGINT, Arc::clone(is_default))
            .map_err(Error::Prompt)?;
    }
    let answer = question();
    is_default.store(true, Ordering::Relaxed);
    answer.map_err(|dialoguer::Error::IO(error)| {
        // Nothing is left to be done for a terminal that fails here too.
        let terminal = console::Term::stderr();
        let _ = terminal.show_cursor().and_then(|()| terminal.write_line(""));
        Error::Prompt(error)
    })
}
