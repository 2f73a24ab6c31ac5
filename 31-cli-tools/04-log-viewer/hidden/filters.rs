//! Rules 9 to 13, and what an index says of a filter.

use jiff::tz::TimeZone;
use log_viewer::filter::Filter;
use log_viewer::index::{Index, Span, Summary};
use log_viewer::time::Clock;

use super::support::{NOW_US, clock, fulfils, program, with_record};

/// The column and the reason of the error in `text`.
#[track_caller]
fn error(text: &str) -> (usize, String) {
    let error = Filter::parse(text, &clock()).expect_err(text);
    (error.column, error.reason)
}

/// Each mistake has a column.
#[phase7::test(points = 2, rule = 12)]
fn each_mistake_has_a_column() {
    let cases = [
        ("", 1),
        ("a=1 b=2", 5),
        ("a=1 and", 8),
        ("and a=1", 1),
        ("(a=1", 1),
        ("a=1)", 4),
        ("a", 2),
        ("has", 4),
        ("level>=loud", 8),
        ("time>yesterday", 6),
        ("level~warn", 1),
        ("size>big", 6),
        ("msg~\"a(\"", 5),
        ("msg=\"open", 5),
        ("msg~[", 5),
    ];
    for (text, column) in cases {
        let (at, reason) = error(text);
        assert_eq!(at, column, "{text:?}: {reason}");
        assert!(!reason.contains('\n'), "the reason is a line: {reason}");
    }
}

/// A column is one of the terminal, where a character may have two or none.
#[phase7::test(points = 2, rule = 12)]
fn a_column_is_one_of_the_terminal() {
    let text = "msg=\"日本\tcafe\u{301}\" and x";
    let error = Filter::parse(text, &clock()).expect_err("an operator is missing");
    assert_eq!(
        error.column, 22,
        "two for each of the first two characters, none for the accent"
    );
    assert_eq!(&text[error.offset..], "", "the same place in bytes");
    let lines: Vec<String> = error.to_string().lines().map(str::to_owned).collect();
    assert_eq!(
        lines[1], "  msg=\"日本 cafe\u{301}\" and x",
        "a blank for what moves the cursor"
    );
    assert_eq!(lines[2].len(), 2 + 22, "the caret below it");
}

/// No filter exhausts the stack or the memory.
#[phase7::test(points = 2, rule = 13)]
fn depth_and_size_are_limited() {
    let (column, reason) = error(&format!("{}a=1{}", "(".repeat(100_000), ")".repeat(100_000)));
    assert_eq!(column, 66, "behind the 65th bracket: {reason}");
    let (_, reason) = error(&"not ".repeat(100_000));
    assert!(!reason.is_empty(), "not within not");
    let deep = format!("{}a=1{}", "(".repeat(64), ")".repeat(64));
    assert!(fulfils("2026-11-20 20:00:00 a=1", &deep), "64 are allowed");
    let wide = vec!["a=1"; 20_000].join(" and ");
    assert!(fulfils("2026-11-20 20:00:00 a=1", &wide), "length is not depth");
    let (column, _) = error("msg~\"(\\w{500}){500}\"");
    assert_eq!(column, 5, "a regular expression that would be huge");
}

/// A field that is not there fulfils nothing but a denial.
#[phase7::test(points = 2, rule = 10)]
fn what_is_not_there_fulfils_nothing() {
    let line = "text without anything";
    for filter in [
        "level>=trace",
        "level<=fatal",
        "time>1970-01-01",
        "a=1",
        "a<1",
        "a~.",
        "has a",
        "has level",
    ] {
        assert!(!fulfils(line, filter), "{filter}");
        assert!(fulfils(line, &format!("not ({filter})")), "not {filter}");
    }
    assert!(fulfils(line, "a!=1 and a!~x and level!=warn"), "denials");
    assert!(
        fulfils(
            line,
            "has text and has message and has file and file=a.log and format=plain"
        ),
        "what all have"
    );
}

/// Equal are the same bytes, and the same numbers.
#[phase7::test(points = 1, rule = 10)]
fn numbers_are_equal_however_they_are_written() {
    let line = "2026-11-20 20:00:00 n=5.0 s=05x e=\"\"";
    assert!(fulfils(line, "n=5 and n=5.0 and n>=5 and not n<5"), "numbers");
    assert!(!fulfils(line, "s=5"), "no number");
    assert!(fulfils(line, "e=\"\" and \"05x\" and s=\"05x\""), "strings");
    assert!(!fulfils(line, "s>1"), "no number is not greater");
}

/// Names and values may be quoted, and a backslash is for regular expressions.
#[phase7::test(points = 1, rule = 9)]
fn strings_may_hold_anything() {
    assert!(
        fulfils(r#"{"odd name":"a) b","and":1}"#, r#""odd name"="a) b" and and=1"#),
        "a quoted name"
    );
    assert!(
        fulfils(
            r#"2026-11-20 20:00:00 q="a\"b" n=17"#,
            r#"q="a\"b" and n~"^\d+$""#
        ),
        "escapes"
    );
    assert!(
        fulfils("2026-11-20 20:00:00 n=17", "(n=17)and(n=17)or(n=1)"),
        "no blanks are needed"
    );
    assert!(
        fulfils("2026-11-20 20:00:00 not=1 order=2", "not=1 and order=2"),
        "keywords are names before an operator"
    );
}

/// Flags and filter hold together.
#[phase7::test(points = 2, rule = 11)]
fn flags_hold_together() {
    let text = concat!(
        "2026-11-20 20:00:00 ERROR a one\n",
        "2026-11-20 21:00:00 ERROR a two\n",
        "2026-11-20 21:30:00 INFO a three\n",
        "2026-11-20 21:40:00 ERROR b four\n",
        "2026-11-20 21:50:00 FATAL a five\n",
        "2026-11-20 22:00:00 ERROR a six\n",
    );
    let run = |arguments: &[&str]| {
        let output = program(phase7::program!()).args(arguments).stdin(text).run();
        let words = output.stdout();
        let words: Vec<_> = words
            .lines()
            .filter_map(|line| line.split(' ').next_back())
            .collect();
        words.join(" ")
    };
    assert_eq!(
        run(&["--since", "-60m", "--until", "2026-11-20T22:00"]),
        "two three four five",
        "from, and before"
    );
    assert_eq!(
        run(&["--level", "error", "--since", "-1h", "-g", " a "]),
        "two five six",
        "level, time and text"
    );
    assert_eq!(
        run(&["--level", "error", "-e", "level<fatal", "--until", "-1h"]),
        "one",
        "and the filter"
    );
    let output = program(phase7::program!())
        .args(["--since", "soon"])
        .stdin(text)
        .run()
        .expect_code(2);
    assert_eq!(
        output.stderr(),
        "log-viewer: --since: no time: soon\n",
        "the wrong flag is named"
    );
}

/// What is summed up never denies a record that fulfils the filter, and denies what levels and times rule out.
#[phase7::test(points = 2, rule = 24)]
fn a_summary_denies_only_what_cannot_be() {
    let lines = [
        "2026-11-20 20:00:00 ERROR a=1",
        "2026-11-20 20:00:10 INFO a=2",
        "free",
    ];
    let mut summary = Summary::default();
    let filters = [
        "level=error",
        "level!=error",
        "not level>=trace",
        "not level=fatal",
        "level<warn and a=2",
        "time=2026-11-20T20:00:10",
        "time>2026-11-20T20:00:05 or level=error",
        "not time>2026-11-20T20:00",
        "not (time<2026-11-21 and level>=trace)",
        "not (level=fatal or not has a)",
        "a=1",
    ];
    for line in lines {
        with_record(line.as_bytes(), |record| summary.count(&record.head, true));
    }
    for text in filters {
        let filter = Filter::parse(text, &clock()).expect("a filter");
        let any = lines.iter().any(|line| fulfils(line, text));
        assert!(filter.may_match(&summary) || !any, "{text} is not denied");
    }
    for text in [
        "level=fatal",
        "level>error and a=1",
        "time>2026-11-21",
        "time<2026-11-20T20:00:00",
        "not (level<=error or not has level) and level=fatal",
        "level=debug or time>=2026-11-20T20:00:11",
    ] {
        let filter = Filter::parse(text, &clock()).expect("a filter");
        assert!(!filter.may_match(&summary), "{text} is denied");
    }
}

/// Spans that are joined keep what is known of each, and small ones are joined from the start.
#[phase7::test(points = 1, rule = 24)]
fn joined_spans_keep_what_is_known() {
    let mut index = Index::default();
    let lines = [
        "2026-11-20 20:00:00 ERROR a=1",
        "2026-11-20 20:00:10 INFO a=2",
        "free",
    ];
    for (number, line) in (0_u64..).zip(lines) {
        let mut summary = Summary::default();
        with_record(line.as_bytes(), |record| summary.count(&record.head, false));
        let (offset, end) = (number * 100, number * 100 + 100);
        index.push(Span {
            offset,
            end,
            key_before: 0,
            key: 0,
            summary,
        });
    }
    assert_eq!(index.spans().len(), 1, "three small spans are one");
    let filter = |text| {
        Filter::parse(text, &clock())
            .expect("a filter")
            .may_match(&index.spans()[0].summary)
    };
    assert!(
        filter("level=error") && filter("level=info") && filter("not has level"),
        "all levels are known"
    );
    assert!(
        !filter("time>2026-11-20T20:00:10") && filter("time>2026-11-20T20:00:09"),
        "and the times"
    );
}

/// So long ago is reckoned from the clock that was given.
#[phase7::test(points = 1, rule = 5)]
fn ago_is_reckoned_from_now() {
    let clock = Clock::new(NOW_US, TimeZone::UTC);
    assert_eq!(clock.value("-90m"), Some(NOW_US - 5_400_000_000), "minutes");
    assert_eq!(clock.value("-2d"), Some(NOW_US - 172_800_000_000), "days");
    assert_eq!(
        clock.value("2026-11-20"),
        Some(NOW_US - 79_200_000_000),
        "a date is its first moment"
    );
    for text in [
        "",
        "-",
        "-m",
        "-5",
        "--5m",
        "-5y",
        "2026-11-20T",
        "2026-11-20T20:00Zx",
        "20:00",
        "-99999999999999999d",
    ] {
        assert_eq!(clock.value(text), None, "{text:?}");
    }
}
