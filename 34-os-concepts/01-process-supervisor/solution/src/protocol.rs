//! The control protocol: a request is a line of words, its reply is a line of JSON.
//!
//! ```text
//! client                     supervisor
//! stop web\n            ──▶
//!                       ◀──  {"ok":true}\n
//! start nonsense\n      ──▶
//!                       ◀──  {"ok":false,"error":"no service \"nonsense\""}\n
//! ```
//!
//! A connection carries any number of requests; replies come in their order.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Bytes of a request line, its newline included.
pub const REQUEST_MAX: usize = 4096;

/// What a client asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// All services; answered with [`Reply::services`].
    Status,
    /// Start this one and what it depends on.
    Start(String),
    /// Stop this one, behind those that depend on it; answered when it is down.
    Stop(String),
    /// Stop this one alone and start it again.
    Restart(String),
    /// Read the configuration file again; answered with [`Reply::changes`].
    Reload,
    /// Stop everything and end; answered when all are down.
    Shutdown,
}

/// Why a line is not a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Nothing on the line.
    #[error("empty request")]
    Empty,
    /// Not one of the words.
    #[error("unknown request {0:?}")]
    Unknown(String),
    /// A service must be named, alone.
    #[error("{0:?} takes the name of one service")]
    OneName(&'static str),
    /// Words behind a request that takes none.
    #[error("{0:?} takes no name")]
    NoName(&'static str),
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Exit {
    /// With this exit code.
    Code(i32),
    /// By this signal.
    Signal(i32),
}

/// The word for a [`crate::machine::State`] that clients see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StateName {
    /// Nobody wants it.
    Stopped,
    /// Its dependencies are not ready.
    Waiting,
    /// It has a process, but has not run for `ready_after_ms`.
    Starting,
    /// It has a process and is ready.
    Running,
    /// It was asked to end.
    Stopping,
    /// It ended and pauses before its next start.
    Backoff,
    /// It ended and stays so.
    Exited,
}

/// One service in a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub state: StateName,
    /// Its process, if there is one.
    pub pid: Option<i32>,
    /// For how long there has been one.
    pub uptime_ms: Option<u64>,
    /// Starts by its policy.
    pub restarts: u64,
    /// How it ended last.
    pub last_exit: Option<Exit>,
}

/// What a reload did, each list in alphabetical order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// New in the file.
    pub added: Vec<String>,
    /// No longer in the file.
    pub removed: Vec<String>,
    /// Different in the file.
    pub changed: Vec<String>,
}

/// The answer to a [`Request`]. Fields without a value are left out of the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Whether it was done.
    pub ok: bool,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// In start order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub services: Option<Vec<Status>>,
    /// What a reload did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<Changes>,
}

impl Reply {
    /// Done, and nothing to tell.
    pub fn done() -> Self {
        Self {
            ok: true,
            error: None,
            services: None,
            changes: None,
        }
    }

    /// Not done.
    pub fn refused(error: impl fmt::Display) -> Self {
        Self {
            ok: false,
            error: Some(error.to_string()),
            services: None,
            changes: None,
        }
    }

    /// The reply as it goes over the socket, with its newline.
    pub fn to_line(&self) -> String {
        let mut line = serde_json::to_string(self).expect("strings, numbers and lists are JSON");
        line.push('\n');
        line
    }
}

impl FromStr for Request {
    type Err = RequestError;

    /// Parses a line, with or without its newline. Words are separated by any white space.
    fn from_str(line: &str) -> Result<Self, RequestError> {
        let mut words = line.split_whitespace();
        let verb = words.next().ok_or(RequestError::Empty)?;
        let (name, more) = (words.next(), words.next());
        let one = |verb| match (name, more) {
            (Some(name), None) => Ok(name.to_owned()),
            _ => Err(RequestError::OneName(verb)),
        };
        let none = |verb, request| {
            if name.is_none() {
                Ok(request)
            } else {
                Err(RequestError::NoName(verb))
            }
        };
        match verb {
            "status" => none("status", Self::Status),
            "start" => one("start").map(Self::Start),
            "stop" => one("stop").map(Self::Stop),
            "restart" => one("restart").map(Self::Restart),
            "reload" => none("reload", Self::Reload),
            "shutdown" => none("shutdown", Self::Shutdown),
            other => Err(RequestError::Unknown(other.to_owned())),
        }
    }
}

impl fmt::Display for Request {
    /// The line without its newline.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status => f.write_str("status"),
            Self::Start(name) => write!(f, "start {name}"),
            Self::Stop(name) => write!(f, "stop {name}"),
            Self::Restart(name) => write!(f, "restart {name}"),
            Self::Reload => f.write_str("reload"),
            Self::Shutdown => f.write_str("shutdown"),
        }
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "code {code}"),
            Self::Signal(signal) => write!(f, "signal {signal}"),
        }
    }
}
