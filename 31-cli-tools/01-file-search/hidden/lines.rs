//! Rules 1 to 7: which lines match.

use std::time::Duration;

use phase7::Scratch;

use super::support::{large_text, matcher, search};

/// `$` stands before `\r\n`, which is printed as it is.
#[phase7::test(points = 1, rule = 2)]
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
            .args(["-nwo", "--", "-1"])
            .stdin("a-1\n-12 -1\n")
            .run()
            .stdout(),
        "2:-1\n",
        "a match that is no word itself"
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

/// Each line is a text of its own, whatever in a pattern could match a line feed.
#[phase7::test(points = 1, rule = 2)]
fn no_match_goes_over_the_end_of_a_line() {
    for pattern in [r"a\nb", "a[^x]b", "a([^x])b", "a(?-u:[^x])b", r"a\sb", r"b\s"] {
        let output = search().args(["-c", pattern]).stdin("a\nb\r\n").run();
        assert_eq!(output.stdout(), "0\n", "{pattern} on the lines a and b");
    }
    let output = search().args(["-c", r"\r"]).stdin("a longer line\nab\r\n").run();
    assert_eq!(output.stdout(), "0\n", "the terminator of a later line");
}

/// A large file is one file, however it is divided.
#[phase7::test(points = 1, rule = 1, timeout_s = 30)]
fn the_lines_of_a_large_file_keep_their_order() {
    let files = Scratch::new();
    let text = large_text();
    files.write("large", &text);
    let output = search()
        .args(["-j4", "", "large"])
        .dir(files.path())
        .deadline(Duration::from_secs(25))
        .run()
        .expect_code(0);
    let printed = output.stdout();
    let mut expected = text.lines();
    for line in printed.lines() {
        let expected = expected.next().unwrap_or_default();
        assert!(line == expected, "printed {line:.60}, and not {expected:.60}");
    }
    assert_eq!(printed.len(), text.len(), "bytes printed");
}

/// At the end of a file `\r` stands before no `\n`.
#[phase7::test(points = 1, rule = 2)]
fn a_last_carriage_return_is_content() {
    let search = |pattern: &str| search().args(["-c", pattern]).stdin("b\r\nab\r").run().stdout();
    assert_eq!(search("b$"), "1\n", "lines that end with b");
    assert_eq!(search("ab"), "1\n", "lines with ab");
    assert_eq!(search(r"b\r$"), "1\n", "lines that end with a carriage return");
}

/// The terminator of every line is whole, wherever a large file is divided.
#[phase7::test(points = 1, rule = 2, timeout_s = 30)]
fn no_terminator_of_a_large_file_is_divided() {
    let files = Scratch::new();
    let line = format!("{}x\r\n", "a line of some length ".repeat(200));
    files.write("large", line.repeat((40 << 20) / line.len()));
    let output = search()
        .args(["-j4", "-v", "x$", "large"])
        .dir(files.path())
        .deadline(Duration::from_secs(25))
        .run()
        .expect_code(1);
    assert_eq!(output.stdout().len(), 0, "bytes of lines that do not end with x");
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
