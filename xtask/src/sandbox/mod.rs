//! What holds a submission in while it is compiled and while it runs.
//!
//! ```text
//! grader ──spawns──▶ jail ──forks──▶ init ──forks──▶ command
//!        ◀─ status pipe ───────────── raw wait status
//!        ── lifeline ──▶              its end ends them all
//! ```
//!
//! The *jail* is this very program, started again: single-threaded, so that it may enter a user namespace, and free to
//! allocate. The *init* is process 1 of the command's PID namespace: it builds the minimal root, reaps, and when the
//! command has ended it ends, and with it whatever the command started. The *command* puts limits, Landlock and the
//! system-call filter on itself and becomes the learner's code.
//!
//! The kernel's interfaces are used directly, and not `bwrap`: nothing has to be installed, root can leave itself
//! behind after the mounts are made, Landlock and the filter are put on where exec happens, the wait status comes
//! back as it was, and a refusal can be traced to one layer. It is not for speed. Medians of 200 starts of `true`,
//! development build, two processors of a virtual machine that was busy otherwise (`sandbox::tests::cost`):
//!
//! | | ms |
//! |---|---|
//! | a plain start | 0.9 |
//! | a start in the sandbox, minimal root or programs and `/proc` | 6.5 |
//! | of that: starting this program again, half of it relocation | 1.5 |
//! | the minimal root | 0.7 |
//! | the network | 0.4 |
//! | Landlock and the filter | 0.3 |
//! | two forks, users, reading the order | 0.6 |
//! | after the command: ending and taking down | 0.5 |
//!
//! What it does not hold in: kernel memory behind sockets and pipes, of which each user has one share for all
//! sandboxes at once; disk space in directories of the view that can be written; and, where there is no network
//! namespace, connections.
//!
//! [`Sandbox::probe`] finds out, by doing it, which [`Layer`]s the machine allows. Each layer degrades on its own, and
//! [`Sandbox::missing`] says why and what to do.

mod advice;
mod jail;
mod layer;
mod libraries;
mod order;
mod probe;
mod start;
#[cfg(test)]
mod tests;
mod usage;

use std::ffi::OsString;
use std::os::fd::RawFd;
use std::path::{Path, PathBuf};

use nix::unistd::{Gid, Uid};
use serde::{Deserialize, Serialize};

pub use jail::{is_asked_for, run_jail};
pub use layer::Layer;
pub use start::Confined;

use crate::run::limits::Limits;

/// Where the message queues of an IPC namespace are files.
pub const MESSAGE_QUEUES: &str = "/dev/mqueue";

/// What a confined process sees of the file system. Paths are the same inside as outside, but for what is below
/// [`View::moved`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// A directory that stands elsewhere inside. All other paths of a view are those outside.
    pub moved: Option<Moved>,
    /// Files and directories that can be read and executed. What does not exist is skipped.
    pub read: Vec<PathBuf>,
    /// Directories, or files, that can be written too.
    pub write: Vec<PathBuf>,
    /// Whether there is a `/proc`: that of its own PID namespace, read-only.
    pub proc: bool,
    /// Whether the machine's programs and libraries are there: `/usr`, `/bin`, `/sbin`, `/lib*`, read-only. Without
    /// them there is the dynamic loader and the C library alone.
    pub programs: bool,
    /// Size of the private `/tmp` in MiB; 0 stands for 256.
    pub tmp_mb: u64,
}

impl View {
    /// Where something outside stands inside.
    pub fn inside(&self, path: &Path) -> PathBuf {
        match &self.moved {
            Some(moved) => moved.inside(path),
            None => path.to_owned(),
        }
    }
}

/// A directory under another name; only where [`Sandbox::gives_root`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Where it is, without symbolic links.
    pub from: PathBuf,
    /// Where a confined process finds it.
    pub to: PathBuf,
}

impl Moved {
    /// Where `path` stands inside.
    pub fn inside(&self, path: &Path) -> PathBuf {
        match path.strip_prefix(&self.from) {
            Ok(relative) if relative.as_os_str().is_empty() => self.to.clone(),
            Ok(relative) => self.to.join(relative),
            Err(_) => path.to_owned(),
        }
    }
}

/// A command to confine; its paths are those inside.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Command {
    /// A path, or a name to look for along the environment's `PATH`.
    pub program: PathBuf,
    /// Arguments after the program's name.
    pub arguments: Vec<OsString>,
    /// The whole environment, but for `TMPDIR` and, where it is absent, `HOME`: they are the private `/tmp`.
    pub environment: Vec<(OsString, OsString)>,
    /// Where it starts; in the view.
    pub directory: PathBuf,
    /// What it sees.
    pub view: View,
    /// What it may use.
    pub limits: Limits,
    /// Descriptors that it inherits, beside 0, 1 and 2, under the same numbers.
    pub keep: Vec<RawFd>,
}

/// The sandbox of this machine.
#[derive(Debug, Clone)]
pub struct Sandbox {
    /// What holds, in the order in which it is put on.
    layers: Vec<Layer>,
    /// What does not, and why.
    missing: Vec<(Layer, String)>,
    /// Whom submitted code runs as, where the grader is root.
    user: Option<(Uid, Gid)>,
    /// The dynamic loader, the C library and its family.
    libraries: Vec<PathBuf>,
}

impl Sandbox {
    /// What holds submissions in on this machine.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// The same by name, as reports have it.
    pub fn names(&self) -> Vec<String> {
        self.layers.iter().map(ToString::to_string).collect()
    }

    /// What does not, why, and what would change that.
    pub fn missing(&self) -> Vec<(Layer, String)> {
        self.missing.clone()
    }

    /// Why a test that may see `/proc` sees none: the machine's own is kept from it, and another cannot be had.
    pub fn withholds_proc(&self) -> Option<&str> {
        let is_kept = self.layers.iter().any(|layer| layer.is(Layer::Landlock(0)));
        let (_, why) = self.missing.iter().find(|(layer, _)| *layer == Layer::Proc)?;
        is_kept.then_some(why)
    }

    /// Whether a test that may use POSIX message queues cannot: Landlock opens none that no path leads to, and the
    /// machine has not mounted its own.
    pub fn withholds_mqueue(&self) -> bool {
        let has = |layer: Layer| self.layers.iter().any(|own| own.is(layer));
        let has_own = has(Layer::IpcNamespace) && has(Layer::MountNamespace);
        has(Layer::Landlock(0)) && !has_own && !Path::new(MESSAGE_QUEUES).is_dir()
    }

    /// Whom a directory that submitted code writes to must belong to, when root drops to another user.
    pub fn user(&self) -> Option<(Uid, Gid)> {
        self.user
    }

    /// Whether every command gets a root of its own, in which directories can stand elsewhere than outside.
    pub fn gives_root(&self) -> bool {
        gives_root(&self.layers, true)
    }

    /// Whether whatever a command started ends with it, whatever it does.
    pub fn ends_processes(&self) -> bool {
        self.layers.contains(&Layer::PidNamespace)
    }

    /// Whether it is enough for a class of strangers: another user or a user namespace, and a mount namespace or
    /// Landlock, and a system-call filter.
    ///
    /// # Errors
    /// One line that names what is missing and why.
    pub fn satisfies_class(&self) -> Result<(), String> {
        let needs: [fn(&Layer) -> bool; 3] = [
            |layer| matches!(layer, Layer::OwnUser | Layer::UserNamespace),
            |layer| matches!(layer, Layer::MountNamespace | Layer::Landlock(_)),
            |layer| matches!(layer, Layer::Seccomp),
        ];
        let Some(need) = needs.iter().find(|need| !self.layers.iter().any(**need)) else {
            return Ok(());
        };
        let reasons: Vec<_> = self
            .missing
            .iter()
            .filter(|(layer, _)| need(layer))
            .map(|(layer, why)| format!("{layer}: {why}"))
            .collect();
        Err(format!(
            "the sandbox is too weak for a class: {}",
            reasons.join("; ")
        ))
    }
}

/// Whether a command gets a root of its own under these layers. Where `/proc` is wanted and cannot be mounted it does
/// not: the loader looks for libraries beside `/proc/self/exe`. Landlock alone keeps files apart then.
fn gives_root(layers: &[Layer], wants_proc: bool) -> bool {
    let has = |layer: Layer| layers.iter().any(|other| other.is(layer));
    has(Layer::MountNamespace) && (!wants_proc || has(Layer::Proc) || !has(Layer::Landlock(0)))
}
