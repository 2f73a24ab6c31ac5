//! Rules 14 to 23: the program as a pipe filter.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use log_viewer::merge::Merge;
use log_viewer::reader::Records;
use log_viewer::split::End;
use phase7::process::Signal;
use phase7::{Program, Running, Scratch};

use super::support::{PROGRAM, clock, program};

/// Follows `path` with short pauses, and waits until `first` was printed.
fn follow(arguments: &[&str], path: &std::path::Path, first: &str) -> Running {
    let mut running = program(phase7::program!())
        .args(["--follow", "--interval", "5"])
        .args(arguments)
        .arg(path)
        .spawn();
    running.wait_for_stdout(first, |text| text.contains(first).then_some(()));
    running
}

fn append(path: &std::path::Path, text: &str) {
    let mut file = OpenOptions::new()
        .append(true)
        .open(path)
        .expect("the file is there");
    file.write_all(text.as_bytes()).expect("it can be written");
}

/// JSON has all that is known of a record.
#[phase7::test(points = 2, rule = 16)]
fn json_has_all_that_is_known() {
    let text = concat!(
        "frée\n",
        "{\"time\":\"2026-11-20T20:00:00+01:00\",\"level\":\"warn\",",
        "\"msg\":\"a\\tb\",\"x\":{\"y\":1},\"x\":{\"y\":2}}\n",
    );
    let output = program(phase7::program!())
        .args(["--format", "json"])
        .stdin(text)
        .run()
        .expect_code(0);
    let lines = output.stdout();
    let values: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line is an object"))
        .collect();
    let text_of = |number: usize| text.lines().nth(number).expect("two lines");
    let expected = [
        serde_json::json!({
            "file": "(standard input)", "offset": 0, "format": "plain", "time": null,
            "level": null, "message": "frée", "text": "frée", "fields": {},
        }),
        serde_json::json!({
            "file": "(standard input)", "offset": text_of(0).len() + 1, "format": "json",
            "time": "2026-11-20T19:00:00.000000Z", "level": "warn", "message": "a\tb", "text": text_of(1),
            "fields": {"time": "2026-11-20T20:00:00+01:00", "level": "warn", "msg": "a\tb", "x.y": "1"},
        }),
    ];
    assert_eq!(
        values, expected,
        "an object a record, and of two equal fields the first"
    );
}

/// Names of files stand before each line, where they are asked for.
#[phase7::test(points = 1, rule = 15)]
fn names_stand_before_lines() {
    let files = Scratch::new();
    files.write("a", "2026-11-20 20:00:01 one\n  more\n");
    files.write("b", "2026-11-20 20:00:00 two");
    let output = program(phase7::program!())
        .args(["-H", "a", "b"])
        .dir(files.path())
        .run()
        .expect_code(0);
    let expected = "b:2026-11-20 20:00:00 two\na:2026-11-20 20:00:01 one\na:  more\n";
    assert_eq!(output.stdout(), expected, "each line of each record");
}

/// Without a terminal the program is a filter, and a dash is standard input.
#[phase7::test(points = 1, rule = 14)]
fn without_a_terminal_it_is_a_filter() {
    let files = Scratch::new();
    let path = files.write("a", "2026-11-20 20:00:00 file\n");
    let output = phase7::program!()
        .args(["--zone", "UTC", "-"])
        .arg(path)
        .stdin("2026-11-20 20:00:01 input\n")
        .run()
        .expect_code(0);
    assert_eq!(
        output.stdout(),
        "2026-11-20 20:00:00 file\n2026-11-20 20:00:01 input\n",
        "both"
    );
}

/// A pipe is answered as it comes.
#[phase7::test(points = 1, rule = 14)]
fn a_pipe_is_answered_as_it_comes() {
    let mut running = program(phase7::program!()).args(["-e", "level=error"]).spawn();
    running.write("2026-11-20 20:00:00 ERROR one\n  more\n2026-11-20 20:00:01 INFO two\n");
    let first = "2026-11-20 20:00:00 ERROR one\n  more\n";
    running.wait_for_stdout("the first record", |text| (text == first).then_some(()));
    running.write("2026-11-20 20:00:02 ERROR three");
    assert_eq!(
        running.wait().stdout(),
        format!("{first}2026-11-20 20:00:02 ERROR three\n"),
        "and the last one"
    );
}

/// Two ways to ask for the same find the same, in many blocks of records of all kinds.
#[phase7::test(points = 1, rule = 15, timeout_s = 60)]
fn equal_filters_select_equal_records() {
    let kinds: [&[u8]; 11] = [
        b"2026-11-20 20:00:05 INFO user=u7 needle\n",
        b"2026-11-20 20:00:06 INFO user=u8\n",
        b"2026-11-20 20:00:07 INFO user=u9\n",
        b"    at needle\n",
        b"    at hay\n",
        b"free\n",
        b"free needle\r\n",
        b"{\"time\":\"2026-11-20T20:00:00Z\",\"user\":\"\\u00757\"}\n",
        b"__CURSOR=1\nMESSAGE=needle\n2026-11-20 20:00:05 INFO x\n\n",
        b"__REALTIME_TIMESTAMP=1795212062000000\nMESSAGE\n\x1b\0\0\0\0\0\0\0\
          2026-11-20 20:00:05 needle\n\n\n",
        b"<165>1 2026-11-20T20:00:05Z host app 7 - [x user=\"u7\"] needle\n",
    ];
    let files = Scratch::new();
    let mut state = 7_u64;
    let mut draw = |bound: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % bound
    };
    let mut text = Vec::new();
    while text.len() < 1 << 20 {
        // Long stretches in which there is nothing to be found, and short ones with everything.
        let rare = [kinds[1], kinds[2], kinds[4]];
        (0..draw(2_000)).for_each(|_| text.extend_from_slice(rare[draw(rare.len())]));
        (0..draw(30)).for_each(|_| text.extend_from_slice(kinds[draw(kinds.len())]));
    }
    let path = files.write("log", text);
    let selected = |filter: &str| {
        let arguments = ["-e", filter, "--format", "json"];
        let output = program(phase7::program!()).args(arguments).arg(&path).run();
        output.expect_code(0).stdout()
    };
    for (one, other) in [
        ("\"needle\"", "~needle"),
        ("user=u7", "user~\"^u7$\""),
        ("\"needle\" and user=u7", "~needle and user~\"^u7$\""),
    ] {
        assert!(selected(one) == selected(other), "{one} and {other}");
    }
}

/// What has no time stays where it is, and equal times are in the order of the files.
#[phase7::test(points = 2, rule = 17)]
fn a_merge_is_stable() {
    let texts = [
        "free\n{\"n\":1}\n2026-11-20 20:00:05 a\n{\"n\":2}\n2026-11-20 20:00:01 early\n",
        "2026-11-20 20:00:05 b\n",
        "{\"n\":3}\n2026-11-20 20:00:04 c\n{\"n\":4}\n2026-11-20 20:00:06 d\n",
    ];
    let sources = texts.map(|text| Records::new(Arc::from("x"), text.as_bytes(), clock()));
    let mut merge = Merge::new(Vec::from(sources));
    merge.refill(End::Closed);
    let mut order = Vec::new();
    while let Some((source, record)) = merge.next_record(End::Closed) {
        let text = String::from_utf8_lossy(record.text());
        order.push((source, text.split(' ').next_back().expect("a word").to_owned()));
    }
    let expected = [
        (0, "free"),
        (0, "{\"n\":1}"),
        (2, "{\"n\":3}"),
        (2, "c"),
        (2, "{\"n\":4}"),
        (0, "a"),
        (0, "{\"n\":2}"),
        (0, "early"),
        (1, "b"),
        (2, "d"),
    ];
    assert_eq!(
        order,
        expected.map(|(source, text)| (source, text.to_owned())),
        "the order"
    );
}

/// A source that fails does not stop the others.
#[phase7::test(points = 1, rule = 18)]
fn a_damaged_file_is_read_as_far_as_it_goes() {
    let files = Scratch::new();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    gzip.write_all("2026-11-20 20:00:00 good\n".repeat(2000).as_bytes())
        .expect("memory takes it");
    let mut bytes = gzip.finish().expect("memory takes it");
    bytes.truncate(bytes.len() - 100);
    files.write("bad.gz", bytes);
    files.write("good", "2026-11-20 21:00:00 other\n");
    let output = program(phase7::program!())
        .args(["bad.gz", "good"])
        .dir(files.path())
        .run()
        .expect_code(2);
    let (out, errors) = (output.stdout(), output.stderr());
    assert!(
        out.matches("good\n").count() > 1000,
        "the part that is whole: {} bytes",
        out.len()
    );
    assert!(out.ends_with("other\n"), "the other file");
    assert!(
        errors.starts_with("log-viewer: bad.gz: ") && errors.lines().count() == 1,
        "one line: {errors}"
    );
}

/// Members and frames that follow one another are one text, whatever the file is called.
#[phase7::test(points = 1, rule = 18)]
fn compressed_parts_follow_one_another() {
    let gzip = |text: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).expect("memory takes it");
        encoder.finish().expect("memory takes it")
    };
    let zstd = |text: &str| zstd::encode_all(text.as_bytes(), 1).expect("memory takes it");
    let run = |bytes: Vec<u8>| {
        program(phase7::program!())
            .stdin(bytes)
            .run()
            .expect_code(0)
            .stdout()
    };
    assert_eq!(
        run([gzip("a"), gzip("b\nc\n")].concat()),
        "ab\nc\n",
        "gzip, on standard input"
    );
    assert_eq!(run([zstd("a\n"), zstd("b\n")].concat()), "a\nb\n", "zstd");
    assert_eq!(run(b"\x1f".to_vec()), "\u{1f}\n", "one byte is no gzip");
}

/// A line is held back until it is whole.
#[phase7::test(points = 2, rule = 19)]
fn half_a_line_is_held_back() {
    let files = Scratch::new();
    let path = files.write("a.log", "2026-11-20 20:00:00 ERROR one\n2026-11-20 20:00:01 ERR");
    let other = files.write("b.log", "");
    let other_path = other.to_str().expect("a path of letters");
    let mut running = follow(&["-e", "level=error", other_path], &path, "one\n");
    append(&other, "2026-11-20 20:00:00 ERROR other\n");
    // The last record of a file is told when a look shows nothing new anywhere: so there was one.
    running.wait_for_stdout("the other file", |text| text.contains("other\n").then_some(()));
    append(&path, "OR two\n");
    running.wait_for_stdout("the line, whole", |text| text.contains("two\n").then_some(()));
    append(
        &path,
        "  more of two\n2026-11-20 20:00:02 INFO three\n  more of three\n2026-11-20 20:00:03 ERROR four\n",
    );
    running.wait_for_stdout("the last line", |text| text.contains("four\n").then_some(()));
    running.signal(Signal::SIGTERM);
    let expected = concat!(
        "2026-11-20 20:00:00 ERROR one\n2026-11-20 20:00:00 ERROR other\n",
        "2026-11-20 20:00:01 ERROR two\n  more of two\n",
        "2026-11-20 20:00:03 ERROR four\n",
    );
    assert_eq!(
        running.wait().stdout(),
        expected,
        "what continues a record goes where it goes"
    );
}

/// A file that was renamed is read to its end before the new one.
#[phase7::test(points = 2, rule = 20)]
fn a_rotation_loses_nothing() {
    let files = Scratch::new();
    let path = files.write("a.log", "one\n");
    let mut running = follow(&[], &path, "one\n");
    for round in 0..3 {
        append(&path, &format!("late {round}\nhalf {round}"));
        std::fs::rename(&path, files.join(format!("a.log.{round}"))).expect("it can be renamed");
        files.write("a.log", format!("new {round}\n"));
        let last = format!("new {round}\n");
        running.wait_for_stdout(&last, |text| text.contains(&last).then_some(()));
    }
    running.signal(Signal::SIGTERM);
    let round = |round| format!("late {round}\nhalf {round}\nnew {round}\n");
    let expected = format!("one\n{}{}{}", round(0), round(1), round(2));
    assert_eq!(running.wait().stdout(), expected, "all of each file, in order");
}

/// A file that was truncated is read from its start.
#[phase7::test(points = 2, rule = 20)]
fn a_truncation_begins_anew() {
    let files = Scratch::new();
    let path = files.write("a.log", "one\ntwo\nthree and half");
    let mut running = follow(&[], &path, "two\n");
    OpenOptions::new()
        .write(true)
        .truncate(true)
        .open(&path)
        .expect("the file is there");
    running.wait_for_stdout("what was held back", |text| text.contains("half\n").then_some(()));
    append(&path, "four\n");
    running.wait_for_stdout("the new line", |text| text.contains("four\n").then_some(()));
    running.signal(Signal::SIGTERM);
    assert_eq!(
        running.wait().stdout(),
        "one\ntwo\nthree and half\nfour\n",
        "nothing twice"
    );
}

/// What is selected, what fails and who reads decide the exit code.
#[phase7::test(points = 2, rule = 21)]
fn exit_codes_tell_what_happened() {
    let files = Scratch::new();
    files.write("a", "2026-11-20 20:00:00 one\n");
    files.write("dir/x", "");
    let run = |arguments: &[&str]| {
        program(phase7::program!())
            .args(arguments)
            .dir(files.path())
            .run()
    };
    assert_eq!(run(&["a"]).code(), 0, "a record");
    assert_eq!(run(&["a", "-e", "level=fatal"]).code(), 1, "none");
    let output = run(&["gone", "a", "dir"]).expect_code(2);
    assert_eq!(output.stdout(), "2026-11-20 20:00:00 one\n", "the other file");
    let errors = "log-viewer: gone: No such file or directory\nlog-viewer: dir: is a directory\n";
    assert_eq!(output.stderr(), errors, "a line for each");
    let output = run(&["a", "-e", "level=loud"]).expect_code(2);
    assert_eq!(
        (output.stdout(), output.stderr().lines().count()),
        (String::new(), 3),
        "a filter that is none"
    );
}

/// Nobody reads: that is the end, and no error. A full disk is one.
#[phase7::test(points = 2, rule = 21)]
fn a_closed_pipe_is_success() {
    let files = Scratch::new();
    let path = files.write("a", "2026-11-20 20:00:00 one\n".repeat(100_000));
    let mut child = Command::new(PROGRAM)
        .args(["--no-tui", "--zone", "UTC"])
        .arg(&path)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
    out.read_line(&mut line).expect("it prints");
    drop(out);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(
        (line.as_str(), output.status.code()),
        ("2026-11-20 20:00:00 one\n", Some(0)),
        "a line, and success"
    );
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "nothing is said");
    let full = OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .expect("Linux has /dev/full");
    let output = Command::new(PROGRAM)
        .arg("--no-tui")
        .arg(&path)
        .stdin(Stdio::null())
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .expect("the program starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        errors, "log-viewer: standard output: No space left on device\n",
        "a full disk"
    );
    assert_eq!(output.status.code(), Some(2), "its exit code");
}

/// The table has a row for each stretch of time, empty ones too.
#[phase7::test(points = 2, rule = 22)]
fn a_table_shows_events_over_time() {
    let text = concat!(
        "free\n2026-11-20 20:00:00 ERROR a\n2026-11-20 20:00:00 INFO b\n",
        "2026-11-20 20:00:00.002 b\n2026-11-20 20:00:00.003 DEBUG b\n",
    );
    let run = |arguments: &[&str]| {
        program(phase7::program!())
            .args(arguments)
            .stdin(text)
            .run()
            .expect_code(0)
            .stdout()
    };
    let head = "from                             all    trace    debug     info   notice     warn    error    fatal     none\n";
    let row = |time: &str, counts: [u64; 9]| {
        counts
            .iter()
            .fold(format!("2026-11-20T20:00:{time}Z"), |row, count| {
                format!("{row} {count:>8}")
            })
            + "\n"
    };
    let rows = [
        row("00.000000", [2, 0, 0, 1, 0, 0, 1, 0, 0]),
        row("00.001000", [0; 9]),
        row("00.002000", [1, 0, 0, 0, 0, 0, 0, 0, 1]),
        row("00.003000", [1, 0, 1, 0, 0, 0, 0, 0, 0]),
    ];
    assert_eq!(
        run(&["--histogram"]),
        format!("{head}{}", rows.concat()),
        "a row for each millisecond"
    );
    let rows = [
        row("00.000000", [2, 0, 0, 1, 0, 0, 1, 0, 0]),
        row("00.002000", [2, 0, 1, 0, 0, 0, 0, 0, 1]),
    ];
    assert_eq!(
        run(&["--histogram=3"]),
        format!("{head}{}", rows.concat()),
        "at most three, of equal width"
    );
}

/// Neither a long line nor a small file that is large inside takes much memory.
#[phase7::test(points = 2, rule = 23, timeout_s = 40)]
fn a_bomb_is_streamed() {
    let files = Scratch::new();
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).expect("an encoder");
    let block = vec![b'x'; 1 << 20];
    for _ in 0..192 {
        encoder.write_all(&block).expect("memory takes it");
    }
    encoder
        .write_all(b"\n2026-11-20 20:00:00 ERROR end\n")
        .expect("memory takes it");
    let path = files.write("bomb", encoder.finish().expect("memory takes it"));
    let output = Program::new("sh")
        .args([
            "-c",
            "ulimit -v 120000; exec \"$0\" --no-tui --zone UTC -e level=error \"$1\"",
            PROGRAM,
        ])
        .arg(path)
        .deadline(Duration::from_secs(35))
        .run()
        .expect_code(0);
    assert_eq!(
        output.stdout(),
        "2026-11-20 20:00:00 ERROR end\n",
        "what stands behind it"
    );
}
