//! What responses say, and for how long it is remembered.

use std::time::{Duration, Instant};

use proxy_server::dns::answer::{self, Answer, ServerFailure};
use proxy_server::dns::cache::Cache;
use proxy_server::dns::message::{Family, Question, decode};

use super::support::wire::{self, Response};

fn question(text: &str) -> Question {
    let name = text.parse().expect("a host name");
    Question {
        name,
        family: Family::V4,
    }
}

#[track_caller]
fn read(response: &Response) -> Result<Answer, ServerFailure> {
    answer::read(
        &decode(&response.bytes()).expect("a response"),
        &question("a.test"),
    )
}

fn negative(seconds: u64) -> Result<Answer, ServerFailure> {
    Ok(Answer {
        addresses: Vec::new(),
        ttl: Duration::from_secs(seconds),
    })
}

/// Eight aliases lead somewhere, nine do not, and a circle ends.
#[phase7::test(points = 1, rule = 4)]
fn aliases_have_an_end() {
    let chain = |count: usize| {
        let name = |at: usize| {
            if at == 0 {
                wire::name("a.test")
            } else {
                wire::name(&format!("b{at}.test"))
            }
        };
        let mut response = Response::to(1, "a.test", wire::A);
        for at in 0..count {
            // The last alias first: the order of records says nothing.
            response
                .answers
                .insert(0, wire::record(&name(at), wire::CNAME, 100, &name(at + 1)));
        }
        response.with_record(wire::record(&name(count), wire::A, 200_000, &[192, 0, 2, 1]))
    };
    let addresses = vec!["192.0.2.1".parse().expect("an address")];
    assert_eq!(
        read(&chain(8)),
        Ok(Answer {
            addresses: addresses.clone(),
            ttl: Duration::from_secs(100)
        })
    );
    assert_eq!(read(&chain(9)), negative(0), "nine aliases");
    let circle = Response::to(1, "a.test", wire::A)
        .with(wire::CNAME, 100, &wire::name("b.test"))
        .with_record(wire::record(
            &wire::name("b.test"),
            wire::CNAME,
            100,
            &wire::name("a.test"),
        ));
    assert_eq!(read(&circle), negative(0), "a circle");
    assert_eq!(
        read(&chain(0)),
        Ok(Answer {
            addresses,
            ttl: Duration::from_secs(86400)
        }),
        "a day at most"
    );
    for code in [1, 2, 5] {
        assert_eq!(
            read(&Response::to(1, "a.test", wire::A).code(code)),
            Err(ServerFailure(code))
        );
    }
}

/// "No" holds as long as its SOA says, with both of its numbers.
#[phase7::test(points = 1, rule = 5)]
fn a_no_is_kept_as_its_zone_says() {
    let no = |ttl, minimum| {
        let soa = wire::record(&wire::name("test"), wire::SOA, ttl, &wire::soa(minimum));
        Response::to(1, "a.test", wire::A).code(3).with_authority(soa)
    };
    assert_eq!(read(&no(600, 60)), negative(60), "the minimum");
    assert_eq!(read(&no(30, 60)), negative(30), "the SOA's own time");
    assert_eq!(
        read(&no(100_000, 100_000)),
        negative(3 * 60 * 60),
        "three hours at most"
    );
    assert_eq!(
        read(&no(600, 60).code(0)),
        negative(60),
        "a name without addresses"
    );
    assert_eq!(
        read(&no(600, 60).code(0).with(wire::CNAME, 20, &wire::name("b.test"))),
        negative(20)
    );
    assert_eq!(
        read(&Response::to(1, "a.test", wire::A).code(3)),
        negative(0),
        "without an SOA"
    );
}

/// A full cache lets go of what would expire first, and a new answer takes the place of the old one.
#[phase7::test(points = 1, rule = 6)]
fn the_cache_is_bounded() {
    let (now, second) = (Instant::now(), Duration::from_secs(1));
    let answer = |seconds| Answer {
        addresses: Vec::new(),
        ttl: seconds * second,
    };
    let mut cache = Cache::new(2);
    cache.insert(question("long.test"), answer(90), now);
    cache.insert(question("short.test"), answer(30), now);
    cache.insert(question("short.test"), answer(100), now);
    assert_eq!(cache.len(), 2, "two names");
    cache.insert(question("new.test"), answer(60), now);
    assert_eq!(cache.len(), 2, "a full cache stays as it is");
    assert_eq!(
        cache.get(&question("long.test"), now),
        None,
        "the first to expire made room"
    );
    assert_eq!(
        cache.get(&question("short.test"), now + 99 * second),
        Some(&answer(100))
    );
    assert_eq!(
        cache.get(&question("new.test"), now + 59 * second),
        Some(&answer(60))
    );
    cache.insert(question("never.test"), answer(0), now);
    assert_eq!(cache.get(&question("never.test"), now), None, "no time at all");
    assert!(
        cache.get(&question("new.test"), now).is_some(),
        "nothing made room for nothing"
    );
    for at in 0..1000 {
        cache.insert(question(&format!("n{at}.test")), answer(60 + at), now);
        assert!(cache.len() <= 2, "{} answers in a cache of two", cache.len());
    }
}
