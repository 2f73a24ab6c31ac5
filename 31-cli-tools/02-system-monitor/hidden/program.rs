//! Rules 29 and 32 to 34: the program, and what scripts see.

use std::process::Command;
use std::time::{Duration, Instant};

use phase7::pty::Terminal;
use serde_json::Value;

use super::DAMAGED;
use super::support::{LINUX_5_10, unpack};

/// The path of the program, for terminals.
pub const PROGRAM: &str = env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME")));

/// Up and down, down to sizes that nobody can read.
#[phase7::test(points = 2, rule = 29, timeout_s = 20)]
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
#[phase7::test(points = 1, rule = 29, timeout_s = 20)]
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
