//! How bytes are cut changes nothing; and whatever is written is read again.

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Version};
use http_server::limits::Limits;
use http_server::parser::{Framing, Parser};
use http_server::request::Request;
use http_server::serialise;
use proptest::collection::vec;
use proptest::prelude::*;

use super::support::parse;

/// Requests of every kind, and at the end one that is refused.
const STREAM: &[u8] = b"\r\nGET /a?b HTTP/1.1\r\nHost: x\r\n\r\n\
    POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\nhello\r\n\r\nme\
    POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\
    5;a=b\r\nhello\r\n00c\r\n\r\n0\r\n\r\nGET /\r\n0\r\nA: b\r\nC: d\r\n\r\n\
    \r\nGET /d HTTP/1.0\r\n\r\nGET /e HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n";

/// Pieces of every size tell the same.
#[phase7::test(points = 2, rule = 1)]
fn pieces_of_every_size_tell_the_same() {
    let whole = parse(STREAM, STREAM.len(), &Limits::default());
    assert_eq!(whole.0.len(), 4, "requests before the one that is refused");
    assert_eq!(whole.0[2].1, b"hello\r\n0\r\n\r\nGET /", "the chunked body");
    assert_eq!(
        whole.1.map(|refusal| refusal.status().as_u16()),
        Some(400),
        "the last request"
    );
    for size in 1..STREAM.len() {
        assert_eq!(
            parse(STREAM, size, &Limits::default()),
            whole,
            "in pieces of {size}"
        );
    }
}

/// A refusal does not depend on how much more has come.
#[phase7::test(points = 1, rule = 1)]
fn pieces_of_every_size_are_refused_alike() {
    let limits = Limits {
        max_head: 64,
        ..Limits::default()
    };
    let long = "a".repeat(100);
    for bytes in [
        format!("GET /{long} HTTP/1.1\r\nHost: x\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: x\r\nA: {long}\r\n\r\n"),
        format!(
            "GET / HTTP/1.1\r\nHost: x\r\nA: {}\nB: {long}\r\n\r\n",
            "a".repeat(20)
        ),
        format!("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{long}{long}{long}\r\n"),
    ] {
        let whole = parse(bytes.as_bytes(), bytes.len(), &limits);
        assert!(whole.1.is_some(), "refused: {bytes:?}");
        for size in 1..bytes.len() {
            assert_eq!(
                parse(bytes.as_bytes(), size, &limits),
                whole,
                "{bytes:?} in pieces of {size}"
            );
        }
    }
}

/// A parser that is fed as it asks works through a long stream in little time, however it is cut.
#[phase7::test(points = 1, rule = 1, timeout_s = 5)]
fn a_head_is_not_searched_again_and_again() {
    let limits = Limits {
        max_head: 1 << 20,
        ..Limits::default()
    };
    let bytes = format!(
        "GET / HTTP/1.1\r\nHost: x\r\nA: {}\r\n\r\n",
        "a".repeat(1_000_000)
    );
    let mut parser = Parser::new(&limits);
    let mut told = 0;
    for byte in bytes.as_bytes() {
        parser.push(std::slice::from_ref(byte));
        told += usize::from(parser.next().expect("a head that is fine").is_some());
    }
    assert_eq!(told, 1, "the head of a million bytes");
}

fn request() -> impl Strategy<Value = (Request, Framing)> {
    let method = prop_oneof![Just("GET"), Just("POST"), Just("M-SEARCH"), Just("x!")];
    let field = (
        "[a-z!#$%&'*+.^_`|~-][a-z0-9-]{0,8}-x",
        "([!-~\u{e9}]([ -~\t]{0,10}[!-~])?)?",
    );
    let framing = prop_oneof![
        Just(Framing::None),
        (1_u64..500).prop_map(Framing::Length),
        Just(Framing::Chunked)
    ];
    (method, "/[!\"$-~]{0,20}", vec(field, 0..5), framing).prop_map(|(method, target, fields, framing)| {
        let mut headers = HeaderMap::new();
        headers.insert("host", HeaderValue::from_static("example.org:80"));
        match framing {
            Framing::None => None,
            Framing::Length(length) => headers.insert("content-length", HeaderValue::from(length)),
            Framing::Chunked => headers.insert("transfer-encoding", HeaderValue::from_static("chunked")),
        };
        for (name, value) in fields {
            let name = HeaderName::try_from(name).expect("a token");
            headers.append(name, HeaderValue::try_from(value).expect("text"));
        }
        let request = Request {
            method: Method::from_bytes(method.as_bytes()).expect("a token"),
            target: Bytes::from(target),
            version: Version::HTTP_11,
            headers,
        };
        (request, framing)
    })
}

/// Any request, written and cut anywhere, is read as it was.
#[phase7::test(points = 2, rule = 10, timeout_s = 30)]
fn whatever_is_written_is_read() {
    let case = (
        request(),
        vec(any::<u8>(), 500),
        vec(1_usize..200, 1..20),
        1_usize..300,
    );
    let config = ProptestConfig {
        failure_persistence: None,
        cases: 200,
        ..ProptestConfig::default()
    };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let result = runner.run(&case, |((request, framing), data, chunks, size)| {
        let mut written = BytesMut::new();
        serialise::request_head(&request, &mut written);
        let mut body = Vec::new();
        match framing {
            Framing::None => {}
            Framing::Length(length) => {
                body.extend_from_slice(&data[..usize::try_from(length).expect("a short length")]);
                written.extend_from_slice(&body);
            }
            Framing::Chunked => {
                for length in chunks {
                    serialise::chunk(&data[..length], &mut written);
                    body.extend_from_slice(&data[..length]);
                }
                serialise::last_chunk(&mut written);
            }
        }
        let (told, refusal) = parse(&written, size, &Limits::default());
        prop_assert_eq!(refusal, None);
        prop_assert_eq!(told.len(), 1);
        prop_assert_eq!(&told[0].0.request, &request);
        prop_assert_eq!(told[0].0.framing, framing);
        prop_assert_eq!(&told[0].1, &body);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}
