//! Rules 29 to 34: the program.

use std::path::Path;

use phase7::pty::Terminal;
use serde_json::{Value, json};

use super::support::{CONTAINER, LINUX_5_10, unpack};

/// The path of the program, for terminals.
const PROGRAM: &str = env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME")));

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of ASCII")
}

/// One object, with units in its names.
#[phase7::test(points = 2, rule = 33)]
fn once_prints_json() {
    let tree = unpack(CONTAINER);
    let output = phase7::program!()
        .args([
            "--once", "--format", "json", "--delay", "0.05", "--sort", "pid", "--proc",
        ])
        .arg(tree.path())
        .run()
        .expect_code(0);
    let mut document: Value = serde_json::from_str(&output.stdout()).expect("it is JSON");
    assert!(
        document["interval_s"]
            .as_f64()
            .is_some_and(|interval_s| interval_s >= 0.05),
        "the interval: {document}"
    );
    document["interval_s"] = Value::Null;
    for process in document["processes"].as_array_mut().expect("a list") {
        // Whether 33 has a name is the machine's business.
        process["user"] = Value::Null;
    }
    let expected = json!({
        "version": 1, "interval_s": null, "uptime_s": null, "load": [0.0, 0.01, 0.05],
        "cpu": {"percent": 0.0, "cores": [{"core": 0, "percent": 0.0}]},
        "memory": {"total_bytes": 536_870_912, "used_bytes": 134_217_728, "available_bytes": 402_653_184,
            "swap_total_bytes": 0, "swap_used_bytes": 0},
        "disks": null,
        "interfaces": [
            {"name": "lo", "received_bytes_per_s": 0.0, "sent_bytes_per_s": 0.0},
            {"name": "eth0", "received_bytes_per_s": 0.0, "sent_bytes_per_s": 0.0}],
        "processes": [
            {"pid": 1, "ppid": 0, "start_ticks": 5000, "name": "sh", "command_line": "sh -c serve", "uid": 0,
                "user": null, "state": "S", "threads": 1, "cpu_percent": 0.0, "resident_bytes": 819_200},
            {"pid": 17, "ppid": 0, "start_ticks": 5100, "name": "serve", "command_line": "serve --port=80",
                "uid": 33, "user": null, "state": "S", "threads": 4, "cpu_percent": 0.0,
                "resident_bytes": 36_864_000}],
        "problems": []
    });
    assert_eq!(document, expected, "the document");
}

/// On a terminal, from the first frame to the end.
#[phase7::test(points = 2, rule = 29, timeout_s = 20)]
fn a_terminal_shows_the_processes_until_q() {
    let tree = unpack(LINUX_5_10);
    let mut terminal = Terminal::spawn(PROGRAM, &["--proc", text(tree.path())], 24, 80);
    terminal.wait_for("rustc --crate-name demo");
    assert!(
        terminal.is_on_alternate_screen(),
        "full-screen programs draw there"
    );
    tree.write("loadavg", "9.99 0.58 0.59 2/688 91200\n");
    terminal.wait_for("load 9.99");
    terminal.type_keys("/sshd\r");
    terminal.wait_for("/sshd  ? help");
    assert!(
        !terminal.screen().contains("rustc"),
        "what is filtered out:\n{}",
        terminal.screen()
    );
    terminal.type_keys("q");
    assert_eq!(terminal.wait(), 0, "the exit code");
    assert!(!terminal.is_on_alternate_screen(), "the terminal is as it was");
}

/// What cannot be done is said in a line.
#[phase7::test(points = 1, rule = 34)]
fn a_pipe_is_no_terminal() {
    let output = phase7::program!().run().expect_code(2);
    assert_eq!(
        (output.stdout(), output.stderr()),
        (
            String::new(),
            "system-monitor: not on a terminal: use --once\n".to_owned()
        ),
        "one line on standard error"
    );
    let output = phase7::program!()
        .args(["--once", "--proc", "/gone"])
        .run()
        .expect_code(2);
    assert_eq!(
        output.stderr(),
        "system-monitor: /gone: No such file or directory\n",
        "a directory that is not there"
    );
}
