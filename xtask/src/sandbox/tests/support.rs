//! Running a command in the sandbox and looking at what came of it.

use std::ffi::OsString;
use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use crate::run::limits::Limits;
use crate::sandbox::{Command, Confined, Sandbox, View};

/// What this machine allows, found out once.
pub static SANDBOX: LazyLock<Sandbox> = LazyLock::new(Sandbox::probe);

/// How a command ended, and what it printed.
#[derive(Debug)]
pub struct Ended {
    pub status: ExitStatus,
    pub output: String,
}

impl Ended {
    /// The exit code; -1 after a signal.
    pub fn code(&self) -> i32 {
        self.status.code().unwrap_or(-1)
    }

    pub fn signal(&self) -> Option<i32> {
        self.status.signal()
    }
}

/// A command of the machine's own, with generous limits.
pub fn command(program: &str, arguments: &[&str]) -> Command {
    Command {
        program: PathBuf::from(program),
        arguments: arguments.iter().map(OsString::from).collect(),
        environment: vec![("PATH".into(), "/usr/bin:/bin".into())],
        directory: PathBuf::from("/"),
        view: View {
            programs: true,
            ..View::default()
        },
        limits: Limits {
            wall: Duration::from_secs(10),
            cpu: Duration::from_secs(30),
            memory_mb: 4096,
            processes: 4096,
        },
        keep: Vec::new(),
    }
}

/// A shell that runs `script`.
pub fn shell(script: &str) -> Command {
    command("/bin/sh", &["-c", script])
}

/// This test binary, running the ignored test `name` alone, with no programs beside it.
pub fn probe(name: &str) -> Command {
    let binary = std::env::current_exe().unwrap();
    let mut command = command(
        binary.to_str().unwrap(),
        &["--exact", name, "--ignored", "--nocapture", "--test-threads=1"],
    );
    command.view = View {
        read: vec![binary],
        ..View::default()
    };
    command
}

/// Runs it to its end.
pub fn run(sandbox: &Sandbox, command: &Command) -> Ended {
    let (mut reader, writer) = std::io::pipe().unwrap();
    let stderr = writer.try_clone().unwrap();
    let mut confined = sandbox
        .start(command, Stdio::null(), writer.into(), stderr.into())
        .unwrap();
    let mut output = Vec::new();
    reader.read_to_end(&mut output).unwrap();
    let status = wait(&mut confined);
    let output = String::from_utf8_lossy(&output).into_owned();
    Ended { status, output }
}

/// Waits until it has ended.
pub fn wait(confined: &mut Confined) -> ExitStatus {
    confined.wait().unwrap();
    confined.try_wait().unwrap().expect("it has ended")
}

/// Where this project is.
pub fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
