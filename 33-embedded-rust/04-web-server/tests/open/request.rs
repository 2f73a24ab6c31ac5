//! Bytes to requests.

use web_server::request::{Method, Parser, Progress, Request, Version};
use web_server::status::Status;

/// What becomes of `bytes`, taken at once.
fn refusal(bytes: &str) -> Option<Status> {
    match Parser::new().feed(bytes.as_bytes()).1 {
        Progress::Refused(status) => Some(status),
        _ => None,
    }
}

/// A request without a body.
#[phase7::test(points = 1, rule = 10)]
fn a_request_is_taken_apart() {
    let mut parser = Parser::new();
    assert!(parser.is_idle(), "a new parser is idle");
    let bytes = b"GET /api/led?x=1 HTTP/1.1\r\nHost: board\r\n\r\n";
    assert_eq!(
        parser.feed(bytes),
        (bytes.len(), Progress::Complete),
        "bytes taken, progress"
    );
    let expected = Request {
        method: Method::Get,
        path: b"/api/led",
        version: Version::Http11,
        keep_alive: true,
        body: b"",
    };
    assert_eq!(parser.request(), expected, "the request");
}

/// A request with a body comes in pieces, and another behind it.
#[phase7::test(points = 2, rule = 9)]
fn a_request_ends_with_its_body() {
    let mut parser = Parser::new();
    for piece in [
        "PUT /api/led HT",
        "TP/1.1\r\nHost: board\r\nContent-Le",
        "ngth: 4\r",
        "\n\r\nab",
    ] {
        assert_eq!(
            parser.feed(piece.as_bytes()),
            (piece.len(), Progress::More),
            "bytes taken, progress, after {piece:?}"
        );
    }
    assert!(!parser.is_idle(), "the parser is idle in the middle");
    assert_eq!(parser.feed(b"cdGET /"), (2, Progress::Complete), "the last piece");
    assert_eq!(
        (parser.request().method, parser.request().body),
        (Method::Put, &b"abcd"[..]),
        "method and body"
    );
    assert_eq!(
        parser.feed(b"GET /"),
        (0, Progress::Complete),
        "what is behind it"
    );
    parser.next();
    assert_eq!(parser.feed(b"GET /"), (5, Progress::More), "the next request");
}

/// What is no HTTP is refused.
#[phase7::test(points = 1, rule = 11)]
fn what_is_no_request_is_refused() {
    for bytes in [
        "GET /\r\n",
        "GET  / HTTP/1.1\r\n",
        "GET / HTTP/1.1\r\nHost board\r\n",
        "GET / HTTP/1.1\r\nHost : board\r\n",
        "GET / HTTP/1.1\r\n\r\n",
    ] {
        assert_eq!(refusal(bytes), Some(Status::BadRequest), "{bytes:?}");
    }
    let newer = "GET / HTTP/2.0\r\n";
    assert_eq!(refusal(newer), Some(Status::VersionNotSupported), "{newer:?}");
}

/// A connection lasts as version and `Connection` say.
#[phase7::test(points = 1, rule = 15)]
fn a_connection_lasts_as_the_client_says() {
    for (version, field, lasts) in [
        ("1.1", "", true),
        ("1.1", "Connection: close\r\n", false),
        ("1.0", "", false),
        ("1.0", "Connection: keep-alive\r\n", true),
    ] {
        let bytes = format!("GET / HTTP/{version}\r\nHost: board\r\n{field}\r\n");
        let mut parser = Parser::new();
        parser.feed(bytes.as_bytes());
        assert_eq!(parser.request().keep_alive, lasts, "{bytes:?}");
    }
}
