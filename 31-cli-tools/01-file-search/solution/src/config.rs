//! Defaults from a file and from the environment.
//!
//! ```text
//! # ~/.config/file-search/config: one flag a line
//! --line-number
//! --color auto
//! -g !*.min.js
//! ```
//!
//! The stronger source wins: command line, then [`OPTIONS_VARIABLE`], then the file.

use std::path::PathBuf;

use crate::cli::Flags;

/// The variable that holds flags, separated by blanks.
pub const OPTIONS_VARIABLE: &str = "FILE_SEARCH_OPTS";

/// The variable that names the file; empty, it says that there is none.
pub const FILE_VARIABLE: &str = "FILE_SEARCH_CONFIG";

/// Defaults that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is there, or was named, but cannot be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What reading it returned.
        source: std::io::Error,
    },
    /// A flag is unknown, or lacks its value.
    #[error("{place}: {reason}")]
    Flag {
        /// The line of the file, or the variable.
        place: String,
        /// What is wrong, in one line.
        reason: String,
    },
}

/// The arguments in one line of the file: none when it is blank or begins with `#`, else a flag, and its value
/// when one follows behind blanks. Blanks around both are dropped; blanks within the value are kept.
pub fn arguments(line: &str) -> Vec<&str> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return Vec::new();
    }
    match line.split_once(char::is_whitespace) {
        Some((flag, value)) => vec![flag, value.trim_start()],
        None => vec![line],
    }
}

/// The defaults: those of the environment over those of the file.
///
/// # Errors
/// As [`ConfigError`] says.
pub fn defaults() -> Result<Flags, ConfigError> {
    let file = match path() {
        Some((path, is_named)) => match std::fs::read_to_string(&path) {
            Ok(text) => parse_file(&text, &path.to_string_lossy())?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !is_named => Flags::default(),
            Err(source) => return Err(ConfigError::Read { path, source }),
        },
        None => Flags::default(),
    };
    let words = std::env::var(OPTIONS_VARIABLE).unwrap_or_default();
    let environment = parse(&words.split_whitespace().collect::<Vec<_>>(), OPTIONS_VARIABLE)?;
    Ok(environment.over(file))
}

/// Reads the flags in `text`, the contents of the file `name`.
///
/// # Errors
/// [`ConfigError::Flag`] at the first line that is wrong.
pub fn parse_file(text: &str, name: &str) -> Result<Flags, ConfigError> {
    let mut flags = Flags::default();
    for (index, line) in text.lines().enumerate() {
        flags = parse(&arguments(line), &format!("{name}:{}", index + 1))?.over(flags);
    }
    Ok(flags)
}

fn parse(arguments: &[&str], place: &str) -> Result<Flags, ConfigError> {
    if arguments.is_empty() {
        return Ok(Flags::default());
    }
    Flags::parse_alone(arguments).map_err(|reason| ConfigError::Flag {
        place: place.to_owned(),
        reason,
    })
}

/// Where the file is, and whether the user named it: one that was named must exist.
fn path() -> Option<(PathBuf, bool)> {
    if let Some(path) = std::env::var_os(FILE_VARIABLE) {
        return (!path.is_empty()).then(|| (path.into(), true));
    }
    let directory = match std::env::var_os("XDG_CONFIG_HOME").filter(|path| !path.is_empty()) {
        Some(directory) => PathBuf::from(directory),
        None => PathBuf::from(std::env::var_os("HOME")?).join(".config"),
    };
    Some((directory.join("file-search/config"), false))
}
