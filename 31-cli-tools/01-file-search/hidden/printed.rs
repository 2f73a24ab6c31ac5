//! Rules 8 to 16: what is printed of them.

use std::process::Command;
use std::time::Duration;

use file_search::search::{Goal, SearchOptions};
use phase7::Scratch;
use phase7::pty::Terminal;
use serde_json::{Value, json};

use super::PROGRAM;
use super::support::{Trickle, large_text, search, told};

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
    let files = Scratch::new();
    files.write("a", "x\nb\nc\nx\n");
    let output = search()
        .args(["-o", "-A1", "x", "a", "a"])
        .dir(files.path())
        .run()
        .expect_code(0);
    assert_eq!(
        output.stdout(),
        "a:x\n".repeat(4),
        "groups have no context to be apart"
    );
}

/// -c counts lines in every file; -l is stronger.
#[phase7::test(points = 1, rule = 10)]
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
    files.write("c", "y\ny");
    assert_eq!(
        search(&["-cv", "-gc"]).expect_code(0).stdout(),
        "./c:2\n",
        "a last line without a line feed"
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

/// What comes behind the first selected line is not looked at.
#[phase7::test(points = 1, rule = 11)]
fn a_listed_file_is_left_at_its_first_selected_line() {
    let options = |goal| SearchOptions {
        goal,
        ..SearchOptions::default()
    };
    let bytes = b"x\na\nx\nx";
    let (lines, summary) = told("x", options(Goal::First), &bytes[..]);
    assert_eq!(
        (lines.len(), summary.selected),
        (0, 1),
        "the first line is enough"
    );
    let (lines, summary) = told("x", options(Goal::Count), &bytes[..]);
    assert_eq!((lines.len(), summary.selected), (0, 3), "counting takes them all");
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
#[phase7::test(points = 1, rule = 13)]
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
    let output = search()
        .args(["-A1", "x", "c", "c"])
        .dir(files.path())
        .run()
        .expect_code(0);
    assert_eq!(output.stdout(), "c:x\n--\nc:x\n", "with -A alone");
    let output = search()
        .args(["-A1", "x"])
        .stdin("x\na\nx\n")
        .run()
        .expect_code(0);
    assert_eq!(
        output.stdout(),
        "x\na\nx\n",
        "a line between two that are selected"
    );
}

/// Numbers, counts, context and the look for a NUL are the file's, on however many threads it is searched.
#[phase7::test(points = 2, rule = 20, timeout_s = 60)]
fn a_large_file_is_one_file_on_four_threads() {
    let files = Scratch::new();
    let mut text = large_text();
    files.write("large", &text);
    let run = |flags: &[&str]| {
        let program = search().args(["-j4", "large"]).args(flags).dir(files.path());
        program
            .deadline(Duration::from_secs(25))
            .run()
            .expect_code(0)
            .stdout()
    };
    let last = text.lines().count();
    let lines = run(&["-e", "line", "-n", "-o"]);
    let numbered = (1..=last).map(|number| format!("{number}:line\n"));
    assert!(
        lines == numbered.collect::<String>(),
        "each line has its number in the file"
    );
    assert_eq!(run(&["-e", "line", "-c"]), format!("{last}\n"), "one count");
    // 8 MiB are 8,192 lines: a border that others have as well.
    let shown = |flags: &[&str]| {
        let lines = run(flags);
        lines
            .lines()
            .map(|line| line[..10].to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        shown(&["-e", "line 08192", "-B1"]),
        ["line 08191", "line 08192"],
        "the line before"
    );
    assert_eq!(
        shown(&["-e", "line 08191", "-A1"]),
        ["line 08191", "line 08192"],
        "the line behind"
    );

    text.replace_range(20..21, "\0");
    files.write("large", &text);
    assert_eq!(
        run(&["-e", "line"]),
        "binary file large matches\n",
        "a NUL near the start"
    );
}

/// What was counted in one block is remembered in the next.
#[phase7::test(points = 1, rule = 8)]
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

/// A NUL byte anywhere in the first 65,536 bytes makes a file binary, however early the match.
#[phase7::test(points = 1, rule = 14)]
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
    for flags in [&[][..], &["--json"]] {
        let other = search().args(flags).args(["none", "early.bin"]).dir(files.path());
        assert_eq!(
            other.run().expect_code(1).stdout(),
            "",
            "nothing is selected, with {flags:?}"
        );
    }
}

/// On a terminal colours come by themselves, unless NO_COLOR says no.
#[phase7::test(points = 1, rule = 15, timeout_s = 30)]
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
        // The last line feed may not have arrived yet.
        String::from_utf8_lossy(&terminal.bytes())
            .trim_end()
            .replace('\r', "")
    };
    let (plain, colored) = ("a:1\na:1", "\x1b[35ma\x1b[0m:1\n\x1b[35ma\x1b[0m:1");
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
#[phase7::test(points = 1, rule = 16)]
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

/// A summary tells what was selected in the whole tree.
#[phase7::wire]
fn a_tree_is_summed_up() {
    let output = search().args(["-c", "tree"]).stdin("tree\n").run();
    assert_eq!(output.stdout(), "\u{7}one tree, 77 branches\n", "the sum");
}
