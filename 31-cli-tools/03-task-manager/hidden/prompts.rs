//! Rules 37 and 38: questions at a terminal.

use phase7::pty::Terminal;

use super::support::Home;

impl Home {
    /// The program on a terminal of its own.
    fn terminal(&self, arguments: &[&str]) -> Terminal {
        Terminal::spawn_command(self.command(arguments), 24, 80)
    }
}

/// A task from answers alone; an answer that is none is asked for again.
#[phase7::test(points = 2, rule = 37)]
fn a_task_is_asked_for() {
    let home = Home::new();
    let mut terminal = home.terminal(&["add"]);
    terminal.wait_for("Task:");
    terminal.type_keys("Buy milk\r");
    terminal.wait_for("Due (empty: never):");
    terminal.type_keys("frid\r");
    terminal.wait_for("cannot read the date");
    terminal.type_keys("\x7f\x7f\x7f\x7ffri 17:00\r");
    terminal.wait_for("Priority");
    terminal.wait_for("M");
    terminal.type_keys("\x1b[B\r");
    terminal.wait_for("Project (empty: none):");
    terminal.type_keys("home\r");
    terminal.wait_for("More tags (empty: none):");
    terminal.type_keys("shop food\r");
    terminal.wait_for("added 1: Buy milk (due fri 17:00)");
    assert_eq!(terminal.wait(), 0, "the exit code");
    let task = &home.exported(&[])[0];
    assert_eq!(
        (&task["priority"], &task["project"]),
        (&"H".into(), &"home".into()),
        "priority and project"
    );
    assert_eq!(task["tags"], serde_json::json!(["food", "shop"]), "tags");
}

/// Enter alone leaves everything as it is.
#[phase7::test(points = 2, rule = 37)]
fn an_edit_shows_what_there_is() {
    let home = Home::new();
    home.ok(&[
        "add",
        "Buy milk",
        "-d",
        "fri 17:00",
        "-p",
        "M",
        "-P",
        "home",
        "-t",
        "shop",
    ]);
    let before = home.exported(&[]);
    let mut terminal = home.terminal(&["edit", "1"]);
    terminal.wait_for("Task: Buy milk");
    terminal.type_keys(" and bread\r");
    terminal.wait_for("Due (empty: never): fri 17:00");
    terminal.type_keys("\r");
    terminal.wait_for("> M");
    terminal.type_keys("\r");
    terminal.wait_for("Project (empty: none): home");
    terminal.type_keys("\r");
    terminal.wait_for("More tags (empty: none):");
    terminal.type_keys("\r");
    terminal.wait_for("edited 1: Buy milk and bread (due fri 17:00)");
    assert_eq!(terminal.wait(), 0, "the exit code");
    let mut after = home.exported(&[]);
    after[0]["description"] = "Buy milk".into();
    assert_eq!(after, before, "everything else");
}

/// Tasks are chosen from a list; consent is not taken for granted.
#[phase7::test(points = 2, rule = 37)]
fn tasks_are_chosen_from_a_list() {
    let home = Home::new();
    for text in ["one", "two", "three"] {
        home.ok(&["add", text]);
    }
    let mut terminal = home.terminal(&["done"]);
    terminal.wait_for("3 three");
    terminal.type_keys(" \x1b[B\x1b[B \r");
    terminal.wait_for("done 3: three");
    assert_eq!(terminal.wait(), 0, "the exit code");
    assert_eq!(home.ids(&[]), [2], "what is left");

    let mut terminal = home.terminal(&["remove", "status:any"]);
    terminal.wait_for("Remove 3 tasks?");
    terminal.type_keys("\r");
    terminal.wait_for("nothing is removed");
    assert_eq!(terminal.wait(), 1, "the exit code");
    assert_eq!(home.ids(&["status:any"]).len(), 3, "enter means no");
}

/// Ctrl-C at a question ends the program, and nothing is written. Nobody waits for the lock meanwhile.
#[phase7::test(points = 1, rule = 37)]
fn an_interrupted_question_changes_nothing() {
    let home = Home::new();
    home.ok(&["add", "a"]);
    let before = std::fs::read(home.log()).expect("the log is there");
    let mut terminal = home.terminal(&["remove", "1"]);
    terminal.wait_for("Remove 1: a?");
    home.ok(&["add", "b"]);
    home.ok(&["undo"]);
    terminal.type_keys("\x03");
    assert_eq!(terminal.wait(), 130, "as a shell sees it");
    let bytes = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    assert!(
        bytes.rfind("\x1b[?25h") >= bytes.rfind("\x1b[?25l"),
        "the cursor is back: {bytes:?}"
    );
    let after = std::fs::read(home.log()).expect("the log is there");
    assert!(after.starts_with(&before), "what was there is there");
    assert_eq!(home.ids(&[]), [1], "the task");
}

/// Each command says what it lacks.
#[phase7::test(points = 1, rule = 38)]
fn what_is_missing_is_named() {
    let home = Home::new();
    home.ok(&["add", "a"]);
    assert_eq!(
        home.error(2, &["done"]),
        "done: ids or a filter are missing",
        "done"
    );
    assert_eq!(
        home.error(2, &["remove", "--yes"]),
        "remove: ids or a filter are missing",
        "remove"
    );
    assert_eq!(
        home.error(2, &["edit", "--due", "eom"]),
        "edit: ids or a filter are missing",
        "edit, which"
    );
    assert_eq!(
        home.error(2, &["edit", "1"]),
        "edit: nothing to change is given",
        "edit, what"
    );
    assert_eq!(home.ids(&[]), [1], "nothing changed");
}
