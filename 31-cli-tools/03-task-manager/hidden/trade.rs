//! Rules 34 to 36: import and export.

use phase7::pty::Terminal;

use super::support::Home;

impl Home {
    /// What an import of this text prints.
    #[track_caller]
    fn imports(&self, text: &str) -> String {
        self.program(&["import", "-"])
            .stdin(text)
            .run()
            .expect_code(0)
            .stdout()
    }

    /// What an import of this text is refused with.
    #[track_caller]
    fn refuses(&self, text: &str) -> String {
        let output = self.program(&["import"]).stdin(text).run().expect_code(2);
        assert_eq!(output.stdout(), "", "standard output");
        output.stderr()
    }
}

/// What Taskwarrior prints, this program reads.
#[phase7::test(points = 2, rule = 34)]
fn taskwarriors_export_is_read() {
    let home = Home::new();
    let text = r#"[
{"id":1,"description":"Wash","due":"20261124T230000Z","entry":"20261119T213000Z","modified":"20261119T213000Z","priority":"M","project":"home","status":"pending","tags":["water"],"uuid":"7d2a9c3e-0000-4000-8000-000000000001","urgency":9.1},
{"id":0,"description":"Iron","end":"20261119T220000Z","entry":"20261119T213000Z","status":"completed","uuid":"7d2a9c3e-0000-4000-8000-000000000002"},
{"id":2,"description":"Fold","entry":"20261119T213000Z","status":"waiting","wait":"20261224T000000Z","until":"20270101T000000Z","uuid":"7d2a9c3e-0000-4000-8000-000000000003"},
{"id":0,"description":"Gone","entry":"20261119T213000Z","status":"deleted","uuid":"7d2a9c3e-0000-4000-8000-000000000004"},
{"id":3,"description":"Rent","due":"20261130T230000Z","entry":"20261119T213000Z","mask":"-","recur":"monthly","status":"recurring","uuid":"7d2a9c3e-0000-4000-8000-000000000005"},
{"id":4,"description":"Rent","due":"20261130T230000Z","entry":"20261119T213000Z","imask":0,"parent":"7d2a9c3e-0000-4000-8000-000000000005","recur":"P1M","status":"pending","uuid":"7d2a9c3e-0000-4000-8000-000000000006"}
]"#;
    assert_eq!(
        home.imports(text),
        "imported 4 tasks: 4 new, 0 updated, 2 left out\n",
        "what it counts"
    );
    insta::assert_snapshot!(home.ok(&["export"]), @r#"
    [
    {"id":1,"uuid":"7d2a9c3e-0000-4000-8000-000000000001","description":"Wash","status":"pending","entry":"2026-11-19T21:30:00Z","modified":"2026-11-19T21:30:00Z","due":"2026-11-24T23:00:00Z","project":"home","tags":["water"],"priority":"M"},
    {"id":2,"uuid":"7d2a9c3e-0000-4000-8000-000000000002","description":"Iron","status":"completed","entry":"2026-11-19T21:30:00Z","modified":"2026-11-19T21:30:00Z","end":"2026-11-19T22:00:00Z"},
    {"id":3,"uuid":"7d2a9c3e-0000-4000-8000-000000000003","description":"Fold","status":"pending","entry":"2026-11-19T21:30:00Z","modified":"2026-11-19T21:30:00Z"},
    {"id":4,"uuid":"7d2a9c3e-0000-4000-8000-000000000006","description":"Rent","status":"pending","entry":"2026-11-19T21:30:00Z","modified":"2026-11-19T21:30:00Z","due":"2026-11-30T23:00:00Z","recur":"monthly","anchor":"2026-12-01T00:00:00"}
    ]
    "#);
}

/// A task that is known is replaced and keeps its id.
#[phase7::test(points = 1, rule = 34)]
fn a_known_task_is_replaced() {
    let home = Home::new();
    home.ok(&["add", "a"]);
    home.ok(&["add", "b"]);
    let mut task = home.exported(&["2"]).remove(0);
    task["description"] = "changed".into();
    task["id"] = 99.into();
    task["tags"] = serde_json::json!(["y", "x", "y"]);
    let text = format!("{task}\n{{\"description\":\"new\",\"status\":\"completed\"}}\n");
    assert_eq!(
        home.imports(&text),
        "imported 2 tasks: 1 new, 1 updated, 0 left out\n",
        "objects without an array"
    );
    let tasks = home.exported(&[]);
    assert_eq!(
        (&tasks[1]["id"], &tasks[1]["description"]),
        (&2.into(), &"changed".into()),
        "the known one"
    );
    assert_eq!(
        tasks[1]["tags"],
        serde_json::json!(["x", "y"]),
        "tags are sorted, each once"
    );
    assert_eq!(
        tasks[2]["end"], "2026-11-20T09:00:00Z",
        "a completed task has an end"
    );
    assert_eq!(
        home.imports("[]"),
        "imported 0 tasks: 0 new, 0 updated, 0 left out\n",
        "nothing"
    );
    assert_eq!(
        home.ok(&["undo"]).lines().next(),
        Some("undid import"),
        "an empty import is not worth an undo"
    );
}

/// Each wrong task is named, and none is imported.
#[phase7::test(points = 2, rule = 35)]
fn a_wrong_task_stops_the_import() {
    let home = Home::new();
    let error = home.refuses(
        r#"[{"description":"good"},{"description":""},{"description":"x","due":"soon"},{"description":"x","recur":"daily"},
        {"description":"x","tags":["a b"]},{"due":"20261124T230000Z"},{"description":"a\u001b[2Jb"},7]"#,
    );
    let lines: Vec<&str> = error.lines().collect();
    let expected = [
        "task 2: the description is empty",
        "task 3: ",
        "task 4: a task that recurs needs a due date",
        "task 5: cannot use \"a b\" as a name",
        "task 6: ",
        "task 7: the description has a control character",
        "task 8: ",
    ];
    assert_eq!(lines.len(), expected.len(), "a line for each: {error}");
    for (line, expected) in lines.iter().zip(expected) {
        assert!(
            line.starts_with(&format!("task-manager: standard input: {expected}")),
            "{line}"
        );
    }
    let twice = r#"[{"description":"a","uuid":"7d2a9c3e-0000-4000-8000-000000000001"},{"description":"b","uuid":"7d2a9c3e-0000-4000-8000-000000000001"}]"#;
    assert_eq!(
        home.refuses(twice),
        "task-manager: standard input: task 2: its UUID stands there twice\n",
        "a UUID"
    );
    assert!(
        home.refuses("[{\"description\":\"a\"}")
            .starts_with("task-manager: standard input: "),
        "JSON that is cut"
    );
    let many = "{}".repeat(50);
    assert_eq!(
        home.refuses(&many).lines().last(),
        Some("task-manager: standard input: and 30 more"),
        "not all of fifty"
    );
    assert_eq!(
        home.error(2, &["import", "gone.json"]),
        "gone.json: No such file or directory",
        "no file"
    );
    assert_eq!(home.exported_count(), 0, "nothing was imported");
}

impl Home {
    fn exported_count(&self) -> usize {
        self.store().read().expect("no damage").tasks.len()
    }
}

/// A bar where somebody looks on, and not a byte where nobody does.
#[phase7::test(points = 2, rule = 36)]
fn a_terminal_sees_the_progress() {
    let home = Home::new();
    let objects = "{\"description\":\"x\"}\n".repeat(3000);
    home.files.write("tasks.json", &objects);
    let quiet = home.run(&["import", "tasks.json"]).expect_code(0);
    assert_eq!(quiet.stderr(), "", "standard error is a pipe");
    let mut terminal = Terminal::spawn_command(home.command(&["import", "tasks.json"]), 24, 100);
    terminal.wait_for("imported 3000 tasks: 3000 new");
    let bytes = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    assert!(bytes.contains("of 3,000 tasks"), "a bar: {bytes:?}");
    assert!(
        !terminal.screen().contains("of 3,000 tasks"),
        "it is gone in the end:\n{}",
        terminal.screen()
    );
    assert_eq!(terminal.wait(), 0, "the exit code");
}

/// An export is an array; a filter chooses from all tasks.
#[phase7::test(points = 1, rule = 34)]
fn an_export_is_always_json() {
    let home = Home::new();
    assert_eq!(
        home.run(&["export"]).expect_code(1).stdout(),
        "[]\n",
        "an empty store"
    );
    home.ok(&["add", "a \"quoted\" \\ thing"]);
    home.ok(&["done", "1"]);
    assert_eq!(
        home.exported(&[])[0]["description"],
        "a \"quoted\" \\ thing",
        "with a completed task"
    );
    assert_eq!(
        home.run(&["export", "status:pending"]).expect_code(1).stdout(),
        "[]\n",
        "none passes"
    );
}
