//! The open tests, in the order of the steps.

mod support;

use std::io::Write;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::tz::{Offset, TimeZone};
use log_viewer::filter::Filter;
use log_viewer::follow::{Change, Follower};
use log_viewer::histogram::Histogram;
use log_viewer::index::{Index, SPANS_MAX, Span, Summary};
use log_viewer::level::Level;
use log_viewer::merge::Merge;
use log_viewer::reader::Records;
use log_viewer::record::Format;
use log_viewer::split::End;
use log_viewer::time::{Clock, rfc3339};
use log_viewer::tui::keys::{Command, Direction, Keys, Prompt};
use phase7::Scratch;
use phase7::pty::Terminal;

use support::{NOW_US, PROGRAM, clock, field, fulfils, press, program, records, screen, viewer};

/// A time of RFC 3339 is read with its zone, and its length is told.
#[phase7::test(points = 2, rule = 5)]
fn a_time_is_read_with_its_zone() {
    let clock = clock();
    let read = |text: &str| {
        clock
            .iso(text.as_bytes())
            .map(|(time_us, length)| (rfc3339(time_us), length))
    };
    let expected = |text: &str, length| Some((text.to_owned(), length));
    assert_eq!(
        read("2026-11-20T22:01:02.5+01:30 rest"),
        expected("2026-11-20T20:31:02.500000Z", 27),
        "ahead of UTC"
    );
    assert_eq!(
        read("2026/11/20 22:01:02,123"),
        expected("2026-11-20T22:01:02.123000Z", 23),
        "no zone, other signs"
    );
    assert_eq!(
        read("2024-02-29T00:00Z"),
        expected("2024-02-29T00:00:00.000000Z", 17),
        "a leap day"
    );
    assert_eq!(read("2026-02-29T00:00Z"), None, "no leap day");
    assert_eq!(read("2026-11-20T24:00:00Z"), None, "no hour");
}

/// A time without a zone is one of the clock's zone.
#[phase7::test(points = 1, rule = 5)]
fn a_time_without_a_zone_is_local() {
    let zone = TimeZone::fixed(Offset::from_hours(-5).expect("a zone five hours behind"));
    let clock = Clock::new(NOW_US, zone);
    let time = clock
        .iso(b"2026-11-20 22:01:02")
        .map(|(time_us, _)| rfc3339(time_us));
    assert_eq!(
        time.as_deref(),
        Some("2026-11-21T03:01:02.000000Z"),
        "five hours behind"
    );
}

/// A time of RFC 3164 is the last one that is not more than a day ahead.
#[phase7::test(points = 2, rule = 6)]
fn a_missing_year_is_the_last_possible_one() {
    let read = |text: &str| clock().bsd(text.as_bytes()).map(|(time_us, _)| rfc3339(time_us));
    assert_eq!(
        read("Nov 20 21:59:59").as_deref(),
        Some("2026-11-20T21:59:59.000000Z"),
        "just now"
    );
    assert_eq!(
        read("Nov 21 12:00:00").as_deref(),
        Some("2026-11-21T12:00:00.000000Z"),
        "a little ahead"
    );
    assert_eq!(
        read("Dec  1 00:00:00").as_deref(),
        Some("2025-12-01T00:00:00.000000Z"),
        "last year"
    );
    assert_eq!(
        read("Feb 29 00:00:00").as_deref(),
        Some("2024-02-29T00:00:00.000000Z"),
        "the last leap day"
    );
}

/// Lines of six formats in one file.
const MIXED: &str = concat!(
    "{\"time\":\"2026-11-20T20:00:00Z\",\"level\":\"warn\",\"msg\":\"slow\",\"db\":{\"ms\":870}}\n",
    "<34>Nov 20 20:00:01 gate su[77]: 'su root' failed\n",
    "<165>1 2026-11-20T20:00:02.003Z host app 42 ID47 [ex@1 iut=\"3\"] ready\n",
    "10.0.0.7 - frank [20/Nov/2026:20:00:03 +0000] \"GET /a HTTP/1.1\" 503 2326 \"http://from/\" \"Browser/1.0\"\n",
    "__REALTIME_TIMESTAMP=1795204804000000\nPRIORITY=6\nMESSAGE=started\n\n",
    "2026-11-20 20:00:05,250 ERROR db: refused user=7\n",
);

/// Each record has the format that its own bytes show.
#[phase7::test(points = 3, rule = 1)]
fn formats_may_be_mixed() {
    let records = records(MIXED.as_bytes());
    let heads: Vec<_> = records
        .iter()
        .map(|record| (record.head.format, record.head.level))
        .collect();
    let expected = [
        (Format::Json, Some(Level::Warn)),
        (Format::Bsd, Some(Level::Fatal)),
        (Format::Syslog, Some(Level::Notice)),
        (Format::Access, Some(Level::Error)),
        (Format::Journal, Some(Level::Info)),
        (Format::Plain, Some(Level::Error)),
    ];
    assert_eq!(heads, expected, "formats and levels");
    let seconds: Vec<_> = records
        .iter()
        .map(|record| {
            record
                .head
                .time_us
                .map(|time_us| (time_us - NOW_US).div_euclid(1_000_000) + 7200)
        })
        .collect();
    assert_eq!(seconds, [0, 1, 2, 3, 4, 5].map(Some), "seconds since 20:00");
}

/// A line without a time continues the record before it.
#[phase7::test(points = 2, rule = 3)]
fn a_stack_trace_belongs_to_its_record() {
    let text = "2026-11-20 20:00:00 ERROR boom\nTraceback:\n  File x\n2026-11-20 20:00:01 INFO next\nfree\nfree\n\tmore\n";
    let lines: Vec<_> = records(text.as_bytes())
        .iter()
        .map(|record| String::from_utf8_lossy(&record.bytes).lines().count())
        .collect();
    assert_eq!(lines, [3, 4], "lines of each record");
    let lines: Vec<_> = records(b"free\nfree\n\tmore\n")
        .iter()
        .map(|record| (record.offset, record.bytes.len()))
        .collect();
    assert_eq!(
        lines,
        [(0, 5), (5, 11)],
        "where nothing has a time: offsets and lengths"
    );
}

/// Each format has fields.
#[phase7::test(points = 2, rule = 8)]
fn fields_have_names() {
    let lines: Vec<&str> = MIXED.lines().collect();
    assert_eq!(
        field(lines[0], "db.ms").as_deref(),
        Some("870"),
        "within an object"
    );
    assert_eq!(
        field(lines[0], "message").as_deref(),
        Some("slow"),
        "a message by another name"
    );
    assert_eq!(
        field(lines[1], "app").as_deref(),
        Some("su"),
        "the tag of RFC 3164"
    );
    assert_eq!(field(lines[1], "pid").as_deref(), Some("77"), "its process");
    assert_eq!(
        field(lines[2], "ex@1.iut").as_deref(),
        Some("3"),
        "structured data"
    );
    assert_eq!(
        field(lines[3], "path").as_deref(),
        Some("/a"),
        "a part of the request"
    );
    assert_eq!(
        field(lines[3], "agent").as_deref(),
        Some("Browser/1.0"),
        "of the combined format"
    );
    assert_eq!(field(lines[3], "ident"), None, "a dash");
    assert_eq!(
        field("2026-11-20 20:00:05 refused user=7 why=\"too many\"", "why").as_deref(),
        Some("too many"),
        "plain"
    );
}

/// Conditions are joined as in the grammar.
#[phase7::test(points = 2, rule = 9)]
fn not_binds_before_and_before_or() {
    let line = "2026-11-20 20:00:00 ERROR boom a=1 b=2";
    assert!(fulfils(line, "a=1 or a=9 and b=9"), "and before or");
    assert!(!fulfils(line, "(a=1 or a=9) and b=9"), "brackets");
    assert!(!fulfils(line, "not a=1 and b=2 or b=3"), "not before and");
    assert!(fulfils(line, "not (a=1 and b=9)"), "not before a bracket");
    assert!(fulfils(line, "has a and not has c"), "has");
}

/// A field is compared as what it is.
#[phase7::test(points = 2, rule = 10)]
fn values_are_compared_as_their_kind() {
    let line = "10.0.0.7 - - [20/Nov/2026:20:00:03 +0000] \"GET /a HTTP/1.1\" 503 2326";
    assert!(
        fulfils(line, "status>=500 and status<504 and size>999"),
        "numbers, not text"
    );
    assert!(
        fulfils(line, "level>=error and level!=fatal"),
        "levels by their order"
    );
    assert!(
        fulfils(line, "time>=2026-11-20T20:00 and time<2026-11-21"),
        "times"
    );
    assert!(
        !fulfils(line, "user=frank or user!=frank and user~fr"),
        "a field that is not there"
    );
    assert!(
        fulfils(line, "path~^/[a-z]$ and \"HTTP/1.1\" and ~\"GET .a\""),
        "matches and text"
    );
}

/// An error points at its column.
#[phase7::test(points = 2, rule = 12)]
fn an_error_points_at_its_place() {
    let error = Filter::parse("level>=warn and (status=", &clock()).expect_err("a value is missing");
    let text = error.to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        (error.column, lines.len()),
        (25, 3),
        "the column, and three lines"
    );
    assert_eq!(lines[1], "  level>=warn and (status=", "the filter");
    assert_eq!(lines[2], format!("  {}^", " ".repeat(24)), "the caret");
}

/// Sources become one, in the order of time.
#[phase7::test(points = 2, rule = 17)]
fn sources_are_merged_by_time() {
    let one = "2026-11-20 20:00:00 a\n2026-11-20 20:00:02 c\n2026-11-20 20:00:05 f\n";
    let two = "2026-11-20 20:00:01 b\n2026-11-20 20:00:04 d\n2026-11-20 20:00:03 late\n";
    let sources = [one, two].map(|text| Records::new(Arc::from("x"), text.as_bytes(), clock()));
    let mut merge = Merge::new(Vec::from(sources));
    merge.refill(End::Closed);
    let mut order = Vec::new();
    while let Some((source, record)) = merge.next_record(End::Closed) {
        order.push((
            source,
            String::from_utf8_lossy(&record.bytes[20..]).trim_end().to_owned(),
        ));
    }
    let expected = [(0, "a"), (1, "b"), (0, "c"), (1, "d"), (1, "late"), (0, "f")];
    assert_eq!(
        order,
        expected.map(|(source, text)| (source, text.to_owned())),
        "the order"
    );
}

/// A histogram holds few bins, however far apart events are.
#[phase7::test(points = 2, rule = 22)]
fn a_histogram_widens_its_bins() {
    let mut histogram = Histogram::default();
    for second in 0..10_000 {
        histogram.add(NOW_US + second * 1_000_000, Some(Level::Info));
    }
    histogram.add(NOW_US - 86_400_000_000, Some(Level::Error));
    assert!(histogram.len() <= 513, "{} bins are held", histogram.len());
    let bins = histogram.bins(40);
    assert!((20..=40).contains(&bins.len()), "{} bins are told", bins.len());
    let sum = |level: Level| -> u64 { bins.iter().map(|bin| bin.counts[level as usize]).sum() };
    assert_eq!(
        (sum(Level::Info), sum(Level::Error)),
        (10_000, 1),
        "no event is lost"
    );
    let width_us = bins[1].start_us - bins[0].start_us;
    assert!(
        bins.windows(2)
            .all(|pair| pair[1].start_us - pair[0].start_us == width_us),
        "all bins are of one width"
    );
}

/// An index holds few spans, however long the file is.
#[phase7::test(points = 2, rule = 24)]
fn an_index_joins_its_spans() {
    let mut index = Index::default();
    let count = 3 * SPANS_MAX as u64;
    for number in 0..count {
        let summary = Summary {
            records: 10,
            ..Summary::default()
        };
        index.push(Span {
            offset: number * 65_536,
            end: (number + 1) * 65_536,
            key_before: number as i64,
            key: number as i64 + 1,
            summary,
        });
    }
    assert!(
        index.spans().len() <= SPANS_MAX,
        "{} spans are held",
        index.spans().len()
    );
    assert_eq!(
        (index.end(), index.summary().records),
        (count * 65_536, count * 10),
        "nothing is lost"
    );
    let at = index.span_at(5_000_000_000).expect("a place in the file");
    let span = index.spans()[at];
    assert!(
        (span.offset..span.end).contains(&5_000_000_000),
        "{span:?} is around the place"
    );
    let from = index.span_from_key(40_000).expect("a key of the file");
    assert!(
        index.spans()[from].key >= 40_000 && index.spans()[from].key_before < 40_000,
        "the first that reaches it"
    );
}

/// A look shows growth, truncation and rotation.
#[phase7::test(points = 2, rule = 20)]
fn a_look_shows_what_became_of_the_file() {
    let files = Scratch::new();
    let path = files.write("a.log", "12345");
    let file = Arc::new(std::fs::File::open(&path).expect("it was just written"));
    let mut follower = Follower::new(&path, file);
    assert!(matches!(follower.look(5), Ok(Change::Quiet)), "read to the end");
    assert!(matches!(follower.look(3), Ok(Change::Grown)), "read in part");
    assert!(
        matches!(follower.look(9), Ok(Change::Truncated)),
        "read further than it is long"
    );
    std::fs::rename(&path, files.join("a.log.1")).expect("it can be renamed");
    assert!(
        matches!(follower.look(5), Ok(Change::Quiet)),
        "renamed, and no new one yet"
    );
    files.write("a.log", "new");
    assert!(
        matches!(follower.look(3), Ok(Change::Grown)),
        "the old one first, to its end"
    );
    assert!(
        matches!(follower.look(5), Ok(Change::Replaced(_))),
        "then the new one"
    );
    assert!(
        matches!(follower.look(3), Ok(Change::Quiet)),
        "the new one is read to its end"
    );
}

/// Keys become commands.
#[phase7::test(points = 2, rule = 26)]
fn keys_become_commands() {
    let mut keys = Keys::default();
    let mut press = |code| keys.press(KeyEvent::new(code, KeyModifiers::NONE));
    assert_eq!(press(KeyCode::Char('j')), Some(Command::Move(1)), "j");
    assert_eq!(press(KeyCode::Char('G')), Some(Command::Follow), "G");
    for key in ['/', 'a', 'j', 'é'] {
        assert_eq!(press(KeyCode::Char(key)), None, "{key} is typed");
    }
    press(KeyCode::Backspace);
    let command = press(KeyCode::Enter);
    assert_eq!(
        command,
        Some(Command::Search("aj".to_owned(), Direction::Forward)),
        "what was typed"
    );
    assert_eq!(press(KeyCode::Char('f')), None, "f opens a line");
    assert_eq!(
        keys.line().map(|line| line.prompt),
        Some(Prompt::Filter),
        "for a filter"
    );
}

/// The viewer shows records, events and a state.
#[phase7::test(points = 3, rule = 27)]
fn the_viewer_shows_records_and_events() {
    let files = Scratch::new();
    let path = files.write("mixed.log", MIXED);
    let mut app = viewer(&[&path]);
    insta::assert_snapshot!(screen(&mut app, 84, 15), @r"
     log-viewer  mixed.log
    ██              █               █              █               █                   █
    ██              █               █              █               █                   █
    ██              █               █              █               █                   █
    ██              █               █              █               █                   █
    2026-11-20 20:00:00                   up to 1                    2026-11-20 20:00:05
     2026-11-20 20:00:00.000 warn   slow
     2026-11-20 20:00:01.000 fatal  'su root' failed
     2026-11-20 20:00:02.003 notice ready
     2026-11-20 20:00:03.000 error  GET /a HTTP/1.1
     2026-11-20 20:00:04.000 info   started
     2026-11-20 20:00:05.250 error  ERROR db: refused user=7

     6 records                                                          F1 help  q quit
    ");
}

/// A filter that is typed chooses the records.
#[phase7::test(points = 2, rule = 28)]
fn a_filter_is_typed() {
    let files = Scratch::new();
    let path = files.write("mixed.log", MIXED);
    let mut app = viewer(&[&path]);
    press(&mut app, "flevel>=error\n");
    insta::assert_snapshot!(screen(&mut app, 60, 8), @r"
     log-viewer  mixed.log  filter: level>=error
     20:00:01 fatal  'su root' failed
     20:00:03 error  GET /a HTTP/1.1
     20:00:05 error  ERROR db: refused user=7


     3 of 6 records                             F1 help  q quit
    ");
}

/// The program prints records as they were, those that fulfil the filter.
#[phase7::test(points = 2, rule = 15)]
fn the_filter_prints_records_as_they_were() {
    let text = "2026-11-20 20:00:00 ERROR boom\n  at x\n2026-11-20 20:00:01 INFO next\n2026-11-20 20:00:02 ERROR end";
    let output = program(phase7::program!())
        .args(["-e", "level=error"])
        .stdin(text)
        .run()
        .expect_code(0);
    let expected = "2026-11-20 20:00:00 ERROR boom\n  at x\n2026-11-20 20:00:02 ERROR end\n";
    assert_eq!(output.stdout(), expected, "two records, three lines");
}

/// A compressed file is read like any other.
#[phase7::test(points = 1, rule = 18)]
fn compressed_files_are_read() {
    let files = Scratch::new();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(b"2026-11-20 20:00:01 one\n")
        .expect("memory takes it");
    let one = files.write("one.log", gzip.finish().expect("memory takes it"));
    let two = files.write(
        "two",
        zstd::encode_all(&b"2026-11-20 20:00:00 two\n"[..], 1).expect("memory takes it"),
    );
    let output = program(phase7::program!()).args([one, two]).run().expect_code(0);
    assert_eq!(
        output.stdout(),
        "2026-11-20 20:00:00 two\n2026-11-20 20:00:01 one\n",
        "both, by time"
    );
}

/// The viewer takes a terminal and gives it back.
#[phase7::test(points = 2, rule = 30)]
fn the_viewer_gives_the_terminal_back() {
    let files = Scratch::new();
    let path = files.write("a.log", "2026-11-20 20:00:00 INFO hello\n");
    let path = path.to_str().expect("a path of letters");
    let mut terminal = Terminal::spawn(PROGRAM, &["--zone", "UTC", path], 20, 80);
    terminal.wait_for("hello");
    assert!(
        terminal.is_on_alternate_screen(),
        "it draws on the alternate screen"
    );
    terminal.type_keys("q");
    assert_eq!(terminal.wait(), 0, "the exit code");
    assert!(!terminal.is_on_alternate_screen(), "the screen before is back");
}
