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

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde::Deserialize;

use crate::cli::{Cli, ColorWhen, Command, Format};

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
        Self {
            file: self.file.or(weaker.file),
            color: self.color.or(weaker.color),
            width: self.width.or(weaker.width),
            format: self.format.or(weaker.format),
            confirm: self.confirm.or(weaker.confirm),
        }
    }

    /// Reads the text of a configuration; `name` is for messages.
    ///
    /// # Errors
    /// It is not TOML, has another key, or a value that is none.
    pub fn from_toml(text: &str, name: &str) -> Result<Self, ConfigError> {
        let source: Result<Self, toml::de::Error> = toml::from_str(text);
        source.map_err(|error| {
            let before = &text[..error.span().map_or(0, |span| span.start).min(text.len())];
            ConfigError {
                place: format!("{name}:{}", before.matches('\n').count() + 1),
                reason: error.message().lines().next().unwrap_or_default().to_owned(),
            }
        })
    }

    /// Reads the environment. A variable that is set but empty says nothing.
    ///
    /// # Errors
    /// A value that is none.
    pub fn from_environment() -> Result<Self, ConfigError> {
        Ok(Self {
            file: variable("FILE").map(PathBuf::from),
            color: choice("COLOR")?,
            format: choice("FORMAT")?,
            width: parsed("WIDTH", "a number")?,
            confirm: parsed("CONFIRM", "true or false")?,
        })
    }

    fn from_command_line(cli: &Cli) -> Self {
        let format = match cli.command {
            Command::List { format, .. } => format,
            _ => None,
        };
        let confirm = match cli.command {
            Command::Remove { yes: true, .. } => Some(false),
            _ => None,
        };
        Self {
            file: cli.file.clone(),
            color: cli.color,
            width: cli.width,
            format,
            confirm,
        }
    }
}

impl Settings {
    /// Asks all sources.
    ///
    /// # Errors
    /// As [`ConfigError`] says; or there is no place for the tasks.
    pub fn resolve(cli: &Cli) -> Result<Self, ConfigError> {
        let source = Source::from_command_line(cli)
            .over(Source::from_environment()?)
            .over(configuration()?);
        let file = match source.file {
            Some(file) => with_home(file),
            None => default_file()?,
        };
        let color = match source.color.unwrap_or(ColorWhen::Auto) {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto => is_color_welcome(),
        };
        let width = match source.width {
            Some(0) => None,
            Some(width) => Some(width),
            None => console::Term::stdout()
                .size_checked()
                .map(|(_, columns)| columns.into()),
        };
        Ok(Self {
            file,
            color,
            width: width.filter(|_| source.width.is_some() || std::io::stdout().is_terminal()),
            format: source.format.unwrap_or(Format::Table),
            confirm: source.confirm.unwrap_or(true),
        })
    }
}

fn configuration() -> Result<Source, ConfigError> {
    let (path, is_named) = match std::env::var_os("TASK_MANAGER_CONFIG") {
        Some(path) if path.is_empty() => return Ok(Source::default()),
        Some(path) => (PathBuf::from(path), true),
        None => match directory("XDG_CONFIG_HOME", ".config") {
            Some(directory) => (directory.join("task-manager/config.toml"), false),
            None => return Ok(Source::default()),
        },
    };
    match std::fs::read_to_string(&path) {
        Ok(text) => Source::from_toml(&text, &path.to_string_lossy()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !is_named => Ok(Source::default()),
        Err(error) => Err(ConfigError {
            place: path.display().to_string(),
            reason: crate::reason(&error),
        }),
    }
}

fn default_file() -> Result<PathBuf, ConfigError> {
    let directory = directory("XDG_DATA_HOME", ".local/share").ok_or_else(|| ConfigError {
        place: "HOME".to_owned(),
        reason: "not set, and no --file is given".to_owned(),
    })?;
    Ok(directory.join("task-manager/tasks.log"))
}

/// A directory of the user's: that of the variable, or one below the home directory.
fn directory(variable: &str, below_home: &str) -> Option<PathBuf> {
    match std::env::var_os(variable).filter(|path| Path::new(path).is_absolute()) {
        Some(directory) => Some(directory.into()),
        None => Some(home()?.join(below_home)),
    }
}

fn home() -> Option<PathBuf> {
    std::env::var_os("HOME")
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
}

fn with_home(path: PathBuf) -> PathBuf {
    match (path.strip_prefix("~"), home()) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path,
    }
}

fn variable(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(format!("TASK_MANAGER_{name}")).filter(|value| !value.is_empty())
}

fn wrong(name: &str, value: &std::ffi::OsStr, wanted: &str) -> ConfigError {
    ConfigError {
        place: format!("TASK_MANAGER_{name}"),
        reason: format!("{value:?} is not {wanted}"),
    }
}

fn choice<T: ValueEnum>(name: &str) -> Result<Option<T>, ConfigError> {
    let Some(value) = variable(name) else {
        return Ok(None);
    };
    let choice = value.to_str().and_then(|text| T::from_str(text, false).ok());
    let names = || {
        T::value_variants()
            .iter()
            .filter_map(T::to_possible_value)
            .map(|value| value.get_name().to_owned())
    };
    let wanted = || names().collect::<Vec<_>>().join(" or ");
    choice.map(Some).ok_or_else(|| wrong(name, &value, &wanted()))
}

fn parsed<T: std::str::FromStr>(name: &str, wanted: &str) -> Result<Option<T>, ConfigError> {
    let Some(value) = variable(name) else {
        return Ok(None);
    };
    let parsed = value.to_str().and_then(|text| text.parse().ok());
    parsed.map(Some).ok_or_else(|| wrong(name, &value, wanted))
}

/// <https://no-color.org>, and terminals that know no colours.
fn is_color_welcome() -> bool {
    let forbidden = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
    !forbidden && !is_dumb && std::io::stdout().is_terminal()
}
