//! What tests leave behind, and its end.
//!
//! A daemon leaves its process group and its parent, but not its environment: each test's processes carry a
//! [`MARK`], and [`kill_marked`] ends whoever still has it. Who has shed even that becomes a child of the grader, which
//! reaps orphans, and ends with [`Descendants`].

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// The variable that marks what a test started.
pub const MARK: &str = "PHASE7_TEST";

/// Kills every process whose environment carries the mark, until none is left that can be found.
pub fn kill_marked(mark: &str) {
    let wanted = format!("{MARK}={mark}");
    for _ in 0..10 {
        let mut found = false;
        for (id, directory) in processes() {
            let Ok(environment) = std::fs::read(directory.join("environ")) else {
                continue;
            };
            if environment
                .split(|byte| *byte == 0)
                .any(|entry| entry == wanted.as_bytes())
            {
                found = kill(Pid::from_raw(id), Signal::SIGKILL).is_ok() || found;
            }
        }
        if !found {
            break;
        }
    }
}

/// The ids and directories of all processes that can be seen.
fn processes() -> Vec<(i32, PathBuf)> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())))
        .collect()
}

/// Makes the grader inherit what tests leave behind, and ends it.
pub struct Descendants {
    /// The children that the grader had before.
    before: Vec<i32>,
}

impl Descendants {
    /// From here on orphans of tests become children of this process.
    ///
    /// # Errors
    /// When the kernel refuses.
    pub fn adopt() -> Result<Self> {
        nix::sys::prctl::set_child_subreaper(true).context("cannot become the reaper of orphans")?;
        Ok(Self { before: children() })
    }
}

impl Drop for Descendants {
    fn drop(&mut self) {
        for id in children().into_iter().filter(|id| !self.before.contains(id)) {
            let _ = kill(Pid::from_raw(id), Signal::SIGKILL);
            let _ = nix::sys::wait::waitpid(Pid::from_raw(id), None);
        }
    }
}

/// The children of this process.
fn children() -> Vec<i32> {
    let own = std::process::id().to_string();
    let parent = |directory: &Path| {
        let stat = std::fs::read_to_string(directory.join("stat")).ok()?;
        // The name stands in parentheses and may hold anything; the parent is the second word behind it.
        stat.rsplit_once(") ")?.1.split(' ').nth(1).map(str::to_owned)
    };
    let all = processes().into_iter();
    all.filter(|(_, directory)| parent(directory).as_deref() == Some(&own))
        .map(|(id, _)| id)
        .collect()
}
