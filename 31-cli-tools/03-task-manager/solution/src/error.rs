//! Why a command has not done what it was asked for, and the exit code that says so.

use std::io;

use crate::config::ConfigError;
use crate::import::ImportError;
use crate::parser::FilterError;
use crate::store::StoreError;

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No task is meant: exit code 1.
    #[error("{0}")]
    NoMatch(String),
    /// A word of the command line, or what was typed at a prompt: exit code 2.
    #[error("{0}")]
    Usage(String),
    /// A setting: exit code 2.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A filter: exit code 2.
    #[error("filter: {0}")]
    Filter(#[from] FilterError),
    /// Something to import, a line for each task that is wrong: exit code 2.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The store: exit code 3.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Standard output: exit code 3, unless nobody reads any more.
    #[error("standard output: {}", crate::reason(.0))]
    Output(io::Error),
    /// A prompt that could not be shown: exit code 3.
    #[error("terminal: {}", crate::reason(.0))]
    Prompt(io::Error),
}

impl Error {
    /// The exit code.
    pub fn code(&self) -> u8 {
        match self {
            // Whoever reads has seen enough, as `head` does.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
            // As a shell sees a program that SIGINT ended.
            Self::Prompt(error) if error.kind() == io::ErrorKind::Interrupted => 130,
            Self::NoMatch(_) => 1,
            Self::Usage(_) | Self::Config(_) | Self::Filter(_) | Self::Import(_) => 2,
            Self::Store(_) | Self::Output(_) | Self::Prompt(_) => 3,
        }
    }
}
