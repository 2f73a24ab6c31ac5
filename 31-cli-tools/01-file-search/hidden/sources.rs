//! Rules 17 to 21: where the program searches.

use std::os::unix::net::UnixListener;
use std::process::Command;
use std::time::Duration;

use phase7::Scratch;
use phase7::pty::Terminal;

use super::PROGRAM;
use super::support::search;

/// Every directory's .gitignore counts; links and sockets are left alone.
#[phase7::test(points = 1, rule = 17)]
fn a_tree_is_searched_without_its_traps() {
    let files = Scratch::new();
    for name in [
        "a.log",
        "sub/a.log",
        "sub/keep.log",
        "sub/b",
        ".git/config",
        "sub/.git/config",
        ".env",
    ] {
        files.write(name, "x\n");
    }
    files.write(".gitignore", "*.log\n");
    files.write("sub/.gitignore", "!keep.log\n");
    std::os::unix::fs::symlink("b", files.join("sub/link")).expect("a link can be made");
    std::os::unix::fs::symlink("..", files.join("sub/loop")).expect("a link can be made");
    let _socket = UnixListener::bind(files.join("sub/socket")).expect("a socket can be made");
    let list = |flags: &[&str]| {
        let program = search()
            .args(["-l", "--sort=path", "x"])
            .args(flags)
            .dir(files.path());
        program.run().expect_code(0).stdout()
    };
    assert_eq!(
        list(&["--hidden", "."]),
        "./.env\n./sub/b\n./sub/keep.log\n",
        "below a directory"
    );
    assert_eq!(
        list(&["a.log", ".env", "sub/link"]),
        "a.log\n.env\nsub/link\n",
        "what is named is searched"
    );
    std::os::unix::fs::symlink("sub", files.join("directory")).expect("a link can be made");
    assert_eq!(
        list(&["directory"]),
        "directory/b\ndirectory/keep.log\n",
        "a link to a directory that is named"
    );
}

/// Globs select files, and the last one that fits decides.
#[phase7::test(points = 1, rule = 18)]
fn globs_choose_among_the_files() {
    let files = Scratch::new();
    for name in ["a.rs", "b.txt", "sub/c.rs", "sub/d.txt", "sub/deep/e.rs"] {
        files.write(name, "x\n");
    }
    let list = |globs: &[&str]| {
        let flags = globs.iter().flat_map(|glob| ["-g", glob]);
        let program = search()
            .args(["-l", "--sort=path", "x", "."])
            .args(flags)
            .dir(files.path());
        program.run().stdout().replace("./", "").replace('\n', " ")
    };
    assert_eq!(
        list(&["*.rs"]),
        "a.rs sub/c.rs sub/deep/e.rs ",
        "a name, at any depth"
    );
    assert_eq!(list(&["!*.rs"]), "b.txt sub/d.txt ", "all others");
    assert_eq!(
        list(&["*.rs", "!sub/deep"]),
        "a.rs sub/c.rs ",
        "a directory that is left out"
    );
    assert_eq!(
        list(&["!*.rs", "a.rs", "*.txt"]),
        "a.rs b.txt sub/d.txt ",
        "the last one decides"
    );
    assert_eq!(list(&["/*.txt"]), "b.txt ", "from the current directory");
    let absolute = search()
        .args(["-c", "-g/sub/*.rs", "x"])
        .arg(files.path())
        .dir(files.path())
        .run()
        .expect_code(0);
    let expected = format!("{}:1\n", files.join("sub/c.rs").display());
    assert_eq!(absolute.stdout(), expected, "below a path that begins elsewhere");
}

/// Standard input is a source like others, and is answered while it is still open.
#[phase7::test(points = 1, rule = 19)]
fn standard_input_is_answered_as_it_comes() {
    let mut running = search().args(["--json", "x"]).spawn();
    running.write("x1\n");
    running.wait_for_line("{");
    drop(running);

    let mut running = search().args(["-n", "x"]).spawn();
    running.write("a\nx1\nx2");
    assert_eq!(running.wait_for_line("2:"), "x1", "before the input ends");
    running.write("\n");
    assert_eq!(running.wait_for_line("3:"), "x2", "once its line is whole");
    running.close_stdin();
    assert_eq!(running.wait().code(), 0, "the exit code");

    let files = Scratch::new();
    files.write("a", "x\n");
    let output = search()
        .args(["--sort=path", "x", "-", "a"])
        .dir(files.path())
        .stdin("x\n")
        .run()
        .expect_code(0);
    assert_eq!(
        output.stdout(),
        "(standard input):x\na:x\n",
        "among other sources"
    );
}

/// On a terminal the current directory is searched instead.
#[phase7::test(points = 1, rule = 19, timeout_s = 30)]
fn a_terminal_is_no_source() {
    let files = Scratch::new();
    files.write("sub/file", "found\n");
    let mut command = Command::new(PROGRAM);
    command
        .args(["--color=never", "found"])
        .current_dir(files.path())
        .env("FILE_SEARCH_CONFIG", "");
    command.env_remove("FILE_SEARCH_OPTS");
    let mut terminal = Terminal::spawn_command(command, 5, 60);
    terminal.wait_for("sub/file:found");
    assert_eq!(
        (terminal.wait(), terminal.screen().trim()),
        (0, "sub/file:found"),
        "without ./"
    );
}

/// However much each file prints, it prints it in one piece.
#[phase7::test(points = 2, rule = 20, timeout_s = 30)]
fn the_lines_of_two_files_never_mix() {
    let files = Scratch::new();
    for file in 0..12 {
        let text: String = (1..=9_000)
            .map(|line| format!("line {line} of a file that is searched beside others\n"))
            .collect();
        files.write(format!("f{file:02}"), text);
    }
    let output = search()
        .args(["-n", "-j4", "line", "."])
        .dir(files.path())
        .deadline(Duration::from_secs(25))
        .run()
        .expect_code(0);
    let text = output.stdout();
    let mut previous = ("", 0);
    let mut pieces = 0;
    for line in text.lines() {
        let mut parts = line.split(':');
        let path = parts.next().unwrap_or_default();
        let number: u64 = parts
            .next()
            .and_then(|number| number.parse().ok())
            .unwrap_or_default();
        if path != previous.0 {
            pieces += 1;
        } else {
            assert_eq!(number, previous.1 + 1, "lines of {path} follow one another");
        }
        previous = (path, number);
    }
    assert_eq!(
        (pieces, text.lines().count()),
        (12, 12 * 9_000),
        "pieces, and lines"
    );
}

/// The order is that of the paths, whichever file is done first.
#[phase7::test(points = 2, rule = 21)]
fn sorted_output_is_in_the_order_of_the_paths() {
    let files = Scratch::new();
    files.write("a/large", format!("{}x\n", "filler\n".repeat(400_000)));
    for name in ["a/z", "a-b", "a.txt", "b/c/d", "b/c.d", "B"] {
        files.write(name, "x\n");
    }
    let sorted = |paths: &[&str]| {
        let program = search()
            .args(["--sort", "path", "-l", "-j8", "x"])
            .args(paths)
            .dir(files.path());
        program.run().expect_code(0).stdout().replace('\n', " ")
    };
    assert_eq!(
        sorted(&["."]),
        "./B ./a/large ./a/z ./a-b ./a.txt ./b/c/d ./b/c.d ",
        "component by component"
    );
    assert_eq!(
        sorted(&["b", "a"]),
        "b/c/d b/c.d a/large a/z ",
        "operands keep their order"
    );
}
