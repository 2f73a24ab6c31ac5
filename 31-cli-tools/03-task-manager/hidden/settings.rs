//! Rules 39 to 42: settings, completions, exit codes.

use std::process::Stdio;

use super::support::Home;

/// Flags win over the environment, the environment wins over the file.
#[phase7::test(points = 2, rule = 39)]
fn the_nearer_source_wins() {
    let home = Home::new();
    home.ok(&["add", "a task with a description that is long"]);
    home.files
        .write("config.toml", "format = \"tsv\"\nwidth = 30\nconfirm = false\n");
    let list = |environment: Option<&str>, flags: &[&str]| {
        let program = home
            .program(&[&["list"], flags].concat())
            .env("TASK_MANAGER_CONFIG", "config.toml");
        let program = match environment {
            Some(value) => program.env("TASK_MANAGER_FORMAT", value),
            None => program,
        };
        program.run().expect_code(0).stdout()
    };
    assert!(list(None, &[]).starts_with("1\tpending\t"), "the file");
    assert!(list(Some("json"), &[]).starts_with("[\n"), "the environment");
    assert!(
        list(Some(""), &[]).starts_with("1\tpending\t"),
        "an empty variable says nothing"
    );
    let table = list(Some("json"), &["--format", "table"]);
    assert_eq!(
        table.lines().nth(1),
        Some(" 1  a task with a description…"),
        "a flag, and the width of the file: {table}"
    );
    assert!(
        list(None, &["--format", "table", "--width", "0"]).contains("that is long"),
        "no width"
    );
    let removed = home
        .program(&["remove", "1"])
        .env("TASK_MANAGER_CONFIG", "config.toml")
        .run()
        .expect_code(0);
    assert_eq!(
        removed.stdout(),
        "removed 1: a task with a description that is long\n",
        "consent in the file"
    );
    home.ok(&["undo"]);
    let removed = home
        .program(&["remove", "1"])
        .env("TASK_MANAGER_CONFIRM", "false")
        .run()
        .expect_code(0);
    assert!(
        removed.stdout().starts_with("removed 1"),
        "consent in the environment"
    );
}

/// Where the configuration and the tasks are, unless somebody says otherwise.
#[phase7::test(points = 1, rule = 39)]
fn files_lie_where_they_should() {
    let home = Home::new();
    let add = |name: &str| {
        home.program(&["add", name])
            .env_remove("TASK_MANAGER_FILE")
            .env_remove("TASK_MANAGER_CONFIG")
    };
    add("a").run().expect_code(0);
    assert!(
        home.files.join(".local/share/task-manager/tasks.log").is_file(),
        "below the home directory"
    );
    add("b")
        .env("XDG_DATA_HOME", home.files.join("data"))
        .run()
        .expect_code(0);
    assert!(
        home.files.join("data/task-manager/tasks.log").is_file(),
        "in XDG_DATA_HOME"
    );
    home.files
        .write(".config/task-manager/config.toml", "file = \"~/mine\"\n");
    add("c").run().expect_code(0);
    assert!(home.files.join("mine").is_file(), "where the configuration says");
    home.files
        .write("xdg/task-manager/config.toml", "file = \"~/other\"\n");
    add("d")
        .env("XDG_CONFIG_HOME", home.files.join("xdg"))
        .run()
        .expect_code(0);
    assert!(
        home.files.join("other").is_file(),
        "where that in XDG_CONFIG_HOME says"
    );
}

/// A wrong setting is named with its place.
#[phase7::test(points = 1, rule = 40)]
fn wrong_settings_name_their_place() {
    let home = Home::new();
    let error = |text: &str| {
        home.files.write("config.toml", text);
        let output = home
            .program(&["list"])
            .env("TASK_MANAGER_CONFIG", "config.toml")
            .run()
            .expect_code(2);
        assert_eq!(
            output.stderr().lines().count(),
            1,
            "one line: {}",
            output.stderr()
        );
        output.stderr()
    };
    assert!(
        error("color = \"never\"\nwidth = -1\n").starts_with("task-manager: config.toml:2: "),
        "a value"
    );
    assert!(
        error("\n\nfoo = 1\n").starts_with("task-manager: config.toml:3: "),
        "a key"
    );
    assert!(
        error("width 80\n").starts_with("task-manager: config.toml:1: "),
        "no TOML"
    );
    let gone = home
        .program(&["list"])
        .env("TASK_MANAGER_CONFIG", "gone.toml")
        .run()
        .expect_code(2);
    assert_eq!(
        gone.stderr(),
        "task-manager: gone.toml: No such file or directory\n",
        "a file that was named"
    );
    let wrong = home
        .program(&["list"])
        .env("TASK_MANAGER_COLOR", "blue")
        .run()
        .expect_code(2);
    assert_eq!(
        wrong.stderr(),
        "task-manager: TASK_MANAGER_COLOR: \"blue\" is not auto or always or never\n",
        "a variable"
    );
    let wrong = home
        .program(&["list"])
        .env("TASK_MANAGER_NOW", "later")
        .run()
        .expect_code(2);
    assert_eq!(
        wrong.stderr(),
        "task-manager: TASK_MANAGER_NOW: cannot read the date \"later\"\n",
        "the present"
    );
}

/// Each kind of failure has its code.
#[phase7::test(points = 1, rule = 42)]
fn exit_codes_tell_what_failed() {
    let home = Home::new();
    assert_eq!(
        home.run(&["list"]).expect_code(1).stdout(),
        "no tasks\n",
        "nothing to show"
    );
    assert_eq!(
        home.run(&["projects"]).expect_code(1).stdout(),
        "no projects\n",
        "nor here"
    );
    home.run(&["list", "--sort", "color"]).expect_code(2);
    home.run(&["paint"]).expect_code(2);
    home.run(&[]).expect_code(2);
    home.files.write("blocked", "");
    let error = home.error(3, &["--file", "blocked/tasks.log", "add", "x"]);
    assert!(error.starts_with("blocked"), "no directory: {error}");
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .expect("Linux has /dev/full");
    home.ok(&["add", "a"]);
    let output = home
        .command(&["list"])
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .expect("it starts");
    assert_eq!(output.status.code(), Some(3), "standard output is full");
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "task-manager: standard output: No space left on device\n",
        "why"
    );
}

/// Nobody reads: that is no failure.
#[phase7::test(points = 1, rule = 42)]
fn a_closed_pipe_is_no_failure() {
    let home = Home::new();
    home.ok(&["add", "a"]);
    let (reader, writer) = std::io::pipe().expect("a pipe can be had");
    drop(reader);
    let output = home
        .command(&["list"])
        .stdout(writer)
        .stderr(Stdio::piped())
        .output()
        .expect("it starts");
    assert_eq!(
        (output.status.code(), output.stderr.len()),
        (Some(0), 0),
        "code and standard error"
    );
}

/// Help is complete, and so are completions.
#[phase7::test(points = 1, rule = 41)]
fn help_names_what_there_is() {
    let home = Home::new();
    let help = home.ok(&["--help"]);
    for word in [
        "add",
        "list",
        "done",
        "edit",
        "remove",
        "undo",
        "import",
        "export",
        "projects",
        "completions",
        "TASK_MANAGER_CONFIG",
    ] {
        assert!(help.contains(word), "{word} in the help");
    }
    let script = home.ok(&["completions", "bash"]);
    assert!(script.contains("complete -F"), "a script for bash");
    for word in ["tsv", "--recur", "priority"] {
        assert!(script.contains(word), "{word} in the script");
    }
    assert!(
        !home.files.join("tasks.log").exists(),
        "neither touches the store"
    );
}
