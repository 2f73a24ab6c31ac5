//! The open tests of the parser and the serialiser.

use bytes::BytesMut;
use http::{Method, Version};
use http_server::limits::Limits;
use http_server::parser::{Event, Framing, Parser};
use http_server::refusal::Refusal;
use http_server::serialise;

use super::support::{parse, parse_one, refused};

/// The parts of a head.
#[phase7::test(points = 1, rule = 1)]
fn a_head_is_read() {
    let bytes = b"GET /a?b HTTP/1.1\r\nHost: example.org\r\nX-One:  two words\t\r\n\r\n";
    let (head, body) = parse_one(bytes);
    assert_eq!(head.request.method, Method::GET);
    assert_eq!(&head.request.target[..], b"/a?b", "the target");
    assert_eq!(head.request.path(), b"/a", "the path");
    assert_eq!(head.request.query(), Some(&b"b"[..]), "the query");
    assert_eq!(head.request.version, Version::HTTP_11);
    assert_eq!(
        head.request.headers["x-one"], "two words",
        "a value without the space around it"
    );
    assert_eq!((head.framing, head.keep_alive), (Framing::None, true));
    assert_eq!(body, b"", "the body");
}

/// A head that is not whole is awaited, byte by byte.
#[phase7::test(points = 1, rule = 1)]
fn a_head_that_comes_byte_by_byte_is_awaited() {
    let bytes = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    let mut parser = Parser::new(&Limits::default());
    assert!(parser.is_idle(), "before the first byte");
    for byte in bytes {
        assert_eq!(parser.next(), Ok(None), "before the last byte");
        parser.push(&[*byte]);
    }
    assert!(!parser.is_idle(), "with a request to tell");
    assert!(matches!(parser.next(), Ok(Some(Event::Head(_)))), "the head");
    assert_eq!(parser.next(), Ok(Some(Event::End)));
    assert!(parser.is_idle(), "behind the request");
}

/// Two requests in one push.
#[phase7::test(points = 1, rule = 5)]
fn a_body_has_its_length() {
    let bytes =
        b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhelloGET /b HTTP/1.1\r\nHost: x\r\n\r\n";
    let (requests, refusal) = parse(bytes, bytes.len(), &Limits::default());
    assert_eq!(refusal, None, "why the second request was refused");
    let told: Vec<_> = requests
        .iter()
        .map(|(head, body)| (head.request.path(), head.framing, body.as_slice()))
        .collect();
    let expected: [(&[u8], _, &[u8]); 2] =
        [(b"/a", Framing::Length(5), b"hello"), (b"/b", Framing::None, b"")];
    assert_eq!(told, expected);
}

/// Sizes are hexadecimal; extensions and trailers are left out.
#[phase7::test(points = 1, rule = 6)]
fn a_body_comes_in_chunks() {
    let bytes = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\
        5\r\nhello\r\nA;name=value\r\n, 10 bytes\r\n0\r\nTrailer: dropped\r\n\r\n";
    let (head, body) = parse_one(bytes);
    assert_eq!(head.framing, Framing::Chunked);
    assert_eq!(String::from_utf8_lossy(&body), "hello, 10 bytes");
    assert!(
        !head.request.headers.contains_key("trailer"),
        "a trailer is no field of the head"
    );
}

/// What two readers could read in two ways is refused.
#[phase7::test(points = 1, rule = 5)]
fn ambiguous_lengths_are_refused() {
    for fields in [
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: +5\r\n",
        "Transfer-Encoding: chunked, chunked\r\n",
    ] {
        let bytes = format!("POST / HTTP/1.1\r\nHost: x\r\n{fields}\r\nhello");
        assert_eq!(
            refused(bytes.as_bytes(), &Limits::default()),
            Some(400),
            "{fields:?}"
        );
    }
}

/// Lines end in CRLF, and stay lines.
#[phase7::test(points = 1, rule = 3)]
fn crooked_lines_are_refused() {
    for bytes in [
        "GET / HTTP/1.1\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n",
    ] {
        assert_eq!(
            refused(bytes.as_bytes(), &Limits::default()),
            Some(400),
            "{bytes:?}"
        );
    }
}

/// A head of as many bytes as allowed is fine, one byte more is not.
#[phase7::test(points = 1, rule = 7)]
fn a_head_has_a_limit() {
    let bytes = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    let limits = |max_head| Limits {
        max_head,
        ..Limits::default()
    };
    assert_eq!(
        refused(bytes, &limits(bytes.len())),
        None,
        "a head that just fits"
    );
    assert_eq!(
        refused(bytes, &limits(bytes.len() - 1)),
        Some(431),
        "one byte too many"
    );
    assert_eq!(
        refused(bytes, &limits(15)),
        Some(414),
        "a request line that does not fit"
    );
}

/// `Expect` and `Connection` are told with the head.
#[phase7::test(points = 1, rule = 8)]
fn a_head_tells_what_the_client_expects() {
    let told = |version: &str, fields: &str| {
        let (head, _) = parse_one(format!("POST / {version}\r\nHost: x\r\n{fields}\r\n").as_bytes());
        (head.keep_alive, head.expects_continue)
    };
    assert_eq!(told("HTTP/1.1", ""), (true, false));
    assert_eq!(told("HTTP/1.1", "Connection: a, Close\r\n"), (false, false));
    assert_eq!(told("HTTP/1.0", ""), (false, false));
    assert_eq!(told("HTTP/1.0", "Connection: keep-alive\r\n"), (true, false));
    assert_eq!(told("HTTP/1.1", "Expect: 100-Continue\r\n"), (true, true));
}

/// Each reason has its status, and is final.
#[phase7::test(points = 1, rule = 9)]
fn a_refusal_is_final() {
    for (refusal, status) in [
        (Refusal::BadRequest("why"), 400),
        (Refusal::Timeout, 408),
        (Refusal::ContentTooLarge, 413),
        (Refusal::UriTooLong, 414),
        (Refusal::ExpectationFailed, 417),
        (Refusal::FieldsTooLarge, 431),
        (Refusal::NotImplemented, 501),
        (Refusal::Busy, 503),
        (Refusal::VersionNotSupported, 505),
    ] {
        assert_eq!(refusal.status().as_u16(), status, "{refusal:?}");
    }
    let mut parser = Parser::new(&Limits::default());
    parser.push(b"GET / HTTP/3.0\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(parser.next(), Err(Refusal::VersionNotSupported));
    assert_eq!(parser.next(), Err(Refusal::VersionNotSupported), "again");
}

/// What was read is written as it was.
#[phase7::test(points = 1, rule = 10)]
fn the_serialiser_writes_what_the_parser_reads() {
    let bytes =
        b"POST /a HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\n\r\n";
    let (head, body) = parse_one(bytes);
    let mut written = BytesMut::new();
    serialise::request_head(&head.request, &mut written);
    serialise::chunk(&body, &mut written);
    serialise::chunk(b"", &mut written);
    serialise::last_chunk(&mut written);
    assert_eq!(String::from_utf8_lossy(&written), String::from_utf8_lossy(bytes));
}
