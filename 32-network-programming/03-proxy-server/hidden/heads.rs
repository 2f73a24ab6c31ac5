//! Heads and bodies without a network: what is refused, and what is changed.

use proxy_server::http::body::{self, Body, Framing};
use proxy_server::http::forward::{self, Exchange, Plan};
use proxy_server::http::head::{self, HeadError};

const START: &str = "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n";

#[track_caller]
fn plan(text: &str) -> Result<Plan, HeadError> {
    let (head, _) = head::request(text.as_bytes())?.expect("a whole head");
    forward::request(&head)
}

#[track_caller]
fn exchange(text: &str) -> Exchange {
    match plan(text) {
        Ok(Plan::Exchange(exchange)) => exchange,
        other => panic!("{text:?} is passed on, not {other:?}"),
    }
}

fn answer(text: &str, to: &Exchange) -> Result<forward::Answer, HeadError> {
    let (head, _) = head::response(text.as_bytes())?.expect("a whole head");
    forward::response(&head, to, false)
}

#[track_caller]
fn check_malformed(text: &str) {
    let planned = plan(text);
    assert!(
        matches!(planned, Err(HeadError::Malformed(_))),
        "{text:?} is malformed, not {planned:?}"
    );
}

/// Every way to be lenient is a way to be misunderstood.
#[phase7::test(points = 2, rule = 20)]
fn heads_are_read_strictly() {
    assert!(
        plan(&format!("{START}X-A:b\r\nX-\u{7e}!#$%&'*+.^_`|: c d\r\n\r\n")).is_ok(),
        "what is allowed"
    );
    for field in [
        "X : a",
        " X: a",
        "\tX: a",
        "X",
        ": a",
        "X\0: a",
        "X: a\0b",
        "X: a\rb",
        "X: a\nY: b",
        "X: \x7f",
        "X(: a",
    ] {
        check_malformed(&format!("{START}{field}\r\n\r\n"));
    }
    check_malformed(&format!("{START}X: a\r\n continued\r\n\r\n"));
    for line in [
        "GET  http://a.test/ HTTP/1.1",
        "GET http://a.test/ HTTP/1.1 ",
        " GET http://a.test/ HTTP/1.1",
        "GET http://a.test/",
        "G(T http://a.test/ HTTP/1.1",
        "GET http://a.test/a b HTTP/1.1",
        "GET http://a.test/\t HTTP/1.1",
        "GET http://a.test/\u{e9} HTTP/1.1",
    ] {
        check_malformed(&format!("{line}\r\nHost: a.test\r\n\r\n"));
    }
    check_malformed("GET http://a.test/ HTTP/1.1\r\n\r\n");
    check_malformed("GET http://a.test/ HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n");
    check_malformed("GET http://a.test/ HTTP/1.1\nHost: a.test\n\n");
    assert!(
        plan("GET http://a.test/ HTTP/1.0\r\n\r\n").is_ok(),
        "HTTP/1.0 has no Host"
    );
    for version in ["HTTP/2.0", "HTTP/1.2", "http/1.1", "HTTP/1.10"] {
        let read = head::request(format!("GET http://a.test/ {version}\r\nHost: a\r\n\r\n").as_bytes()).err();
        assert_eq!(read, Some(HeadError::Version), "{version}");
    }
}

/// 16 KiB and 100 fields, not more; and an endless head is refused before it ends.
#[phase7::test(points = 1, rule = 20)]
fn heads_have_limits() {
    let padded = |length: usize| format!("{START}X: {}\r\n\r\n", "a".repeat(length - START.len() - 7));
    assert_eq!(padded(16384).len(), 16384, "the test's own arithmetic");
    assert!(plan(&padded(16384)).is_ok(), "16 KiB");
    assert_eq!(plan(&padded(16385)), Err(HeadError::TooLarge));
    assert_eq!(
        head::request(&padded(16386).as_bytes()[..16383]),
        Ok(None),
        "it may still end"
    );
    assert_eq!(
        head::request(&[b'a'; 16384]),
        Err(HeadError::TooLarge),
        "it cannot end in time"
    );
    let fields = |count: usize| format!("{START}{}\r\n", "X: a\r\n".repeat(count - 1));
    assert!(plan(&fields(100)).is_ok(), "100 fields");
    assert_eq!(plan(&fields(101)), Err(HeadError::TooLarge));
}

/// One framing or none.
#[phase7::test(points = 2, rule = 21)]
fn framing_has_one_meaning() {
    let framed = |fields: &str| exchange(&format!("{START}{fields}\r\n")).framing;
    assert_eq!(framed("Content-Length: 10\r\n"), Framing::Length(10));
    assert_eq!(framed("transfer-encoding: Chunked\r\n"), Framing::Chunked);
    for fields in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 5\r\nContent-Length: 5\r\n",
        "Content-Length: 5, 5\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 0x5\r\n",
        "Content-Length: \r\n",
        "Content-Length: 18446744073709551616\r\n",
        "Transfer-Encoding: gzip\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: \r\n",
    ] {
        check_malformed(&format!("{START}{fields}\r\n"));
        let response = format!("HTTP/1.1 200 OK\r\n{fields}\r\n");
        let (head, _) = head::response(response.as_bytes())
            .expect("a head")
            .expect("a whole one");
        assert!(
            body::of_response(&head, "GET").is_err(),
            "{response:?} is malformed"
        );
    }
    check_malformed("POST http://a.test/ HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n");
    check_malformed("CONNECT a.test:80 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
    let old = exchange("GET http://a.test/ HTTP/1.0\r\n\r\n");
    assert!(
        answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", &old).is_err(),
        "chunks for HTTP/1.0"
    );
}

/// Between chunks, nothing is allowed that is not expected.
#[phase7::test(points = 1, rule = 21)]
fn malformed_chunks_are_errors() {
    for bytes in [
        "\r\n",
        "g\r\n",
        "-1\r\n",
        "+1\r\na\r\n",
        " 1\r\na\r\n",
        "1 \r\na\r\n",
        "0x1\r\na\r\n",
        "1\na\r\n",
        "1\r\nab\r\n",
        "1\r\na\n",
        "1\r\na\rb",
        ";x\r\n",
        "1;x\ny\r\n",
        "0\r\n\n",
        "0\r\nX: a\n\r\n",
        "0\r\nX: a\rb\r\n",
        "10000000000000000\r\n",
        "1\r\r\n",
    ] {
        let mut body = Body::new(Framing::Chunked);
        let taken = body.take(bytes.as_bytes());
        assert!(taken.is_err(), "{bytes:?} is malformed, not {taken:?}");
    }
    let mut endless = Body::new(Framing::Chunked);
    assert!(
        endless.take(&[&b"1;"[..], &[b'x'; 100_000]].concat()).is_err(),
        "an extension without end"
    );
    let mut endless = Body::new(Framing::Chunked);
    assert!(
        endless
            .take(&[&b"0\r\n"[..], &b"X: a\r\n".repeat(20_000)].concat())
            .is_err(),
        "trailers without end"
    );
    let mut many = Body::new(Framing::Chunked);
    let chunks = b"1;x=y\r\na\r\n".repeat(20_000);
    assert_eq!(
        many.take(&chunks),
        Ok(chunks.len()),
        "many small chunks are no such thing"
    );
}

/// Each framing ends where it says, and nowhere else.
#[phase7::test(points = 1, rule = 23)]
fn bodies_end_where_they_should() {
    let mut body = Body::new(Framing::Length(5));
    assert!(!body.is_done(), "five bytes to go");
    assert_eq!(body.take(b"abc"), Ok(3));
    assert_eq!(body.take(b"defg"), Ok(2), "what follows is not the body's");
    assert!(body.is_done(), "five bytes");
    assert!(Body::new(Framing::Length(0)).is_done(), "no body");
    let mut body = Body::new(Framing::UntilClose);
    assert_eq!(body.take(&[0; 1000]), Ok(1000));
    assert!(!body.is_done(), "only the end of the connection is its end");
    let of = |text: &str, method| {
        let (head, _) = head::response(text.as_bytes())
            .expect("a head")
            .expect("a whole one");
        body::of_response(&head, method).expect("a framing")
    };
    assert_eq!(
        of("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HEAD"),
        Framing::Length(0)
    );
    assert_eq!(
        of("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "GET"),
        Framing::Length(0)
    );
    assert_eq!(of("HTTP/1.1 204 \r\n\r\n", "GET"), Framing::Length(0));
    assert_eq!(of("HTTP/1.1 100 Continue\r\n\r\n", "POST"), Framing::Length(0));
    assert_eq!(of("HTTP/1.1 200 OK\r\n\r\n", "GET"), Framing::UntilClose);
    assert_eq!(
        of("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "GET"),
        Framing::Length(0)
    );
}

/// What ends here ends here, in both directions, and the rest is left alone.
#[phase7::test(points = 2, rule = 22)]
fn heads_are_rewritten() {
    let sent = |text: &str| String::from_utf8(exchange(text).head).expect("text");
    let request = sent(
        "POST HTTP://A.test/x?y HTTP/1.1\r\nHost: b\r\nTE: trailers\r\nKeep-Alive: 5\r\nUpgrade: h2c\r\nconnection: te, X-One ,upgrade\r\n\
         Connection: x-two\r\nX-One: 1\r\nX-TWO: 2\r\nVia: 1.0 other\r\nContent-Type: text/plain\r\nX-One-More: 3\r\nContent-Length: 3\r\n\r\n",
    );
    let mut lines: Vec<_> = request.trim_end().split("\r\n").collect();
    assert_eq!(lines.remove(0), "POST /x?y HTTP/1.1");
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "Content-Length: 3",
            "Content-Type: text/plain",
            "Host: a.test",
            "Via: 1.0 other",
            "Via: 1.1 proxy-server",
            "X-One-More: 3"
        ]
    );
    for (url, line) in [
        ("GET http://a.test", "GET / HTTP/1.1"),
        ("GET http://a.test?q", "GET /?q HTTP/1.1"),
        ("OPTIONS http://a.test", "OPTIONS * HTTP/1.1"),
        ("GET http://[::1]:8080/", "GET / HTTP/1.1"),
    ] {
        assert_eq!(
            sent(&format!("{url} HTTP/1.1\r\nHost: x\r\n\r\n")).lines().next(),
            Some(line),
            "{url}"
        );
    }
    for target in [
        "/",
        "*",
        "a.test:80",
        "https://a.test/",
        "http:///",
        "http://me@a.test/",
        "http://a.test/#x",
        "http://a.test:/",
        "ftp://a.test/",
        "http://127.1/",
    ] {
        check_malformed(&format!("GET {target} HTTP/1.1\r\nHost: a.test\r\n\r\n"));
    }
    for target in ["a.test", "http://a.test:80", "/", "a.test:0"] {
        check_malformed(&format!("CONNECT {target} HTTP/1.1\r\nHost: a.test\r\n\r\n"));
    }
    let asked = exchange(&format!("{START}\r\n"));
    let text = "HTTP/1.1 404 Not  Here\r\nConnection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nProxy-Authenticate: x\r\nServer: s\r\nTransfer-Encoding: chunked\r\n\r\n";
    let answer = answer(text, &asked).expect("a response");
    let got = String::from_utf8(answer.head).expect("text");
    let mut lines: Vec<_> = got.trim_end().split("\r\n").collect();
    assert_eq!(lines.remove(0), "HTTP/1.1 404 Not  Here");
    lines.sort_unstable();
    assert_eq!(
        lines,
        ["Server: s", "Transfer-Encoding: chunked", "Via: 1.1 proxy-server"]
    );
}

/// Who may stay: both, unless one of them says otherwise or nothing else ends the body.
#[phase7::test(points = 1, rule = 24)]
fn connections_stay_unless_somebody_objects() {
    let stays = |fields: &str| exchange(&format!("{START}{fields}\r\n")).keeps_client;
    assert!(stays(""), "HTTP/1.1 stays");
    assert!(!stays("Connection: x, Close\r\n"), "a client that closes");
    assert!(
        !exchange("GET http://a.test/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keeps_client,
        "HTTP/1.0"
    );
    let asked = exchange(&format!("{START}\r\n"));
    let kept = |text: &str| {
        let answer = answer(text, &asked).expect("a response");
        let says_close = String::from_utf8(answer.head)
            .expect("text")
            .contains("\r\nConnection: close\r\n");
        assert_eq!(says_close, !answer.keeps_client, "the client is told: {text:?}");
        (answer.keeps_client, answer.keeps_upstream)
    };
    assert_eq!(kept("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), (true, true));
    assert_eq!(
        kept("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
        (true, false)
    );
    assert_eq!(
        kept("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"),
        (true, false)
    );
    assert_eq!(kept("HTTP/1.1 200 OK\r\n\r\n"), (false, false));
}
