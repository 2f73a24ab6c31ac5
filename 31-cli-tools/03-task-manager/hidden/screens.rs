//! Rules 28 to 33: what is printed, to the letter.

use phase7::pty::Terminal;

use super::support::Home;

/// A store with a bit of everything.
fn household() -> Home {
    let home = Home::new();
    home.ok(&[
        "add",
        "Pay the rent",
        "-d",
        "2026-11-16 12:00",
        "-r",
        "monthly",
        "-P",
        "home.flat",
        "-p",
        "H",
    ]);
    home.ok(&["add", "Buy milk", "-d", "today", "-t", "shop", "-t", "food"]);
    home.ok(&[
        "add",
        "Water the plants before the long weekend",
        "-d",
        "fri 17:00",
        "-P",
        "home.garden",
        "-p",
        "L",
    ]);
    home.ok(&["add", "Überweisung an 山田さん schreiben", "-P", "work"]);
    home.ok(&["add", "Read"]);
    home.ok(&["done", "5"]);
    home
}

/// A line for each task that changes.
#[phase7::test(points = 1, rule = 28)]
fn each_change_has_its_line() {
    let home = household();
    insta::assert_snapshot!(home.ok(&["done", "1", "2"]), @r"
    done 1: Pay the rent
    next 6: Pay the rent (due 2026-12-16 12:00)
    done 2: Buy milk
    ");
    insta::assert_snapshot!(home.ok(&["edit", "3-4", "-p", "M"]), @r"
    edited 3: Water the plants before the long weekend (due fri 17:00)
    edited 4: Überweisung an 山田さん schreiben
    ");
    insta::assert_snapshot!(home.ok(&["remove", "-y", "3"]), @"removed 3: Water the plants before the long weekend (due fri 17:00)");
}

/// All columns, in the order of the due dates.
#[phase7::test(points = 2, rule = 29)]
fn a_full_table() {
    let home = household();
    insta::assert_snapshot!(home.ok(&["list", "status:any"]), @r"
    ID  DONE         DUE               P  PROJECT      TAGS       EVERY    TASK
     1               2026-11-16 12:00  H  home.flat               monthly  Pay the rent
     2               today                             food shop           Buy milk
     3               fri 17:00         L  home.garden                      Water the plants before the long weekend
     4                                    work                             Überweisung an 山田さん schreiben
     5  today 10:00                                                        Read

    5 tasks, 1 overdue
    ");
    insta::assert_snapshot!(home.ok(&["list", "project:work"]), @r"
    ID  PROJECT  TASK
     4  work     Überweisung an 山田さん schreiben

    1 task
    ");
    assert_eq!(
        home.ids(&["--sort", "priority"]),
        [1, 3, 2, 4],
        "what is important first"
    );
    assert_eq!(home.ids(&["--sort", "id"]), [1, 2, 3, 4], "in order of ids");
}

/// Where room is short, columns go, then letters; wide letters count twice.
#[phase7::test(points = 2, rule = 30)]
fn a_narrow_table() {
    let home = household();
    insta::assert_snapshot!(home.ok(&["list", "--width", "70"]), @r"
    ID  DUE               P  PROJECT      EVERY    TASK
     1  2026-11-16 12:00  H  home.flat    monthly  Pay the rent
     2  today                                      Buy milk
     3  fri 17:00         L  home.garden           Water the plants befor…
     4                       work                  Überweisung an 山田さ…

    4 tasks, 1 overdue
    ");
    insta::assert_snapshot!(home.ok(&["list", "--width", "30"]), @r"
    ID  DUE               P  TASK
     1  2026-11-16 12:00  H  Pay …
     2  today                Buy …
     3  fri 17:00         L  Wate…
     4                       Über…

    4 tasks, 1 overdue
    ");
    let mut terminal = Terminal::spawn_command(home.command(&["list"]), 24, 70);
    terminal.wait_for("4 tasks");
    assert!(
        terminal.screen().contains("befor…"),
        "a terminal has a width:\n{}",
        terminal.screen()
    );
    assert_eq!(terminal.wait(), 0, "the exit code");
}

/// Colours for what is late, due today, and done.
#[phase7::test(points = 2, rule = 31)]
fn colors_say_what_is_late() {
    let home = household();
    let list = |color: &str| {
        home.ok(&["list", "--color", color, "1", "2", "4", "5"])
            .replace('\x1b', "ESC")
    };
    insta::assert_snapshot!(list("always"), @r"
    ESC[4mID  DONE         DUE               P  PROJECT    TAGS       EVERY    TASKESC[0m
    ESC[31m 1               2026-11-16 12:00  H  home.flat             monthly  Pay the rentESC[0m
    ESC[33m 2               today                           food shop           Buy milkESC[0m
     4                                    work                           Überweisung an 山田さん schreiben
    ESC[2m 5  today 10:00                                                      ReadESC[0m

    4 tasks, 1 overdue
    ");
    assert!(!list("auto").contains("ESC"), "a pipe has no colours");
    let colored = |no_color: Option<&str>| {
        let mut command = home.command(&["list"]);
        if let Some(value) = no_color {
            command.env("NO_COLOR", value);
        }
        let mut terminal = Terminal::spawn_command(command, 24, 80);
        terminal.wait_for("4 tasks");
        terminal.wait();
        String::from_utf8_lossy(&terminal.bytes()).contains("\x1b[31m")
    };
    assert!(colored(None) && colored(Some("")), "a terminal has colours");
    assert!(!colored(Some("1")), "unless NO_COLOR is set");
}

/// Fields for scripts.
#[phase7::test(points = 1, rule = 32)]
fn tabs_for_scripts() {
    let home = household();
    insta::assert_snapshot!(home.ok(&["list", "--format", "tsv", "--width", "20", "status:any"]).replace('\t', "|"), @r"
    1|pending|2026-11-16T11:00:00Z|H|home.flat||monthly|Pay the rent
    2|pending|2026-11-20T22:59:59Z|||food,shop||Buy milk
    3|pending|2026-11-27T16:00:00Z|L|home.garden|||Water the plants before the long weekend
    4|pending|||work|||Überweisung an 山田さん schreiben
    5|completed||||||Read
    ");
    let json = home.ok(&["list", "--format", "json", "2"]);
    assert_eq!(json, home.ok(&["export", "2"]), "JSON is that of an export");
    assert_eq!(
        home.run(&["list", "--format=json", "xyz"])
            .expect_code(1)
            .stdout(),
        "[]\n",
        "no task"
    );
    assert_eq!(
        home.run(&["list", "--format=tsv", "xyz"]).expect_code(1).stdout(),
        "",
        "no line"
    );
}

/// What there is to do in each project.
#[phase7::test(points = 1, rule = 33)]
fn projects_are_counted() {
    let home = household();
    home.ok(&["done", "1"]);
    home.ok(&["add", "Weed", "-P", "home.garden", "-d", "yesterday"]);
    insta::assert_snapshot!(home.ok(&["projects"]), @r"
    PROJECT      PENDING  OVERDUE  DONE
    home.flat          1        0     1
    home.garden        2        1     0
    work               1        0     0
    ");
}
