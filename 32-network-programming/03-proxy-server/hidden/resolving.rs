//! Name servers that lie, fail, keep silent or come late.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use phase7::net;
use proxy_server::dns::resolver::{ResolveError, Resolver};

use super::support::names::{NameServer, Query};
use super::support::{run, wire};

const GOOD: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
const EVIL: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 66);

/// More than a test should ever wait.
const LONG: Duration = Duration::from_secs(8);

fn resolver(servers: &[&NameServer], attempt: Duration) -> Resolver {
    Resolver::new(servers.iter().map(|server| server.address).collect(), attempt)
}

fn good() -> Result<Vec<IpAddr>, ResolveError> {
    Ok(vec![GOOD.into()])
}

/// Everything that a forger gets wrong, and then the truth.
#[phase7::test(points = 2, rule = 7, timeout_s = 30)]
fn forged_answers_are_ignored() {
    let server = NameServer::start(|query| {
        let (mut other_id, mut other_name, mut query_itself) =
            (query.clone(), query.clone(), query.response());
        other_id.id ^= 1;
        other_name.name = "evil.test".into();
        query_itself.flags = [0x01, 0x00];
        let mut other_type = query.response().with(wire::A, 60, &EVIL.octets());
        let type_at = other_type.question.len() - 3;
        other_type.question[type_at] ^= 29;
        let loops =
            query
                .response()
                .with_record(wire::record(&wire::pointer(0x3FFF), wire::A, 60, &EVIL.octets()));
        // The right answer, from somebody else.
        let _ = net::udp().send_to(&query.address(EVIL), (Ipv4Addr::LOCALHOST, query.port));
        vec![
            other_id.address(EVIL),
            other_name.address(EVIL),
            query_itself.with(wire::A, 60, &EVIL.octets()).bytes(),
            other_type.bytes(),
            loops.bytes(),
            b"garbage".to_vec(),
            Vec::new(),
            query.address(GOOD),
        ]
    });
    assert_eq!(run(resolver(&[&server], LONG).resolve("a.test")), good());
}

/// Sixteen queries: nobody could have told the next id or port from the last.
#[phase7::test(points = 1, rule = 7, timeout_s = 30)]
fn queries_cannot_be_guessed() {
    let server = NameServer::start(|query| vec![query.address(GOOD)]);
    let resolver = resolver(&[&server], LONG);
    for at in 0..16 {
        assert_eq!(run(resolver.resolve(&format!("n{at}.test"))), good());
    }
    let queries = server.queries();
    let steps: HashSet<u16> = queries
        .windows(2)
        .map(|pair| pair[1].id.wrapping_sub(pair[0].id))
        .collect();
    assert!(
        steps.len() > 20,
        "steps between the ids of {} queries: {steps:?}",
        queries.len()
    );
    let ports: HashSet<u16> = queries.iter().map(|query| query.port).collect();
    assert!(ports.len() > 20, "ports of {} queries: {ports:?}", queries.len());
    let first = &queries[0].bytes;
    assert_eq!(
        first[2..12],
        [1, 0, 0, 1, 0, 0, 0, 0, 0, 0],
        "the header of a query"
    );
}

/// What is known is not asked again: neither addresses nor that there are none.
#[phase7::test(points = 1, rule = 7, timeout_s = 30)]
fn what_is_known_is_not_asked_again() {
    let server = NameServer::start(|query| {
        let soa = wire::record(&wire::name("test"), wire::SOA, 60, &wire::soa(60));
        match (query.name.as_str(), query.record_type) {
            ("a.test", wire::A) => vec![query.address(GOOD)],
            ("unkept.test", _) => vec![query.response().code(3).bytes()],
            _ => vec![query.response().code(3).with_authority(soa).bytes()],
        }
    });
    let resolver = resolver(&[&server], LONG);
    let asked = |name: &str, expected: Result<Vec<IpAddr>, ResolveError>| {
        let before = server.queries().len();
        for _ in 0..3 {
            assert_eq!(run(resolver.resolve(name)), expected, "{name}");
        }
        server.queries().len() - before
    };
    assert_eq!(
        asked("a.test", good()),
        2,
        "queries for a name that is asked for three times"
    );
    assert_eq!(
        asked("none.test", Err(ResolveError::NotFound)),
        2,
        "for one that is none"
    );
    assert_eq!(
        asked("unkept.test", Err(ResolveError::NotFound)),
        6,
        "for one that is none, without an SOA"
    );
}

/// The same server over TCP; and the next one, if that fails as well.
#[phase7::test(points = 1, rule = 8, timeout_s = 30)]
fn truncation_leads_to_tcp_and_on() {
    let tcp = |query: &Query, answer: Vec<u8>| match query.is_tcp {
        false => vec![
            query
                .response()
                .with(wire::A, 60, &EVIL.octets())
                .truncated()
                .bytes(),
        ],
        true => vec![answer],
    };
    let server = NameServer::start(move |query| tcp(query, query.address(GOOD)));
    assert_eq!(run(resolver(&[&server], LONG).resolve("a.test")), good());
    let lies = NameServer::start(move |query| {
        let mut other = query.clone();
        other.id ^= 1;
        tcp(query, other.address(EVIL))
    });
    let never = NameServer::start(|query| vec![query.response().truncated().bytes()]);
    let plain = NameServer::start(|query| vec![query.address(GOOD)]);
    assert_eq!(
        run(resolver(&[&lies, &never, &plain], LONG).resolve("a.test")),
        good()
    );
    assert!(
        lies.queries().iter().any(|query| query.is_tcp),
        "the liar was asked over TCP"
    );
}

/// One after the other; and twice round, then it is over.
#[phase7::test(points = 2, rule = 9, timeout_s = 30)]
fn servers_that_fail_are_followed() {
    let fails = NameServer::start(|query| vec![query.response().code(2).bytes()]);
    let silent = NameServer::start(|_| Vec::new());
    let good_one = NameServer::start(|query| vec![query.address(GOOD)]);
    let closed = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
    let servers = vec![closed, fails.address, silent.address, good_one.address];
    let resolver = Resolver::new(servers, Duration::from_millis(300));
    assert_eq!(run(resolver.resolve("a.test")), good());
    assert_eq!(
        silent.queries().len(),
        2,
        "queries at the server that keeps silent"
    );
    let resolver = Resolver::new(vec![fails.address, closed], LONG);
    let before = fails.queries().len();
    assert_eq!(run(resolver.resolve("a.test")), Err(ResolveError::Unanswered));
    assert_eq!(fails.queries().len() - before, 4, "two families, two rounds");
}

/// AAAA may be refused, or never come; A may not be left out for being late.
#[phase7::test(points = 1, rule = 10, timeout_s = 30)]
fn one_family_does_not_spoil_the_other() {
    let refuses = NameServer::start(|query| match query.record_type {
        wire::A => vec![query.address(GOOD)],
        _ => vec![query.response().code(5).bytes()],
    });
    assert_eq!(run(resolver(&[&refuses], LONG).resolve("a.test")), good());
    let silent = NameServer::start(|query| match query.record_type {
        wire::A => vec![query.address(GOOD)],
        _ => Vec::new(),
    });
    let started = Instant::now();
    let attempt = Duration::from_secs(3);
    assert_eq!(run(resolver(&[&silent], attempt).resolve("a.test")), good());
    let elapsed = started.elapsed();
    assert!(
        elapsed >= Duration::from_millis(45),
        "AAAA records were given {elapsed:?}, not 50 ms"
    );
    assert!(elapsed < attempt / 2, "AAAA records were awaited for {elapsed:?}");
    // The AAAA records are there at once, the A records at the second try.
    let seen = std::sync::atomic::AtomicUsize::new(0);
    let late = NameServer::start(move |query| match query.record_type {
        wire::AAAA => vec![query.response().with(wire::AAAA, 60, &[0x20; 16]).bytes()],
        _ if seen.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0 => Vec::new(),
        _ => vec![query.address(GOOD)],
    });
    let addresses = run(resolver(&[&late], Duration::from_millis(400)).resolve("a.test"));
    assert_eq!(addresses.map(|addresses| addresses.len()), Ok(2), "both families");
}
