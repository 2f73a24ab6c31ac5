//! The configuration file: TOML in, a checked [`Config`] out.
//!
//! [`Spec`] is what the supervisor works with: durations, signals, absolute paths, nothing left to ask. What a person
//! writes has another shape: derive it with serde beside this one. Whatever passes [`Config::parse`] can be started
//! without another look at it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::sys::resource::Resource;
use nix::sys::signal::Signal;
use serde::Deserialize;

use crate::order::OrderError;

/// Services in one file: each costs two descriptors of the supervisor.
pub const SERVICES_MAX: usize = 400;

/// A checked configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The services by name.
    pub services: BTreeMap<String, Spec>,
    /// Their names, dependencies first.
    pub order: Vec<String>,
}

/// What is to be done when a service ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Restart {
    /// Start it again, however it ended.
    Always,
    /// Start it again unless it ended with code 0.
    #[default]
    OnFailure,
    /// Leave it.
    Never,
}

/// When a service is restarted, counts as ready, is killed: all that [`crate::machine::Machine`] needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Whether to start it again.
    pub restart: Restart,
    /// The first pause before that.
    pub backoff: Duration,
    /// The longest pause.
    pub backoff_max: Duration,
    /// A run of this length makes the next pause the first one again.
    pub backoff_reset: Duration,
    /// It is ready when it has run this long.
    pub ready_after: Duration,
    /// What asks it to end.
    pub stop_signal: Signal,
    /// How long it may take to do so.
    pub stop_timeout: Duration,
}

/// Where the output of a service goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSpec {
    /// The file that is written; rotated ones have `.1`, `.2` … appended.
    pub path: PathBuf,
    /// Bytes after which it rotates.
    pub max_bytes: u64,
    /// Rotated files that are kept.
    pub keep: u32,
}

/// One service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// The program, looked up in `PATH`, and its arguments. Never empty.
    pub command: Vec<String>,
    /// What must be ready before it starts.
    pub depends_on: BTreeSet<String>,
    /// Whether it starts with the supervisor.
    pub autostart: bool,
    /// Its life.
    pub policy: Policy,
    /// Variables added to the supervisor's environment.
    pub env: BTreeMap<String, String>,
    /// Its working directory, absolute.
    pub dir: PathBuf,
    /// Its file mode creation mask; the supervisor's when absent.
    pub umask: Option<u32>,
    /// The user and the group to run as; the supervisor's when absent.
    pub user: Option<(u32, u32)>,
    /// Soft and hard limits.
    pub limits: Vec<(Resource, u64)>,
    /// Its log.
    pub log: LogSpec,
}

/// What is wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Not TOML, or not of the shape that is asked for.
    #[error("line {line}: {message}")]
    Syntax {
        /// Counted from 1.
        line: usize,
        /// What the parser says, in one line.
        message: String,
    },
    /// Too many services.
    #[error("{0} services, at most {SERVICES_MAX} are allowed")]
    TooMany(usize),
    /// A value that cannot be used.
    #[error("service \"{service}\": {key}: {message}")]
    Value {
        /// Where.
        service: String,
        /// Which key.
        key: &'static str,
        /// Why.
        message: String,
    },
    /// Dependencies without an order.
    #[error(transparent)]
    Order(#[from] OrderError),
}

impl Config {
    /// Parses and checks `text`. Relative paths in it are taken from `base`, the directory of the file.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(text: &str, base: &Path) -> Result<Self, ConfigError> {
        todo!("parse {} bytes of TOML, relative to {base:?}", text.len())
    }
}
