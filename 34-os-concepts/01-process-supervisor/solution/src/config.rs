//! The configuration file: TOML in, a checked [`Config`] out.
//!
//! Two shapes of the same thing stand here. `RawService` is what a person writes, with every key optional that has
//! a default. [`Spec`] is what the supervisor works with: durations, signals, absolute paths, nothing left to ask.
//! Whatever passes [`Config::parse`] can be started without another look at it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::sys::resource::Resource;
use nix::sys::signal::Signal;
use serde::Deserialize;

use crate::order::{self, Graph, OrderError};

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

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default = "default_log_dir")]
    log_dir: PathBuf,
    #[serde(default)]
    service: BTreeMap<String, RawService>,
}

/// `[service.NAME]` as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawService {
    command: Vec<String>,
    #[serde(default)]
    depends_on: BTreeSet<String>,
    #[serde(default)]
    restart: Restart,
    autostart: Option<bool>,
    backoff_ms: Option<u32>,
    backoff_max_ms: Option<u32>,
    backoff_reset_ms: Option<u32>,
    ready_after_ms: Option<u32>,
    stop_signal: Option<String>,
    stop_timeout_ms: Option<u32>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    dir: Option<PathBuf>,
    umask: Option<String>,
    user: Option<String>,
    #[serde(default)]
    limits: BTreeMap<String, u64>,
    log_max_bytes: Option<u64>,
    log_keep: Option<u32>,
}

fn default_log_dir() -> PathBuf {
    PathBuf::from("logs")
}

impl Config {
    /// Parses and checks `text`. Relative paths in it are taken from `base`, the directory of the file.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(text: &str, base: &Path) -> Result<Self, ConfigError> {
        let file: RawFile = toml::from_str(text).map_err(|error| syntax(text, &error))?;
        if file.service.len() > SERVICES_MAX {
            return Err(ConfigError::TooMany(file.service.len()));
        }
        let log_dir = base.join(&file.log_dir);
        let mut services = BTreeMap::new();
        for (name, raw) in file.service {
            let spec = raw
                .check(&name, base, &log_dir)
                .map_err(|(key, message)| ConfigError::Value {
                    service: name.clone(),
                    key,
                    message,
                })?;
            services.insert(name, spec);
        }
        let graph: Graph<'_> = services
            .iter()
            .map(|(name, spec)| {
                (
                    name.as_str(),
                    spec.depends_on.iter().map(String::as_str).collect(),
                )
            })
            .collect();
        let order = order::start_order(&graph)?;
        Ok(Self { services, order })
    }
}

/// The parser's complaint in one line, with the line it is about.
fn syntax(text: &str, error: &toml::de::Error) -> ConfigError {
    let start = error.span().map_or(0, |span| span.start.min(text.len()));
    let line = 1 + text.as_bytes()[..start]
        .iter()
        .filter(|byte| **byte == b'\n')
        .count();
    ConfigError::Syntax {
        line,
        message: error.message().lines().collect::<Vec<_>>().join(", "),
    }
}

/// A key and what is wrong with its value.
type BadValue = (&'static str, String);

impl RawService {
    fn check(self, name: &str, base: &Path, log_dir: &Path) -> Result<Spec, BadValue> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if name.is_empty() || name.len() > 64 || !name.bytes().all(plain) {
            return Err(("name", "1 to 64 letters, digits, '-' or '_'".into()));
        }
        if self.command.first().is_none_or(String::is_empty) {
            return Err(("command", "names no program".into()));
        }
        if self.command.iter().any(|word| word.contains('\0')) {
            return Err(("command", "contains a NUL byte".into()));
        }
        if let Some((key, _)) = self
            .env
            .iter()
            .find(|(key, value)| key.is_empty() || key.contains(['=', '\0']) || value.contains('\0'))
        {
            return Err(("env", format!("{key:?} cannot be a variable")));
        }
        if self.backoff_ms == Some(0) || self.backoff_max_ms == Some(0) {
            return Err((
                "backoff_ms",
                "a pause of 0 would never let go of the processor".into(),
            ));
        }
        let log_max_bytes = self.log_max_bytes.unwrap_or(1 << 20);
        if log_max_bytes == 0 {
            return Err(("log_max_bytes", "0 leaves no room for a line".into()));
        }
        let log_keep = self.log_keep.unwrap_or(3);
        if log_keep > 1000 {
            return Err(("log_keep", format!("{log_keep} is more than 1000")));
        }
        Ok(Spec {
            depends_on: self.depends_on,
            autostart: self.autostart.unwrap_or(true),
            policy: Policy {
                restart: self.restart,
                backoff: millis(self.backoff_ms, 100),
                backoff_max: millis(self.backoff_max_ms, 30_000),
                backoff_reset: millis(self.backoff_reset_ms, 10_000),
                ready_after: millis(self.ready_after_ms, 0),
                stop_signal: self.stop_signal.as_deref().map_or(Ok(Signal::SIGTERM), signal)?,
                stop_timeout: millis(self.stop_timeout_ms, 10_000),
            },
            command: self.command,
            env: self.env,
            dir: self.dir.map_or_else(|| base.to_owned(), |dir| base.join(dir)),
            umask: self.umask.as_deref().map(umask).transpose()?,
            user: self.user.as_deref().map(user).transpose()?,
            limits: self
                .limits
                .iter()
                .map(|(key, value)| limit(key, *value))
                .collect::<Result<_, _>>()?,
            log: LogSpec {
                path: log_dir.join(format!("{name}.log")),
                max_bytes: log_max_bytes,
                keep: log_keep,
            },
        })
    }
}

fn millis(value: Option<u32>, default: u32) -> Duration {
    Duration::from_millis(u64::from(value.unwrap_or(default)))
}

/// `TERM` or `SIGTERM`.
fn signal(text: &str) -> Result<Signal, BadValue> {
    let name = if text.starts_with("SIG") {
        text.to_owned()
    } else {
        format!("SIG{text}")
    };
    name.parse()
        .map_err(|_| ("stop_signal", format!("{text:?} is not a signal")))
}

/// Octal digits, as `umask` in a shell takes them.
fn umask(text: &str) -> Result<u32, BadValue> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let mask = u32::from_str_radix(text, 8)
        .ok()
        .filter(|mask| digits && *mask <= 0o777);
    mask.ok_or_else(|| ("umask", format!("{text:?} is not an octal mask")))
}

fn user(name: &str) -> Result<(u32, u32), BadValue> {
    match nix::unistd::User::from_name(name) {
        Ok(Some(user)) => Ok((user.uid.as_raw(), user.gid.as_raw())),
        Ok(None) => Err(("user", format!("{name:?} does not exist"))),
        Err(error) => Err(("user", format!("{name:?} cannot be looked up: {error}"))),
    }
}

fn limit(key: &str, value: u64) -> Result<(Resource, u64), BadValue> {
    let resource = match key {
        "as" => Resource::RLIMIT_AS,
        "core" => Resource::RLIMIT_CORE,
        "cpu" => Resource::RLIMIT_CPU,
        "data" => Resource::RLIMIT_DATA,
        "fsize" => Resource::RLIMIT_FSIZE,
        "memlock" => Resource::RLIMIT_MEMLOCK,
        "nofile" => Resource::RLIMIT_NOFILE,
        "nproc" => Resource::RLIMIT_NPROC,
        "stack" => Resource::RLIMIT_STACK,
        _ => return Err(("limits", format!("{key:?} is not a limit"))),
    };
    Ok((resource, value))
}
