//! The layers of the sandbox, and how to ask for fewer.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing that holds a submission in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Layer {
    /// A user of its own: the grader is root, and submitted code is not.
    OwnUser,
    /// A user namespace: no capability reaches out of it, and its processes are counted apart.
    UserNamespace,
    /// A PID namespace: nothing outside can be signalled, and its end ends everything in it.
    PidNamespace,
    /// A root that holds the [`View`](super::View) and nothing else.
    MountNamespace,
    /// A `/proc` of its own PID namespace.
    Proc,
    /// A network of nothing but its own loopback.
    NetworkNamespace,
    /// Shared memory, semaphores and queues of its own.
    IpcNamespace,
    /// File access by rule; the version of the kernel's interface.
    Landlock(u32),
    /// A filter on system calls.
    Seccomp,
    /// Limits on each process.
    Limits,
}

impl Layer {
    /// All of them, in the order in which they are put on.
    pub const ALL: [Self; 10] = [
        Self::OwnUser,
        Self::UserNamespace,
        Self::PidNamespace,
        Self::MountNamespace,
        Self::Proc,
        Self::NetworkNamespace,
        Self::IpcNamespace,
        Self::Landlock(0),
        Self::Seccomp,
        Self::Limits,
    ];

    /// Whether it is the same layer, of whatever version.
    pub fn is(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OwnUser => formatter.write_str("own user"),
            Self::UserNamespace => formatter.write_str("user namespace"),
            Self::PidNamespace => formatter.write_str("process namespace"),
            Self::MountNamespace => formatter.write_str("minimal root"),
            Self::Proc => formatter.write_str("own /proc"),
            Self::NetworkNamespace => formatter.write_str("own network"),
            Self::IpcNamespace => formatter.write_str("own IPC"),
            Self::Landlock(0) => formatter.write_str("Landlock"),
            Self::Landlock(version) => write!(formatter, "Landlock {version}"),
            Self::Seccomp => formatter.write_str("system-call filter"),
            Self::Limits => formatter.write_str("limits"),
        }
    }
}

/// The grader's variable that asks for less than the machine allows: `landlock`, `limits` or `none`. For tests of the
/// grader itself; it never reaches submitted code.
pub const LEVEL: &str = "PHASE7_SANDBOX";

/// How much of the sandbox is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Level {
    /// All that the machine allows.
    #[default]
    Full,
    /// What a container without namespaces allows.
    Landlock,
    /// Limits alone.
    Limits,
    /// Nothing.
    Nothing,
}

impl Level {
    /// What the environment asks for; a word that is not known asks for everything.
    pub fn wanted() -> Self {
        match std::env::var(LEVEL).unwrap_or_default().as_str() {
            "landlock" => Self::Landlock,
            "limits" => Self::Limits,
            "none" => Self::Nothing,
            _ => Self::Full,
        }
    }

    /// Whether `layer` belongs to it.
    pub fn has(self, layer: Layer) -> bool {
        match self {
            Self::Full => true,
            Self::Landlock => matches!(
                layer,
                Layer::OwnUser | Layer::Landlock(_) | Layer::Seccomp | Layer::Limits
            ),
            Self::Limits => layer == Layer::Limits,
            Self::Nothing => false,
        }
    }
}
