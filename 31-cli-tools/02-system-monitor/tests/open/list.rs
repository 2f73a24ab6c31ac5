//! Rules 16 to 22 and 28: what is listed, what keys do, who gets a signal.

use std::process::{Command, Stdio};

use crossterm::event::KeyCode;
use phase7::wait;
use system_monitor::keys::{Action, KillSignal, Mode, Target};
use system_monitor::kill;
use system_monitor::parse;
use system_monitor::sample::Identity;
use system_monitor::view::SortKey;

use super::support::{Desk, LINUX_5_10};

/// Each key has its own direction.
#[phase7::test(points = 1, rule = 16)]
fn processes_are_sorted() {
    let mut desk = Desk::new(LINUX_5_10);
    desk.rates.processes[7] = 55.5;
    desk.arrange();
    assert_eq!(desk.pids()[..3], [2302, 1, 2], "by CPU, then by PID");
    desk.state.order.sort = SortKey::Memory;
    desk.arrange();
    assert_eq!(desk.pids()[..3], [2301, 2302, 2290], "by memory");
    desk.state.order.sort = SortKey::Name;
    desk.arrange();
    assert_eq!(desk.pids()[..3], [2210, 2290, 2400], "by name");
}

/// In the name or in the command line.
#[phase7::test(points = 1, rule = 17)]
fn processes_are_filtered() {
    let mut desk = Desk::new(LINUX_5_10);
    desk.state.order.filter = "RUST".to_owned();
    desk.arrange();
    assert_eq!(desk.pids(), [2301, 2302], "by their name");
    desk.state.order.filter = "--release".to_owned();
    desk.arrange();
    assert_eq!(desk.pids(), [2290], "by an argument");
}

/// Children stand below their parents.
#[phase7::test(points = 2, rule = 18)]
fn processes_make_a_tree() {
    let mut desk = Desk::new(LINUX_5_10);
    desk.state.order.tree = true;
    desk.state.order.sort = SortKey::Pid;
    desk.arrange();
    assert_eq!(
        desk.pids(),
        [1, 640, 2210, 2290, 2301, 2302, 2400, 2410, 3001, 2, 11],
        "depth first"
    );
    let depths: Vec<usize> = desk.rows.iter().map(|row| row.depth).collect();
    assert_eq!(depths, [0, 1, 2, 3, 4, 4, 3, 3, 1, 0, 1], "how deep each is");
    let last = desk.lines(80, 24);
    let lines: Vec<&str> = last
        .iter()
        .filter_map(|line| line.split_once(" 1 ").map(|(_, command)| command))
        .collect();
    assert!(
        lines.contains(&"│     ├─ find / -name x") && lines.contains(&"│     └─ [sh]"),
        "lines lead to the parents: {lines:#?}"
    );
}

/// The cursor stays in range.
#[phase7::test(points = 1, rule = 19)]
fn keys_move_the_cursor() {
    let mut desk = Desk::new(LINUX_5_10);
    desk.press(KeyCode::Up);
    assert_eq!(desk.selected(), Some(1), "above the first row there is none");
    desk.press(KeyCode::Down);
    assert_eq!(desk.selected(), Some(2), "one down");
    desk.press(KeyCode::PageDown);
    assert_eq!(desk.selected(), Some(3001), "a page of ten down, to the last one");
    desk.press(KeyCode::Home);
    assert_eq!(desk.selected(), Some(1), "the first one");
}

/// The same key again turns the order round.
#[phase7::test(points = 1, rule = 20)]
fn keys_sort_and_turn_round() {
    let mut desk = Desk::new(LINUX_5_10);
    desk.press(KeyCode::Char('m'));
    assert_eq!(desk.pids()[0], 2301, "the largest first");
    desk.press(KeyCode::Char('m'));
    assert_eq!(desk.pids()[10], 2301, "the largest last");
    desk.press(KeyCode::Char('t'));
    assert!(desk.state.order.tree, "a tree");
    assert_eq!(desk.press(KeyCode::Char('q')), Action::Quit, "the end");
}

/// While text is typed, letters are text.
#[phase7::test(points = 1, rule = 21)]
fn a_filter_is_typed() {
    let mut desk = Desk::new(LINUX_5_10);
    desk.type_text("/sshq");
    assert_eq!(desk.pids(), [0; 0], "q is a letter");
    desk.press(KeyCode::Backspace);
    assert_eq!(desk.pids(), [640], "the filter applies at once");
    desk.press(KeyCode::Enter);
    assert_eq!(
        (&desk.state.mode, desk.state.order.filter.as_str()),
        (&Mode::Table, "ssh"),
        "Enter keeps it"
    );
}

/// No signal without a yes.
#[phase7::test(points = 2, rule = 22)]
fn a_signal_is_confirmed() {
    let mut desk = Desk::new(LINUX_5_10);
    desk.press(KeyCode::End);
    assert_eq!(
        desk.press(KeyCode::Char('k')),
        Action::Continue,
        "first a question"
    );
    let footer = desk.lines(80, 24).pop();
    assert_eq!(
        footer.as_deref(),
        Some("y: SIGTERM to 3001 (tmux: server)  any other key: no"),
        "the question"
    );
    assert_eq!(desk.press(KeyCode::Char('n')), Action::Continue, "no");
    desk.press(KeyCode::Char('K'));
    let target = Target {
        identity: Identity {
            pid: 3001,
            start_ticks: 120_300,
        },
        name: "tmux: server".to_owned(),
        signal: KillSignal::Kill,
    };
    assert_eq!(desk.press(KeyCode::Char('y')), Action::Kill(target), "yes");
    assert_eq!(desk.state.mode, Mode::Table, "the question is answered");
}

/// A process of the test's own ends.
#[phase7::test(points = 2, rule = 28)]
fn a_signal_reaches_its_process() {
    let mut child = Command::new("sleep")
        .arg("60")
        .stdin(Stdio::null())
        .spawn()
        .expect("a process can be started");
    let pid = i32::try_from(child.id()).expect("process ids fit an i32");
    let stat = std::fs::read(format!("/proc/{pid}/stat")).expect("it runs");
    let start_ticks = parse::process(&stat).expect("a sound file").start_ticks;
    let target = Target {
        identity: Identity { pid, start_ticks },
        name: "sleep".to_owned(),
        signal: KillSignal::Term,
    };
    let sent = kill::kill(&target);
    let ended = sent.is_ok().then(|| {
        wait::until_some("the end of the process", wait::DEADLINE, || {
            child.try_wait().ok().flatten()
        })
    });
    let _ = child.kill();
    let _ = child.wait();
    sent.expect("a process of the same user takes signals");
    let status = ended.map(|status| status.to_string());
    assert_eq!(status.as_deref(), Some("signal: 15 (SIGTERM)"), "how it ended");
}
