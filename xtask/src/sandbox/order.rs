//! What the grader tells the jail, and what it hears from it.
//!
//! The [`Order`] is JSON in an inherited memory file. [`Message`]s are lines of JSON on the status pipe: usually one,
//! the raw wait status; before it, what went wrong if the command could not be started as ordered.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::path::PathBuf;

use anyhow::{Context, Result};
use nix::sys::memfd::{MFdFlags, memfd_create};
use serde::{Deserialize, Serialize};

use super::{Command, Layer};

/// The variable that makes this program the jail: the numbers of its three descriptors, with commas.
pub const JAIL: &str = "PHASE7_JAIL";

/// Everything the jail must know.
#[derive(Debug, Serialize, Deserialize)]
pub struct Order {
    /// What to run; without one the layers are tried and that is all.
    pub command: Option<Command>,
    /// Exactly the layers to put on. One that fails is an error, never skipped.
    pub layers: Vec<Layer>,
    /// Whom to become, with [`Layer::OwnUser`].
    pub user: (u32, u32),
    /// What stands in for the machine's programs where the view has none.
    pub libraries: Vec<PathBuf>,
    /// The command's `/tmp`, or what stands in for it where there is no minimal root.
    pub temporary: PathBuf,
}

impl Order {
    /// Whether `layer` is to be put on.
    pub fn has(&self, layer: Layer) -> bool {
        self.layers.iter().any(|other| other.is(layer))
    }

    /// Whether the command gets a root of its own.
    pub fn has_root(&self) -> bool {
        let wants_proc = self.command.as_ref().is_some_and(|command| command.view.proc);
        super::gives_root(&self.layers, wants_proc)
    }

    /// Writes it to a file in memory.
    ///
    /// # Errors
    /// When a path is not UTF-8 or memory is short.
    pub fn to_descriptor(&self) -> Result<OwnedFd> {
        let descriptor =
            memfd_create(c"order", MFdFlags::MFD_CLOEXEC).context("cannot make a file in memory")?;
        let mut file = File::from(descriptor);
        let bytes = serde_json::to_vec(self).context("cannot write the jail's order")?;
        file.write_all(&bytes)
            .and_then(|()| file.rewind())
            .context("cannot write the jail's order")?;
        Ok(file.into())
    }

    /// Reads it back.
    ///
    /// # Errors
    /// When it is not an order.
    pub fn read(descriptor: OwnedFd) -> Result<Self> {
        let mut bytes = Vec::new();
        File::from(descriptor)
            .read_to_end(&mut bytes)
            .context("cannot read the jail's order")?;
        serde_json::from_slice(&bytes).context("cannot read the jail's order")
    }
}

/// A line on the status pipe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Message {
    /// The command has ended, with this raw wait status.
    Ended(i32),
    /// Every layer that was to be tried is on.
    Holds,
    /// The command was not started.
    Failed(Failed),
}

/// Why the command was not started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// The layer that could not be put on, if that is what failed.
    pub layer: Option<Layer>,
    /// The operation and the system's answer.
    pub why: String,
}

/// A step of the jail.
pub type Step<T> = std::result::Result<T, Failed>;

/// Names what an error happened at.
pub trait At<T> {
    /// The error belongs to `layer`; `operation` reads well after "cannot".
    fn at(self, layer: Layer, operation: impl std::fmt::Display) -> Step<T>;
    /// The error is the command's own.
    fn doing(self, operation: impl std::fmt::Display) -> Step<T>;
}

impl<T, E: std::fmt::Display> At<T> for std::result::Result<T, E> {
    fn at(self, layer: Layer, operation: impl std::fmt::Display) -> Step<T> {
        self.doing(operation).map_err(|failed| Failed {
            layer: Some(layer),
            ..failed
        })
    }

    fn doing(self, operation: impl std::fmt::Display) -> Step<T> {
        self.map_err(|error| Failed {
            layer: None,
            why: format!("cannot {operation}: {error}"),
        })
    }
}

/// The jail's descriptors, beside the command's.
#[derive(Debug)]
pub struct Wires {
    /// The order.
    pub order: OwnedFd,
    /// Where messages go.
    pub status: OwnedFd,
    /// Ends with the grader.
    pub lifeline: OwnedFd,
}

impl Wires {
    /// How they are named in [`JAIL`].
    pub fn names(wires: [RawFd; 3]) -> String {
        wires.map(|wire| wire.to_string()).join(",")
    }

    /// Those that this process was started with.
    pub fn inherited() -> Option<Self> {
        let names = std::env::var(JAIL).ok()?;
        let numbers: Vec<RawFd> = names.split(',').filter_map(|name| name.parse().ok()).collect();
        let &[order, status, lifeline] = &numbers[..] else {
            return None;
        };
        // SAFETY: the grader opened these three for the jail, and nothing else here knows them.
        let own = |number| unsafe { OwnedFd::from_raw_fd(number) };
        Some(Self {
            order: own(order),
            status: own(status),
            lifeline: own(lifeline),
        })
    }
}

/// Sends one message; a grader that is gone does not mind.
pub fn send(status: BorrowedFd<'_>, message: &Message) {
    let mut line = serde_json::to_vec(message).unwrap_or_default();
    line.push(b'\n');
    debug_assert!(status.as_raw_fd() > 2, "a status pipe is not a standard stream");
    let _ = nix::unistd::write(status, &line);
}
