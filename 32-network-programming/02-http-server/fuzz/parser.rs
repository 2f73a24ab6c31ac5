//! Whatever comes, the parser does not panic; says the same however it is cut; and what it has read, it reads again when
//! that is written.
//!
//! The first byte of an input says how the rest is cut.
#![no_main]

use bytes::BytesMut;
use http_server::limits::Limits;
use http_server::parser::{Event, Head, Parser};
use http_server::refusal::Refusal;
use http_server::serialise;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((size, bytes)) = input.split_first() else {
        return;
    };
    let whole = parse(bytes, bytes.len());
    assert_eq!(parse(bytes, usize::from(*size)), whole, "in pieces of {size}");
    for (head, _) in whole.0 {
        let mut written = BytesMut::new();
        serialise::request_head(&head.request, &mut written);
        let mut parser = Parser::new(&limits());
        parser.push(&written);
        assert_eq!(parser.next(), Ok(Some(Event::Head(head))), "what was written");
    }
});

/// Small ones, so that they are met.
fn limits() -> Limits {
    Limits {
        max_head: 4096,
        max_fields: 20,
        max_body: 1000,
        ..Limits::default()
    }
}

/// The heads with their bodies, and the refusal at the end.
fn parse(bytes: &[u8], size: usize) -> (Vec<(Head, Vec<u8>)>, Option<Refusal>) {
    let mut parser = Parser::new(&limits());
    let mut requests: Vec<(Head, Vec<u8>)> = Vec::new();
    for piece in bytes.chunks(size.max(1)) {
        parser.push(piece);
        loop {
            match parser.next() {
                Ok(None) => break,
                Ok(Some(Event::Head(head))) => requests.push((head, Vec::new())),
                Ok(Some(Event::Data(data))) => {
                    let (_, body) = requests.last_mut().expect("data comes behind a head");
                    body.extend_from_slice(&data);
                }
                Ok(Some(Event::End)) => {}
                Err(refusal) => return (requests, Some(refusal)),
            }
        }
    }
    (requests, None)
}
