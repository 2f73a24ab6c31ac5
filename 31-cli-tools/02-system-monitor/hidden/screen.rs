//! Rules 23 to 26: screens of all sizes and contents.

use crossterm::event::KeyCode;
use ratatui::style::{Color, Modifier};
use system_monitor::rates::{CpuRates, Rates};
use system_monitor::sample::Sample;

use super::support::{CONTAINER, Desk, LINUX_3_10, LINUX_5_10};
use super::{DAMAGED, LINUX_6_6};

/// How the lines of an 80-column screen begin, up to the heading of the table.
fn sections(desk: &Desk, lines: u16) -> Vec<String> {
    let lines = desk.lines(80, lines);
    let heading = lines.iter().position(|line| line.trim_start().starts_with("PID"));
    let heading = heading.expect("there is a heading");
    let name = |line: &String| line.trim_start().chars().take(3).collect();
    lines[..heading].iter().map(name).collect()
}

/// From nine lines on everything has its place; with fewer, what matters less goes.
#[phase7::test(points = 2, rule = 23)]
fn sections_give_way_to_the_table() {
    let desk = Desk::new(LINUX_5_10);
    assert_eq!(sections(&desk, 9), ["loa", "0[ ", "mem", "dis", "net"], "9 lines");
    assert_eq!(sections(&desk, 8), ["loa", "0[ ", "mem", "dis"], "8 lines");
    assert_eq!(sections(&desk, 7), ["loa", "0[ ", "mem"], "7 lines");
    assert_eq!(sections(&desk, 6), ["0[ ", "mem"], "6 lines");
    assert_eq!(sections(&desk, 5), ["cpu"], "5 lines");
    assert_eq!(sections(&desk, 4), [""; 0], "4 lines");
}

/// Many cores take half of what there is, or one line.
#[phase7::test(points = 1, rule = 23)]
fn many_cores_have_one_meter() {
    let mut desk = Desk::new(LINUX_5_10);
    desk.rates.cpu = Some(CpuRates {
        percent: 25.0,
        cores: (0..64).map(|number| (number, 50.0)).collect(),
    });
    assert_eq!(sections(&desk, 36)[1], "0[|", "16 lines of 32");
    let lines = desk.lines(80, 35);
    let expected = format!("cpu[{}{}25.0%]", "|".repeat(19), " ".repeat(51));
    assert_eq!(lines[1], expected, "16 lines of 31 are too many");
    let memory = &desk.lines(80, 35)[2];
    assert_eq!(memory.chars().count(), 80, "two meters and a blank: {memory:?}");
}

/// The order in which columns go.
#[phase7::test(points = 2, rule = 24)]
fn columns_give_way_to_the_command() {
    let desk = Desk::new(LINUX_5_10);
    let heading = |columns: u16| -> String {
        let lines = desk.lines(columns, 6);
        let words: Vec<&str> = lines[2].split_whitespace().collect();
        words.join(" ")
    };
    assert_eq!(heading(57), "PID USER S CPU%▼ MEM% RES THR COMMAND", "57 columns");
    assert_eq!(heading(56), "PID USER S CPU%▼ MEM% RES COMMAND", "56 columns");
    assert_eq!(heading(51), "PID S CPU%▼ MEM% RES COMMAND", "51 columns");
    assert_eq!(heading(42), "PID S CPU%▼ MEM% COMMAND", "42 columns");
    assert_eq!(heading(37), "PID S CPU%▼ COMMAND", "37 columns");
    assert_eq!(heading(31), "PID CPU%▼ COMMAND", "31 columns");
    assert_eq!(heading(20), "PID CPU%▼ COMMAN", "20 columns");
}

/// The mark stands at the column that sorts, and shows which way.
#[phase7::test(points = 1, rule = 24)]
fn the_heading_marks_the_order() {
    let mut desk = Desk::new(LINUX_5_10);
    let mut heading = |keys: &str| {
        desk.type_text(keys);
        desk.lines(80, 5)[1].trim_end().to_owned()
    };
    assert_eq!(
        heading("m"),
        "    PID USER     S  CPU% MEM%▼  RES  THR COMMAND",
        "the largest first"
    );
    assert_eq!(
        heading("m"),
        "    PID USER     S  CPU% MEM%▲  RES  THR COMMAND",
        "the largest last"
    );
    assert_eq!(
        heading("p"),
        "   PID▲ USER     S  CPU%  MEM%  RES  THR COMMAND",
        "the smallest first"
    );
    assert_eq!(
        heading("n"),
        "    PID USER     S  CPU%  MEM%  RES  THR COMMAND▲",
        "names from A"
    );
}

/// Pages, and on them the row that is selected.
#[phase7::test(points = 2, rule = 25)]
fn the_page_with_the_cursor_is_shown() {
    let mut desk = Desk::new(LINUX_5_10);
    desk.press(KeyCode::Char('p'));
    for _ in 0..4 {
        desk.press(KeyCode::Down);
    }
    // Five sections, a heading, three rows, a footer.
    let lines = desk.lines(80, 10);
    let reversed = |desk: &Desk, lines: u16| -> Vec<u16> {
        let terminal = desk.drawn(80, lines);
        let buffer = terminal.backend().buffer();
        (0..lines)
            .filter(|&y| (0..80).all(|x| buffer[(x, y)].modifier.contains(Modifier::REVERSED)))
            .collect()
    };
    let rows: Vec<&str> = lines.iter().filter_map(|line| line.get(2..7)).collect();
    assert!(
        rows.contains(&" 2210") && rows.contains(&"  640") && !rows.contains(&"    1"),
        "rows four to six of eleven: {lines:#?}"
    );
    assert_eq!(reversed(&desk, 10), [7], "the second row of the second page");
    desk.press(KeyCode::Home);
    assert_eq!(reversed(&desk, 10), [6], "the first row of the first page");
}

/// All sizes, all trees, all modes.
#[phase7::test(points = 2, rule = 26, timeout_s = 20)]
fn no_size_makes_a_panic() {
    let mut drawn = 0;
    for tree in [LINUX_3_10, LINUX_5_10, LINUX_6_6, CONTAINER, DAMAGED] {
        for keys in ["", "t", "/e", "?", "k", " "] {
            let mut desk = Desk::new(tree);
            desk.type_text(keys);
            desk.press(KeyCode::Down);
            desk.type_text(keys);
            for columns in [1, 2, 3, 5, 13, 19, 20, 21, 39, 80, 300] {
                for lines in [1, 2, 3, 4, 5, 6, 8, 24, 100] {
                    desk.drawn(columns, lines);
                    drawn += 1;
                }
            }
        }
    }
    let empty = Desk::with(Sample::default(), Rates::default());
    assert_eq!(empty.lines(80, 24).len(), 24, "nothing at all");
    assert_eq!(drawn, 5 * 6 * 99, "screens");
}

/// Texts that others chose: wide letters, escape sequences, names without end.
#[phase7::test(points = 1, rule = 26)]
fn no_name_spoils_the_screen() {
    let mut desk = Desk::new(LINUX_6_6);
    assert!(
        desk.lines(80, 24).iter().any(|line| line.contains("日")),
        "wide letters are shown"
    );
    let first = &mut desk.sample.processes[0];
    first.details = None;
    first.name = "x".repeat(5000).into();
    let lines = desk.lines(40, 12);
    let row = lines.iter().find(|line| line.contains("xxxx")).expect("the row");
    assert_eq!(row.chars().count(), 40, "it ends where the screen does");
    let three = Desk::new(LINUX_3_10);
    assert!(
        three
            .lines(80, 24)
            .iter()
            .any(|line| line.ends_with("./a two words")),
        "a name with a line feed has a row of its own: {:#?}",
        three.lines(80, 24)
    );
    let colored = desk.drawn(80, 24);
    let cells = colored.backend().buffer().content();
    assert!(
        cells.iter().any(|cell| cell.fg != Color::Reset),
        "there are colours where they are wanted"
    );
}
