//! The open tests: first the parts, from a line to a search, then the program.

mod support;

use file_search::matcher::{MatchOptions, Matcher};
use file_search::search::SearchOptions;
use file_search::{config, lines};
use phase7::Scratch;
use serde_json::{Value, json};

use support::{Trickle, matcher, search, told};

/// A position in the middle of a line leads to its beginning and to its end.
#[phase7::test(points = 1, rule = 2)]
fn a_line_has_a_beginning_and_an_end() {
    let block = b"one\ntwo\nthree";
    assert_eq!(
        (lines::start(block, 5), lines::end(block, 5)),
        (4, 8),
        "the line that holds position 5"
    );
    assert_eq!(
        (lines::start(block, 7), lines::end(block, 7)),
        (4, 8),
        "a line feed belongs to the line it ends"
    );
    assert_eq!(
        (lines::start(block, 8), lines::end(block, 8)),
        (8, 13),
        "the last line lacks its terminator"
    );
    assert_eq!(lines::count(block), 2, "line feeds");
}

/// `\n` and `\r\n` end a line; a carriage return alone is content.
#[phase7::test(points = 1, rule = 2)]
fn a_terminator_is_no_content() {
    assert_eq!(lines::content(b"text\n"), b"text", "a line feed");
    assert_eq!(
        lines::content(b"text\r\n"),
        b"text",
        "a carriage return before it"
    );
    assert_eq!(
        lines::content(b"te\rxt\r"),
        b"te\rxt\r",
        "carriage returns without a line feed"
    );
    assert_eq!(lines::content(b"\n"), b"", "an empty line");
}

/// The matcher searches a block and answers with whole lines.
#[phase7::test(points = 1, rule = 1)]
fn a_matcher_finds_the_next_line_that_matches() {
    let block = b"alpha\nbeta\ngamma\ndelta";
    let pattern = matcher("l|el");
    assert_eq!(pattern.find_line(block, 0), Some(0..6), "from the beginning");
    assert_eq!(
        pattern.find_line(block, 6),
        Some(17..22),
        "from the second line on"
    );
    assert_eq!(matcher("x").find_line(block, 0), None, "no line has an x");
}

/// What could match a line feed does not: `\s`, negated classes, and anchors know only their own line.
#[phase7::test(points = 2, rule = 2)]
fn no_match_leaves_its_line() {
    let block = b"a\nb\r\na b\n";
    assert_eq!(
        matcher(r"a\s+b").find_line(block, 0),
        Some(5..9),
        r"\s does not match a line feed"
    );
    assert_eq!(
        matcher("[^x]b").find_line(block, 0),
        Some(5..9),
        "nor does a negated class"
    );
    assert_eq!(
        matcher("^b$").find_line(block, 0),
        Some(2..5),
        "anchors match at the edges of the content"
    );
    assert_eq!(
        matcher(r"\Ab").find_line(block, 0),
        Some(2..5),
        "each line is a text of its own"
    );
    assert_eq!(
        matcher("b$").find_line(b"b\r\n\n", 3),
        None,
        "the search begins where it was told to"
    );
}

/// The parts together: numbers, offsets and lines, however the bytes arrive.
#[phase7::test(points = 2, rule = 1)]
fn a_searcher_tells_the_selected_lines() {
    let bytes = b"one\ntwo\nthree\nfour";
    let options = SearchOptions {
        line_numbers: true,
        ..SearchOptions::default()
    };
    for step in [1, 3, 100] {
        let (lines, summary) = told("o", options, Trickle { bytes, step });
        assert_eq!(
            lines,
            [r"1:0:one\n", r"2:4:two\n", "4:14:four"],
            "in reads of {step} bytes"
        );
        assert_eq!(summary.selected, 3, "selected lines");
    }
}

/// Contexts that touch are one group; between groups there is a gap.
#[phase7::test(points = 2, rule = 13)]
fn a_searcher_tells_each_line_of_context_once() {
    let options = SearchOptions {
        line_numbers: true,
        before: 1,
        after: 1,
        ..SearchOptions::default()
    };
    let (lines, _) = told("x", options, &b"x\na\nx\nb\nc\nd\nx\n"[..]);
    let expected = [
        r"1:0:x\n",
        r"2-2-a\n",
        r"3:4:x\n",
        r"4-6-b\n",
        "--",
        r"6-10-d\n",
        r"7:12:x\n",
    ];
    assert_eq!(lines, expected, "what is told");
}

/// A line of the configuration is a flag, with its value behind the first blanks.
#[phase7::test(points = 1, rule = 24)]
fn a_line_of_the_configuration_is_a_flag_and_its_value() {
    assert_eq!(config::arguments("--line-number"), ["--line-number"], "a flag");
    assert_eq!(
        config::arguments("  -g   a b.txt "),
        ["-g", "a b.txt"],
        "a flag and its value"
    );
    assert_eq!(
        config::arguments("--color=always"),
        ["--color=always"],
        "a value behind an equals sign"
    );
    assert_eq!(
        config::arguments("# -n").len() + config::arguments(" \t").len(),
        0,
        "comments and blank lines"
    );
}

/// The program at its plainest.
#[phase7::test(points = 1, rule = 1)]
fn prints_the_lines_that_match() {
    let files = Scratch::new();
    files.write("poem", "Rose\nviolet\nprimrose\n");
    let output = search()
        .arg("rose|let$")
        .arg("poem")
        .dir(files.path())
        .run()
        .expect_code(0);
    assert_eq!(output.stdout(), "violet\nprimrose\n");
}

/// As a shell script asks.
#[phase7::test(points = 1, rule = 22)]
fn answers_one_when_nothing_matches() {
    let output = search().arg("b").stdin("a\n").run().expect_code(1);
    assert_eq!(
        (output.stdout(), output.stderr()),
        (String::new(), String::new()),
        "nothing is printed"
    );
}

/// Lines are numbered from 1.
#[phase7::test(points = 1, rule = 8)]
fn numbers_lines_from_one() {
    let output = search().args(["-n", "b"]).stdin("b\na\nb\n").run().expect_code(0);
    assert_eq!(output.stdout(), "1:b\n3:b\n");
}

/// Either case, in any script.
#[phase7::test(points = 1, rule = 4)]
fn ignores_case() {
    let output = search()
        .args(["-i", "größe"])
        .stdin("GRÖSSE\nGRÖßE\nGröße\n")
        .run()
        .expect_code(0);
    assert_eq!(output.stdout(), "GRÖßE\nGröße\n");
}

/// A word is not found within a longer one.
#[phase7::test(points = 1, rule = 5)]
fn matches_words() {
    let output = search()
        .args(["-w", "cat"])
        .stdin("concat\ncat_1\ncat-1\nthe cat\n")
        .run()
        .expect_code(0);
    assert_eq!(output.stdout(), "cat-1\nthe cat\n");
}

/// With -e the first operand is a path.
#[phase7::test(points = 1, rule = 6)]
fn takes_several_patterns() {
    let files = Scratch::new();
    files.write("list", "one\ntwo\nthree\n");
    let output = search()
        .args(["-e", "one", "list", "-e", "^th"])
        .dir(files.path())
        .run()
        .expect_code(0);
    assert_eq!(output.stdout(), "one\nthree\n");
}

/// -v selects the other lines, and -c counts them.
#[phase7::test(points = 1, rule = 7)]
fn selects_the_lines_that_do_not_match() {
    let lines = "a\nb\nab\nc\n";
    assert_eq!(
        search()
            .args(["-v", "a"])
            .stdin(lines)
            .run()
            .expect_code(0)
            .stdout(),
        "b\nc\n",
        "-v"
    );
    assert_eq!(
        search()
            .args(["-vc", "a"])
            .stdin(lines)
            .run()
            .expect_code(0)
            .stdout(),
        "2\n",
        "-v -c"
    );
}

/// -o prints the matches alone.
#[phase7::test(points = 1, rule = 12)]
fn prints_only_what_matches() {
    let output = search()
        .args(["-no", "[0-9]+"])
        .stdin("a1b22\nc\n333\n")
        .run()
        .expect_code(0);
    assert_eq!(output.stdout(), "1:1\n1:22\n3:333\n");
}

/// Context has `-` where selected lines have `:`.
#[phase7::test(points = 1, rule = 13)]
fn prints_context() {
    let output = search()
        .args(["-n", "-A1", "-B", "2", "x"])
        .stdin("a\nb\nc\nx\nd\ne\nf\ng\nx\n")
        .run();
    assert_eq!(
        output.expect_code(0).stdout(),
        "2-b\n3-c\n4:x\n5-d\n--\n7-f\n8-g\n9:x\n"
    );
}

/// Paths are printed when there may be more than one.
#[phase7::test(points = 1, rule = 9)]
fn names_the_file_when_there_are_several() {
    let files = Scratch::new();
    files.write("b.txt", "x\n");
    files.write("a.txt", "x\nx\n");
    let search = || search().dir(files.path());
    assert_eq!(
        search().args(["x", "a.txt"]).run().expect_code(0).stdout(),
        "x\nx\n",
        "one file"
    );
    let both = search()
        .args(["--sort", "path", "-n", "x", "b.txt", "a.txt"])
        .run()
        .expect_code(0);
    assert_eq!(both.stdout(), "b.txt:1:x\na.txt:1:x\na.txt:2:x\n", "two files");
    assert_eq!(
        search().args(["-c", "x", "."]).run().stdout().lines().count(),
        2,
        "a directory of two files"
    );
}

/// -l stops at the first line of each file.
#[phase7::test(points = 1, rule = 11)]
fn lists_the_files_with_a_match() {
    let files = Scratch::new();
    files.write("one", "x\nx\n");
    files.write("two", "y\n");
    let output = search()
        .args(["-l", "x", "one", "two"])
        .dir(files.path())
        .run()
        .expect_code(0);
    assert_eq!(output.stdout(), "one\n");
}

/// A directory is searched to its depth, without what is ignored or hidden.
#[phase7::test(points = 1, rule = 17)]
fn searches_directories_as_git_sees_them() {
    let files = Scratch::new();
    for name in ["src/deep/a.rs", "src/b.rs", "target/out", "src/c.log", ".secret"] {
        files.write(name, "x\n");
    }
    files.write(".gitignore", "/target\n*.log\n");
    let list = |flags: &[&str]| {
        let program = search()
            .args(["-l", "--sort", "path", "x", "."])
            .args(flags)
            .dir(files.path());
        program.run().expect_code(0).stdout()
    };
    assert_eq!(list(&[]), "./src/b.rs\n./src/deep/a.rs\n", "the plain search");
    assert_eq!(
        list(&["--hidden"]),
        "./.secret\n./src/b.rs\n./src/deep/a.rs\n",
        "with --hidden"
    );
}

/// A file that is not there costs one line on standard error and the exit code, not the search.
#[phase7::test(points = 1, rule = 22)]
fn an_error_is_one_line_and_the_search_goes_on() {
    let files = Scratch::new();
    files.write("there", "x\n");
    let output = search()
        .args(["x", "missing", "there"])
        .dir(files.path())
        .run()
        .expect_code(2);
    assert_eq!(output.stdout(), "there:x\n", "standard output");
    assert_eq!(
        output.stderr(),
        "file-search: missing: No such file or directory\n",
        "standard error"
    );
}

/// Colours stand where the brief says, and nowhere by themselves.
#[phase7::test(points = 1, rule = 15)]
fn colors_when_asked_to() {
    let search = |when: &str| {
        search()
            .args(["--color", when, "-n", "b+"])
            .stdin("abbc\n")
            .run()
            .expect_code(0)
    };
    assert_eq!(
        search("always").stdout(),
        "\x1b[32m1\x1b[0m:a\x1b[1;31mbb\x1b[0mc\n",
        "always"
    );
    assert_eq!(search("never").stdout(), "1:abbc\n", "never");
    assert_eq!(search("auto").stdout(), "1:abbc\n", "auto, into a pipe");
}

/// One JSON object a line.
#[phase7::test(points = 1, rule = 16)]
fn prints_json_lines() {
    let files = Scratch::new();
    files.write("a.txt", "first\none two\n");
    let output = search()
        .args(["--json", "-B1", "on|o$|w", "a.txt"])
        .dir(files.path())
        .run()
        .expect_code(0);
    let records: Vec<Value> = output
        .stdout()
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is JSON"))
        .collect();
    let context = json!({"type": "context", "path": "a.txt", "line_number": 1, "offset": 0, "text": "first",
        "matches": []});
    let expected = json!({"type": "match", "path": "a.txt", "line_number": 2, "offset": 6, "text": "one two",
        "matches": [{"start": 0, "end": 2}, {"start": 5, "end": 6}, {"start": 6, "end": 7}]});
    assert_eq!(records, [context, expected], "the two records");
}

/// Command line over environment over file.
#[phase7::test(points = 2, rule = 24)]
fn defaults_come_from_the_file_and_the_environment() {
    let files = Scratch::new();
    let config = files.write("config", "# my defaults\n--line-number\n--color always\n");
    let search = |options: &str, flags: &[&str]| {
        let program = search()
            .env("FILE_SEARCH_CONFIG", &config)
            .env("FILE_SEARCH_OPTS", options);
        program
            .args(flags)
            .arg("x")
            .stdin("x\n")
            .run()
            .expect_code(0)
            .stdout()
    };
    assert_eq!(
        search("", &[]),
        "\x1b[32m1\x1b[0m:\x1b[1;31mx\x1b[0m\n",
        "the file"
    );
    assert_eq!(
        search("--color never", &[]),
        "1:x\n",
        "the environment over the file"
    );
    let colored = search("--color never", &["--color=always"]);
    assert_eq!(
        colored, "\x1b[32m1\x1b[0m:\x1b[1;31mx\x1b[0m\n",
        "the command line over both"
    );
}

/// A pattern that cannot be compiled is named.
#[phase7::test(points = 1, rule = 23)]
fn an_invalid_pattern_is_named() {
    let error = Matcher::new(&["ok".to_owned(), "a(b".to_owned()], MatchOptions::default())
        .expect_err("a group is open");
    assert_eq!(
        (error.pattern.as_str(), error.to_string().lines().count()),
        ("a(b", 1),
        "the pattern, in one line"
    );
}
