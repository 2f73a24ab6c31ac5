//! Starting a command in the sandbox, and watching and ending it from outside.

use std::io::Read;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::os::unix::fs::chown;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};
use nix::fcntl::{FcntlArg, FdFlag, OFlag, fcntl};
use nix::sys::signal::Signal;
use nix::unistd::{Pid, pipe2};

use super::order::{JAIL, Message, Order, Wires};
use super::usage::{Usage, usage};
use super::{Command, Sandbox};

/// Bytes of the messages that are read.
const MESSAGES_MAX: u64 = 64 << 10;

impl Sandbox {
    /// Starts `command` in every layer. What goes wrong on the way to it comes out of [`Confined::try_wait`].
    ///
    /// # Errors
    /// When the jail cannot be started.
    pub fn start(&self, command: &Command, stdin: Stdio, stdout: Stdio, stderr: Stdio) -> Result<Confined> {
        let mut order = Order {
            command: Some(command.clone()),
            layers: self.layers.clone(),
            user: self.identity(),
            libraries: self.libraries.clone(),
            temporary: PathBuf::from("/tmp"),
        };
        let temporary = if order.has_root() {
            None
        } else {
            Some(self.temporary_directory()?)
        };
        if let Some(directory) = &temporary {
            order.temporary = directory.path().to_owned();
        }
        let mut confined = start_jail(&order, [stdin, stdout, stderr])?;
        confined.temporary = temporary;
        Ok(confined)
    }

    /// What stands in for a private `/tmp`.
    fn temporary_directory(&self) -> Result<tempfile::TempDir> {
        let directory = tempfile::tempdir().context("cannot make a temporary directory")?;
        if let Some((uid, gid)) = self.user {
            chown(directory.path(), Some(uid.as_raw()), Some(gid.as_raw()))
                .with_context(|| format!("cannot give {} away", directory.path().display()))?;
        }
        Ok(directory)
    }
}

/// Starts this program again as a jail.
pub fn start_jail(order: &Order, [stdin, stdout, stderr]: [Stdio; 3]) -> Result<Confined> {
    let description = order.to_descriptor()?;
    let (status, status_write) = pipe2(OFlag::O_CLOEXEC).context("cannot make a pipe")?;
    let (lifeline_read, lifeline) = pipe2(OFlag::O_CLOEXEC).context("cannot make a pipe")?;
    let own = [&description, &status_write, &lifeline_read].map(AsRawFd::as_raw_fd);
    let keep = order.command.as_ref().map_or(&[][..], |command| &command.keep);
    let inherited: Vec<RawFd> = keep.iter().copied().chain(own).collect();
    let prepare = move || {
        for number in &inherited {
            // SAFETY: all are open in the grader, so also in this copy of it, until exec.
            let descriptor = unsafe { BorrowedFd::borrow_raw(*number) };
            fcntl(descriptor, FcntlArg::F_SETFD(FdFlag::empty()))?;
        }
        Ok(())
    };
    // This very file, even when it has been built again since.
    let mut jail = std::process::Command::new("/proc/self/exe");
    jail.arg0("phase7-jail")
        .env_clear()
        .env(JAIL, Wires::names(own))
        .current_dir("/")
        .process_group(0)
        .stdin(stdin)
        .stdout(stdout)
        .stderr(stderr);
    // SAFETY: between fork and exec only system calls are made: no allocation, no lock.
    unsafe { jail.pre_exec(prepare) };
    let jail = jail.spawn().context("cannot start the jail")?;
    Ok(Confined {
        jail,
        status,
        lifeline: Some(lifeline),
        ended: None,
        temporary: None,
    })
}

/// A command in the sandbox. Dropping it ends it and everything that it started.
#[derive(Debug)]
pub struct Confined {
    jail: Child,
    /// Where the jail and the init report; it ends when both have.
    status: OwnedFd,
    /// Held as long as the command may live.
    lifeline: Option<OwnedFd>,
    /// How it ended, once that is known.
    ended: Option<ExitStatus>,
    /// Its `/tmp`, where it has no root of its own.
    temporary: Option<tempfile::TempDir>,
}

impl Confined {
    /// How the command ended, if it has, and nothing that it started is left.
    ///
    /// # Errors
    /// When the command could not be started as ordered; never for what it did.
    pub fn try_wait(&mut self) -> Result<Option<ExitStatus>> {
        if self.ended.is_some() {
            return Ok(self.ended);
        }
        if self
            .jail
            .try_wait()
            .context("cannot wait for the jail")?
            .is_none()
        {
            return Ok(None);
        }
        match self.message()? {
            Some(Message::Ended(raw)) => self.ended = Some(ExitStatus::from_raw(raw)),
            Some(Message::Failed(failed)) => bail!("{}", failed.why),
            // The jail was killed, or killed the init.
            Some(Message::Holds) | None => {
                self.ended = Some(ExitStatus::from_raw(Signal::SIGKILL as i32));
            }
        }
        Ok(self.ended)
    }

    /// Ends the command, and everything that it started, soon; [`Confined::try_wait`] tells when.
    pub fn kill(&mut self) {
        self.lifeline = None;
    }

    /// What everything inside uses.
    pub fn usage(&self) -> Usage {
        usage(self.id())
    }

    /// The first message of a jail that has ended.
    pub fn message(&mut self) -> Result<Option<Message>> {
        let mut text = String::new();
        let status = self.status.try_clone().context("cannot read the jail's report")?;
        fcntl(&status, FcntlArg::F_SETFL(OFlag::O_NONBLOCK)).context("cannot read the jail's report")?;
        let read = std::fs::File::from(status)
            .take(MESSAGES_MAX)
            .read_to_string(&mut text);
        match read {
            Err(error) if error.kind() != std::io::ErrorKind::WouldBlock => {
                return Err(error).context("cannot read the jail's report");
            }
            _ => {}
        }
        let Some(line) = text.lines().next() else {
            return Ok(None);
        };
        serde_json::from_str(line).context("cannot understand the jail's report")
    }

    /// The process that stands for all of it outside.
    pub fn id(&self) -> Pid {
        Pid::from_raw(self.jail.id().cast_signed())
    }

    /// Waits until the jail has ended.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub fn wait(&mut self) -> Result<()> {
        self.jail.wait().context("cannot wait for the jail").map(drop)
    }
}

/// Becomes readable, or hangs up, when the command has ended: to poll together with its output.
impl AsFd for Confined {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.status.as_fd()
    }
}

impl Drop for Confined {
    fn drop(&mut self) {
        self.kill();
        let _ = self.jail.wait();
    }
}
