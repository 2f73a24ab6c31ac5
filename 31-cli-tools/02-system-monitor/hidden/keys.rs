//! Rules 19 to 22 and 27: keys at the wrong time, and what the last line says.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use system_monitor::keys::{Action, Mode};

use super::DAMAGED;
use super::support::{Desk, LINUX_5_10};

/// The cursor stays with its process, whatever happens to the rows.
#[phase7::test(points = 2, rule = 19)]
fn the_cursor_follows_its_process() {
    let mut desk = Desk::new(LINUX_5_10);
    desk.rates.processes[6] = 90.0;
    desk.arrange();
    assert_eq!(
        desk.selected(),
        Some(2301),
        "until it is moved, the first row, whoever that is"
    );
    desk.press(KeyCode::Down);
    desk.press(KeyCode::Down);
    assert_eq!(desk.selected(), Some(2), "the third row");
    desk.rates.processes[1] = 99.0;
    desk.arrange();
    assert_eq!(
        (desk.selected(), desk.state.cursor),
        (Some(2), 0),
        "it went up with it"
    );
    desk.press(KeyCode::End);
    assert_eq!(desk.selected(), Some(3001), "the last one");
    desk.sample.processes.pop();
    desk.rates.processes.pop();
    desk.arrange();
    assert_eq!(
        desk.selected(),
        Some(2410),
        "it has ended: the row that is nearest to its place"
    );
    desk.press(KeyCode::Home);
    desk.rates.processes[3] = 100.0;
    desk.arrange();
    assert_eq!(
        desk.selected(),
        Some(640),
        "at home the first row is selected again"
    );
}

/// A process that took the PID of the selected one is not selected for that.
#[phase7::test(points = 1, rule = 19)]
fn the_cursor_knows_reused_pids() {
    let mut desk = Desk::new(LINUX_5_10);
    desk.press(KeyCode::Char('p'));
    desk.press(KeyCode::Down);
    let selected = desk.state.selected;
    assert_eq!(selected.map(|identity| identity.pid), Some(2), "the second row");
    desk.sample.processes[1].identity.start_ticks += 1;
    desk.press(KeyCode::Char('n'));
    assert_eq!(desk.state.cursor, 1, "the row in its place");
    assert_eq!(desk.selected(), Some(2290), "whoever that is");
}

/// What a key does, and what it leaves alone.
#[phase7::test(points = 1, rule = 20)]
fn keys_have_their_time() {
    let mut desk = Desk::new(LINUX_5_10);
    let mut release = KeyEvent::new(KeyCode::Char('q'), KeyModifiers::NONE);
    release.kind = KeyEventKind::Release;
    let action = desk.state.press(release, &desk.rows, &desk.sample.processes, 10);
    assert_eq!(action, Action::Continue, "a key that is let go");
    desk.press(KeyCode::Char('?'));
    assert_eq!(desk.state.mode, Mode::Help, "help");
    assert_eq!(
        desk.press(KeyCode::Char('q')),
        Action::Continue,
        "any key leaves it"
    );
    assert_eq!(desk.state.mode, Mode::Table, "and is used up by that");
    desk.press(KeyCode::Char(' '));
    assert!(desk.state.is_paused, "a pause");
    desk.press(KeyCode::Char(' '));
    assert!(!desk.state.is_paused, "and its end");
    desk.state.message = Some("SIGTERM sent".to_owned());
    desk.press(KeyCode::Char('x'));
    assert_eq!(desk.state.message, None, "any key ends a message");
    desk.press(KeyCode::Char('m'));
    desk.press(KeyCode::Char('m'));
    desk.press(KeyCode::Char('c'));
    assert!(
        !desk.state.order.reversed,
        "another key of the order begins in its own direction"
    );
}

/// Ctrl-C and Ctrl-Z mean the same in every mode.
#[phase7::test(points = 1, rule = 20)]
fn control_keys_always_work() {
    for way in ["", "/", "?", "k"] {
        let mut desk = Desk::new(LINUX_5_10);
        desk.type_text(way);
        let action = desk.press_with(KeyCode::Char('z'), KeyModifiers::CONTROL);
        assert_eq!(action, Action::Suspend, "Ctrl-Z after {way:?}");
        let action = desk.press_with(KeyCode::Char('c'), KeyModifiers::CONTROL);
        assert_eq!(action, Action::Quit, "Ctrl-C after {way:?}");
    }
}

/// Esc drops the filter, while it is typed and later.
#[phase7::test(points = 1, rule = 21)]
fn escape_drops_the_filter() {
    let mut desk = Desk::new(LINUX_5_10);
    desk.type_text("/rustk y");
    assert_eq!(desk.state.order.filter, "rustk y", "all of it is text");
    desk.press(KeyCode::Esc);
    assert_eq!(
        (desk.pids().len(), &desk.state.mode),
        (11, &Mode::Table),
        "while it is typed"
    );
    desk.type_text("/bash");
    desk.press(KeyCode::Enter);
    desk.type_text("/x");
    assert_eq!(desk.state.order.filter, "bashx", "typing goes on where it ended");
    desk.press(KeyCode::Backspace);
    desk.press(KeyCode::Enter);
    assert_eq!(desk.pids(), [2210], "what was kept");
    desk.press(KeyCode::Esc);
    assert_eq!(desk.pids().len(), 11, "later");
}

/// The question stays with its process; no row, no question.
#[phase7::test(points = 2, rule = 22)]
fn the_question_is_about_one_process() {
    let mut desk = Desk::new(LINUX_5_10);
    desk.press(KeyCode::Char('k'));
    desk.rates.processes[6] = 90.0;
    desk.arrange();
    assert_eq!(desk.selected(), Some(2301), "another process is on top now");
    match desk.press(KeyCode::Char('y')) {
        Action::Kill(target) => assert_eq!(target.identity.pid, 1, "the one that was asked about"),
        other => panic!("y is an answer, not {other:?}"),
    }
    for no in [
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::Char(' '),
        KeyCode::Char('k'),
    ] {
        desk.press(KeyCode::Char('k'));
        assert_eq!(desk.press(no), Action::Continue, "{no:?} is no");
        assert_eq!(desk.state.mode, Mode::Table, "{no:?} ends the question");
        assert!(!desk.state.is_paused, "{no:?} is used up by that");
    }
    desk.type_text("/nobody has this name");
    desk.press(KeyCode::Enter);
    desk.press(KeyCode::Char('k'));
    assert_eq!(desk.state.mode, Mode::Table, "there is nobody to ask about");
}
/// What the last line says, and when.
#[phase7::test(points = 2, rule = 27)]
fn the_footer_says_what_matters_most() {
    let mut desk = Desk::new(DAMAGED);
    let footer = |desk: &Desk| desk.lines(100, 24)[23].clone();
    assert_eq!(footer(&desk), "stat: idle is missing", "the first problem");
    desk.type_text(" /in");
    assert_eq!(footer(&desk), "/in_", "text that is typed");
    desk.press(KeyCode::Enter);
    assert_eq!(
        footer(&desk),
        "paused  /in  stat: idle is missing",
        "what is different from usual"
    );
    desk.state.message = Some("SIGTERM sent to 1 (init)".to_owned());
    assert_eq!(
        footer(&desk),
        "SIGTERM sent to 1 (init)",
        "what came of an action"
    );
    desk.sample.problems.clear();
    desk.press(KeyCode::Esc);
    desk.press(KeyCode::Char(' '));
    assert_eq!(
        footer(&desk),
        "? help  q quit  / filter  t tree  k kill",
        "nothing is wrong"
    );
}
