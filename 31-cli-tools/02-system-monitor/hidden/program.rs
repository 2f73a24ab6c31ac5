//! Rules 28, 29, 32 to 34: the program, its signals to others, and what scripts see.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use phase7::pty::Terminal;
use phase7::wait;
use serde_json::Value;
use system_monitor::keys::{KillSignal, Target};
use system_monitor::kill::{KillError, kill};
use system_monitor::parse;
use system_monitor::sample::Identity;

use super::DAMAGED;
use super::support::{LINUX_5_10, unpack};

/// The path of the program, for terminals.
pub const PROGRAM: &str = env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME")));

/// A process that does nothing, ended with the test.
struct Sleeper(Child);

impl Sleeper {
    fn new(seconds: &str) -> Self {
        let mut command = Command::new("sleep");
        command.arg(seconds).stdin(Stdio::null());
        Self(command.spawn().expect("a process can be started"))
    }

    fn pid(&self) -> i32 {
        i32::try_from(self.0.id()).expect("process ids fit an i32")
    }

    fn is_alive(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(None))
    }

    /// SIGTERM to it, if it started then.
    fn target(&self, start_ticks: u64) -> Target {
        Target {
            identity: Identity {
                pid: self.pid(),
                start_ticks,
            },
            name: "sleep".to_owned(),
            signal: KillSignal::Term,
        }
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The start is part of the name.
#[phase7::test(points = 2, rule = 28)]
fn a_reused_pid_gets_no_signal() {
    let mut sleeper = Sleeper::new("60");
    let stat = std::fs::read(format!("/proc/{}/stat", sleeper.pid())).expect("it runs");
    let start_ticks = parse::process(&stat).expect("a sound file").start_ticks;
    let result = kill(&sleeper.target(start_ticks + 1));
    assert!(
        matches!(result, Err(KillError::Reused)),
        "another start is another process: {result:?}"
    );
    assert!(sleeper.is_alive(), "nothing was sent");
    let target = sleeper.target(start_ticks);
    drop(sleeper);
    let result = kill(&target);
    assert!(
        matches!(result, Err(KillError::Ended)),
        "it has ended: {result:?}"
    );
}

/// From the key to the signal, and to the message.
#[phase7::test(points = 2, rule = 28)]
fn the_keys_end_a_process() {
    let mut sleeper = Sleeper::new("61.25");
    let mut terminal = Terminal::spawn(PROGRAM, &["--filter", "sleep 61.25"], 24, 80);
    terminal.wait_for(" sleep 61.25");
    terminal.type_keys("k");
    let question = format!("y: SIGTERM to {} (sleep)", sleeper.pid());
    terminal.wait_for(&question);
    terminal.type_keys("y");
    terminal.wait_for(&format!("SIGTERM sent to {} (sleep)", sleeper.pid()));
    wait::until("the end of the process", wait::DEADLINE, || !sleeper.is_alive());
    terminal.type_keys("q");
    assert_eq!(terminal.wait(), 0, "the exit code");
}

/// A PID out of a recording is somebody else's here.
#[phase7::test(points = 2, rule = 28)]
fn recorded_processes_are_not_ended() {
    let mut sleeper = Sleeper::new("62");
    let pid = sleeper.pid();
    let tree = unpack(LINUX_5_10);
    let zeros = " 0".repeat(28);
    tree.write(
        format!("{pid}/stat"),
        format!("{pid} (recorded) S 0 1 1 0 -1 0 0 0 0 0 1 1 0 0 20 0 1 0 5 0 7{zeros}\n"),
    );
    let directory = tree.path().to_str().expect("a path of ASCII").to_owned();
    let mut terminal = Terminal::spawn(PROGRAM, &["--filter", "recorded", "--proc", &directory], 24, 80);
    terminal.wait_for("[recorded]");
    terminal.type_keys("K");
    terminal.wait_for("y: SIGKILL to");
    terminal.type_keys("y");
    terminal.wait_for(&format!("{pid} (recorded): is another process now"));
    assert!(sleeper.is_alive(), "nothing was sent");
    terminal.type_keys("q");
    assert_eq!(terminal.wait(), 0, "the exit code");
}

/// Up and down, down to sizes that nobody can read.
#[phase7::test(points = 2, rule = 29)]
fn the_terminal_may_change_its_size() {
    let tree = unpack(LINUX_5_10);
    let directory = tree.path().to_str().expect("a path of ASCII").to_owned();
    let mut terminal = Terminal::spawn(PROGRAM, &["--delay", "3600", "--proc", &directory], 24, 80);
    terminal.wait_for("load 0.52");
    terminal.resize(5, 20);
    terminal.wait_for("cpu[");
    assert_eq!(
        terminal.screen().lines().count(),
        5,
        "five lines:\n{}",
        terminal.screen()
    );
    terminal.resize(1, 1);
    terminal.resize(30, 100);
    terminal.wait_for("net lo");
    terminal.type_keys("q");
    assert_eq!(terminal.wait(), 0, "the exit code");
}

/// Nothing is read until the pause is over.
#[phase7::test(points = 1, rule = 29)]
fn a_pause_reads_nothing() {
    let tree = unpack(LINUX_5_10);
    let directory = tree.path().to_str().expect("a path of ASCII").to_owned();
    let mut terminal = Terminal::spawn(PROGRAM, &["--delay", "0.05", "--proc", &directory], 24, 80);
    terminal.wait_for("? help");
    terminal.type_keys(" ");
    terminal.wait_for("paused");
    tree.write("loadavg", "8.88 0.58 0.59 2/688 91200\n");
    let started = Instant::now();
    // Keys are answered all the same.
    while started.elapsed() < Duration::from_millis(300) {
        terminal.type_keys("p");
        terminal.wait_for("PID▲");
        terminal.type_keys("c");
        terminal.wait_for("CPU%▼");
    }
    assert!(
        !terminal.screen().contains("8.88"),
        "six delays later:\n{}",
        terminal.screen()
    );
    terminal.type_keys(" ");
    terminal.wait_for("load 8.88");
}

/// All rows, and no line for keys.
#[phase7::test(points = 1, rule = 32)]
fn once_prints_the_screen() {
    let tree = unpack(LINUX_5_10);
    let once = |arguments: &[&str]| {
        let program = phase7::program!().args(["--once", "--delay", "0.05", "--proc"]);
        let output = program.arg(tree.path()).args(arguments).run().expect_code(0);
        output.stdout().lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let lines = once(&["--sort", "pid", "--reverse"]);
    assert_eq!(lines.len(), 5 + 1 + 11, "sections, heading, rows: {lines:#?}");
    assert!(lines[0].starts_with("load 0.52"), "the first line: {lines:#?}");
    assert!(lines[6].ends_with("tmux new"), "the first row: {lines:#?}");
    assert!(lines[16].ends_with("/sbin/init"), "the last one: {lines:#?}");
    let lines = once(&["--tree", "--filter", "sshd"]);
    assert!(
        lines[6].ends_with(" /sbin/init") && lines[7].ends_with(" └─ sshd: /usr/sbin/sshd -D"),
        "a tree of what matches: {lines:#?}"
    );
}

/// Scripts see what could not be read, in the document and in the exit code.
#[phase7::test(points = 2, rule = 33)]
fn json_tells_what_is_missing() {
    let tree = unpack(DAMAGED);
    let output = phase7::program!()
        .args(["--once", "--format=json", "--delay=0.05", "--proc"])
        .arg(tree.path())
        .run()
        .expect_code(1);
    assert_eq!(output.stdout().lines().count(), 1, "one line");
    let document: Value = serde_json::from_str(&output.stdout()).expect("it is JSON");
    for part in ["uptime_s", "load", "cpu", "memory", "disks", "interfaces"] {
        assert_eq!(document.get(part), Some(&Value::Null), "{part}");
    }
    let problems = document["problems"].as_array().expect("a list");
    assert_eq!(
        (problems.len(), problems[1].as_str()),
        (11, Some("meminfo: MemAvailable is not valid")),
        "what could not be read"
    );
    let last = &document["processes"][1];
    assert_eq!(
        (last["pid"].as_i64(), &last["command_line"], &last["uid"]),
        (Some(26), &Value::Null, &Value::Null),
        "what is not known of a process"
    );
}

/// A wrong command line, and a reader who has seen enough.
#[phase7::test(points = 1, rule = 34)]
fn the_program_ends_as_programs_do() {
    for arguments in [
        &["--delay", "0"][..],
        &["--delay", "nan"],
        &["--delay", "soon"],
        &["--format", "json"],
        &["--sort", "size"],
    ] {
        let output = phase7::program!().args(arguments).run().expect_code(2);
        let error = output.stderr();
        assert!(
            error.contains(arguments[1]) || error.contains("--once"),
            "{arguments:?} is named: {error}"
        );
    }
    let tree = unpack(LINUX_5_10);
    let output = Command::new("sh")
        .args([
            "-c",
            r#"{ "$0" --once --delay 0.05 --proc "$1"; echo "code $?" >&2; } | :"#,
        ])
        .args([PROGRAM.as_ref(), tree.path().as_os_str()])
        .output()
        .expect("there is a shell");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(errors, "code 0\n", "a closed pipe is success");
}
