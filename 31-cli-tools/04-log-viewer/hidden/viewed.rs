//! Rules 25 to 31: the viewer.

use std::fs::OpenOptions;
use std::io::Write;
use std::process::Command;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use log_viewer::tui::keys::{Command as Do, Direction, Keys};
use phase7::Scratch;
use phase7::process::Signal;
use phase7::pty::Terminal;

use super::support::{PROGRAM, press, screen, selected, viewer};

/// So many records, one a second.
fn lines(count: usize) -> String {
    let line = |number: usize| {
        let (minute, second) = (number / 60, number % 60);
        format!("2026-11-20 20:{minute:02}:{second:02} INFO line {number}\n")
    };
    (0..count).map(line).collect()
}

/// The last word of the selected row.
fn at(app: &mut log_viewer::tui::app::App) -> String {
    selected(app)
        .split(' ')
        .next_back()
        .unwrap_or_default()
        .to_owned()
}

/// A line is edited at its cursor, character by character.
#[phase7::test(points = 2, rule = 26)]
fn a_line_is_edited() {
    let mut keys = Keys::default();
    let mut press = |code, modifiers| keys.press(KeyEvent::new(code, modifiers));
    let plain = KeyModifiers::NONE;
    press(KeyCode::Char('?'), plain);
    for key in "aé 日b".chars() {
        press(KeyCode::Char(key), plain);
    }
    for code in [
        KeyCode::Left,
        KeyCode::Left,
        KeyCode::Delete,
        KeyCode::Char('x'),
        KeyCode::Home,
        KeyCode::Right,
    ] {
        press(code, plain);
    }
    press(KeyCode::Backspace, plain);
    press(KeyCode::End, plain);
    let command = press(KeyCode::Enter, plain);
    assert_eq!(
        command,
        Some(Do::Search("é xb".to_owned(), Direction::Backward)),
        "what is left"
    );
    press(KeyCode::Char('f'), plain);
    for key in "a=1 and  b".chars() {
        press(KeyCode::Char(key), plain);
    }
    press(KeyCode::Char('w'), KeyModifiers::CONTROL);
    press(KeyCode::Char('w'), KeyModifiers::CONTROL);
    assert_eq!(
        press(KeyCode::Enter, plain),
        Some(Do::Filter("a=1 ".to_owned())),
        "two words are gone"
    );
    press(KeyCode::Char('f'), plain);
    press(KeyCode::Char('u'), KeyModifiers::CONTROL);
    assert_eq!(
        press(KeyCode::Enter, plain),
        Some(Do::Filter(String::new())),
        "the last filter was there, and is gone"
    );
}

/// A key counts when it goes down, and Esc and Ctrl-C always get away.
#[phase7::test(points = 1, rule = 26)]
fn keys_get_away() {
    let mut keys = Keys::default();
    let release = KeyEvent::new_with_kind(KeyCode::Char('j'), KeyModifiers::NONE, KeyEventKind::Release);
    assert_eq!(keys.press(release), None, "a release");
    let mut press = |code, modifiers| keys.press(KeyEvent::new(code, modifiers));
    let plain = KeyModifiers::NONE;
    let table = [
        (KeyCode::Down, Do::Move(1)),
        (KeyCode::Char('k'), Do::Move(-1)),
        (KeyCode::PageDown, Do::HalfPages(2)),
        (KeyCode::Char('u'), Do::HalfPages(-1)),
        (KeyCode::Home, Do::Top),
        (KeyCode::Char('N'), Do::Again(Direction::Backward)),
        (KeyCode::Char('m'), Do::Mark),
        (KeyCode::Char('['), Do::GoToMark(Direction::Backward)),
        (KeyCode::Char('h'), Do::Histogram),
        (KeyCode::Enter, Do::Details),
        (KeyCode::Right, Do::Shift(16)),
        (KeyCode::Char('q'), Do::Quit),
    ];
    for (code, command) in table {
        assert_eq!(press(code, plain), Some(command), "{code:?}");
    }
    press(KeyCode::Char('t'), plain);
    assert_eq!(press(KeyCode::Char('q'), plain), None, "q is typed");
    assert_eq!(press(KeyCode::Esc, plain), None, "the line is gone");
    assert_eq!(press(KeyCode::Char('j'), plain), Some(Do::Move(1)), "and j moves");
    press(KeyCode::Char('/'), plain);
    assert_eq!(
        press(KeyCode::Char('c'), KeyModifiers::CONTROL),
        Some(Do::Quit),
        "Ctrl-C"
    );
}

/// What a log holds cannot reach the terminal, and a small window is no reason to panic.
#[phase7::test(points = 2, rule = 27)]
fn nothing_of_a_log_moves_the_cursor() {
    let files = Scratch::new();
    let long = format!("2026-11-20 20:00:01 WARN 日本語 {}\n", "x".repeat(3000));
    let text = format!("2026-11-20 20:00:00 \x1b[31mred\ttab\x07\n  more\n{long}");
    let path = files.write("a.log", text);
    let mut app = viewer(&[&path]);
    insta::assert_snapshot!(screen(&mut app, 60, 7), @r"
     log-viewer  a.log
     20:00:00        ·[31mred tab· +1
     20:00:01 warn   WARN 日本語 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx


     2 records                                  F1 help  q quit
    ");
    press(&mut app, "\n");
    for (columns, rows) in [(20, 5), (3, 3), (1, 1), (500, 60)] {
        let text = screen(&mut app, columns, rows);
        assert_eq!(text.split('\n').count(), usize::from(rows), "{columns} by {rows}");
        press(&mut app, "\n");
    }
}

/// Several files are one list, and each row says whose it is.
#[phase7::test(points = 2, rule = 27)]
fn files_are_one_list() {
    let files = Scratch::new();
    let one = files.write("one", "2026-11-20 20:00:00 INFO a\n2026-11-20 20:00:02 INFO c\n");
    let two = files.write(
        "two.log",
        "2026-11-20 20:00:01 INFO b\n2026-11-20 20:00:03 INFO d\n",
    );
    let mut app = viewer(&[&one, &two]);
    press(&mut app, "jm");
    insta::assert_snapshot!(screen(&mut app, 50, 8), @r"
     log-viewer  one, two.log
     one     20:00:00 info   INFO a
    *two.log 20:00:01 info   INFO b
     one     20:00:02 info   INFO c
     two.log 20:00:03 info   INFO d

     4 records                        F1 help  q quit
    ");
}

/// A filter that is none stays to be mended, with the cursor where it went wrong.
#[phase7::test(points = 2, rule = 28)]
fn a_wrong_filter_stays_to_be_mended() {
    let files = Scratch::new();
    let path = files.write(
        "a.log",
        "2026-11-20 20:00:00 INFO a\n2026-11-20 20:00:01 WARN b\n",
    );
    let mut app = viewer(&[&path]);
    press(&mut app, "flevel>=loud\n");
    let text = screen(&mut app, 100, 8);
    let last = text.lines().next_back().unwrap_or_default();
    assert!(
        last.starts_with("filter: level>=loud  column 8: no level: loud"),
        "{last}"
    );
    assert!(text.contains("2 records"), "all are shown as before:\n{text}");
    press(&mut app, "warn or level=");
    press(&mut app, "\n");
    let text = screen(&mut app, 60, 8);
    assert!(
        text.contains("level>=warn or level=loud"),
        "what is typed stands before the word:\n{text}"
    );
    press(&mut app, "\x1bf");
    for _ in "level>=warn or level=loud".chars() {
        press(&mut app, "\x08");
    }
    press(&mut app, "level=warn\n");
    let text = screen(&mut app, 60, 8);
    assert!(
        text.contains("1 of 2 records") && !text.contains("INFO a"),
        "mended:\n{text}"
    );
    press(&mut app, "f");
    for _ in 0..10 {
        press(&mut app, "\x08");
    }
    press(&mut app, "\n");
    let text = screen(&mut app, 60, 8);
    assert!(text.contains(" 2 records"), "an empty filter is none:\n{text}");
}

/// Searches go either way, from the selected record, within the filter.
#[phase7::test(points = 2, rule = 29)]
fn searches_go_either_way() {
    let files = Scratch::new();
    let path = files.write("a.log", lines(3000));
    let mut app = viewer(&[&path]);
    press(&mut app, "/line .*77$\n");
    assert_eq!(at(&mut app), "77", "the first");
    press(&mut app, "nn");
    assert_eq!(at(&mut app), "277", "and on");
    press(&mut app, "N");
    assert_eq!(at(&mut app), "177", "and back");
    press(&mut app, "?line 5$\n");
    assert_eq!(at(&mut app), "5", "backwards");
    press(&mut app, "n");
    assert_eq!(at(&mut app), "5", "there is no other: it stays");
    assert!(screen(&mut app, 80, 12).contains("not found"), "and says so");
    press(&mut app, "f~\"line .*9$\"\n/line 2...$\n");
    assert_eq!(at(&mut app), "2009", "only what fulfils the filter");
}

/// Bookmarks and times are places to go to.
#[phase7::test(points = 2, rule = 29)]
fn bookmarks_and_times_are_places() {
    let files = Scratch::new();
    let path = files.write("a.log", lines(3000));
    let mut app = viewer(&[&path]);
    press(&mut app, "t2026-11-20T20:30\n");
    assert_eq!(at(&mut app), "1800", "the time");
    press(&mut app, "mG");
    assert_eq!(at(&mut app), "2999", "the end");
    press(&mut app, "mgm");
    assert_eq!(at(&mut app), "0", "the start");
    press(&mut app, "]");
    assert_eq!(at(&mut app), "1800", "the next bookmark");
    press(&mut app, "][");
    assert_eq!(at(&mut app), "1800", "there and back, whichever was set first");
    press(&mut app, "m]");
    assert_eq!(
        at(&mut app),
        "2999",
        "it was taken away, and the one behind it was not"
    );
    press(&mut app, "[");
    assert_eq!(at(&mut app), "0", "the one before");
    press(&mut app, "t-1h\nt2027-01-01\n");
    assert_eq!(at(&mut app), "2999", "later than all: the last");
}

/// Moving by records and by windows, there and back.
#[phase7::test(points = 2, rule = 26)]
fn the_way_back_is_the_way_there() {
    let files = Scratch::new();
    let one = files.write("one", lines(3000));
    let two = files.write("two", lines(3000));
    let mut app = viewer(&[&one, &two]);
    press(&mut app, "jjj");
    assert_eq!(
        selected(&mut app),
        " two 2026-11-20 20:00:01.000 info   INFO line 1",
        "three down"
    );
    let window = 9;
    for _ in 0..40 {
        press(&mut app, " ");
    }
    let there = selected(&mut app);
    assert!(
        there.ends_with(&format!("line {}", (3 + 40 * (window - 1) + 39) / 2)) || there.contains("line 1"),
        "{there}"
    );
    for _ in 0..40 {
        press(&mut app, "b");
    }
    press(&mut app, "bk");
    assert_eq!(at(&mut app), "0", "at the start again");
    press(&mut app, "Gk");
    assert!(
        selected(&mut app).starts_with(" one"),
        "the last but one is the other file's"
    );
    assert_eq!(at(&mut app), "2999", "of the same time");
}

/// What comes is shown, and a file that was rotated away stays.
#[phase7::test(points = 2, rule = 31)]
fn the_viewer_follows() {
    let files = Scratch::new();
    let path = files.write("a.log", lines(20));
    let mut app = viewer(&[&path]);
    press(&mut app, "G");
    let mut file = OpenOptions::new()
        .append(true)
        .open(&path)
        .expect("the file is there");
    file.write_all(b"2026-11-20 20:10:00 INFO line late\n")
        .expect("it can be written");
    app.catch_up();
    assert_eq!(at(&mut app), "late", "what came");
    std::fs::rename(&path, files.join("a.log.1")).expect("it can be renamed");
    files.write("a.log", "no time\n2026-11-20 20:10:01 INFO line new\n");
    app.catch_up();
    app.catch_up();
    assert_eq!(at(&mut app), "new", "the new file");
    press(&mut app, "kk");
    assert_eq!(
        at(&mut app),
        "late",
        "before it, what has no time, and the old one"
    );
    file.set_len(0).expect("it can be truncated");
    let truncated = OpenOptions::new()
        .write(true)
        .truncate(true)
        .open(&path)
        .expect("the file is there");
    app.catch_up();
    drop(truncated);
    files.write("a.log", "2026-11-20 20:10:02 INFO line x\n");
    app.catch_up();
    app.catch_up();
    press(&mut app, "G");
    assert_eq!(at(&mut app), "x", "what came behind the truncation");
    assert!(
        !screen(&mut app, 80, 12).contains("line new"),
        "what is gone is not shown"
    );
}

/// The first screen does not wait for the rest of the file.
#[phase7::test(points = 3, rule = 25)]
fn the_first_screen_comes_at_once() {
    let files = Scratch::new();
    let path = files.write("large.log", lines(100));
    let file = OpenOptions::new()
        .append(true)
        .open(&path)
        .expect("the file is there");
    file.set_len(3 << 30).expect("a hole takes no room");
    let path = path.to_str().expect("a path of letters");
    // Eight times three gigabytes: more than anybody reads before the deadline.
    let arguments = [&["--zone", "UTC"], &[path; 8][..]].concat();
    let mut terminal = Terminal::spawn(PROGRAM, &arguments, 20, 80);
    terminal.wait_for("line 0");
    terminal.wait_for("so far");
    terminal.type_keys("jjm");
    terminal.wait_for("*20");
    terminal.type_keys("q");
    assert_eq!(terminal.wait(), 0, "it ends at once, too");
}

/// A compressed file and a pipe can be read backwards.
#[phase7::test(points = 2, rule = 18)]
fn a_compressed_file_is_viewed_at_any_place() {
    let files = Scratch::new();
    let path = files.write(
        "a",
        zstd::encode_all(lines(3000).as_bytes(), 1).expect("memory takes it"),
    );
    let path = path.to_str().expect("a path of letters");
    let mut terminal = Terminal::spawn(PROGRAM, &["--zone", "UTC", path], 12, 80);
    terminal.wait_for("3000 records");
    terminal.type_keys("G");
    terminal.wait_for("line 2999");
    terminal.type_keys("g");
    terminal.wait_for("line 0");
    terminal.type_keys("q");
    assert_eq!(terminal.wait(), 0, "the exit code");
    let mut terminal = Terminal::spawn(PROGRAM, &["--spill-max", "10000", path], 12, 120);
    terminal.wait_for("longer than 10000 bytes");
    terminal.type_keys("q");
    terminal.wait();
}

/// A signal gives the terminal back, and a small window is drawn.
#[phase7::test(points = 2, rule = 30)]
fn a_signal_gives_the_terminal_back() {
    let files = Scratch::new();
    let path = files.write("a.log", lines(50));
    let mut command = Command::new(PROGRAM);
    command
        .args(["--zone", "UTC"])
        .arg(path)
        .env("TERM", "xterm-256color");
    let mut terminal = Terminal::spawn_command(command, 24, 80);
    terminal.wait_for("line 9");
    terminal.resize(5, 20);
    phase7::wait::until("a small window", phase7::wait::DEADLINE, || {
        let screen = terminal.screen();
        screen.contains("50 records") && screen.lines().count() <= 5
    });
    terminal.signal(Signal::SIGTERM);
    assert_eq!(terminal.wait(), 143, "the exit code");
    assert!(!terminal.is_on_alternate_screen(), "the screen before is back");
    let bytes = terminal.bytes();
    let shows_cursor = bytes.windows(6).any(|bytes| bytes == b"\x1b[?25h");
    assert!(shows_cursor, "and the cursor");
}
