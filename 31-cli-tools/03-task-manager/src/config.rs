//! Settings from a file, the environment and the command line; the later one of these is the stronger one.
//!
//! ```text
//! # ~/.config/task-manager/config.toml
//! file = "~/notes/tasks.log"
//! color = "never"              # auto, always
//! width = 100                  # of a table; 0: as wide as it comes
//! format = "table"             # tsv, json
//! confirm = false              # remove without asking
//! ```

use std::path::PathBuf;

use serde::Deserialize;

use crate::cli::{Cli, ColorWhen, Format};

/// What one source says. An absent setting is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The file that holds the tasks.
    pub file: Option<PathBuf>,
    /// When to use colours.
    pub color: Option<ColorWhen>,
    /// The width of a table.
    pub width: Option<usize>,
    /// How tasks are listed.
    pub format: Option<Format>,
    /// Whether `remove` asks.
    pub confirm: Option<bool>,
}

/// What all sources come to. Nothing here is optional any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The file that holds the tasks.
    pub file: PathBuf,
    /// Whether to use colours.
    pub color: bool,
    /// The width of a table; `None`: as wide as it comes.
    pub width: Option<usize>,
    /// How tasks are listed.
    pub format: Format,
    /// Whether `remove` asks.
    pub confirm: bool,
}

/// A source that cannot be used: its name, perhaps with a line, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct ConfigError {
    /// The file, the file and the line, or the variable.
    pub place: String,
    /// What is wrong, in one line.
    pub reason: String,
}

impl Source {
    /// These settings, and where they say nothing, those of the `weaker` source.
    #[must_use]
    pub fn over(self, weaker: Self) -> Self {
        todo!("{self:?} over {weaker:?}")
    }

    /// Reads the text of a configuration; `name` is for messages.
    ///
    /// # Errors
    /// It is not TOML, has another key, or a value that is none.
    pub fn from_toml(text: &str, name: &str) -> Result<Self, ConfigError> {
        todo!("read {text:?}, which is called {name}")
    }

    /// Reads the environment. A variable that is set but empty says nothing.
    ///
    /// # Errors
    /// A value that is none.
    pub fn from_environment() -> Result<Self, ConfigError> {
        todo!("read the variables")
    }
}

impl Settings {
    /// Asks all sources.
    ///
    /// # Errors
    /// As [`ConfigError`] says; or there is no place for the tasks.
    pub fn resolve(cli: &Cli) -> Result<Self, ConfigError> {
        todo!("what {cli:?} comes to with the other sources below it")
    }
}
