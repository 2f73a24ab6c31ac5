//! Git as a child process that reads one repository's objects, and nothing else of this machine.
//!
//! The repository is a learner's, its configuration too. The commands that are used here run no hook, filter, pager
//! or helper; no object is fetched, replaced or taken from elsewhere; memory and time are limited.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{Id, WaitPidFlag, waitid};
use nix::unistd::Pid;

use crate::intake::limits::GIT_S;
use crate::intake::refused::Refused;
use crate::run::Limits;

/// What git may use: packs are mapped into memory, objects unpacked there.
const LIMITS: Limits = Limits {
    wall: Duration::from_secs(GIT_S),
    cpu: Duration::from_secs(60),
    memory_mb: 4096,
    processes: 4096,
};

/// A running git.
pub struct Git {
    child: Child,
    output: BufReader<ChildStdout>,
    watch: Option<Watch>,
}

/// Ends git when its time is over.
struct Watch {
    stop: Sender<()>,
    thread: JoinHandle<bool>,
}

impl Git {
    /// Starts `git` on the repository in `directory`, its `.git` or a bare one.
    pub fn start(directory: &Path, arguments: &[&str]) -> Result<Self, Refused> {
        Self::start_within(directory, arguments, LIMITS.wall)
    }

    /// The same, with another limit on its time.
    pub fn start_within(directory: &Path, arguments: &[&str], wall: Duration) -> Result<Self, Refused> {
        let mut command = Command::new("git");
        command.env_clear();
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        for (name, value) in [
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_ATTR_NOSYSTEM", "1"),
            ("GIT_NO_REPLACE_OBJECTS", "1"),
            ("GIT_NO_LAZY_FETCH", "1"),
            ("GIT_OPTIONAL_LOCKS", "0"),
            ("GIT_TERMINAL_PROMPT", "0"),
            ("GIT_ALLOW_PROTOCOL", ""),
            ("LC_ALL", "C"),
        ] {
            command.env(name, value);
        }
        command
            .env("GIT_DIR", directory)
            .current_dir(directory)
            // Whoever owns the clone, an instructor has named it.
            .args([
                "-c",
                "safe.directory=*",
                "-c",
                "core.fsmonitor=false",
                "-c",
                "core.hooksPath=/dev/null",
            ])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        // SAFETY: between fork and exec only system calls are made, and nothing is allocated.
        unsafe {
            command.pre_exec(|| LIMITS.apply().map_err(std::io::Error::from));
        }
        let mut child = command
            .spawn()
            .map_err(|error| Refused::new(format!("git cannot be started: {error}")))?;
        let output = child
            .stdout
            .take()
            .ok_or_else(|| Refused::new("git has no output"))?;
        let watch = watch(&child, wall)?;
        Ok(Self {
            child,
            output: BufReader::new(output),
            watch: Some(watch),
        })
    }

    /// What it reads.
    pub fn input(&mut self) -> Option<&mut ChildStdin> {
        self.child.stdin.as_mut()
    }

    /// What it prints.
    pub fn output(&mut self) -> &mut BufReader<ChildStdout> {
        &mut self.output
    }

    /// Reads up to and without the byte `end`; nothing at the end of the output, or when it is longer than `max`.
    pub fn read_until(&mut self, end: u8, max: u64) -> Result<Option<Vec<u8>>, Refused> {
        let mut bytes = Vec::new();
        let read = (&mut self.output).take(max + 1).read_until(end, &mut bytes);
        read.map_err(|error| Refused::reading(&error))?;
        Ok((bytes.pop() == Some(end)).then_some(bytes))
    }

    /// Waits for its end, and tells whether it did all it was asked.
    pub fn finish(mut self) -> Result<bool, Refused> {
        drop(self.child.stdin.take());
        self.end()
    }

    fn end(&mut self) -> Result<bool, Refused> {
        let Some(watch) = self.watch.take() else {
            return Ok(false);
        };
        // It is waited for and left there, so that its id is nobody else's as long as the watch may use it.
        let id = Id::Pid(Pid::from_raw(self.child.id().cast_signed()));
        let waited = waitid(id, WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT);
        drop(watch.stop);
        let is_cut = watch.thread.join().unwrap_or(true);
        let status = self.child.wait();
        if is_cut {
            return Err(Refused::new(format!("git took more than {GIT_S} s over it")));
        }
        Ok(waited.is_ok() && status.is_ok_and(|status| status.success()))
    }
}

impl Drop for Git {
    fn drop(&mut self) {
        if self.watch.is_some() {
            let _ = self.child.kill();
            let _ = self.end();
        }
    }
}

fn watch(child: &Child, wall: Duration) -> Result<Watch, Refused> {
    let pid = Pid::from_raw(child.id().cast_signed());
    let (stop, stopped) = channel();
    let look = move || {
        let is_late = stopped.recv_timeout(wall) == Err(RecvTimeoutError::Timeout);
        is_late && kill(pid, Signal::SIGKILL).is_ok()
    };
    let thread = std::thread::Builder::new()
        .name("git-watch".to_owned())
        .spawn(look);
    let thread = thread.map_err(|error| Refused::new(format!("git cannot be watched: {error}")))?;
    Ok(Watch { stop, thread })
}
