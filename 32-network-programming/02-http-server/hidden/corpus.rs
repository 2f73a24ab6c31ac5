//! Requests that must be refused, with their status; and odd ones that must not.

use http_server::limits::{Limits, MAX_CHUNK_LINE};
use http_server::parser::Framing;

use super::support::{parse, parse_one, refused};

#[track_caller]
fn check(requests: &[(&str, u16)]) {
    for (bytes, status) in requests {
        assert_eq!(
            refused(bytes.as_bytes(), &Limits::default()),
            Some(*status),
            "{bytes:?}"
        );
    }
}

/// Request lines that are none.
#[phase7::test(points = 2, rule = 2)]
fn request_lines_that_are_none() {
    let lines = [
        ("", 400),
        ("GET", 400),
        ("GET /", 400),
        ("GET / ", 400),
        ("GET  / HTTP/1.1", 400),
        (" GET / HTTP/1.1", 400),
        ("GET / HTTP/1.1 ", 400),
        ("GET /a b HTTP/1.1", 400),
        ("GET\t/\tHTTP/1.1", 400),
        ("G@T / HTTP/1.1", 400),
        ("GET a HTTP/1.1", 400),
        ("GET /\u{e9} HTTP/1.1", 400),
        ("GET /#a HTTP/1.1", 400),
        ("GET /\u{7f} HTTP/1.1", 400),
        ("GET * HTTP/1.1", 400),
        ("GET http:// HTTP/1.1", 400),
        ("GET http://a@b/ HTTP/1.1", 400),
        ("CONNECT /a HTTP/1.1", 400),
        ("GET / http/1.1", 400),
        ("GET / HTTP/1", 400),
        ("GET / HTTP/1.10", 400),
        ("GET / HTTP/2.0", 505),
        ("GET / HTTP/0.9", 505),
    ];
    for (line, status) in lines {
        let bytes = format!("\r\n{line}\r\nHost: x\r\n\r\n");
        assert_eq!(
            refused(bytes.as_bytes(), &Limits::default()),
            Some(status),
            "{line:?}"
        );
    }
    let (head, _) = parse_one(b"\r\nOPTIONS * HTTP/1.7\r\nHost: x\r\n\r\n");
    assert_eq!(
        (head.request.path(), head.keep_alive),
        (&b"*"[..], true),
        "all that is asked of a server"
    );
    let (head, _) = parse_one(b"GET HTTP://x:80?a/b HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(
        (head.request.path(), head.request.query()),
        (&b"/"[..], Some(&b"a/b"[..])),
        "a proxy's form"
    );
    let (head, _) = parse_one(b"get! /a?b?c HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(
        (head.request.method.as_str(), head.request.query()),
        ("get!", Some(&b"b?c"[..]))
    );
}

/// Fields that are none.
#[phase7::test(points = 2, rule = 3)]
fn fields_that_are_none() {
    let fields = [
        ": a",
        "a",
        "a b: c",
        "a\t: c",
        "\ta: b",
        "a\u{e9}: b",
        "a: b\0",
        "a: b\x1b[0m",
        "a: \x7f",
        "a: b\rc: d",
        "a: b\r",
        "a\r: b",
        "(a): b",
        "a: b\nc: d",
        "",
    ];
    for field in fields.iter().filter(|field| !field.is_empty()) {
        let bytes = format!("GET / HTTP/1.1\r\nHost: x\r\n{field}\r\n\r\n");
        assert_eq!(
            refused(bytes.as_bytes(), &Limits::default()),
            Some(400),
            "{field:?}"
        );
    }
    let (head, _) =
        parse_one(b"GET / HTTP/1.1\r\nHost: x\r\n!#$%&'*+-.^_`|~9:\t\xe9 \"\\ :\t \r\nEmpty:\r\n\r\n");
    let headers = &head.request.headers;
    assert_eq!(
        headers["!#$%&'*+-.^_`|~9"].as_bytes(),
        b"\xe9 \"\\ :",
        "an odd field"
    );
    assert_eq!(headers["empty"], "", "a field without a value");
}

/// Which host is meant is never left open.
#[phase7::test(points = 1, rule = 4)]
fn hosts_that_are_none() {
    check(&[
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
        ("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
        ("GET http://a/ HTTP/1.1\r\n\r\n", 400),
    ]);
    parse_one(b"GET / HTTP/1.0\r\n\r\n");
    parse_one(b"GET / HTTP/1.1\r\nHost:\r\n\r\n");
    parse_one(b"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n");
}

/// Lengths that smuggle.
#[phase7::test(points = 2, rule = 5)]
fn lengths_that_smuggle() {
    let fields = [
        ("Content-Length: 5\r\nContent-Length: 5", 400),
        ("Content-Length: 5, 5", 400),
        ("Content-Length: -1", 400),
        ("Content-Length: 0x5", 400),
        ("Content-Length: 5 5", 400),
        ("Content-Length:", 400),
        ("Content-Length: 18446744073709551616", 400),
        ("Content-Length: 0\r\nTransfer-Encoding: chunked", 400),
        ("Transfer-Encoding: chunked\r\ncontent-length: 0", 400),
        ("Transfer-Encoding:", 400),
        ("Transfer-Encoding: xchunked", 400),
        ("Transfer-Encoding: \"chunked\"", 400),
        ("Transfer-Encoding: chunked;a=b", 400),
        ("Transfer-Encoding: identity", 400),
        ("Transfer-Encoding: chunked, identity", 400),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", 400),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 400),
        ("Transfer-Encoding: gzip, chunked", 501),
        ("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", 501),
    ];
    for (fields, status) in fields {
        let bytes = format!("POST / HTTP/1.1\r\nHost: x\r\n{fields}\r\n\r\n");
        assert_eq!(
            refused(bytes.as_bytes(), &Limits::default()),
            Some(status),
            "{fields:?}"
        );
    }
    check(&[("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400)]);
    let (head, _) = parse_one(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n");
    assert_eq!(head.framing, Framing::Chunked, "in capitals");
    let (head, _) = parse_one(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 00\r\n\r\n");
    assert_eq!(head.framing, Framing::None, "a length of no bytes");
}

/// Chunks that are none.
#[phase7::test(points = 2, rule = 6)]
fn chunks_that_are_none() {
    let head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    let bodies = [
        "\r\n",
        "5\nhello\r\n",
        "0x5\r\nhello\r\n",
        "+5\r\nhello\r\n",
        "-1\r\n",
        "g\r\n",
        " 5\r\nhello\r\n",
        "5 \r\nhello\r\n",
        ";a\r\n",
        "5\r\nhello!\r\n",
        "5\r\nhello\n0\r\n\r\n",
        "5\r\nhello\r0\r\n\r\n",
        "5;a\rb\r\nhello\r\n",
        "5;a\0\r\nhello\r\n",
        "0\r\n a: b\r\n\r\n",
        "0\r\na\r\n\r\n",
        "0\r\na : b\r\n\r\n",
        "0\r\na: b\n\r\n",
        "0\r\n\n",
    ];
    for body in bodies {
        let bytes = format!("{head}{body}");
        assert_eq!(
            refused(bytes.as_bytes(), &Limits::default()),
            Some(400),
            "{body:?}"
        );
    }
    let bytes = format!("{head}0005 ;a=\"b;c\"\r\nhello\r\n000\r\nA: b\r\n\r\n");
    assert_eq!(
        parse_one(bytes.as_bytes()).1,
        b"hello",
        "a body that is odd, and fine"
    );
}

/// Every limit, from both sides.
#[phase7::test(points = 2, rule = 7)]
fn limits_are_met_exactly() {
    let limits = Limits {
        max_head: 1000,
        max_fields: 3,
        max_body: 10,
        ..Limits::default()
    };
    let is = |bytes: &str, status: Option<u16>, what: &str| {
        assert_eq!(refused(bytes.as_bytes(), &limits), status, "{what}");
    };
    let fields = |count| format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "a: b\r\n".repeat(count));
    is(&fields(2), None, "three fields");
    is(&fields(3), Some(431), "four fields");
    is(
        &format!("GET /{}", "a".repeat(994)),
        None,
        "a request line that may yet end",
    );
    is(
        &format!("GET /{}", "a".repeat(995)),
        Some(414),
        "a request line that is too long",
    );
    let post = |fields: &str, body: &str| format!("POST / HTTP/1.1\r\nHost: x\r\n{fields}\r\n\r\n{body}");
    is(&post("Content-Length: 10", ""), None, "a body of ten bytes");
    is(
        &post("Content-Length: 11", ""),
        Some(413),
        "a body of eleven bytes",
    );
    let chunked = |body: &str| post("Transfer-Encoding: chunked", body);
    is(
        &chunked("5\r\nhello\r\n5\r\nhello\r\n0\r\n\r\n"),
        None,
        "ten bytes in chunks",
    );
    is(
        &chunked("5\r\nhello\r\n6\r\n"),
        Some(413),
        "eleven bytes in chunks",
    );
    is(&chunked("fffffffffffffffff\r\n"), Some(413), "a size of 68 bits");
    let line = |length: usize| format!("1;{}\r\n", "a".repeat(length - 4));
    is(&chunked(&line(MAX_CHUNK_LINE)), None, "the longest line");
    is(&chunked(&line(MAX_CHUNK_LINE + 1)), Some(400), "a longer line");
    let extended = format!("1;{}\r\na\r\n", "a".repeat(199));
    is(
        &chunked(&extended.repeat(5)),
        None,
        "a thousand bytes of extensions",
    );
    is(&chunked(&(extended.repeat(5) + "1;\r\n")), Some(400), "one more");
    is(
        &chunked("0\r\na: b\r\na: b\r\na: b\r\n\r\n"),
        None,
        "three trailers",
    );
    is(
        &chunked("0\r\na: b\r\na: b\r\na: b\r\na: b\r\n\r\n"),
        Some(431),
        "four trailers",
    );
    is(
        &chunked(&format!(
            "0\r\na:{}\r\nb:{}\r\n",
            "a".repeat(500),
            "b".repeat(500)
        )),
        Some(431),
        "long trailers",
    );
    let (requests, refusal) = parse(fields(2).repeat(20).as_bytes(), 4096, &limits);
    assert_eq!(
        (requests.len(), refusal),
        (20, None),
        "each head has the limits to itself"
    );
}

/// Expectations, and what a client of 1.0 cannot have.
#[phase7::test(points = 1, rule = 8)]
fn expectations_are_known_or_refused() {
    check(&[
        ("POST / HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n", 417),
        (
            "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue, tea\r\n\r\n",
            417,
        ),
    ]);
    let (head, _) = parse_one(b"POST / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n");
    assert!(!head.expects_continue, "a client of 1.0 waits for nothing");
    let told = |fields: &str| {
        parse_one(format!("GET / HTTP/1.1\r\nHost: x\r\n{fields}\r\n").as_bytes())
            .0
            .keep_alive
    };
    assert!(
        !told("Connection: keep-alive\r\nConnection: close\r\n"),
        "close in a line of its own"
    );
    assert!(told("Connection: closed\r\n"), "another option");
}
