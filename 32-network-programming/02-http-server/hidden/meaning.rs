//! What paths, conditions and ranges mean, and what a log line may hold.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderValue, StatusCode};
use http_server::access_log::{self, Record};
use http_server::conditional::{self, Outcome, Validators};
use http_server::path::{self, PathError};
use http_server::range::{self, Selection};

use super::support::{Daemon, parse_one};

/// Sun, 06 Nov 1994 08:49:37 GMT, and a bit.
fn modified() -> SystemTime {
    UNIX_EPOCH + Duration::new(784_111_777, 500_000_000)
}

const AT: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const BEFORE: &str = "Sun, 06 Nov 1994 08:49:36 GMT";

fn headers(fields: &[(&'static str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.append(*name, HeaderValue::try_from(*value).expect("text"));
    }
    headers
}

/// Names that are no names, in every writing.
#[phase7::test(points = 1, rule = 11)]
fn paths_that_are_refused() {
    for target in [
        "",
        "*",
        "//",
        "/a//b",
        "//a",
        "/a//",
        "/.",
        "/./a",
        "/a/.",
        "/a/..",
        "/../",
        "/%2E",
        "/%2e./a",
        "/.%2e",
        "/a/%2e%2e/",
        "/%2f",
        "/a%2Fb",
        "/%00",
        "/%0",
        "/%g0",
        "/%+1",
        "/a%",
    ] {
        assert_eq!(path::resolve(target.as_bytes()), Err(PathError), "{target:?}");
    }
    for (target, name) in [
        ("/%41%e9", &b"A\xe9"[..]),
        ("/..a/b..", b"..a/b.."),
        ("/a\\..", b"a\\.."),
        ("/%2525", b"%25"),
    ] {
        let resolved = path::resolve(target.as_bytes()).expect("a path that is fine");
        assert_eq!(resolved.path.as_os_str().as_encoded_bytes(), name, "{target}");
    }
}

/// Tags in lists, weak ones, and any; dates in three forms; and which of them counts.
#[phase7::test(points = 2, rule = 12)]
fn conditions_have_an_order() {
    let validators = Validators {
        etag: "\"a,b\"",
        modified: modified(),
    };
    let is = |fields: &[(&'static str, &str)], outcome: Outcome| {
        assert_eq!(
            conditional::evaluate(&headers(fields), validators),
            outcome,
            "{fields:?}"
        );
    };
    is(&[], Outcome::Proceed);
    is(&[("if-match", "*")], Outcome::Proceed);
    is(&[("if-match", "\"x\", \"a,b\"")], Outcome::Proceed);
    is(&[("if-match", "W/\"a,b\"")], Outcome::PreconditionFailed);
    is(&[("if-match", "a,b")], Outcome::PreconditionFailed);
    is(&[("if-match", "\"a\", \"b\"")], Outcome::PreconditionFailed);
    is(&[("if-none-match", "*")], Outcome::NotModified);
    is(&[("if-none-match", "W/\"x\",W/\"a,b\"")], Outcome::NotModified);
    is(
        &[("if-none-match", "\"x\""), ("if-none-match", "\"a,b\"")],
        Outcome::NotModified,
    );
    is(&[("if-none-match", "\"b\"")], Outcome::Proceed);
    is(&[("if-modified-since", AT)], Outcome::NotModified);
    is(
        &[("if-modified-since", "Sunday, 06-Nov-94 08:49:37 GMT")],
        Outcome::NotModified,
    );
    is(
        &[("if-modified-since", "Sun Nov  6 08:49:37 1994")],
        Outcome::NotModified,
    );
    is(&[("if-modified-since", "yesterday")], Outcome::Proceed);
    is(&[("if-unmodified-since", AT)], Outcome::Proceed);
    is(&[("if-unmodified-since", "yesterday")], Outcome::Proceed);
    // A tag counts more than a date.
    is(
        &[("if-none-match", "\"x\""), ("if-modified-since", AT)],
        Outcome::Proceed,
    );
    is(
        &[("if-match", "\"a,b\""), ("if-unmodified-since", BEFORE)],
        Outcome::Proceed,
    );
    // What fails comes before what is not modified.
    is(
        &[("if-match", "\"x\""), ("if-none-match", "\"a,b\"")],
        Outcome::PreconditionFailed,
    );
    is(
        &[("if-unmodified-since", BEFORE), ("if-none-match", "*")],
        Outcome::PreconditionFailed,
    );
}

/// A range counts only for the state that the client has.
#[phase7::test(points = 1, rule = 12)]
fn if_range_wants_this_very_state() {
    let validators = Validators {
        etag: "\"a\"",
        modified: modified(),
    };
    for (value, applies) in [
        ("\"a\"", true),
        ("\"b\"", false),
        ("W/\"a\"", false),
        ("*", false),
        (AT, true),
        (BEFORE, false),
        ("Sun, 06 Nov 1994 08:49:38 GMT", false),
        ("nonsense", false),
    ] {
        let headers = headers(&[("if-range", value)]);
        assert_eq!(
            conditional::range_applies(&headers, validators),
            applies,
            "{value}"
        );
    }
    assert!(
        conditional::range_applies(&HeaderMap::new(), validators),
        "no field"
    );
}

/// Ranges at both ends, of nothing, and of more than there are numbers.
#[phase7::test(points = 1, rule = 13)]
fn ranges_have_edges() {
    let is = |value: &str, length, selection: Selection| {
        assert_eq!(
            range::select(&headers(&[("range", value)]), length),
            selection,
            "{value} of {length}"
        );
    };
    is("bytes=0-0", 10, Selection::Part(0..1));
    is("Bytes=9-9", 10, Selection::Part(9..10));
    is("bytes=-10", 10, Selection::Part(0..10));
    is("bytes=-11", 10, Selection::Part(0..10));
    is("bytes=0-99999999999999999999999", 10, Selection::Part(0..10));
    is("bytes=0-18446744073709551615", 10, Selection::Part(0..10));
    is("bytes=99999999999999999999999-", 10, Selection::Unsatisfiable);
    is("bytes=-0", 10, Selection::Unsatisfiable);
    is("bytes=0-", 0, Selection::Unsatisfiable);
    is("bytes=-5", 0, Selection::Whole);
    for ignored in [
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=+1-2",
        "bytes=1-2-3",
        "bytes=--1",
        "bytes 0-1",
        "bytes=0-1,",
    ] {
        is(ignored, 10, Selection::Whole);
    }
    let twice = headers(&[("range", "bytes=0-1"), ("range", "bytes=2-3")]);
    assert_eq!(range::select(&twice, 10), Selection::Whole, "two fields");
}

/// A client cannot write a line of its own, nor to anybody's terminal.
#[phase7::test(points = 1, rule = 14)]
fn log_lines_are_not_forged() {
    let (head, _) = parse_one(b"GET /\"\\ HTTP/1.0\r\nUser-Agent: a\tb\xe9\"\\\r\n\r\n");
    let mut line = Vec::new();
    let record = Record {
        peer: "::1".parse().expect("an address"),
        time: modified(),
        request: Some(&head.request),
        status: StatusCode::NOT_FOUND,
        body_sent: 0,
    };
    access_log::format(&record, &mut line);
    let date = "[06/Nov/1994:08:49:37 +0000]";
    assert_eq!(
        String::from_utf8_lossy(&line),
        format!("::1 - - {date} \"GET /\\x22\\x5C HTTP/1.0\" 404 0 \"-\" \"a\\x09b\\xE9\\x22\\x5C\"\n")
    );
    let mut line = Vec::new();
    access_log::format(
        &Record {
            request: None,
            ..record
        },
        &mut line,
    );
    assert_eq!(
        String::from_utf8_lossy(&line),
        format!("::1 - - {date} \"-\" 404 0 \"-\" \"-\"\n")
    );
}

/// A line for each answer, behind what was there before.
#[phase7::test(points = 1, rule = 14)]
fn answers_are_logged() {
    let logs = phase7::Scratch::new();
    let log = logs.write("access.log", "before\n");
    let server = Daemon::start(&[
        "--echo",
        "/echo",
        "--access-log",
        log.to_str().expect("a plain path"),
    ]);
    server.root.write("a.txt", "hello\n");
    let mut client = server.connect();
    client.send(super::support::request("GET", "/a.txt", &["User-Agent: me"]));
    client.answer("GET");
    client.send(super::support::request("HEAD", "/a.txt", &["Referer: there"]));
    client.answer("HEAD");
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nnonsense\r\n\r\n");
    client.answer("POST");
    client.answer("GET");
    server.terminate(0);
    let text = logs.read("access.log");
    let lines: Vec<_> = text
        .lines()
        .map(|line| line.split_once("] ").map_or(line, |(_, rest)| rest))
        .collect();
    let [first, get, head, post, refused] = lines[..] else {
        panic!("five lines were expected: {text:?}")
    };
    assert_eq!(first, "before");
    assert_eq!(get, "\"GET /a.txt HTTP/1.1\" 200 6 \"-\" \"me\"");
    assert_eq!(head, "\"HEAD /a.txt HTTP/1.1\" 200 0 \"there\" \"-\"");
    assert_eq!(post, "\"POST /echo HTTP/1.1\" 200 3 \"-\" \"-\"");
    assert!(
        refused.starts_with("\"-\" 400 "),
        "a request that could not be read: {refused}"
    );
}
