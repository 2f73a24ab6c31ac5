//! What the open and the hidden tests share: a present that does not pass, and a place for the program to live in.

use std::path::PathBuf;
use std::process::Command;

use jiff::tz::TimeZone;
use jiff::{Zoned, civil};
use phase7::process::Output;
use phase7::{Program, Scratch};
use serde_json::Value;
use task_manager::date;
use task_manager::state::{Kind, Transaction};
use task_manager::store::Store;
use task_manager::task::Task;

/// The rules of central Europe: clocks go from 2:00 to 3:00 on the last Sunday of March, and back from 3:00 to 2:00 on
/// that of October.
pub const ZONE: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

/// A Friday.
pub const NOW: &str = "2026-11-20T10:00";

/// The program of the package under test.
pub const PROGRAM: &str = env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME")));

/// This time of the clock in [`ZONE`].
pub fn local(text: &str) -> Zoned {
    let zone = TimeZone::posix(ZONE).expect("the zone is one");
    let clock: civil::DateTime = text.parse().expect("a date and a time");
    clock.to_zoned(zone).expect("the time exists")
}

/// The present of the tests.
pub fn now() -> Zoned {
    local(NOW)
}

/// What a date comes to: the first and the last second of it, as clocks in [`ZONE`] show them.
pub fn read_date(text: &str, now: &Zoned) -> String {
    let clock =
        |timestamp: jiff::Timestamp| timestamp.to_zoned(now.time_zone().clone()).datetime().to_string();
    match date::parse(text, now) {
        Ok(when) if when.first == when.last => clock(when.first),
        Ok(when) => format!("{}..{}", clock(when.first), clock(when.last)),
        Err(error) => error.to_string(),
    }
}

/// A task, added at [`NOW`].
pub fn task(id: u64, description: &str) -> Task {
    let mut task = Task::new(description, now().timestamp());
    task.id = id;
    task
}

/// A transaction that adds these.
pub fn adding(tasks: Vec<Task>) -> Transaction {
    Transaction {
        put: tasks,
        ..Transaction::new(Kind::Add, now().timestamp())
    }
}

/// A directory with a store in it, and the program that works on it.
pub struct Home {
    pub files: Scratch,
}

impl Home {
    pub fn new() -> Self {
        Self {
            files: Scratch::new(),
        }
    }

    /// The log.
    pub fn log(&self) -> PathBuf {
        self.files.join("tasks.log")
    }

    /// The store, to look into.
    pub fn store(&self) -> Store {
        Store::new(self.log())
    }

    /// The variables that the program lives under, and those that it must not inherit.
    fn variables(&self) -> [(&'static str, Option<String>); 11] {
        [
            ("TASK_MANAGER_FILE", Some(self.log().display().to_string())),
            ("TASK_MANAGER_CONFIG", Some(String::new())),
            ("TASK_MANAGER_NOW", Some(NOW.to_owned())),
            ("TZ", Some(ZONE.to_owned())),
            ("HOME", Some(self.files.path().display().to_string())),
            ("TASK_MANAGER_COLOR", None),
            ("TASK_MANAGER_WIDTH", None),
            ("TASK_MANAGER_FORMAT", None),
            ("TASK_MANAGER_CONFIRM", None),
            ("XDG_CONFIG_HOME", None),
            ("NO_COLOR", None),
        ]
    }

    /// The program with these arguments.
    pub fn program(&self, arguments: &[&str]) -> Program {
        let program = phase7::program!().args(arguments).dir(self.files.path());
        self.variables()
            .into_iter()
            .fold(program, |program, (name, value)| match value {
                Some(value) => program.env(name, value),
                None => program.env_remove(name),
            })
    }

    /// The same for a terminal.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .args(arguments)
            .current_dir(self.files.path())
            .env("TERM", "xterm-256color");
        for (name, value) in self.variables() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    /// Runs it to its end.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.program(arguments).run()
    }

    /// What it prints when all goes well.
    #[track_caller]
    pub fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments).expect_code(0);
        assert_eq!(output.stderr(), "", "standard error of {arguments:?}");
        output.stdout()
    }

    /// What it says when all does not, behind its name.
    #[track_caller]
    pub fn error(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments).expect_code(code);
        assert_eq!(output.stdout(), "", "standard output of {arguments:?}");
        let text = output.stderr();
        let line = text
            .strip_prefix("task-manager: ")
            .and_then(|text| text.strip_suffix('\n'));
        line.unwrap_or_else(|| panic!("one line, task-manager: reason, from {arguments:?}, not {text:?}"))
            .to_owned()
    }

    /// The tasks that `export` prints.
    #[track_caller]
    pub fn exported(&self, filter: &[&str]) -> Vec<Value> {
        let text = self.ok(&[&["export"], filter].concat());
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("an array of tasks: {error}\n{text}"))
    }

    /// The ids that `list` finds, in its order.
    #[track_caller]
    pub fn ids(&self, arguments: &[&str]) -> Vec<u64> {
        let text = self.ok(&[&["list", "--format=tsv"], arguments].concat());
        let id = |line: &str| line.split('\t').next().and_then(|id| id.parse().ok());
        text.lines()
            .map(|line| id(line).unwrap_or_else(|| panic!("an id, then a tab: {line:?}")))
            .collect()
    }
}
