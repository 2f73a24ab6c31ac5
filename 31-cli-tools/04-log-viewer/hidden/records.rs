//! Rules 1 to 8: what a record is, and what is known of it.

use log_viewer::level::Level;
use log_viewer::record::Format;
use log_viewer::time::rfc3339;

use super::support::{Kept, clock, field, program, records, with_record};

fn formats(bytes: &[u8]) -> Vec<Format> {
    records(bytes).iter().map(|record| record.head.format).collect()
}

fn level(line: &str) -> Option<Level> {
    with_record(line.as_bytes(), |record| record.head.level)
}

/// What only resembles a format is plain text.
#[phase7::test(points = 2, rule = 1)]
fn what_is_nearly_a_format_is_plain() {
    let lines = [
        "{\"a\":1",
        "{\"a\":1} more",
        "{\"a\" 1}",
        "{'a':1}",
        "<192>Nov 20 20:00:00 host app: text",
        "<034>Nov 20 20:00:00 host app: text",
        "<34>Nov 32 20:00:00 host app: text",
        "<34>1 yesterday host app - - - text",
        "Mayor 20 20:00:00 host app: text",
        "10.0.0.7 - - [20/Nov/2026:20:00:03 +0000] \"GET /a\" none 0",
        "10.0.0.7 - - [20/Nov/2026:20:00:03] \"GET /a\" 200 0",
        "MESSAGE=alone",
    ];
    for line in lines {
        assert_eq!(formats(line.as_bytes()), [Format::Plain], "{line}");
    }
}

/// The variants of a format are that format.
#[phase7::test(points = 1, rule = 1)]
fn variants_of_a_format_are_known() {
    let lines = [
        ("{ }", Format::Json),
        ("{\"a\":{\"b\":[1,{}]},\"c\":null}\r\n", Format::Json),
        ("<0>Nov  2 20:00:00 host app: text", Format::Bsd),
        ("Nov 20 20:00:00 host kernel: [1.2] text", Format::Bsd),
        ("2026-11-20T20:00:00.5+01:00 host app[1]: text", Format::Bsd),
        ("2026-11-20T20:00:00Z INFO app: text", Format::Plain),
        ("<13>1 - - - - - -", Format::Syslog),
        (
            "::1 - Ann Lee [20/Nov/2026:20:00:03 -0500] \"GET \\\"a\\\"\" 404 -",
            Format::Access,
        ),
    ];
    for (line, format) in lines {
        assert_eq!(formats(line.as_bytes()), [format], "{line}");
    }
}

/// The journal's binary values are as long as they say, whatever is in them.
#[phase7::test(points = 2, rule = 1)]
fn a_journal_is_walked_field_by_field() {
    let value = b"one\n\n__CURSOR=x\n\nPRIORITY=0";
    let mut bytes = b"__CURSOR=a\nMESSAGE\n".to_vec();
    bytes.extend_from_slice(&(value.len() as u64).to_le_bytes());
    bytes.extend_from_slice(value);
    bytes.extend_from_slice(b"\nPRIORITY=3\n_HOSTNAME=h\n\n");
    let first = bytes.len();
    bytes.extend_from_slice(b"__REALTIME_TIMESTAMP=1795204804000000\nMESSAGE=two\n\n{\"a\":1}\n");
    let records = records(&bytes);
    let lengths: Vec<_> = records.iter().map(|record| record.bytes.len()).collect();
    assert_eq!(lengths[..2], [first, bytes.len() - first - 8], "the two records");
    assert_eq!(
        records[0].head.level,
        Some(Level::Error),
        "the priority behind the value"
    );
    assert_eq!(records[2].head.format, Format::Json, "what comes behind");
    let message = with_record(&bytes[..first], |record| record.message().into_owned());
    assert_eq!(message, value, "the message");
    let host = with_record(&bytes[..first], |record| record.field("host"));
    assert_eq!(host.as_deref(), Some(&b"h"[..]), "a field by its short name");
}

/// A length that is a lie costs no memory and no panic.
#[phase7::test(points = 1, rule = 4)]
fn a_journal_may_lie_about_lengths() {
    let mut bytes = b"__CURSOR=a\nMESSAGE\n".to_vec();
    bytes.extend_from_slice(&u64::MAX.to_le_bytes());
    bytes.extend_from_slice(b"text\n");
    let lengths: Vec<_> = records(&bytes).iter().map(|record| record.bytes.len()).collect();
    assert_eq!(lengths, [bytes.len()], "one record, to the end");
}

/// Bytes are kept as they are.
#[phase7::test(points = 1, rule = 2)]
fn bytes_are_printed_as_they_were() {
    let text = b"2026-11-20 20:00:00 caf\xe9 a=1\r\n\r\n2026-11-20 20:00:01 \0 b=2";
    let output = program(phase7::program!()).stdin(*text).run().expect_code(0);
    assert_eq!(
        output.stdout_bytes,
        [&text[..], b"\n"].concat(),
        "and a last line feed"
    );
    assert_eq!(
        field("2026-11-20 20:00:00 a=1\r\n", "a").as_deref(),
        Some("1"),
        "no carriage return"
    );
}

/// A line continues a record only where the rule says so.
#[phase7::test(points = 2, rule = 3)]
fn not_every_line_continues_a_record() {
    let text = concat!(
        "{\"msg\":\"no time\"}\nfree\n\tindented\n",
        "__REALTIME_TIMESTAMP=1795204804000000\nMESSAGE=x\n\n  free too\n",
        "2026-11-20 20:00:00 timed\n\n}\n{\"msg\":\"own\"}\n",
    );
    let texts: Vec<_> = records(text.as_bytes())
        .iter()
        .map(|Kept { bytes, .. }| String::from_utf8_lossy(bytes).into_owned())
        .collect();
    let expected = [
        "{\"msg\":\"no time\"}\n",
        "free\n\tindented\n",
        "__REALTIME_TIMESTAMP=1795204804000000\nMESSAGE=x\n\n",
        "  free too\n",
        "2026-11-20 20:00:00 timed\n\n}\n",
        "{\"msg\":\"own\"}\n",
    ];
    assert_eq!(texts, expected, "the records");
}

/// What is longer than a record may be is divided.
#[phase7::test(points = 2, rule = 4)]
fn a_record_has_an_end() {
    let mut bytes = vec![b'x'; (5 << 20) / 2];
    bytes.push(b'\n');
    let lengths: Vec<_> = records(&bytes).iter().map(|record| record.bytes.len()).collect();
    assert_eq!(lengths, [1 << 20, 1 << 20, (1 << 19) + 1], "a line");
    let mut bytes = b"2026-11-20 20:00:00 ERROR boom\n".to_vec();
    let first = bytes.len();
    let line = [&[b' '; 999][..], b"\n"].concat();
    bytes.extend(std::iter::repeat_n(line, 1100).flatten());
    let lengths: Vec<_> = records(&bytes).iter().map(|record| record.bytes.len()).collect();
    let whole = ((1 << 20) - first) / 1000 * 1000;
    assert_eq!(lengths, [first + whole, bytes.len() - first - whole], "a trace");
}

/// JSON has times as numbers, too.
#[phase7::test(points = 1, rule = 5)]
fn a_number_is_a_time_by_its_size() {
    let time = |value: &str| {
        let line = format!("{{\"ts\":{value}}}");
        with_record(line.as_bytes(), |record| record.head.time_us.map(rfc3339))
    };
    let expected = Some("2026-11-20T20:00:04.500000Z".to_owned());
    for value in [
        "1795204804.5",
        "1795204804500",
        "\"1795204804500000\"",
        "1795204804500000000",
        "\"2026-11-20T20:00:04.5Z\"",
    ] {
        assert_eq!(time(value), expected, "{value}");
    }
    assert_eq!(time("true"), None, "no time");
}

/// Times in brackets, in quotes and behind a name are times.
#[phase7::test(points = 1, rule = 5)]
fn plain_text_begins_with_a_time() {
    let time = |line: &str| with_record(line.as_bytes(), |record| record.head.time_us.map(rfc3339));
    let expected = Some("2026-11-20T20:00:04.000000Z".to_owned());
    for line in [
        "2026-11-20T20:00:04Z text",
        "[2026-11-20 20:00:04] text",
        "time=\"2026-11-20T20:00:04Z\" level=info",
        "ts=2026-11-20T21:00:04+0100 level=info",
        "2026/11/20 20:00:04 [error] 7#7: text",
        "Nov 20 20:00:04 text",
        "2026-11-20 20:00:04 UTC text",
        "2026-11-20 19:59:64 text",
    ] {
        assert_eq!(
            time(line) == expected,
            !line.contains(":64"),
            "{line}: {:?}",
            time(line)
        );
    }
    assert_eq!(time("on 2026-11-20 20:00:04 it was"), None, "not at the head");
    let leap = clock()
        .iso(b"2016-12-31T23:59:60Z")
        .map(|(time_us, _)| rfc3339(time_us));
    assert_eq!(
        leap.as_deref(),
        Some("2017-01-01T00:00:00.000000Z"),
        "a leap second"
    );
}

/// Words name levels where they are marked as such.
#[phase7::test(points = 2, rule = 7)]
fn a_word_names_a_level_only_if_it_is_marked() {
    let at = |text: &str| level(&format!("2026-11-20 20:00:00 {text}"));
    assert_eq!(at("WARN disk"), Some(Level::Warn), "upper case");
    assert_eq!(at("[warning] disk"), Some(Level::Warn), "brackets");
    assert_eq!(at("app: error: disk"), Some(Level::Error), "a colon");
    assert_eq!(at("app level=crit disk"), Some(Level::Fatal), "an equals sign");
    assert_eq!(at("no error found"), None, "prose");
    assert_eq!(at("ERROR_COUNT ok"), None, "a part of a name");
    assert_eq!(at("a b c d e f g h ERROR"), None, "the ninth word");
    assert_eq!(at("INFO then ERROR"), Some(Level::Info), "the first one");
}

/// The formats have levels of their own.
#[phase7::test(points = 1, rule = 7)]
fn formats_have_levels_of_their_own() {
    assert_eq!(level("{\"level\":30}"), Some(Level::Info), "a number of pino");
    assert_eq!(level("{\"PRIORITY\":\"4\"}"), Some(Level::Warn), "a severity");
    assert_eq!(
        level("{\"severity\":\"CRITICAL\"}"),
        Some(Level::Fatal),
        "another name"
    );
    assert_eq!(
        level("<13>1 - - - - - - ERROR"),
        Some(Level::Notice),
        "the severity, not the word"
    );
    assert_eq!(
        level("Nov 20 20:00:00 host app: error: x"),
        Some(Level::Error),
        "no severity: the word"
    );
    let access = |status| {
        level(&format!(
            "a - - [20/Nov/2026:20:00:03 +0000] \"GET /\" {status} 1"
        ))
    };
    assert_eq!(
        (access(200), access(404)),
        (Some(Level::Info), Some(Level::Warn)),
        "by status"
    );
}

/// Values are decoded.
#[phase7::test(points = 2, rule = 8)]
fn values_are_decoded() {
    let json = r#"{"a":"x\n\"\u00e9\ud83d\ude00\ud83d","l":[{"k":7},"y"],"e":{"f.g":true}}"#;
    assert_eq!(field(json, "a").as_deref(), Some("x\n\"é😀\u{fffd}"), "escapes");
    assert_eq!(
        field(json, "l.0.k").as_deref(),
        Some("7"),
        "an element of an array"
    );
    assert_eq!(field(json, "l.1").as_deref(), Some("y"), "another one");
    assert_eq!(field(json, "e.f.g").as_deref(), Some("true"), "dots in a name");
    let syslog = r#"<165>1 2026-11-20T20:00:02Z - app - - [a@1 x="q\"\]\\\n" y=""][b z="2"] text"#;
    assert_eq!(
        field(syslog, "a@1.x").as_deref(),
        Some(r#"q"]\\n"#),
        "three escapes and no other"
    );
    assert_eq!(field(syslog, "b.z").as_deref(), Some("2"), "a second element");
    assert_eq!(field(syslog, "host"), None, "a dash");
    assert_eq!(
        field(syslog, "facility").as_deref(),
        Some("local4"),
        "the facility's name"
    );
    assert_eq!(
        field(syslog, "msg").as_deref(),
        Some("text"),
        "msg stands for message"
    );
    assert_eq!(
        field("{\"msg\":\"a\",\"message\":\"b\"}", "msg").as_deref(),
        Some("a"),
        "unless there is one"
    );
}
