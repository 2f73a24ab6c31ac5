//! The parser at its limits, and between pieces.

use web_server::request::{BODY_MAX, HEAD_MAX, LINE_MAX, Method, Parser, Progress, TARGET_MAX, Version};
use web_server::status::Status;

/// A request that outlives its parser.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Kept {
    method: Method,
    path: Vec<u8>,
    version: Version,
    keep_alive: bool,
    body: Vec<u8>,
}

/// What a stream of requests becomes: each request, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Outcome {
    requests: Vec<Kept>,
    end: Progress,
}

/// Feeds a parser piece by piece.
fn outcome<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Outcome {
    let mut parser = Parser::new();
    let mut outcome = Outcome {
        requests: Vec::new(),
        end: Progress::More,
    };
    for piece in pieces {
        let mut taken = 0;
        loop {
            let (count, progress) = parser.feed(&piece[taken..]);
            taken += count;
            outcome.end = progress;
            match progress {
                Progress::Complete => {
                    let request = parser.request();
                    outcome.requests.push(Kept {
                        method: request.method,
                        path: request.path.to_vec(),
                        version: request.version,
                        keep_alive: request.keep_alive,
                        body: request.body.to_vec(),
                    });
                    parser.next();
                    if taken == piece.len() {
                        outcome.end = Progress::More;
                        break;
                    }
                }
                Progress::More => {
                    assert_eq!(taken, piece.len(), "bytes taken, when it needs more");
                    break;
                }
                Progress::Refused(_) => return outcome,
            }
        }
    }
    outcome
}

/// What becomes of one request.
fn refusal(bytes: impl AsRef<[u8]>) -> Result<(), Status> {
    match Parser::new().feed(bytes.as_ref()) {
        (_, Progress::Refused(status)) => Err(status),
        (taken, Progress::Complete) => {
            assert_eq!(
                taken,
                bytes.as_ref().len(),
                "bytes of the request that were taken"
            );
            Ok(())
        }
        (_, Progress::More) => panic!("{:?} has no end", String::from_utf8_lossy(bytes.as_ref())),
    }
}

#[track_caller]
fn check(cases: &[(&str, Result<(), Status>)]) {
    for (bytes, expected) in cases {
        assert_eq!(refusal(bytes), *expected, "{bytes:?}");
    }
}

const BAD: Result<(), Status> = Err(Status::BadRequest);

/// Wherever the bytes are cut, the requests are the same.
#[phase7::test(points = 3, rule = 9)]
fn cuts_change_nothing() {
    let streams = [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n\r\nPUT /api/led HTTP/1.1\r\nhost:b\r\nContent-Length: 5\r\n\r\n\
         \r\nabcHEAD /x?y HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.1\r\nHo",
        "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}GET / HTTP/3.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",
    ];
    for stream in streams.map(str::as_bytes) {
        let whole = outcome(std::iter::once(stream));
        assert_eq!(
            outcome(stream.chunks(1)),
            whole,
            "what becomes of the stream, byte by byte"
        );
        for at in 0..=stream.len() {
            let (left, right) = stream.split_at(at);
            assert_eq!(
                outcome([left, right].into_iter()),
                whole,
                "what becomes of the stream, cut at {at}"
            );
        }
    }
    let whole = outcome(std::iter::once(streams[0].as_bytes()));
    let bodies: Vec<&[u8]> = whole.requests.iter().map(|request| &request.body[..]).collect();
    assert_eq!(bodies, [&b""[..], b"\r\nabc", b""], "the bodies");
    assert_eq!(whole.end, Progress::More, "the end of the stream");
}

/// Request lines that are one, and that are none.
#[phase7::test(points = 2, rule = 10)]
fn request_lines_are_strict() {
    let head = |line: &str| refusal(format!("{line}\r\nHost: a\r\n\r\n"));
    for line in [
        "GET / HTTP/1.1",
        "brew /?a=b&c=d HTTP/1.7",
        "M-SEARCH /a//b/%20 HTTP/1.0",
        "GET http://board/x HTTP/1.1",
        "GET HTTP://board HTTP/1.1",
        "GET http://board?x HTTP/1.1",
    ] {
        assert_eq!(head(line), Ok(()), "{line:?}");
    }
    for line in [
        " GET / HTTP/1.1",
        "GET / HTTP/1.1 ",
        "GET /a b HTTP/1.1",
        "GET\t/ HTTP/1.1",
        "G(T / HTTP/1.1",
        "GET a HTTP/1.1",
        "GET * HTTP/1.1",
        "GET /\u{e4} HTTP/1.1",
        "GET /\u{1} HTTP/1.1",
        "GET http:///x HTTP/1.1",
        "GET https://board/ HTTP/1.1",
        "GET / http/1.1",
        "GET / HTTP/1.10",
        "GET / HTTP/11",
        "GET / HTTP/1.x",
        "GET  HTTP/1.1",
    ] {
        assert_eq!(head(line), BAD, "{line:?}");
    }
    for line in ["GET / HTTP/2.0", "GET / HTTP/0.9"] {
        assert_eq!(head(line), Err(Status::VersionNotSupported), "{line:?}");
    }
    let mut parser = Parser::new();
    for (target, path) in [
        ("/a?b?c", "/a"),
        ("http://board:80/a/b?c", "/a/b"),
        ("http://board?c", "/"),
    ] {
        parser.feed(format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes());
        assert_eq!(
            String::from_utf8_lossy(parser.request().path),
            path,
            "the path of {target}"
        );
        parser.next();
    }
}

/// Field lines and ends of lines.
#[phase7::test(points = 2, rule = 11)]
fn fields_are_strict() {
    check(&[
        ("GET / HTTP/1.1\r\nHost:\r\n\r\n", Ok(())),
        ("GET / HTTP/1.1\r\nHOST: \t a \t\r\nX:\u{e4}\tb\r\n\r\n", Ok(())),
        ("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", Ok(())),
        ("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", BAD),
        ("GET / HTTP/1.1\r\nHost: a\r\n folded: x\r\n\r\n", BAD),
        ("GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n", BAD),
        ("GET / HTTP/1.1\r\nHost: a\r\nX\u{e4}: x\r\n\r\n", BAD),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: a\u{0}b\r\n\r\n", BAD),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: a\u{7f}b\r\n\r\n", BAD),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", BAD),
        ("GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", BAD),
        ("GET / HTTP/1.1\nHost: a\n\n", BAD),
        ("GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", BAD),
    ]);
}

/// There is one Host.
#[phase7::test(points = 1, rule = 12)]
fn there_is_one_host() {
    check(&[
        ("GET / HTTP/1.1\r\nX: a\r\n\r\n", BAD),
        ("GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", BAD),
        ("GET / HTTP/1.0\r\n\r\n", Ok(())),
        ("GET / HTTP/1.0\r\nHost: a\r\n\r\n", Ok(())),
        ("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", BAD),
        ("GET http://board/ HTTP/1.1\r\n\r\n", BAD),
    ]);
}

/// A body whose length could be read in two ways is refused.
#[phase7::test(points = 2, rule = 13)]
fn lengths_are_not_ambiguous() {
    let not_implemented = Err(Status::NotImplemented);
    let too_large = Err(Status::ContentTooLarge);
    for (fields, expected) in [
        ("Content-Length: 0\r\n", Ok(())),
        ("Content-Length: 000\r\n", Ok(())),
        ("Content-Length:\r\n", BAD),
        ("Content-Length: +1\r\n", BAD),
        ("Content-Length: -1\r\n", BAD),
        ("Content-Length: 1 1\r\n", BAD),
        ("Content-Length: 0x1\r\n", BAD),
        ("Content-Length: 0\r\nContent-Length: 0\r\n", BAD),
        ("Content-Length: 0\r\ncontent-length: 1\r\n", BAD),
        ("Content-Length: 0, 0\r\n", BAD),
        ("Transfer-Encoding: chunked\r\n", not_implemented),
        ("transfer-encoding: identity\r\n", not_implemented),
        ("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", BAD),
        ("Content-Length: 100\r\nTransfer-Encoding: chunked\r\n", BAD),
        ("Content-Length: 65\r\n", too_large),
        ("Content-Length: 4294967296\r\n", too_large),
        ("Content-Length: 18446744073709551616\r\n", too_large),
        ("Content-Length: 99999999999999999999999999999999\r\n", too_large),
    ] {
        let bytes = format!("PUT / HTTP/1.1\r\nHost: a\r\n{fields}\r\n");
        assert_eq!(refusal(&bytes), expected, "{fields:?}");
    }
    check(&[
        ("PUT / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", BAD),
        ("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", BAD),
        ("PUT / HTTP/1.1\r\nContent-Length: 65\r\n\r\n", BAD),
    ]);
}

/// Each limit holds to the byte, and what exceeds it is refused before its end.
#[phase7::test(points = 2, rule = 14)]
fn limits_hold_to_the_byte() {
    let of_target = |length: usize| format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(length - 1));
    assert_eq!(refusal(of_target(TARGET_MAX)), Ok(()), "the longest target");
    let too_long = Err(Status::UriTooLong);
    assert_eq!(refusal(of_target(TARGET_MAX + 1)), too_long, "a longer target");
    assert_eq!(
        refusal("a".repeat(LINE_MAX + 1)),
        too_long,
        "a longer request line, before its end"
    );
    let too_large = Err(Status::FieldsTooLarge);
    let line = |length: usize| format!("X:{}\r\n", "a".repeat(length - 2));
    let head = |lines: &[usize]| {
        let lines: String = lines.iter().map(|&length| line(length)).collect();
        format!("GET / HTTP/1.1\r\nHost: a\r\n{lines}\r\n")
    };
    assert_eq!(refusal(head(&[LINE_MAX])), Ok(()), "the longest field line");
    let longer = head(&[LINE_MAX + 1]);
    let before_end = &longer[..longer.len() - 4];
    assert_eq!(
        refusal(before_end),
        too_large,
        "a longer field line, before its end"
    );

    let full = head(&[LINE_MAX; 7]);
    let rest = HEAD_MAX - full.len() - 2;
    let mut lines = vec![LINE_MAX; 7];
    lines.push(rest);
    let longest = head(&lines);
    assert_eq!(
        (longest.len(), refusal(&longest)),
        (HEAD_MAX, Ok(())),
        "the longest head"
    );
    lines.push(2);
    assert_eq!(refusal(head(&lines)), too_large, "a longer head");
    let many = format!("GET / HTTP/1.1\r\n{}", "X:\r\n".repeat(HEAD_MAX));
    assert_eq!(refusal(many), too_large, "a head without an end");

    let body = format!(
        "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: {BODY_MAX}\r\n\r\n{}",
        "b".repeat(BODY_MAX)
    );
    assert_eq!(refusal(body), Ok(()), "the longest body");
}

/// Options of Connection, in lists and in any case.
#[phase7::test(points = 1, rule = 15)]
fn options_come_in_lists() {
    for (version, fields, lasts) in [
        ("1.1", "Connection: foo, CLOSE\r\n", false),
        ("1.1", "Connection: closed\r\n", true),
        ("1.1", "Connection: keep-alive\r\nConnection:close\r\n", false),
        ("1.1", "Connection:\r\n", true),
        ("1.0", "Connection: ,Keep-Alive ,foo\r\n", true),
        ("1.0", "Connection: keep-alive, close\r\n", false),
        ("1.3", "", true),
    ] {
        let mut parser = Parser::new();
        parser.feed(format!("GET / HTTP/{version}\r\nHost: a\r\n{fields}\r\n").as_bytes());
        assert_eq!(
            parser.request().keep_alive,
            lasts,
            "whether the connection lasts, with {version} and {fields:?}"
        );
    }
}

/// A refusal stands, whatever follows.
#[phase7::test(points = 1, rule = 16)]
fn a_refusal_stands() {
    let mut parser = Parser::new();
    let refused = Progress::Refused(Status::BadRequest);
    assert_eq!(
        parser.feed(b"GET /\r\nGET / HTTP/1.1\r\n"),
        (7, refused),
        "the refusal"
    );
    assert_eq!(parser.feed(b"Host: a\r\n\r\n"), (0, refused), "what follows");
    assert_eq!(parser.feed(b""), (0, refused), "nothing");
    assert!(!parser.is_idle(), "the parser is idle");
}
