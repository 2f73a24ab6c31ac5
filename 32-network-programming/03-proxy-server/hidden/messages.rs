//! Names and messages: limits, cuts, lies.

use proptest::prelude::*;
use proxy_server::dns::message::{Data, Family, MessageError, Question, decode, encode_query};
use proxy_server::dns::name::Name;

use super::support::wire::{self, Response};

/// A response with one of everything that is read.
fn full() -> Vec<u8> {
    Response::to(7, "www.example.test", wire::A)
        .with(
            wire::CNAME,
            300,
            &[&b"\x05cache"[..], &wire::pointer(16)].concat(),
        )
        .with_record(wire::record(
            &wire::name("cache.example.test"),
            wire::A,
            60,
            &[192, 0, 2, 1],
        ))
        .with_record(wire::record(
            &wire::name("cache.example.test"),
            wire::AAAA,
            60,
            &[0x20; 16],
        ))
        .with_authority(wire::record(&wire::name("test"), wire::SOA, 60, &wire::soa(30)))
        .bytes()
}

/// 63 bytes a label, 255 a name, and no numbers for a last label.
#[phase7::test(points = 1, rule = 1)]
fn host_names_have_limits() {
    let label = "a".repeat(63);
    // 4 × 64 bytes and the zero would be 257.
    let longest = format!("{label}.{label}.{label}.{}", "b".repeat(61));
    for good in [
        label.as_str(),
        &longest,
        "_sip.a-b.test",
        "127.0.0.1.test",
        "0x.a",
        "a.0x7g",
    ] {
        let name: Result<Name, _> = good.parse();
        assert_eq!(name.map(|name| name.to_string()), Ok(good.to_owned()), "{good:?}");
    }
    let too_long = [
        format!("a{label}"),
        format!("{longest}b"),
        format!("{label}.{label}.{label}.{label}"),
    ];
    let bad = [
        "", ".", "a..b", ".a", "a b", "a\n", "ä.test", "127.1", "a.0x7F", "1", "a/b", "a:1",
    ];
    for bad in too_long.iter().map(String::as_str).chain(bad) {
        assert!(bad.parse::<Name>().is_err(), "{bad:?} is no host name");
    }
    let name: Name = longest.parse().expect("a host name");
    let query = encode_query(
        1,
        &Question {
            name,
            family: Family::V4,
        },
    );
    assert_eq!(query.len(), 12 + 255 + 4, "the query for the longest name");
}

/// Forward, beyond the end, in labels of kinds that do not exist: none of it is a name.
#[phase7::test(points = 1, rule = 2)]
fn pointers_lead_back_and_names_stay_short() {
    let response = Response::to(7, "a.test", wire::A);
    let at = u16::try_from(response.bytes().len()).expect("a short message");
    for target in [at + 12, at + 2, 0x3FFF] {
        // Behind the record stands a name that a pointer ahead would find.
        let mut record = wire::record(&wire::pointer(target), wire::A, 60, &[192, 0, 2, 1]);
        record.extend(wire::name("ahead.test"));
        let decoded = decode(&response.clone().with_record(record).bytes());
        assert_eq!(
            decoded,
            Err(MessageError::Pointer),
            "a pointer from {at} to {target}"
        );
    }
    for kind in [0x40, 0x80] {
        let record = wire::record(&[kind, b'a', 0], wire::A, 60, &[192, 0, 2, 1]);
        assert_eq!(
            decode(&response.clone().with_record(record).bytes()),
            Err(MessageError::Pointer)
        );
    }
    // Each name is 60 bytes and a pointer to the one before: the fifth is over 255.
    let label = [&[59_u8][..], &[b'x'; 59]].concat();
    let mut chain = response;
    let mut last = 12;
    for count in 1..=5 {
        let here = u16::try_from(chain.bytes().len()).expect("a short message");
        let name = [&label[..], &wire::pointer(last)].concat();
        chain = chain.with_record(wire::record(&name, wire::A, 60, &[192, 0, 2, 1]));
        last = here;
        let decoded = decode(&chain.bytes());
        if count < 5 {
            assert_eq!(
                decoded.map(|message| message.answers.len()),
                Ok(count),
                "{count} names"
            );
        } else {
            assert_eq!(decoded, Err(MessageError::Name), "a name of 308 bytes");
        }
    }
}

/// Cut at every byte, and with lengths and counts that lie.
#[phase7::test(points = 1, rule = 3)]
fn a_message_that_lies_is_an_error() {
    let bytes = full();
    assert_eq!(
        decode(&bytes).map(|message| message.answers.len()),
        Ok(3),
        "as it is"
    );
    for cut in 0..bytes.len() {
        assert_eq!(decode(&bytes[..cut]), Err(MessageError::Cut), "cut at byte {cut}");
    }
    let response = || Response::to(7, "a.test", wire::A);
    let mut counts = response().bytes();
    counts[6..8].copy_from_slice(&[0xFF, 0xFF]);
    assert_eq!(
        decode(&counts),
        Err(MessageError::Cut),
        "65535 answers in no bytes"
    );
    let long = response().with(wire::A, 60, &[192, 0, 2, 1, 0]).bytes();
    assert_eq!(decode(&long), Err(MessageError::Data), "an address of 5 bytes");
    let long = response().with(wire::AAAA, 60, &[0x20; 17]).bytes();
    assert_eq!(
        decode(&long),
        Err(MessageError::Data),
        "an IPv6 address of 17 bytes"
    );
    let long = [wire::soa(60), vec![0]].concat();
    let long = response()
        .with_authority(wire::record(&[0], wire::SOA, 60, &long))
        .bytes();
    assert_eq!(
        decode(&long),
        Err(MessageError::Data),
        "an SOA with a byte behind it"
    );
    let short = response().with(wire::A, 60, &[192, 0, 2]).bytes();
    assert!(decode(&short).is_err(), "an address of 3 bytes");
}

/// Of a truncated message the question, of foreign records nothing.
#[phase7::test(points = 1, rule = 3)]
fn only_what_counts_is_read() {
    let truncated = Response::to(7, "a.test", wire::A)
        .with(wire::A, 60, &[192, 0, 2, 1])
        .truncated()
        .bytes();
    let message = decode(&truncated[..truncated.len() - 3]).expect("a truncated message may be cut");
    assert!(message.is_truncated && message.question.is_some(), "{message:?}");
    assert_eq!(message.answers, [], "the records of a truncated message");
    let mut chaos = wire::record(&wire::pointer(12), wire::A, 60, b"chaos");
    chaos[5] = 3;
    let bytes = Response::to(7, "a.test", wire::A)
        .with_record(chaos)
        .with(wire::TXT, 60, b"\x04text")
        .with(wire::A, 1 << 31, &[192, 0, 2, 1])
        .bytes();
    let message = decode(&[&bytes[..], b"behind"].concat()).expect("a message with bytes behind it");
    let data: Vec<_> = message.answers.iter().map(|record| record.data.clone()).collect();
    let address = "192.0.2.1".parse().expect("an address");
    assert_eq!(data, [Data::Other(wire::TXT), Data::Address(address)]);
    assert_eq!(message.answers[1].ttl, 0, "a time to live with its top bit set");
}

/// Whatever comes: a message or an error, and no panic.
#[phase7::test(points = 1, rule = 3, timeout_s = 30)]
fn no_bytes_make_the_decoder_panic() {
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(2000)
    };
    let change = (any::<prop::sample::Index>(), any::<u8>());
    proptest!(config, |(changes in prop::collection::vec(change, 0..6), tail in prop::collection::vec(any::<u8>(), 0..40))| {
        let mut bytes = full();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.extend(tail);
        let _ = decode(&bytes);
    });
}
