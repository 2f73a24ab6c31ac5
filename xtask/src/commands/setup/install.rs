//! Installing a tool: each open way in turn, under a time limit, with one line when it cannot be had.

use std::io::{Read, Seek};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::tools::{Machine, Manager, Tool, Way};

/// Time for one package manager to fetch and install.
const INSTALL: Duration = Duration::from_secs(300);

/// Time for Cargo to fetch, and to compile what may be a few hundred crates.
const BUILD: Duration = Duration::from_secs(1800);

/// Time for apt-get to fetch its lists.
const UPDATE: Duration = Duration::from_secs(60);

/// Characters of a package manager's complaint that are passed on.
const COMPLAINT_MAX: usize = 200;

/// What this user may do to the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Everything.
    Root,
    /// Everything, with `sudo -n` in front.
    Sudo,
    /// What belongs to the user: rustup's toolchains, Cargo's programs.
    Own,
}

impl Right {
    /// The right that needs no password.
    pub fn without_password(machine: &Machine) -> Self {
        if machine.is_root {
            return Self::Root;
        }
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "true"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if machine.has_program("sudo") && sudo.status().is_ok_and(|status| status.success()) {
            Self::Sudo
        } else {
            Self::Own
        }
    }

    /// The right after sudo has asked for a password on the terminal.
    pub fn with_password(machine: &Machine) -> Self {
        let right = Self::without_password(machine);
        let granted = || {
            Command::new("sudo")
                .arg("-v")
                .status()
                .is_ok_and(|status| status.success())
        };
        if right == Self::Own && machine.has_program("sudo") && granted() {
            Self::Sudo
        } else {
            right
        }
    }
}

/// Installs tools; apt-get's lists are fetched once.
pub struct Installer<'a> {
    machine: &'a Machine,
    right: Right,
    /// The workspace, whose toolchain file tells rustup which toolchain is meant.
    root: &'a Path,
    lists_are_fresh: bool,
}

impl<'a> Installer<'a> {
    /// An installer with this right.
    pub fn new(machine: &'a Machine, right: Right, root: &'a Path) -> Self {
        Self {
            machine,
            right,
            root,
            lists_are_fresh: false,
        }
    }

    /// Gets `tool` by the first way that works.
    ///
    /// # Errors
    /// One line that says why no way did.
    pub fn install(&mut self, tool: &Tool) -> Result<()> {
        let mut why = anyhow::anyhow!("no package manager of this machine is known here to have it");
        for way in tool.open_ways(self.machine) {
            match self.go(way) {
                Ok(()) if tool.is_on(self.machine) => return Ok(()),
                Ok(()) => why = anyhow::anyhow!("{} ran, and it is still not there", way.manager.program()),
                Err(error) => why = error,
            }
        }
        Err(why)
    }

    fn go(&mut self, way: Way) -> Result<()> {
        let program = way.manager.program();
        if !matches!(way.manager, Manager::Rustup | Manager::Cargo | Manager::Apt) {
            bail!("{program} is left to you");
        }
        if way.manager.wants_root() && self.right == Right::Own {
            bail!("{program} wants root");
        }
        if way.manager == Manager::Apt && !std::mem::replace(&mut self.lists_are_fresh, true) {
            // The lists that are there may do: the installation says when they do not.
            let _ = run_within(&mut self.command(way, &[program, "update", "-q"]), UPDATE);
        }
        let limit = if way.manager == Manager::Cargo {
            BUILD
        } else {
            INSTALL
        };
        run_within(&mut self.command(way, &way.arguments()), limit)
            .with_context(|| format!("{program} failed"))
    }

    fn command(&self, way: Way, arguments: &[&str]) -> Command {
        let sudo: &[&str] = if way.manager.wants_root() && self.right == Right::Sudo {
            &["sudo", "-n"]
        } else {
            &[]
        };
        let words: Vec<_> = sudo.iter().chain(arguments).collect();
        let mut command = Command::new(words[0]);
        command
            .args(&words[1..])
            .current_dir(self.root)
            .env("DEBIAN_FRONTEND", "noninteractive");
        command
    }
}

/// Runs a command to its end, or ends it and all that it started when the time is over.
///
/// # Errors
/// When it cannot be started, fails or takes too long: its last complaint, in one line.
pub fn run_within(command: &mut Command, limit: Duration) -> Result<()> {
    let mut output = tempfile::tempfile().context("cannot make a temporary file")?;
    let copy = || output.try_clone().context("cannot share a temporary file");
    command
        .stdin(Stdio::null())
        .stdout(copy()?)
        .stderr(copy()?)
        .process_group(0);
    let mut child = command.spawn().context("it cannot be started")?;
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().context("cannot wait for it")? {
            break status;
        }
        if start.elapsed() > limit {
            // A failure means that the group is gone already.
            let _ = killpg(Pid::from_raw(child.id().cast_signed()), Signal::SIGKILL);
            let _ = child.wait();
            bail!("it took more than {} s", limit.as_secs());
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    if status.success() {
        return Ok(());
    }
    let mut bytes = Vec::new();
    output.rewind().context("cannot read a temporary file")?;
    output
        .read_to_end(&mut bytes)
        .context("cannot read a temporary file")?;
    bail!("{}", complaint(&String::from_utf8_lossy(&bytes)));
}

/// The line of a package manager's output that says what is wrong: the first that calls itself an error, else the
/// last.
fn complaint(output: &str) -> String {
    let lines = || output.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_error = |line: &&str| line.starts_with("E:") || line.starts_with("error");
    let line = lines()
        .find(is_error)
        .or_else(|| lines().next_back())
        .unwrap_or("it gave no reason");
    let line = crate::run::failure::clean(line);
    line.chars().take(COMPLAINT_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_failure_is_one_line() {
        let error = run_within(
            &mut shell("echo a; echo 'E: no such package' >&2; echo b; exit 1"),
            INSTALL,
        );
        assert_eq!(error.unwrap_err().to_string(), "E: no such package");
        let error = run_within(&mut shell("exit 1"), INSTALL);
        assert_eq!(error.unwrap_err().to_string(), "it gave no reason");
    }

    #[test]
    fn what_takes_too_long_is_ended_with_its_children() {
        let start = Instant::now();
        let error = run_within(&mut shell("sleep 60 & wait"), Duration::from_millis(100));
        assert!(error.unwrap_err().to_string().starts_with("it took more than"));
        assert!(start.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn a_program_that_is_not_there_is_said_so() {
        let error = run_within(&mut Command::new("no-such-program-here"), INSTALL);
        assert_eq!(error.unwrap_err().to_string(), "it cannot be started");
    }

    #[test]
    fn what_wants_root_is_not_tried_without() {
        let files = tempfile::tempdir().unwrap();
        let machine = Machine::with_programs(files.path(), &["apt-get"]);
        let mut installer = Installer::new(&machine, Right::Own, files.path());
        let error = installer.install(crate::tools::tool("qemu-system-arm").unwrap());
        assert_eq!(error.unwrap_err().to_string(), "apt-get wants root");
    }
}
