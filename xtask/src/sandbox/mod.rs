//! What holds a submission in while it is compiled and while it runs.

use std::ffi::OsString;
use std::os::fd::RawFd;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ExitStatus, Stdio};

use anyhow::{Context, Result};
use nix::unistd::{Gid, Uid};

use crate::run::Limits;

/// What a confined process sees of the file system.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct View {
    pub read: Vec<PathBuf>,
    pub write: Vec<PathBuf>,
    pub proc: bool,
    pub programs: bool,
    pub tmp_mb: u64,
}

#[derive(Debug, Clone)]
pub struct Command {
    pub program: PathBuf,
    pub arguments: Vec<OsString>,
    pub environment: Vec<(OsString, OsString)>,
    pub directory: PathBuf,
    pub view: View,
    pub limits: Limits,
    pub keep: Vec<RawFd>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Layer {
    PidNamespace,
}
impl std::fmt::Display for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("x")
    }
}

#[derive(Debug)]
pub struct Sandbox {}
impl Sandbox {
    pub fn probe() -> Self {
        Self {}
    }
    pub fn layers(&self) -> &[Layer] {
        &[]
    }
    pub fn satisfies_class(&self) -> std::result::Result<(), String> {
        Ok(())
    }
    /// Whether whatever a command started ends with it, whatever it does.
    pub fn ends_processes(&self) -> bool {
        self.layers().contains(&Layer::PidNamespace)
    }
    pub fn user(&self) -> Option<(Uid, Gid)> {
        None
    }
    pub fn start(&self, command: &Command, stdin: Stdio, stdout: Stdio, stderr: Stdio) -> Result<Confined> {
        let mut c = std::process::Command::new(&command.program);
        c.args(&command.arguments)
            .env_clear()
            .envs(command.environment.iter().map(|(a, b)| (a, b)))
            .current_dir(&command.directory)
            .stdin(stdin)
            .stdout(stdout)
            .stderr(stderr);
        let keep = command.keep.clone();
        let limits = command.limits;
        unsafe {
            c.pre_exec(move || {
                nix::unistd::setsid()?;
                for fd in &keep {
                    let fd = std::os::fd::BorrowedFd::borrow_raw(*fd);
                    nix::fcntl::fcntl(fd, nix::fcntl::FcntlArg::F_SETFD(nix::fcntl::FdFlag::empty()))?;
                }
                limits.apply()?;
                Ok(())
            })
        };
        Ok(Confined {
            child: c
                .spawn()
                .with_context(|| format!("cannot start {}", command.program.display()))?,
        })
    }
}
pub struct Confined {
    child: Child,
}
impl Confined {
    pub fn try_wait(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }
    pub fn kill(&mut self) {
        let _ = nix::sys::signal::killpg(
            nix::unistd::Pid::from_raw(self.child.id() as i32),
            nix::sys::signal::Signal::SIGKILL,
        );
        let _ = self.child.kill();
    }
    pub fn resident_bytes(&self) -> u64 {
        0
    }
}
impl Drop for Confined {
    fn drop(&mut self) {
        self.kill();
        let _ = self.child.wait();
    }
}
