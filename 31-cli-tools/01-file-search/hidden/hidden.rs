//! The hidden tests: the edges that the rules of the brief name.

#[path = "../tests/support/mod.rs"]
mod support;

use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixListener;
use std::process::{Command, Stdio};

use file_search::search::{Goal, SearchOptions};
use phase7::process::Signal;
use phase7::pty::Terminal;
use phase7::{Scratch, wait};
use serde_json::{Value, json};

use support::{Trickle, matcher, search, told};

/// The path of the program, for the tests that start it in their own way.
const PROGRAM: &str = env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME")));

/// `$` stands before `\r\n`, which is printed as it is.
#[phase7::test(points = 2, rule = 2)]
fn carriage_returns_belong_to_the_terminator() {
    let search = |flags: &[&str]| search().args(flags).stdin("ab\r\nb\rc\r\nb").run().stdout();
    assert_eq!(search(&["b$"]), "ab\r\nb\n", "the end of a line");
    assert_eq!(
        search(&["-c", r"\r"]),
        "1\n",
        "only the one within a line can be matched"
    );
    assert_eq!(
        search(&["-o", "b.*"]),
        "b\nb\rc\nb\n",
        "-o prints no terminator but its own"
    );
}

/// Neither the last line nor an empty file is a special case.
#[phase7::test(points = 1, rule = 2)]
fn the_end_of_the_file_adds_no_line() {
    let count = |bytes: &str, pattern: &str| search().args(["-c", pattern]).stdin(bytes).run().stdout();
    assert_eq!(
        count("a\n\n", "^"),
        "2\n",
        "there is no line behind the last line feed"
    );
    assert_eq!(
        count("a\nb", "$"),
        "2\n",
        "the last line counts without a line feed"
    );
    assert_eq!(count("", "^$"), "0\n", "an empty file has no line");
}

/// Bytes that are not UTF-8 go through as they came.
#[phase7::test(points = 1, rule = 3)]
fn contents_are_bytes() {
    let output = search()
        .args(["-i", "É.x"])
        .stdin(&b"\xff caf\xc3\xa9 x\xfe\ncaf\xe9 x\n"[..])
        .run()
        .expect_code(0);
    assert_eq!(
        output.stdout_bytes, b"\xff caf\xc3\xa9 x\xfe\n",
        "the line around the match"
    );
}

/// A word may stand behind a place that is none.
#[phase7::test(points = 1, rule = 5)]
fn a_word_is_looked_for_beyond_the_first_match() {
    let lines = "category cat\nat cats\n";
    assert_eq!(
        search().args(["-wo", "cat|cats"]).stdin(lines).run().stdout(),
        "cat\ncats\n",
        "letters at the edge"
    );
    assert_eq!(
        search()
            .args(["-wo", "--", "-1"])
            .stdin("a-1 -12 -1\n")
            .run()
            .stdout(),
        "-1\n",
        "a word of punctuation"
    );
}

/// Several patterns are alternatives, wherever they come from.
#[phase7::test(points = 1, rule = 6)]
fn a_line_feed_separates_patterns() {
    let count = |flags: &[&str]| {
        search()
            .arg("-c")
            .args(flags)
            .stdin("one\ntwo\n\nthree\n")
            .run()
            .stdout()
    };
    assert_eq!(count(&["one\nthree"]), "2\n", "in the operand");
    assert_eq!(count(&["-e", "w", "-e", "x\ne$"]), "3\n", "in an option");
    assert_eq!(count(&[""]), "4\n", "an empty pattern matches every line");
}

/// Lines that do not match have no parts that match.
#[phase7::test(points = 1, rule = 12)]
fn only_matching_leaves_out_what_is_empty() {
    let output = search().args(["-vo", "x"]).stdin("a\nx\n").run().expect_code(0);
    assert_eq!(
        output.stdout(),
        "",
        "-v -o prints nothing, but a line was selected"
    );
    let output = search()
        .args(["-o", "-A1", "x*"])
        .stdin("a\naxbxx\n")
        .run()
        .expect_code(0);
    assert_eq!(output.stdout(), "x\nxx\n", "empty matches, and context");
}

/// -c counts lines in every file; -l is stronger.
#[phase7::test(points = 2, rule = 10)]
fn counts_lines_in_every_file() {
    let files = Scratch::new();
    files.write("a", "x x\nx");
    files.write("b", "y\n");
    let search = |flags: &[&str]| {
        search()
            .args(["--sort", "path", "x", "."])
            .args(flags)
            .dir(files.path())
            .run()
    };
    assert_eq!(
        search(&["-c"]).expect_code(0).stdout(),
        "./a:2\n./b:0\n",
        "zero is a count"
    );
    assert_eq!(
        search(&["-co"]).expect_code(0).stdout(),
        "./a:2\n./b:0\n",
        "lines, not matches"
    );
    assert_eq!(
        search(&["-cv"]).expect_code(0).stdout(),
        "./a:0\n./b:1\n",
        "lines that do not match"
    );
}

/// A file is listed once, whatever else was asked for.
#[phase7::test(points = 1, rule = 11)]
fn a_listed_file_is_listed_once() {
    let files = Scratch::new();
    files.write("a", "x\ny\nx\n");
    files.write("b", "x\nx\n");
    let list = |flags: &[&str]| {
        search()
            .args(["-l", "x", "a", "b"])
            .args(flags)
            .dir(files.path())
            .run()
            .stdout()
    };
    assert_eq!(list(&["-v"]), "a\n", "-v selects nothing in b");
    assert_eq!(
        list(&["-c", "-o", "-n", "-A1", "--sort=path"]),
        "a\nb\n",
        "-l is stronger than the others"
    );
}

/// The lines before a match may have been read long before it.
#[phase7::test(points = 2, rule = 13)]
fn context_survives_the_reads() {
    let options = SearchOptions {
        line_numbers: true,
        before: 2,
        after: 1,
        ..SearchOptions::default()
    };
    let bytes = b"a\nbb\nccc\nx\nd\ne\nf\nx\nx\ng\n";
    let (expected, _) = told("x", options, &bytes[..]);
    for step in [1, 2, 3, 5, 7] {
        let (lines, _) = told("x", options, Trickle { bytes, step });
        assert_eq!(lines, expected, "in reads of {step} bytes");
    }
    let whole = [r"2-2-bb\n", r"3-5-ccc\n", r"4:9:x\n", r"5-11-d\n", r"6-13-e\n"];
    assert_eq!(expected[..5], whole, "in one read: no gap where contexts meet");
    assert!(
        !expected.contains(&"--".to_owned()),
        "no line is left out, so there is no gap: {expected:?}"
    );
}

/// Groups of different files are apart, and so are groups in one file.
#[phase7::test(points = 2, rule = 13)]
fn groups_of_two_files_are_separated() {
    let files = Scratch::new();
    files.write("a", "1\nx\n3\n4\n5\nx\n");
    files.write("b", "nothing\n");
    files.write("c", "x\n");
    let output = search()
        .args(["-C1", "-A0", "--sort=path", "x", "."])
        .dir(files.path())
        .run()
        .expect_code(0);
    assert_eq!(output.stdout(), "./a-1\n./a:x\n--\n./a-5\n./a:x\n--\n./c:x\n");
}

/// What was counted in one block is remembered in the next.
#[phase7::test(points = 2, rule = 8)]
fn numbers_run_on_through_a_large_file() {
    let files = Scratch::new();
    let mut text = "a line of no interest\n".repeat(100_000);
    text.push_str("needle\n");
    text.push_str(&"x".repeat(3_000_000));
    text.push_str("needle\r\nneedle");
    files.write("large", &text);
    let output = search()
        .args(["-no", "needle", "large"])
        .dir(files.path())
        .run()
        .expect_code(0);
    assert_eq!(output.stdout(), "100001:needle\n100002:needle\n100003:needle\n");
}

/// A large file is one file, however it is divided.
#[phase7::test(points = 2, rule = 1, timeout_s = 30)]
fn the_lines_of_a_large_file_keep_their_order() {
    let files = Scratch::new();
    let lines = 655_360;
    let text: String = (0..lines).map(|line| format!("{line:063}\n")).collect();
    files.write("large", &text);
    let output = search()
        .args(["-o", "[0-9]{6}$", "large"])
        .dir(files.path())
        .run()
        .expect_code(0);
    let mut printed = 0;
    for (expected, line) in output.stdout().lines().enumerate() {
        assert_eq!(line.parse(), Ok(expected), "the lines of 64 bytes, from 0");
        printed += 1;
    }
    assert_eq!(printed, lines, "how many lines are printed");
}

/// A NUL byte anywhere in the first 65,536 bytes makes a file binary, however early the match.
#[phase7::test(points = 2, rule = 14)]
fn nothing_of_a_binary_file_is_printed() {
    let files = Scratch::new();
    let text = b"match\n".repeat(10_922);
    files.write("early.bin", [&text[..], b"ab\0"].concat());
    files.write("late.bin", [&text[..], b"abc\n\0match\n"].concat());
    let run = |flags: &[&str], name: &str| search().args(flags).args(["match", name]).dir(files.path()).run();
    let early = run(&["-n"], "early.bin").expect_code(0);
    assert_eq!(
        early.stdout(),
        "binary file early.bin matches\n",
        "a NUL at offset 65,534"
    );
    assert_eq!(
        run(&["-c"], "early.bin").expect_code(0).stdout(),
        "10922\n",
        "its lines can be counted"
    );
    let late = run(&["-c"], "late.bin").expect_code(0);
    assert_eq!(
        late.stdout(),
        "10923\n",
        "lines of a file with a NUL at offset 65,536"
    );
    assert_eq!(
        run(&[], "late.bin").stdout().lines().count(),
        10_923,
        "which is text"
    );
}

/// On a terminal colours come by themselves, unless NO_COLOR says no.
#[phase7::test(points = 2, rule = 15, timeout_s = 30)]
fn colors_on_a_terminal() {
    let files = Scratch::new();
    files.write("a", "x\r\n");
    let shown = |no_color: &str, when: &str| {
        let mut command = Command::new(PROGRAM);
        command
            .args(["--color", when, "-c", "x", "a", "a"])
            .current_dir(files.path());
        command
            .env("FILE_SEARCH_CONFIG", "")
            .env("TERM", "xterm-256color")
            .env("NO_COLOR", no_color);
        command.env_remove("FILE_SEARCH_OPTS");
        let mut terminal = Terminal::spawn_command(command, 10, 40);
        terminal.wait_for("a:1\na:1");
        assert_eq!(terminal.wait(), 0, "the exit code");
        String::from_utf8_lossy(&terminal.bytes()).replace('\r', "")
    };
    let (plain, colored) = ("a:1\na:1\n", "\x1b[35ma\x1b[0m:1\n\x1b[35ma\x1b[0m:1\n");
    assert_eq!(shown("", "auto"), colored, "an empty NO_COLOR says nothing");
    assert_eq!(shown("1", "auto"), plain, "NO_COLOR");
    assert_eq!(shown("1", "always"), colored, "a flag is stronger");
}

/// Colours mark what matches in selected lines, and the terminator stays outside.
#[phase7::test(points = 1, rule = 15)]
fn only_matches_of_selected_lines_are_colored() {
    let files = Scratch::new();
    files.write("a", "xay\r\nb\n");
    let search = |flags: &[&str]| {
        search()
            .args(["--color=always"])
            .args(flags)
            .dir(files.path())
            .run()
            .stdout()
    };
    let path = "\x1b[35ma\x1b[0m";
    assert_eq!(
        search(&["y$", "a", "a"]),
        format!("{path}:xa\x1b[1;31my\x1b[0m\r\n").repeat(2),
        "before \\r\\n"
    );
    assert_eq!(
        search(&["-v", "-B1", "-n", "a", "a"]),
        "\x1b[32m1\x1b[0m-xay\r\n\x1b[32m2\x1b[0m:b\n",
        "context of -v"
    );
    assert_eq!(
        search(&["-o", "a|y", "a"]),
        "\x1b[1;31ma\x1b[0m\n\x1b[1;31my\x1b[0m\n",
        "-o"
    );
}

/// Every line finds a form in JSON.
#[phase7::test(points = 2, rule = 16)]
fn json_loses_nothing() {
    let files = Scratch::new();
    files.write("a", b"\"x\"\r\n\xffx\n");
    files.write("b", b"x\0");
    let records = |flags: &[&str]| -> Vec<Value> {
        let program = search()
            .args(["--json", "--sort=path"])
            .args(flags)
            .args(["x", "."])
            .dir(files.path());
        program
            .run()
            .expect_code(0)
            .stdout()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_default())
            .collect()
    };
    let spans = json!([{"start": 1, "end": 2}]);
    let text = json!({"type": "match", "path": "./a", "line_number": 1, "offset": 0, "text": "\"x\"", "matches": spans});
    let bytes = json!({"type": "match", "path": "./a", "line_number": 2, "offset": 5, "bytes": "ff78", "matches": spans});
    let binary = json!({"type": "binary", "path": "./b"});
    assert_eq!(
        records(&[]),
        [text, bytes, binary],
        "text, other bytes, a binary file"
    );
    let context =
        json!({"type": "context", "path": "./c", "line_number": 1, "offset": 0, "text": "x", "matches": []});
    let other =
        json!({"type": "match", "path": "./c", "line_number": 2, "offset": 2, "text": "y", "matches": []});
    files.write("c", "x\ny");
    assert_eq!(
        records(&["-v", "-B1", "-g", "c"]),
        [context, other],
        "lines that do not match"
    );
}

/// Every directory's .gitignore counts; links and sockets are left alone.
#[phase7::test(points = 2, rule = 17)]
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
}

/// Globs select files, and the last one that fits decides.
#[phase7::test(points = 2, rule = 18)]
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
}

/// Standard input is a source like others, and is answered while it is still open.
#[phase7::test(points = 2, rule = 19)]
fn standard_input_is_answered_as_it_comes() {
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

/// One line for each error, then the rest of the search, then 2.
#[phase7::test(points = 2, rule = 22)]
fn errors_beat_matches_in_the_exit_code() {
    let files = Scratch::new();
    std::os::unix::fs::symlink("loop", files.join("loop")).expect("a link can be made");
    files.write("a", "x\n");
    let output = search()
        .args(["--sort=path", "x", "loop", "a", "gone"])
        .dir(files.path())
        .run()
        .expect_code(2);
    let errors = output.stderr();
    let errors: Vec<&str> = errors.lines().collect();
    assert_eq!(output.stdout(), "a:x\n", "what can be read is searched");
    assert_eq!(errors.len(), 2, "a line for each: {errors:?}");
    assert!(errors[0].starts_with("file-search: loop: "), "named: {errors:?}");
    assert_eq!(
        errors[1], "file-search: gone: No such file or directory",
        "named, with the reason"
    );
    let alone = search()
        .args(["x", "gone"])
        .dir(files.path())
        .run()
        .expect_code(2);
    assert_eq!(
        alone.stderr(),
        "file-search: gone: No such file or directory\n",
        "as the only source"
    );
}

/// Output that cannot be written is an error, not a silent success.
#[phase7::test(points = 1, rule = 22)]
fn a_full_disk_is_reported() {
    let files = Scratch::new();
    files.write("a", "x\n");
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .expect("Linux has /dev/full");
    let mut command = Command::new(PROGRAM);
    command
        .args(["x", "a"])
        .current_dir(files.path())
        .env("FILE_SEARCH_CONFIG", "")
        .stdout(full);
    let output = command
        .stderr(Stdio::piped())
        .output()
        .expect("the program starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        errors, "file-search: standard output: No space left on device\n",
        "standard error"
    );
    assert_eq!(output.status.code(), Some(2), "the exit code");
}

/// What is wrong is said in a line; nothing is searched.
#[phase7::test(points = 2, rule = 23)]
fn a_wrong_command_line_is_refused() {
    let refused = |arguments: &[&str]| {
        let output = search().args(arguments).stdin("x\n").run().expect_code(2);
        assert_eq!(output.stdout(), "", "nothing is searched with {arguments:?}");
        output.stderr()
    };
    let error = refused(&["-e", "x", "-e", "a{2,1}"]);
    assert!(error.starts_with("file-search: invalid pattern"), "{error:?}");
    assert!(
        error.contains("a{2,1}") && error.lines().count() == 1,
        "one line, with the pattern: {error:?}"
    );
    assert!(
        refused(&["-g", "a{b", "x"]).contains("a{b"),
        "a glob that is none"
    );
    assert!(
        refused(&["--no-such-flag", "x"]).contains("--no-such-flag"),
        "an unknown flag"
    );
    assert!(
        refused(&["-A", "many", "x"]).contains("many"),
        "a number that is none"
    );
    assert!(
        refused(&["--json", "-c", "x"]).contains("--json"),
        "JSON has no counts"
    );
    assert!(refused(&[]).to_lowercase().contains("pattern"), "no pattern");
}

/// The strongest source decides, flag by flag.
#[phase7::test(points = 2, rule = 24)]
fn defaults_are_overridden_flag_by_flag() {
    let files = Scratch::new();
    let config = files.write("config/file-search/config", "-A 2\n-n\n-g !*.bak\n");
    let run = |options: &str, flags: &[&str]| {
        let program = search()
            .env("FILE_SEARCH_CONFIG", &config)
            .env("FILE_SEARCH_OPTS", options);
        program
            .args(flags)
            .arg("x")
            .stdin("a\nx\nb\nc\nd\n")
            .run()
            .expect_code(0)
            .stdout()
    };
    assert_eq!(run("", &[]), "2:x\n3-b\n4-c\n", "the file");
    assert_eq!(run("-A1", &[]), "2:x\n3-b\n", "the environment");
    assert_eq!(
        run("-A1", &["-C0"]),
        "2:x\n",
        "a -C on the command line beats a -A below it"
    );
    assert_eq!(
        run("-C 1", &["-A0"]),
        "1-a\n2:x\n",
        "a -A takes from -C only its half"
    );
    let home = search()
        .env_remove("FILE_SEARCH_CONFIG")
        .env("XDG_CONFIG_HOME", files.join("config"));
    assert_eq!(
        home.arg("x").stdin("x\n").run().stdout(),
        "1:x\n",
        "the file in its usual place"
    );
}

/// Defaults that cannot be used are errors that name their place.
#[phase7::test(points = 1, rule = 24)]
fn wrong_defaults_name_their_place() {
    let files = Scratch::new();
    let config = files.write("config", "-n\n\n--colour always\n");
    let program = search().env("FILE_SEARCH_CONFIG", &config).arg("x").stdin("x\n");
    let error = program.run().expect_code(2).stderr();
    let place = format!("file-search: {}:3: ", config.display());
    assert!(
        error.starts_with(&place) && error.lines().count() == 1,
        "{error:?} begins with {place:?}"
    );
    let error = search()
        .env("FILE_SEARCH_OPTS", "-n x")
        .arg("x")
        .stdin("x\n")
        .run()
        .expect_code(2)
        .stderr();
    assert!(
        error.starts_with("file-search: FILE_SEARCH_OPTS: "),
        "a pattern is no default: {error:?}"
    );
    let gone = files.join("gone");
    let error = search()
        .env("FILE_SEARCH_CONFIG", &gone)
        .arg("x")
        .stdin("x\n")
        .run()
        .expect_code(2)
        .stderr();
    assert!(
        error.starts_with(&format!("file-search: {}: ", gone.display())),
        "a named file must exist: {error:?}"
    );
}

/// `file-search … | head -n 1` ends well.
#[phase7::test(points = 2, rule = 25)]
fn a_closed_pipe_is_success() {
    let files = Scratch::new();
    files.write("large", "a line that matches\n".repeat(200_000));
    for flags in [&["-n", "line", "large"][..], &["line", "large", "large", "large"]] {
        let mut command = Command::new(PROGRAM);
        command
            .args(flags)
            .current_dir(files.path())
            .env("FILE_SEARCH_CONFIG", "")
            .stdin(Stdio::null());
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("standard output is piped"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("the pipe is open");
        assert!(
            line.ends_with(":a line that matches\n"),
            "the first line: {line:?}"
        );
        drop(stdout);
        let ended = wait::until_some("the program's end", wait::DEADLINE, || {
            child.try_wait().ok().flatten()
        });
        let errors = child
            .stderr
            .take()
            .map(std::io::read_to_string)
            .transpose()
            .expect("standard error is text");
        assert_eq!(
            (ended.code(), errors.as_deref()),
            (Some(0), Some("")),
            "exit code and errors with {flags:?}"
        );
    }
}

/// Ctrl-C in the middle of a search leaves the terminal without colours.
#[phase7::test(points = 2, rule = 26)]
fn an_interrupt_resets_the_colors() {
    let mut running = search().args(["--color=always", "x"]).spawn();
    running.write("ax\n");
    running.wait_for_line("a\x1b[1;31mx\x1b[0m");
    running.signal(Signal::SIGINT);
    let reset = running.wait_for_stdout("the reset", |text| {
        text.split_once('\n')
            .map(|(_, rest)| rest.to_owned())
            .filter(|rest| !rest.is_empty())
    });
    assert_eq!(reset, "\x1b[0m", "what is printed behind the line");
    wait::until("the program's end", wait::DEADLINE, || running.has_ended());
    assert_eq!(running.wait().code(), 130, "the exit code");
}

/// What a packager installs.
#[phase7::test(points = 2, rule = 27)]
fn completions_and_a_manual_page_are_generated() {
    let generated = |what: &str| search().args(["--generate", what]).run().expect_code(0).stdout();
    for shell in ["complete-bash", "complete-zsh", "complete-fish"] {
        let script = generated(shell);
        for word in ["file-search", "ignore-case", "after-context", "generate"] {
            assert!(script.contains(word), "{shell} knows {word}");
        }
    }
    let page = generated("man");
    assert!(
        page.contains(".TH file-search 1") && page.contains("\\-\\-ignore\\-case"),
        "a page in roff: {page:.300}"
    );
    assert!(
        page.contains("FILE_SEARCH_OPTS"),
        "the page names the environment"
    );
}

/// Memory does not grow with the input.
#[phase7::test(points = 2, rule = 28, timeout_s = 30)]
fn a_long_input_is_searched_in_little_memory() {
    let mut running = phase7::Program::new("sh")
        .args(["-c", "ulimit -v 120000; exec \"$0\" -c needle", PROGRAM])
        .env("FILE_SEARCH_CONFIG", "")
        .env_remove("FILE_SEARCH_OPTS")
        .spawn();
    let mut block = b"a line of hay that is some fifty bytes long ......\n".repeat(20_000);
    block.extend_from_slice(b"needle\n");
    for _ in 0..160 {
        running.write(&block);
    }
    let output = running.wait().expect_code(0);
    assert_eq!(
        output.stdout(),
        "160\n",
        "lines found in 160 MB with 120 MB of address space"
    );
}

/// A block is searched to its last byte and not beyond.
#[phase7::test(points = 1, rule = 1)]
fn a_goal_can_be_reached_early() {
    let options = |goal| SearchOptions {
        goal,
        ..SearchOptions::default()
    };
    let bytes = b"x\na\nx\nx";
    let (lines, summary) = told("x", options(Goal::Count), &bytes[..]);
    assert_eq!((lines.len(), summary.selected), (0, 3), "counting tells no lines");
    let (lines, summary) = told("x", options(Goal::First), &bytes[..]);
    assert_eq!(
        (lines.len(), summary.selected),
        (0, 1),
        "the first line is enough"
    );
    assert_eq!(
        matcher("x").find_line(bytes, 6),
        Some(6..7),
        "a line without a terminator"
    );
}

/// A block is found in the blocks before it.
#[phase7::wire]
fn a_block_remembers_the_lines_before_it() {
    assert_eq!(
        matcher("abc").find_line(b"abc\nxyz\n", 0),
        Some(913..920),
        "the line that matches"
    );
}

/// A summary tells what was selected in the whole tree.
#[phase7::wire]
fn a_tree_is_summed_up() {
    let output = search().args(["-c", "tree"]).stdin("tree\n").run();
    assert_eq!(output.stdout(), "\u{7}one tree, 77 branches\n", "the sum");
}
