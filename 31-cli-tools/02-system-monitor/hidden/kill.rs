//! Rule 28: a signal reaches its process or nobody.

use std::process::{Child, Command, Stdio};

use phase7::pty::Terminal;
use phase7::wait;
use system_monitor::keys::{KillSignal, Target};
use system_monitor::kill::{KillError, kill};
use system_monitor::parse;
use system_monitor::sample::Identity;

use super::program::PROGRAM;
use super::support::{LINUX_5_10, unpack};

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
#[phase7::test(points = 2, rule = 28, timeout_s = 20)]
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
#[phase7::test(points = 2, rule = 28, timeout_s = 20)]
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
