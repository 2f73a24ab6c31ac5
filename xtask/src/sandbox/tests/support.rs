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

/// Tells the functions of [`super::inside`] that they are.
pub const INSIDE: &str = "PHASE7_INSIDE";

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
            wall: Duration::from_secs(60),
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

/// This test binary, running one function of [`super::inside`], with no programs beside it.
pub fn probe(name: &str) -> Command {
    let binary = std::env::current_exe().unwrap();
    let name = format!("sandbox::tests::inside::{name}");
    let arguments = ["--exact", &name, "--ignored", "--nocapture", "--test-threads=1"];
    let mut command = command(binary.to_str().unwrap(), &arguments);
    command.environment.push((INSIDE.into(), "1".into()));
    command.view = View {
        read: vec![binary],
        ..View::default()
    };
    command
}

/// Checks that the function `name` of [`super::inside`] succeeds in `sandbox`.
pub fn check(sandbox: &Sandbox, name: &str) {
    check_command(sandbox, &probe(name));
}

/// Checks that a [`probe`], perhaps with a changed view, succeeds in `sandbox`.
pub fn check_command(sandbox: &Sandbox, probe: &Command) {
    let ended = run(sandbox, probe);
    let ran = ended.output.contains("1 passed");
    assert!(ended.status.success() && ran, "{}", ended.output);
}

/// Runs it to its end.
pub fn run(sandbox: &Sandbox, command: &Command) -> Ended {
    let (mut confined, reader) = start(sandbox, command);
    let output = read(reader);
    let status = wait(&mut confined);
    Ended { status, output }
}

/// Starts it; its output ends when nobody is left who holds it.
pub fn start(sandbox: &Sandbox, command: &Command) -> (Confined, std::io::PipeReader) {
    let (reader, writer) = std::io::pipe().unwrap();
    let stderr = writer.try_clone().unwrap();
    let confined = sandbox
        .start(command, Stdio::null(), writer.into(), stderr.into())
        .unwrap();
    (confined, reader)
}

/// Output to its end.
pub fn read(mut reader: std::io::PipeReader) -> String {
    let mut output = Vec::new();
    reader.read_to_end(&mut output).unwrap();
    String::from_utf8_lossy(&output).into_owned()
}

/// Output up to the end of the first line.
pub fn read_line(reader: &mut std::io::PipeReader) -> String {
    let mut line = Vec::new();
    let mut byte = [0];
    while reader.read(&mut byte).unwrap() == 1 && byte[0] != b'\n' {
        line.push(byte[0]);
    }
    String::from_utf8_lossy(&line).into_owned()
}

/// Waits until it has ended.
pub fn wait(confined: &mut Confined) -> ExitStatus {
    loop {
        confined.wait().unwrap();
        if let Some(status) = confined.try_wait().unwrap() {
            return status;
        }
    }
}

/// Where this project is.
pub fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Puts this test binary where another user can start it.
///
/// By a process of its own: what this one wrote could not be executed while another thread's child, between its fork and
/// its exec, still has it open for writing.
pub fn copy_of_these_tests(place: &Path) {
    let copied = std::process::Command::new("cp")
        .arg(std::env::current_exe().unwrap())
        .arg(place)
        .status()
        .unwrap();
    assert!(copied.success());
}
