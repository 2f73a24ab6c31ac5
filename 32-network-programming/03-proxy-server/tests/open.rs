//! The open tests: the parts without I/O first, then real clients and a real name server, then the program's ends.

#[allow(dead_code, reason = "each test file uses its part")]
mod support;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use phase7::process::Signal;
use phase7::wait;
use proxy_server::clients::{ClientLimits, Clients};
use proxy_server::dns::answer::{self, Answer};
use proxy_server::dns::cache::Cache;
use proxy_server::dns::message::{Data, Family, MessageError, Question, decode, encode_query};
use proxy_server::dns::name::Name;
use proxy_server::dns::resolver::{ResolveError, Resolver};
use proxy_server::eyeballs;
use proxy_server::health::{FAILURES_MAX, Health, REST};
use proxy_server::http::body::{Body, Framing};
use proxy_server::http::forward::{self, Plan};
use proxy_server::http::head::{self, HeadError};
use proxy_server::policy::Policy;
use proxy_server::pool::{Pool, PoolLimits, Taken};
use proxy_server::socks::{self, Reply};
use proxy_server::target::{Host, Target};
use support::names::Dnsmasq;
use support::origin::{Origin, get, ok};
use support::wire::{self, Response};
use support::{Proxy, curl, pattern};

fn question(text: &str, family: Family) -> Question {
    let name: Name = text.parse().expect("a host name");
    Question { name, family }
}

fn v4(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

/// Twelve bytes of header, the name, type and class: nothing else.
#[phase7::test(points = 1, rule = 1)]
fn a_query_is_a_header_and_one_question() {
    let query = encode_query(0x1234, &question("WWW.Example.com.", Family::V6));
    let expected =
        b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03www\x07example\x03com\x00\x00\x1c\x00\x01";
    assert_eq!(
        query.escape_ascii().to_string(),
        expected.escape_ascii().to_string()
    );
    assert_eq!(
        question("WWW.Example.com.", Family::V4).name.to_string(),
        "www.example.com"
    );
}

/// The answer's name is a pointer to the question's, and the alias ends in a pointer into the middle of it.
#[phase7::test(points = 1, rule = 2)]
fn a_pointer_stands_for_the_rest_of_a_name() {
    // The question's name starts at 12, `example.com` in it at 16.
    let alias = [&b"\x05cache"[..], &wire::pointer(16)].concat();
    let bytes = Response::to(7, "www.example.com", wire::A)
        .with(wire::CNAME, 300, &alias)
        .bytes();
    let message = decode(&bytes).expect("a response");
    assert_eq!((message.id, message.is_response, message.code), (7, true, 0));
    assert_eq!(message.question, Some(question("www.example.com", Family::V4)));
    assert_eq!(
        message.answers[0].name.to_string(),
        "www.example.com",
        "the name of the record"
    );
    let alias = "cache.example.com".parse().expect("a host name");
    assert_eq!(
        message.answers[0].data,
        Data::Cname(alias),
        "the data of the record"
    );
}

/// A pointer to itself, and two that point to each other, are errors and no loops.
#[phase7::test(points = 1, rule = 2)]
fn pointers_in_a_circle_are_an_error() {
    let response = Response::to(7, "a.test", wire::A);
    let at = u16::try_from(response.bytes().len()).expect("a short message");
    let to_itself = wire::record(&wire::pointer(at), wire::A, 60, &[192, 0, 2, 1]);
    assert_eq!(
        decode(&response.clone().with_record(to_itself).bytes()),
        Err(MessageError::Pointer)
    );
    // The label `x`, and behind it a pointer back to the label.
    let name = [&b"\x01x"[..], &wire::pointer(at)].concat();
    let circle = wire::record(&name, wire::A, 60, &[192, 0, 2, 1]);
    assert_eq!(
        decode(&response.with_record(circle).bytes()),
        Err(MessageError::Pointer)
    );
}

/// An alias's address counts, a stranger's does not, and the least time to live holds for all.
#[phase7::test(points = 1, rule = 4)]
fn an_alias_leads_to_addresses() {
    let asked = question("www.test", Family::V4);
    let bytes = Response::to(1, "www.test", wire::A)
        .with(wire::CNAME, 300, &wire::name("host.test"))
        .with_record(wire::record(
            &wire::name("other.test"),
            wire::A,
            5,
            &[192, 0, 2, 9],
        ))
        .with_record(wire::record(
            &wire::name("HOST.test"),
            wire::A,
            60,
            &[192, 0, 2, 1],
        ))
        .with_record(wire::record(
            &wire::name("host.test"),
            wire::A,
            90,
            &[192, 0, 2, 2],
        ))
        .bytes();
    let answer = answer::read(&decode(&bytes).expect("a response"), &asked);
    let addresses = vec![v4("192.0.2.1"), v4("192.0.2.2")];
    assert_eq!(
        answer,
        Ok(Answer {
            addresses,
            ttl: Duration::from_secs(60)
        })
    );
}

/// Kept until the time is over, not a moment longer.
#[phase7::test(points = 1, rule = 6)]
fn the_cache_holds_an_answer_for_its_time() {
    let (now, second) = (Instant::now(), Duration::from_secs(1));
    let mut cache = Cache::new(10);
    let asked = question("a.test", Family::V4);
    let answer = Answer {
        addresses: vec![v4("192.0.2.1")],
        ttl: 60 * second,
    };
    assert_eq!(cache.get(&asked, now), None, "before");
    cache.insert(asked.clone(), answer.clone(), now);
    assert_eq!(cache.get(&asked, now + 59 * second), Some(&answer));
    assert_eq!(
        cache.get(&question("a.test", Family::V6), now),
        None,
        "the other family"
    );
    assert_eq!(
        cache.get(&asked, now + 60 * second),
        None,
        "when the time is over"
    );
}

/// The usual private ranges, and the ways to write one of them in IPv6.
#[phase7::test(points = 1, rule = 13)]
fn private_addresses_are_not_public() {
    let policy = Policy::new(Vec::new());
    for address in ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "172.32.0.1"] {
        assert!(policy.permits(v4(address)), "{address} is public");
    }
    let private = [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::10.0.0.1",
    ];
    for address in private {
        assert!(!policy.permits(v4(address)), "{address} is not public");
    }
    let policy = Policy::new(vec!["10.1.0.0/16".parse().expect("a block")]);
    assert!(
        policy.permits(v4("10.1.255.1")),
        "an address in a block that is allowed"
    );
    assert!(!policy.permits(v4("10.2.0.1")), "an address beside it");
}

/// Turns, IPv6 first.
#[phase7::test(points = 1, rule = 11)]
fn addresses_take_turns() {
    let addresses = [
        "192.0.2.1",
        "192.0.2.2",
        "192.0.2.3",
        "2001:db8::1",
        "2001:db8::2",
    ]
    .map(v4);
    let expected = [
        "2001:db8::1",
        "192.0.2.1",
        "2001:db8::2",
        "192.0.2.2",
        "192.0.2.3",
    ]
    .map(v4);
    assert_eq!(eyeballs::order(&addresses), expected);
}

/// One address that hangs holds up the next for as long as was said; one that fails does not.
#[phase7::test(points = 2, rule = 12, timeout_s = 20)]
fn eyeballs_go_on_when_an_attempt_hangs() {
    let addresses = [1, 2, 3].map(|port| SocketAddr::from(([192, 0, 2, 1], port)));
    let started = Instant::now();
    let connected = support::run(eyeballs::connect(
        &addresses,
        Duration::from_millis(300),
        |address| async move {
            match address.port() {
                1 => Err(std::io::Error::other("refused")),
                2 => std::future::pending().await,
                port => Ok(port),
            }
        },
    ));
    assert_eq!(connected.expect("the third answers"), (3, addresses[2]));
    let elapsed = started.elapsed();
    assert!(
        elapsed >= Duration::from_millis(300),
        "the third started after {elapsed:?}, beside the second"
    );
}

/// Three failures in a row, a rest, and another chance.
#[phase7::test(points = 1, rule = 14)]
fn an_address_that_fails_is_passed_over() {
    let (address, now) = (SocketAddr::from(([192, 0, 2, 1], 80)), Instant::now());
    let mut health = Health::default();
    for _ in 0..FAILURES_MAX {
        assert!(health.is_fit(address, now), "before the last failure");
        health.failed(address, now);
    }
    assert!(
        !health.is_fit(address, now + REST - Duration::from_millis(1)),
        "during its rest"
    );
    assert!(health.is_fit(address, now + REST), "after its rest");
    health.succeeded(address);
    health.failed(address, now);
    assert!(health.is_fit(address, now), "after one failure behind a success");
}

/// The newest idle connection first; the dead ones are dropped on the way.
#[phase7::test(points = 1, rule = 25)]
fn the_pool_gives_the_newest_that_is_alive() {
    let limits = PoolLimits {
        idle_per_upstream: 4,
        per_upstream: 4,
        idle: Duration::from_secs(30),
        age: Duration::from_secs(300),
    };
    let mut pool = Pool::new(limits);
    let now = Instant::now();
    for connection in ["first", "second", "third"] {
        assert_eq!(pool.take(&"host", now, false, |_| true), Taken::Room);
        pool.put(&"host", connection, now, now);
    }
    assert_eq!(
        pool.take(&"host", now, true, |which| *which != "third"),
        Taken::Idle("second", now)
    );
    assert_eq!(pool.idle_count(), 1, "the first is left, and the third was dead");
    assert_eq!(
        pool.take(&"other", now, true, |_| true),
        Taken::Room,
        "another upstream"
    );
}

/// A client has its connections, and gets a place back for each that ends.
#[phase7::test(points = 1, rule = 32)]
fn a_client_has_its_share() {
    let mut clients = Clients::new(ClientLimits {
        connections: 2,
        rate: 1000,
    });
    let (client, other, now) = (v4("192.0.2.1"), v4("192.0.2.2"), Instant::now());
    assert!(
        clients.enter(client, now) && clients.enter(client, now),
        "two connections"
    );
    assert!(!clients.enter(client, now), "the third of two");
    assert!(clients.enter(other, now), "another client's first");
    clients.leave(client);
    assert!(clients.enter(client, now), "in the place of one that has ended");
}

/// Each message of SOCKS5 byte by byte: incomplete until its last, and what stands behind it is not used.
#[phase7::test(points = 1, rule = 15)]
fn socks_messages_arrive_in_pieces() {
    let request = b"\x05\x01\x00\x03\x08web.test\x1f\x90GET";
    for cut in 0..request.len() - 3 {
        assert_eq!(
            socks::request(&request[..cut]),
            Ok(None),
            "{cut} bytes of a request"
        );
    }
    let (read, used) = socks::request(request).expect("a request").expect("a whole one");
    assert_eq!(used, request.len() - 3, "the bytes of the request");
    assert_eq!(
        read.target,
        Some(Target {
            host: Host::Name("web.test".into()),
            port: 8080
        })
    );
    assert_eq!(socks::greeting(&[5, 2, 0]), Ok(None));
    assert_eq!(socks::greeting(&[5, 2, 0, 2, 5]), Ok(Some((&[0, 2][..], 4))));
    let (given, used) = socks::credentials(b"\x01\x02me\x03key")
        .expect("credentials")
        .expect("whole ones");
    assert_eq!((given.user, given.password, used), (&b"me"[..], &b"key"[..], 8));
}

/// Code, address and port; zeros where there is none.
#[phase7::test(points = 1, rule = 17)]
fn socks_replies_have_an_address() {
    let bound: SocketAddr = "192.0.2.1:4660".parse().expect("an address");
    assert_eq!(
        socks::reply(Reply::Succeeded, Some(bound)),
        [5, 0, 0, 1, 192, 0, 2, 1, 0x12, 0x34]
    );
    assert_eq!(
        socks::reply(Reply::NotAllowed, None),
        [5, 2, 0, 1, 0, 0, 0, 0, 0, 0]
    );
    let bound = SocketAddr::from((Ipv6Addr::LOCALHOST, 80));
    assert_eq!(
        socks::reply(Reply::Succeeded, Some(bound))[3..],
        [4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 80]
    );
}

/// A head is there when its empty line is, and what stands behind is the body.
#[phase7::test(points = 1, rule = 20)]
fn a_head_ends_at_its_empty_line() {
    let bytes = b"POST http://a.test/x HTTP/1.1\r\nHost: a.test\r\nX-Empty:\r\nX-Blank:  a b \t\r\n\r\nbody";
    let length = bytes.len() - 4;
    for cut in 0..length {
        assert_eq!(head::request(&bytes[..cut]), Ok(None), "{cut} bytes of a head");
    }
    let (head, used) = head::request(bytes).expect("a request").expect("a whole one");
    assert_eq!(
        (head.method, head.target, used),
        ("POST", "http://a.test/x", length)
    );
    assert_eq!(
        head.fields,
        [("Host", &b"a.test"[..]), ("X-Empty", b""), ("X-Blank", b"a b")]
    );
    let strange = b"GET http://a.test/ HTTP/1.1\r\nHost : a.test\r\n\r\n";
    assert!(
        matches!(head::request(strange), Err(HeadError::Malformed(_))),
        "a blank before the colon"
    );
}

/// Chunks in pieces of every length: the end is found, and what follows is not the body's.
#[phase7::test(points = 1, rule = 23)]
fn a_chunked_body_ends_behind_its_last_chunk() {
    let bytes = b"5;note=x\r\nhello\r\nA\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\nGET";
    for step in 1..=bytes.len() {
        let mut body = Body::new(Framing::Chunked);
        let mut used = 0;
        for piece in bytes.chunks(step) {
            used += body.take(piece).expect("chunks");
        }
        assert!(body.is_done(), "in pieces of {step}");
        assert_eq!(
            used,
            bytes.len() - 3,
            "the bytes of the body, in pieces of {step}"
        );
    }
}

/// The URL becomes a path, and what was for the proxy alone is gone.
#[phase7::test(points = 2, rule = 22)]
fn a_request_goes_on_in_origin_form() {
    let bytes = b"GET http://Web.test:8080/a?b=c HTTP/1.1\r\nHost: wrong.test\r\nAccept: */*\r\n\
        Proxy-Connection: keep-alive\r\nConnection: X-Secret\r\nX-Secret: 1\r\nProxy-Authorization: Basic eA==\r\n\r\n";
    let (head, _) = head::request(bytes).expect("a request").expect("a whole one");
    let Ok(Plan::Exchange(exchange)) = forward::request(&head) else {
        panic!("a GET is passed on");
    };
    assert_eq!(exchange.target.to_string(), "web.test:8080");
    assert_eq!(exchange.framing, Framing::Length(0));
    assert!(exchange.keeps_client, "HTTP/1.1 stays");
    let sent = String::from_utf8(exchange.head).expect("text");
    let mut lines: Vec<_> = sent.trim_end().split("\r\n").collect();
    assert_eq!(lines.remove(0), "GET /a?b=c HTTP/1.1");
    lines.sort_unstable();
    assert_eq!(
        lines,
        ["Accept: */*", "Host: web.test:8080", "Via: 1.1 proxy-server"]
    );
}

/// dnsmasq answers: both families, an alias, a name that is none.
#[phase7::test(points = 2, rule = 10, timeout_s = 30, needs = "dnsmasq")]
fn a_real_name_server_is_asked() {
    let server = Dnsmasq::start(&[
        "--host-record=web.test,192.0.2.7,2001:db8::7",
        "--cname=www.test,web.test",
    ]);
    let resolver = Resolver::new(vec![server.address], Duration::from_secs(5));
    let both = vec![v4("2001:db8::7"), v4("192.0.2.7")];
    assert_eq!(support::run(resolver.resolve("web.test")), Ok(both.clone()));
    assert_eq!(
        support::run(resolver.resolve("WWW.test.")),
        Ok(both),
        "through an alias"
    );
    assert_eq!(
        support::run(resolver.resolve("none.test")),
        Err(ResolveError::NotFound)
    );
    let local = vec![Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()];
    assert_eq!(support::run(resolver.resolve("localhost")), Ok(local));
}

/// An answer that is too long for a datagram is asked for over TCP.
#[phase7::test(points = 1, rule = 8, timeout_s = 30, needs = "dnsmasq")]
fn a_real_name_server_is_asked_over_tcp() {
    let records: Vec<_> = (1..=60)
        .map(|last| format!("--host-record=many.test,192.0.2.{last}"))
        .collect();
    let options: Vec<_> = records.iter().map(String::as_str).collect();
    let server = Dnsmasq::start(&options);
    let resolver = Resolver::new(vec![server.address], Duration::from_secs(5));
    let mut addresses = support::run(resolver.resolve("many.test")).expect("sixty addresses");
    addresses.sort_unstable();
    let expected: Vec<IpAddr> = (1..=60)
        .map(|last| Ipv4Addr::new(192, 0, 2, last).into())
        .collect();
    assert_eq!(addresses, expected);
}

/// `curl -x`, the proxy, dnsmasq and a server: two requests on one connection.
#[phase7::test(points = 3, rule = 24, timeout_s = 40, needs = "curl, dnsmasq")]
fn curl_asks_through_the_proxy() {
    let server = Dnsmasq::start(&["--host-record=web.test,127.0.0.1"]);
    let (origin, requests) =
        Origin::http(|request| ok(&format!("to {}", request.head.lines().next().unwrap_or(""))));
    let dns = server.address.to_string();
    let mut proxy = Proxy::start(&["--dns", &dns]);
    let (through, port) = (format!("http://{}", proxy.address), origin.address.port());
    let urls = ["one", "two"].map(|path| format!("http://web.test:{port}/{path}"));
    let output = curl(&["-x", &through, &urls[0], &urls[1]]).expect_code(0);
    assert_eq!(output.stdout(), "to GET /one HTTP/1.1to GET /two HTTP/1.1");
    let requests = requests.lock().expect("nobody panics with the lock held").clone();
    assert_eq!(requests.len(), 2, "requests at the server");
    assert!(
        requests[0]
            .head
            .contains(&format!("\r\nHost: web.test:{port}\r\n")),
        "{}",
        requests[0].head
    );
    assert_eq!(origin.connections(), 1, "connections to the server");
    let line = proxy.line();
    assert_eq!(
        (line.protocol.as_str(), line.requests, line.end.as_str()),
        ("http", 2, "done")
    );
    assert_eq!(
        line.up,
        requests
            .iter()
            .map(|request| request.head.len() as u64)
            .sum::<u64>(),
        "bytes up"
    );
}

/// `curl -p -x`: the same through a tunnel, and a megabyte of it.
#[phase7::test(points = 2, rule = 27, timeout_s = 30, needs = "curl")]
fn curl_asks_through_a_tunnel() {
    let body = pattern(1 << 20);
    let expected = body.clone();
    let (origin, _) = Origin::http(move |_| {
        [
            format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len()).as_bytes(),
            &body,
        ]
        .concat()
    });
    let mut proxy = Proxy::start(&[]);
    let (through, url) = (
        format!("http://{}", proxy.address),
        format!("http://{}/", origin.address),
    );
    let output = curl(&["-p", "-x", &through, &url]).expect_code(0);
    assert!(
        output.stdout_bytes == expected,
        "a megabyte comes through as it was"
    );
    let line = proxy.line();
    assert_eq!(
        (line.protocol.as_str(), line.target.as_str()),
        ("connect", origin.address.to_string().as_str())
    );
    assert!(line.down > 1 << 20, "bytes down: {line:?}");
}

/// `curl --socks5-hostname`: the proxy resolves the name, and `curl` proves who it is.
#[phase7::test(points = 2, rule = 19, timeout_s = 40, needs = "curl, dnsmasq")]
fn curl_speaks_socks_with_a_password() {
    let server = Dnsmasq::start(&["--host-record=web.test,127.0.0.1"]);
    let (origin, _) = Origin::http(|_| ok("hello"));
    let mut proxy = Proxy::start(&["--dns", &server.address.to_string(), "--user", "me:key"]);
    let (through, url) = (
        proxy.address.to_string(),
        format!("http://web.test:{}/", origin.address.port()),
    );
    let output = curl(&["--socks5-hostname", &through, "--proxy-user", "me:key", &url]).expect_code(0);
    assert_eq!(output.stdout(), "hello");
    curl(&["--socks5-hostname", &through, "--proxy-user", "me:wrong", &url]).expect_code(97);
    let output = curl(&[
        "-x",
        &format!("http://{through}"),
        "-w",
        "%{http_code}",
        "-o",
        "/dev/null",
        &url,
    ]);
    assert_eq!(output.stdout(), "407", "HTTP without a password");
    let ends: Vec<_> = proxy.lines(3).into_iter().map(|line| line.end).collect();
    assert_eq!(ends, ["done", "auth", "auth"]);
}

/// Without `--allow`, the loopback addresses are not for clients, however they are asked for.
#[phase7::test(points = 2, rule = 13, timeout_s = 30)]
fn a_private_address_is_denied() {
    let origin = Origin::echo();
    let mut proxy = Proxy::start(&["--closed"]);
    let mut client = proxy.connect();
    client.send(get(origin.address, "/"));
    client.expect_refusal(403, "denied");
    let mut client = proxy.connect();
    client.socks(&support::connect_request(origin.address));
    client.expect_last(
        &[5, 2, 0, 1, 0, 0, 0, 0, 0, 0],
        "the reply to a target that is not allowed",
    );
    let mut client = proxy.connect();
    client.send("CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client.expect_refusal(403, "denied");
    assert!(
        proxy.lines(3).iter().all(|line| line.end == "denied"),
        "the ends in the log"
    );
    assert_eq!(origin.connections(), 0, "connections to the server");
}

/// A client that has said everything still hears everything.
#[phase7::test(points = 2, rule = 28, timeout_s = 30)]
fn a_tunnel_ends_one_way_at_a_time() {
    let origin = Origin::echo();
    let mut proxy = Proxy::start(&[]);
    let mut client = proxy.connect();
    client.socks(&support::connect_request(origin.address));
    let reply = phase7::net::read_exact(&mut client.stream, 10);
    assert_eq!(reply[..4], [5, 0, 0, 1], "the reply");
    let bytes = pattern(100_000);
    client.send(&bytes);
    client.end();
    assert!(
        client.rest("the echo of 100,000 bytes") == bytes,
        "the echo is what was sent"
    );
    let line = proxy.line();
    assert_eq!(
        (line.up, line.down, line.end.as_str()),
        (100_000, 100_000, "done")
    );
}

/// SIGTERM ends a proxy whose clients are idle at once, with 0.
#[phase7::test(points = 1, rule = 34, timeout_s = 40)]
fn an_idle_proxy_stops_when_told() {
    let (origin, _) = Origin::http(|_| ok("hello"));
    let proxy = Proxy::start(&["--grace", "20s"]);
    let mut client = proxy.connect();
    client.send(get(origin.address, "/"));
    client.expect_status(200);
    client.expect(b"hello", "the body");
    let silent = proxy.connect();
    proxy.running.signal(Signal::SIGINT);
    assert_eq!(client.rest("the end of an idle connection"), b"");
    let address = proxy.address;
    proxy.running.wait().expect_code(0);
    drop(silent);
    wait::until("nobody to listen", Duration::from_secs(5), || {
        std::net::TcpStream::connect(address).is_err()
    });
}
