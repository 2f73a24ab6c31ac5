//! Rules 30 and 31: the terminal is left as it was found.

use std::fs::File;
use std::process::Command;

use phase7::process::Signal;
use phase7::pty::Terminal;
use phase7::wait;

use super::program::PROGRAM;
use super::support::{LINUX_5_10, unpack};

/// A shell that shows the terminal's settings before and behind the program, and how the program ended. The inner
/// shell tells the PID that the program will have.
const AROUND: &str = r#"export RUST_BACKTRACE=0; stty -g; sh -c 'echo "pid $$."; exec "$@"' - "$@"; echo "code $?."; stty -g; echo end"#;

/// The program in a shell on a terminal of so many columns that nothing is wrapped.
fn around(arguments: &[&str]) -> Terminal {
    let all = [&["-c", AROUND, "-", PROGRAM], arguments].concat();
    Terminal::spawn("sh", &all, 24, 200)
}

/// The program's process, once it runs.
fn pid(terminal: &Terminal) -> i32 {
    let find = || {
        let bytes = terminal.bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (_, rest) = text.split_once("pid ")?;
        rest.split_once('.')?.0.parse().ok()
    };
    wait::until_some("the program's PID", wait::DEADLINE, find)
}

/// Checks what the shell has shown: the settings of the terminal are equal, the code is this, the cursor is visible.
#[track_caller]
fn check_restored(terminal: &mut Terminal, code: i32) {
    terminal.wait_for("end");
    let screen = terminal.screen();
    let settings: Vec<&str> = screen
        .lines()
        .filter(|line| line.matches(':').count() > 20)
        .collect();
    assert_eq!(settings.len(), 2, "before and behind:\n{screen}");
    assert_eq!(settings[1], settings[0], "the settings of the terminal");
    assert!(
        screen.contains(&format!("code {code}.")),
        "code {code}:\n{screen}"
    );
    assert!(
        !terminal.is_on_alternate_screen(),
        "the alternate screen is left:\n{screen}"
    );
    assert!(is_cursor_shown(terminal), "the cursor is shown again");
}

/// Whether the last word about the cursor was that it is to be seen.
fn is_cursor_shown(terminal: &Terminal) -> bool {
    let bytes = terminal.bytes();
    let text = String::from_utf8_lossy(&bytes);
    text.rfind("\x1b[?25h") > text.rfind("\x1b[?25l")
}

/// A panic restores the terminal first, so that its message is seen.
#[phase7::test(points = 2, rule = 30, timeout_s = 20)]
fn a_panic_leaves_the_terminal_as_it_was() {
    let tree = unpack(LINUX_5_10);
    let directory = tree.path().to_str().expect("a path of ASCII");
    let mut terminal = around(&["--delay", "0.05", "--panic-at", "2", "--proc", directory]);
    check_restored(&mut terminal, 101);
    assert!(
        terminal.screen().contains("panicked at"),
        "the message:\n{}",
        terminal.screen()
    );
}

/// The signals that end programs, and the key.
#[phase7::test(points = 2, rule = 30, timeout_s = 40)]
fn a_signal_leaves_the_terminal_as_it_was() {
    let tree = unpack(LINUX_5_10);
    let directory = tree.path().to_str().expect("a path of ASCII");
    for signal in [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP, Signal::SIGQUIT] {
        let mut terminal = around(&["--proc", directory]);
        let pid = pid(&terminal);
        terminal.wait_for("? help");
        let kill = format!("kill -{} {pid}", signal as i32);
        let sent = Command::new("sh").args(["-c", &kill]).status();
        assert!(sent.is_ok_and(|status| status.success()), "{signal} is sent");
        check_restored(&mut terminal, 128 + signal as i32);
    }
    let mut terminal = around(&["--proc", directory]);
    terminal.wait_for("? help");
    terminal.type_keys("\x03");
    check_restored(&mut terminal, 0);
}

/// The letter that the kernel has for the state of the process.
fn state(pid: i32) -> Option<char> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.chars().next()
}

/// The settings of the process's terminal, as `stty` names them.
fn settings(pid: i32) -> String {
    let terminal = File::open(format!("/proc/{pid}/fd/0")).expect("the terminal can be opened");
    let output = Command::new("stty").arg("-a").stdin(terminal).output();
    let output = output.expect("stty is there");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Waits until the program has stopped, and checks that the terminal is the shell's.
#[track_caller]
fn check_stopped(terminal: &Terminal) {
    let pid = terminal.id();
    wait::until("the program's stop", wait::DEADLINE, || state(pid) == Some('T'));
    wait::until("the end of the alternate screen", wait::DEADLINE, || {
        !terminal.is_on_alternate_screen()
    });
    assert!(is_cursor_shown(terminal), "the cursor is shown");
    let settings = settings(pid);
    assert!(
        settings.contains(" icanon") && settings.contains(" echo "),
        "lines are edited and keys are seen: {settings}"
    );
}

/// A stop gives the terminal back, and going on takes it again: by signal, by key, and when nobody asked.
#[phase7::test(points = 3, rule = 31, timeout_s = 40)]
fn a_stop_gives_the_terminal_back() {
    let tree = unpack(LINUX_5_10);
    let directory = tree.path().to_str().expect("a path of ASCII");
    let mut terminal = Terminal::spawn(PROGRAM, &["--delay", "3600", "--proc", directory], 24, 80);
    terminal.wait_for("? help");
    let continued = |terminal: &mut Terminal| {
        terminal.signal(Signal::SIGCONT);
        wait::until("the alternate screen", wait::DEADLINE, || {
            terminal.is_on_alternate_screen()
        });
        terminal.wait_for("? help");
        terminal.wait_for("rustc --crate-name demo");
    };
    terminal.signal(Signal::SIGTSTP);
    check_stopped(&terminal);
    continued(&mut terminal);
    terminal.type_keys("\x1a");
    check_stopped(&terminal);
    continued(&mut terminal);
    // SIGSTOP cannot be caught: the shell repairs the terminal by itself.
    terminal.signal(Signal::SIGSTOP);
    let pid = terminal.id();
    wait::until("the program's stop", wait::DEADLINE, || state(pid) == Some('T'));
    let device = File::open(format!("/proc/{pid}/fd/0")).expect("the terminal can be opened");
    let sane = Command::new("stty").arg("sane").stdin(device).status();
    assert!(sane.is_ok_and(|status| status.success()), "stty is there");
    terminal.signal(Signal::SIGCONT);
    wait::until("raw mode", wait::DEADLINE, || settings(pid).contains("-icanon"));
    terminal.type_keys("q");
    assert_eq!(terminal.wait(), 0, "a key without Enter reaches the program");
}
