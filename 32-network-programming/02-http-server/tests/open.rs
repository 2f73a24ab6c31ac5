//! The open tests: the parser first, then what a request for a file means, then the server.

mod parsing;
#[allow(dead_code, reason = "each test file uses its part")]
mod support;

use std::time::{Duration, UNIX_EPOCH};

use http::{HeaderMap, HeaderValue, StatusCode};
use http_server::access_log::{self, Record};
use http_server::conditional::{self, Outcome, Validators};
use http_server::path::{self, PathError};
use http_server::range::{self, Selection};
use phase7::Scratch;
use phase7::process::Signal;
use support::{Daemon, request};

/// Escapes are resolved once; a slash at the end is told apart.
#[phase7::test(points = 1, rule = 11)]
fn a_path_becomes_a_name() {
    for (target, name, is_directory) in [
        ("/", "", true),
        ("/a.txt", "a.txt", false),
        ("/a/b%20c", "a/b c", false),
        ("/a/", "a", true),
        ("/%252e", "%2e", false),
        ("/...", "...", false),
    ] {
        let resolved = path::resolve(target.as_bytes()).expect("a path that is fine");
        assert_eq!(resolved.path.to_str(), Some(name), "the name for {target}");
        assert_eq!(
            resolved.is_directory, is_directory,
            "whether {target} names a directory"
        );
    }
    for target in ["/..", "/a/../b", "/%2e%2e/a", "/a%2fb", "/a%00", "/%", "a"] {
        assert_eq!(path::resolve(target.as_bytes()), Err(PathError), "{target}");
    }
}

/// Parts of ten bytes.
#[phase7::test(points = 1, rule = 13)]
fn a_range_selects_bytes() {
    for (value, selection) in [
        ("bytes=0-3", Selection::Part(0..4)),
        ("bytes=4-", Selection::Part(4..10)),
        ("bytes=-3", Selection::Part(7..10)),
        ("bytes=8-100", Selection::Part(8..10)),
        ("bytes=10-", Selection::Unsatisfiable),
        ("bytes=5-4", Selection::Whole),
        ("lines=1-2", Selection::Whole),
        ("bytes=0-1,4-5", Selection::Whole),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert("range", HeaderValue::from_static(value));
        assert_eq!(range::select(&headers, 10), selection, "{value} of ten bytes");
    }
    assert_eq!(range::select(&HeaderMap::new(), 10), Selection::Whole, "no field");
}

/// A client that has the state that there is gets 304.
#[phase7::test(points = 1, rule = 12)]
fn conditions_are_held_against_the_validators() {
    let validators = Validators {
        etag: "\"one\"",
        modified: UNIX_EPOCH + Duration::from_secs(784_111_777),
    };
    for (name, value, outcome) in [
        ("if-none-match", "\"one\"", Outcome::NotModified),
        ("if-none-match", "\"two\"", Outcome::Proceed),
        ("if-match", "\"two\"", Outcome::PreconditionFailed),
        (
            "if-modified-since",
            "Sun, 06 Nov 1994 08:49:37 GMT",
            Outcome::NotModified,
        ),
        (
            "if-modified-since",
            "Sun, 06 Nov 1994 08:49:36 GMT",
            Outcome::Proceed,
        ),
        (
            "if-unmodified-since",
            "Sun, 06 Nov 1994 08:49:36 GMT",
            Outcome::PreconditionFailed,
        ),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        assert_eq!(
            conditional::evaluate(&headers, validators),
            outcome,
            "{name}: {value}"
        );
    }
}

/// The combined format, to the letter.
#[phase7::test(points = 1, rule = 14)]
fn a_log_line_is_in_the_combined_format() {
    let (head, _) = support::parse_one(
        b"GET /a?b HTTP/1.1\r\nHost: x\r\nReferer: http://y/\r\nUser-Agent: \"me\"\r\n\r\n",
    );
    let mut line = Vec::new();
    let record = Record {
        peer: [127, 0, 0, 1].into(),
        time: UNIX_EPOCH + Duration::from_secs(784_111_777),
        request: Some(&head.request),
        status: StatusCode::OK,
        body_sent: 42,
    };
    access_log::format(&record, &mut line);
    assert_eq!(
        String::from_utf8_lossy(&line),
        "127.0.0.1 - - [06/Nov/1994:08:49:37 +0000] \"GET /a?b HTTP/1.1\" 200 42 \"http://y/\" \"\\x22me\\x22\"\n"
    );
}

/// A file comes with what a browser needs to know of it.
#[phase7::test(points = 2, rule = 19)]
fn a_file_is_served() {
    let server = Daemon::start(&[]);
    server.root.write("a.txt", "hello\n");
    let answer = server.ask("GET", "/a.txt?query", &[]).expect(200, "a file");
    assert_eq!(answer.body, b"hello\n", "the body");
    assert_eq!(answer.field("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(answer.field("accept-ranges"), Some("bytes"));
    assert!(
        answer.field("etag").is_some_and(|tag| tag.starts_with('"')),
        "a strong tag: {answer:?}"
    );
    assert!(
        answer
            .field("last-modified")
            .is_some_and(|date| date.ends_with(" GMT")),
        "{answer:?}"
    );
    assert!(
        answer.field("date").is_some_and(|date| date.ends_with(" GMT")),
        "{answer:?}"
    );
    server.ask("GET", "/b.txt", &[]).expect(404, "no file");
    server.terminate(0);
}

/// Three requests on one connection, one behind the other.
#[phase7::test(points = 1, rule = 15)]
fn a_connection_lasts() {
    let server = Daemon::start(&[]);
    server.root.write("a.txt", "hello\n");
    let mut client = server.connect();
    for _ in 0..2 {
        client.send(request("GET", "/a.txt", &[]));
        let answer = client.answer("GET").expect(200, "a file");
        assert_eq!(
            answer.field("connection"),
            None,
            "nothing is said of a connection that lasts"
        );
    }
    client.send(request("GET", "/a.txt", &["Connection: close"]));
    let answer = client.answer("GET").expect(200, "a file");
    assert_eq!(answer.field("connection"), Some("close"));
    client.expect_end("as was asked for");
}

/// A HEAD has the fields of the GET, and no body.
#[phase7::test(points = 1, rule = 17)]
fn head_has_no_body() {
    let server = Daemon::start(&[]);
    server.root.write("a.txt", "hello\n");
    let mut client = server.connect();
    client.send(request("HEAD", "/a.txt", &[]) + &request("GET", "/a.txt", &[]));
    let (head, get) = (client.answer("HEAD"), client.answer("GET"));
    assert_eq!(head.status, 200, "the status of HEAD");
    assert_eq!(head.field("content-length"), Some("6"));
    assert_eq!(head.fields, get.fields, "the fields of HEAD and GET");
    assert_eq!(
        get.body, b"hello\n",
        "what stands behind the head of the first answer"
    );
}

/// A name without its slash leads to the directory, and that to its index.
#[phase7::test(points = 1, rule = 20)]
fn a_directory_is_its_index() {
    let server = Daemon::start(&[]);
    server.root.write("sub/index.html", "<p>index");
    let answer = server
        .ask("GET", "/sub?a=b", &[])
        .expect(301, "a directory without its slash");
    assert_eq!(answer.field("location"), Some("/sub/?a=b"));
    let answer = server.ask("GET", "/sub/", &[]).expect(200, "its index");
    assert_eq!(answer.body, b"<p>index");
    assert_eq!(answer.field("content-type"), Some("text/html; charset=utf-8"));
    server
        .ask("GET", "/", &[])
        .expect(404, "a directory without an index");
}

/// What leads above the root is refused, however it is written.
#[phase7::test(points = 1, rule = 21)]
fn nothing_above_the_root_is_served() {
    let outside = Scratch::new();
    let secret = outside.write("secret.txt", "secret");
    let server = Daemon::start(&[]);
    std::os::unix::fs::symlink(&secret, server.root.join("link")).expect("a link can be made");
    let name = outside
        .path()
        .file_name()
        .and_then(|name| name.to_str())
        .expect("a plain name");
    for target in [
        format!("/../{name}/secret.txt"),
        format!("/%2e%2e/{name}/secret.txt"),
        format!("/..%2f{name}/secret.txt"),
        format!("/{}", secret.display()),
    ] {
        server.ask("GET", &target, &[]).expect(400, &target);
    }
    server
        .ask("GET", "/link", &[])
        .expect(404, "a link that leads out");
}

/// What a resource has no use for is 405, what nobody knows is 501.
#[phase7::test(points = 1, rule = 22)]
fn other_methods_are_told_which_are_allowed() {
    let server = Daemon::start(&["--echo", "/echo"]);
    let answer = server.ask("DELETE", "/a.txt", &[]).expect(405, "DELETE");
    assert_eq!(answer.field("allow"), Some("GET, HEAD, OPTIONS"));
    let answer = server.ask("GET", "/echo", &[]).expect(405, "GET of the echo");
    assert_eq!(answer.field("allow"), Some("OPTIONS, POST"));
    let answer = server.ask("OPTIONS", "*", &[]).expect(204, "OPTIONS");
    assert_eq!(answer.field("allow"), Some("GET, HEAD, OPTIONS"));
    server.ask("BREW", "/a.txt", &[]).expect(501, "BREW");
}

/// A body in chunks comes back in chunks.
#[phase7::test(points = 1, rule = 26)]
fn a_chunked_body_comes_back() {
    let server = Daemon::start(&["--echo", "/echo"]);
    let mut client = server.connect();
    client.send(request("POST", "/echo", &["Transfer-Encoding: chunked"]));
    client.send("5\r\nfirst\r\n");
    let head = client.head().expect(200, "the echo");
    assert_eq!(head.field("transfer-encoding"), Some("chunked"));
    assert_eq!(
        client.chunk().as_deref(),
        Some(&b"first"[..]),
        "before the body is over"
    );
    client.send("0\r\n\r\n");
    assert_eq!(client.chunk(), None, "the end");
    client.send(request("POST", "/echo", &["Content-Length: 6"]) + "second");
    let answer = client
        .answer("POST")
        .expect(200, "the echo of a body of known length");
    assert_eq!(
        (answer.body.as_slice(), answer.field("content-length")),
        (&b"second"[..], Some("6"))
    );
}

/// What is no request is answered, and the connection closed.
#[phase7::test(points = 1, rule = 18)]
fn a_bad_request_is_answered_and_ends_the_connection() {
    let server = Daemon::start(&[]);
    let mut client = server.connect();
    client.send(request("GET", "/a", &[]) + "GET  /b HTTP/1.1\r\n\r\n");
    client.answer("GET").expect(404, "the request before");
    let answer = client.answer("GET").expect(400, "two spaces");
    assert_eq!(answer.field("connection"), Some("close"));
    client.expect_end("behind a bad request");
}

/// SIGTERM and SIGINT end the server with 0.
#[phase7::test(points = 1, rule = 32)]
fn a_signal_stops_the_server() {
    for signal in [Signal::SIGTERM, Signal::SIGINT] {
        let server = Daemon::start(&[]);
        let mut idle = server.connect();
        idle.send(request("GET", "/", &[]));
        idle.answer("GET").expect(404, "no index");
        server.running.signal(signal);
        idle.expect_end("an idle connection");
        server.running.wait().expect_code(0);
    }
}

/// curl gets a file, a part of it, and nothing of what it has.
#[phase7::test(points = 1, rule = 23, needs = "curl")]
fn curl_gets_parts() {
    let server = Daemon::start(&[]);
    let file = server.root.write("big.bin", vec![7; 100_000]);
    let url = format!("http://{}/big.bin", server.address);
    let curl = |arguments: &[&str]| {
        let program = phase7::Program::new("curl").args(["-s", "-w", "%{http_code} %{size_download}"]);
        let output = program.args(["-o", "/dev/null"]).args(arguments).arg(&url).run();
        output.expect_code(0).stdout()
    };
    assert_eq!(curl(&[]), "200 100000", "the whole file");
    assert_eq!(curl(&["-r", "10-19"]), "206 10", "ten bytes");
    assert_eq!(
        curl(&["-r", "100000-"]).get(..3),
        Some("416"),
        "bytes behind the end"
    );
    let file = file.to_str().expect("a plain path");
    assert_eq!(curl(&["-z", file]), "304 0", "if it was changed since it was");
}
