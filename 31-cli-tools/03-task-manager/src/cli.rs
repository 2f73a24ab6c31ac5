//! The command line as it was written. What its words mean is worked out by the commands.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use serde::Deserialize;

/// Keeps a list of tasks.
///
/// FILTER chooses tasks: ids (3 7-9), words of the description, +tag, project:home, priority:H, status:done,
/// due<=fri, with and, or, not and parentheses. WHEN is a date such as tomorrow, "fri 17:00", 2026-12-24 or 3d.
#[derive(Debug, Clone, Parser)]
#[command(name = "task-manager", version, max_term_width = 100, after_long_help = AFTER_HELP)]
pub struct Cli {
    /// The file that holds the tasks
    #[arg(long, value_name = "PATH", global = true)]
    pub file: Option<PathBuf>,

    /// When to use colours
    #[arg(long, value_name = "WHEN", global = true)]
    pub color: Option<ColorWhen>,

    /// Cut lines of tables to this width; 0: never
    #[arg(long, value_name = "COLUMNS", global = true)]
    pub width: Option<usize>,

    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const AFTER_HELP: &str = "\
Environment:
  TASK_MANAGER_FILE, TASK_MANAGER_COLOR, TASK_MANAGER_WIDTH, TASK_MANAGER_FORMAT, TASK_MANAGER_CONFIRM
                       as the keys of the configuration: stronger than the file, weaker than flags
  TASK_MANAGER_CONFIG  the configuration, in TOML, with the keys file, color, width, format and confirm;
                       $XDG_CONFIG_HOME/task-manager/config.toml if not set, none if empty
  TASK_MANAGER_NOW     a date and time to take for the present
  TZ, NO_COLOR         as everywhere

Exit status:
  0 if it is done, 1 if no task matches, 2 if the command line or a value is wrong, 3 if the store cannot be used";

/// What to do.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Add a task
    Add {
        /// What is to be done
        #[arg(value_name = "TEXT")]
        text: Vec<String>,
        /// All about it.
        #[command(flatten)]
        fields: Fields,
    },
    /// Show pending tasks, or those that FILTER chooses
    List {
        /// Which tasks
        filter: Vec<String>,
        /// For people, for scripts, or for programs
        #[arg(short, long)]
        format: Option<Format>,
        /// The order of the tasks
        #[arg(short, long, value_name = "KEY", default_value = "due")]
        sort: SortKey,
    },
    /// Mark tasks as done; those that recur come back
    Done {
        /// Which tasks
        filter: Vec<String>,
    },
    /// Change tasks
    Edit {
        /// Which tasks
        filter: Vec<String>,
        /// What is to be done
        #[arg(long, value_name = "TEXT")]
        description: Option<String>,
        /// All about it.
        #[command(flatten)]
        fields: Fields,
        /// Take a tag away; repeatable
        #[arg(long, value_name = "TAG")]
        untag: Vec<String>,
    },
    /// Remove tasks
    Remove {
        /// Which tasks
        filter: Vec<String>,
        /// Do not ask
        #[arg(short, long)]
        yes: bool,
    },
    /// Take back the last change that was not yet taken back
    Undo,
    /// Add tasks from JSON, all or none; a task with a known UUID replaces that one
    Import {
        /// A file; `-` is standard input
        #[arg(default_value = "-", value_hint = clap::ValueHint::FilePath)]
        path: PathBuf,
    },
    /// Print tasks as JSON
    Export {
        /// Which tasks; all if there is no filter
        filter: Vec<String>,
        /// From a damaged file, whatever can be read
        #[arg(long)]
        salvage: bool,
    },
    /// Show the projects and what is to be done in each
    Projects,
    /// Print the completions of a shell
    Completions {
        /// Which shell
        shell: Shell,
    },
}

/// All that can be said about a task beside its description. With `edit`, `none` takes a value away.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct Fields {
    /// When it is due
    #[arg(short, long, value_name = "WHEN")]
    pub due: Option<String>,
    /// H, M or L
    #[arg(short, long, value_name = "LETTER")]
    pub priority: Option<String>,
    /// The project; a.b lies in a
    #[arg(short = 'P', long, value_name = "NAME")]
    pub project: Option<String>,
    /// A tag; repeatable
    #[arg(short, long = "tag", value_name = "TAG")]
    pub tags: Vec<String>,
    /// How often it comes back: daily, weekdays, weekly, monthly, yearly, or 3d, 2w, 6m, 4y
    #[arg(short, long, value_name = "RULE")]
    pub recur: Option<String>,
    /// When it comes back no more
    #[arg(short, long, value_name = "WHEN")]
    pub until: Option<String>,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColorWhen {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How tasks are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// A table
    Table,
    /// A line a task, fields separated by tabs
    Tsv,
    /// JSON
    Json,
}

/// What to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SortKey {
    /// What is due first, then what is important
    Due,
    /// What is important, then what is due first
    Priority,
    /// The order in which they were added
    Id,
}
