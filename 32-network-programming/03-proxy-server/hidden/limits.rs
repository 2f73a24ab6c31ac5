//! What bounds a connection: time in each phase, places for each client, and what may be written about it.

use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use phase7::net;
use proxy_server::clients::{ClientLimits, Clients};
use socket2::{Domain, SockAddr, Socket, Type};

use super::support::names::NameServer;
use super::support::origin::{Origin, get, ok};
use super::support::{Client, Proxy, connect_request};

/// A limit that is short, and how late it may be on a machine that is busy.
const SHORT: Duration = Duration::from_millis(600);
const LATE: Duration = Duration::from_secs(6);

/// Checks that what has started then took as long as the limit, or a little more.
#[track_caller]
fn check_took(what: &str, limit: Duration, started: Instant) {
    let elapsed = started.elapsed();
    // The proxy's clock ticks in milliseconds.
    assert!(
        elapsed + Duration::from_millis(5) >= limit,
        "{what}: after {elapsed:?}, too early"
    );
    assert!(elapsed < limit + LATE, "{what}: after {elapsed:?}, too late");
}

/// Bytes that trickle do not move the deadline of a handshake, whatever the protocol.
#[phase7::test(points = 2, rule = 31, timeout_s = 40)]
fn a_handshake_has_its_time() {
    let mut proxy = Proxy::start(&["--handshake-timeout", "600ms"]);
    let trickle = |client: &Client, bytes: &'static [u8]| {
        let mut sending = client.stream.try_clone().expect("a descriptor can be duplicated");
        std::thread::spawn(move || {
            for byte in bytes.iter().cycle().take(400) {
                if sending.write_all(&[*byte]).is_err() {
                    return;
                }
                std::thread::park_timeout(Duration::from_millis(50));
            }
        })
    };
    let started = Instant::now();
    let [mut request, mut greeting, mut silent] = [proxy.connect(), proxy.connect(), proxy.connect()];
    request.send("GET http://a.test/");
    trickle(&request, b"x");
    greeting.send([5, 255]);
    trickle(&greeting, b"\x01");
    request.expect_refusal(408, "handshake");
    check_took("a request that trickles", SHORT, started);
    net::read_to_end(&mut greeting.stream);
    check_took("a greeting that trickles", SHORT, started);
    silent.expect_last(b"", "the end of a silent client");
    check_took("silence", SHORT, started);
    assert!(
        proxy.lines(3).iter().all(|line| line.end == "handshake"),
        "the ends in the log"
    );
}

/// A name server that keeps silent, and an address that does.
#[phase7::test(points = 2, rule = 31, timeout_s = 40)]
fn resolving_and_connecting_have_their_time() {
    let silent = NameServer::start(|_| Vec::new());
    let dns = silent.address.to_string();
    let proxy = Proxy::start(&[
        "--dns",
        &dns,
        "--dns-timeout",
        "30s",
        "--resolve-timeout",
        "600ms",
        "--connect-timeout",
        "600ms",
    ]);
    let started = Instant::now();
    let [mut http, mut socks] = [proxy.connect(), proxy.connect()];
    http.send("GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n");
    socks.socks(b"\x01\x00\x03\x06b.test\x00\x50");
    http.expect_refusal(504, "resolve");
    check_took("a name", SHORT, started);
    socks.expect_last(&[5, 4, 0, 1, 0, 0, 0, 0, 0, 0], "the reply");
    check_took("a name in SOCKS5", SHORT, started);
    // A queue that is full: the kernel drops what else wants to connect.
    let full = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket can be had");
    full.bind(&SockAddr::from(SocketAddr::from(([127, 0, 0, 1], 0))))
        .expect("a free port can be had");
    full.listen(0).expect("a bound socket can listen");
    let address = TcpListener::from(full.try_clone().expect("a descriptor can be duplicated"));
    let address = address.local_addr().expect("a bound socket has an address");
    let queued: Vec<_> = (0..4)
        .map_while(|_| std::net::TcpStream::connect_timeout(&address, Duration::from_millis(300)).ok())
        .collect();
    assert!(queued.len() < 4, "the queue is full");
    let started = Instant::now();
    let mut client = proxy.connect();
    client.socks(&connect_request(address));
    client.expect_last(&[5, 6, 0, 1, 0, 0, 0, 0, 0, 0], "the reply");
    check_took("an address", SHORT, started);
}

/// Silence ends a tunnel and a request; a word in either direction is no silence; nothing outlives the total.
#[phase7::test(points = 2, rule = 31, timeout_s = 60)]
fn silence_and_age_have_their_time() {
    let (echo, silent) = (
        Origin::echo(),
        Origin::start(|mut stream, _| while matches!(stream.read(&mut [0; 99]), Ok(1..)) {}),
    );
    let idle = Duration::from_millis(900);
    let mut proxy = Proxy::start(&["--idle-timeout", "900ms"]);
    let (mut tunnel, mut request) = (proxy.tunnel(silent.address), proxy.connect());
    let begun = Instant::now();
    let mut started = begun;
    // Only one direction moves, for longer than the limit.
    while begun.elapsed() < idle + Duration::from_millis(200) {
        started = Instant::now();
        tunnel.send("x");
        std::thread::park_timeout(Duration::from_millis(50));
    }
    request.send(get(silent.address, "/"));
    assert_eq!(net::read_to_end(&mut tunnel.stream), b"");
    check_took("a tunnel", idle, started);
    request.expect_refusal(504, "idle");
    check_took("a request", idle, started);
    let ends: Vec<_> = proxy.lines(2).into_iter().map(|line| line.end).collect();
    assert_eq!(ends, ["idle", "idle"]);

    let mut proxy = Proxy::start(&["--total-timeout", "600ms"]);
    let started = Instant::now();
    let mut client = proxy.tunnel(echo.address);
    let mut byte = [0];
    while client.stream.write_all(b"x").is_ok() && matches!(client.stream.read(&mut byte), Ok(1..)) {}
    check_took("a tunnel that is busy", SHORT, started);
    assert_eq!(proxy.line().end, "total");
}

/// Connections, new ones a second, and who counts as one client.
#[phase7::test(points = 2, rule = 32)]
fn clients_are_counted() {
    let address = |text: &str| -> IpAddr { text.parse().expect("an address") };
    let (now, second) = (Instant::now(), Duration::from_secs(1));
    let mut clients = Clients::new(ClientLimits {
        connections: 2,
        rate: 1000,
    });
    assert!(
        clients.enter(address("2001:db8::1"), now),
        "the first of a network"
    );
    assert!(
        clients.enter(address("2001:db8::ffff:1"), now),
        "the second of it"
    );
    assert!(!clients.enter(address("2001:db8::2"), now), "the third of it");
    assert!(clients.enter(address("2001:db8:0:1::1"), now), "another network");
    assert!(clients.enter(address("192.0.2.1"), now) && clients.enter(address("::ffff:192.0.2.1"), now));
    assert!(
        !clients.enter(address("192.0.2.1"), now),
        "mapped, it is the same client"
    );
    let mut clients = Clients::new(ClientLimits {
        connections: 1000,
        rate: 10,
    });
    let client = address("192.0.2.1");
    let let_in = |clients: &mut Clients, at| (0..100).filter(|_| clients.enter(client, at)).count();
    assert_eq!(let_in(&mut clients, now), 10, "a second's worth at once");
    assert_eq!(let_in(&mut clients, now + second / 2), 5, "half a second later");
    assert_eq!(let_in(&mut clients, now + 60 * second), 10, "nothing is saved up");
    let mut clients = Clients::new(ClientLimits {
        connections: 1,
        rate: 1000,
    });
    for at in 0..100_000_u32 {
        let client = IpAddr::from(at.to_be_bytes());
        assert!(clients.enter(client, now + second * at), "client {at}");
        clients.leave(client);
    }
    assert!(
        clients.len() < 10_000,
        "{} clients are remembered that are long gone",
        clients.len()
    );
}

/// One too many is closed at once, and a place is free again when its connection has ended.
#[phase7::test(points = 1, rule = 32, timeout_s = 30)]
fn one_connection_too_many_is_closed() {
    let (origin, _) = Origin::http(|_| ok("hello"));
    for option in ["--client-connections", "--max-connections"] {
        let mut proxy = Proxy::start(&[option, "2"]);
        let (first, second) = (proxy.tunnel(origin.address), proxy.tunnel(origin.address));
        let mut third = proxy.connect();
        assert_eq!(
            net::read_to_end(&mut third.stream),
            b"",
            "{option}: the third of two"
        );
        assert_eq!(proxy.line().end, "limit", "{option}");
        drop(first);
        let line = proxy.lines(2).swap_remove(1);
        assert_eq!(line.protocol, "connect", "{option}: the end of the first");
        phase7::wait::until("a place to be free", Duration::from_secs(10), || {
            let mut client = proxy.connect();
            let _ = client.stream.write_all(get(origin.address, "/").as_bytes());
            client.stream.read(&mut [0; 12]).is_ok_and(|count| count > 0)
        });
        drop(second);
    }
}

/// Whatever a client sends, there is one line for it, with the fields that a line has.
#[phase7::test(points = 2, rule = 33, timeout_s = 30)]
fn nobody_writes_the_log_but_the_proxy() {
    let origin = Origin::echo();
    let mut proxy = Proxy::start(&[]);
    let forged = "a\nprotocol=http client=1.2.3.4:5 target=forged.test:80 address=- requests=1 up=0 down=0 ms=0 end=done";
    let name = [
        &[1, 0, 3, u8::try_from(forged.len()).expect("a short name")],
        forged.as_bytes(),
        &[0, 80],
    ]
    .concat();
    let mut client = proxy.connect();
    client.socks(&name);
    client.expect_last(
        &[5, 1, 0, 1, 0, 0, 0, 0, 0, 0],
        "the reply to a name that is none",
    );
    let mut client = proxy.connect();
    client.send(format!(
        "CONNECT {} HTTP/1.1\r\nHost: a\r\n\r\n",
        forged.replace(' ', "\t")
    ));
    client.rest("a refusal");
    let mut client = proxy.connect();
    client.send("CONNECT 127.0.0.1:80%20end=done HTTP/1.1\r\nHost: a\r\n\r\n");
    client.expect_refusal(400, "malformed");
    let mut client = proxy.tunnel(origin.address);
    let local = client
        .stream
        .local_addr()
        .expect("a connected socket has an address");
    client.send("four");
    client.end();
    client.expect_last(b"four", "the echo");
    let lines = proxy.lines(4);
    assert_eq!(lines.len(), 4, "a line for each connection: {lines:?}");
    for line in &lines[..3] {
        assert_eq!(
            (line.target.as_str(), line.end.as_str()),
            ("-", "malformed"),
            "{line:?}"
        );
    }
    let (target, client) = (origin.address.to_string(), local.to_string());
    let last = &lines[3];
    assert_eq!(
        (&last.target, &last.address, &last.client),
        (&target, &target, &client)
    );
    assert_eq!(
        (last.protocol.as_str(), last.requests, last.up, last.down),
        ("connect", 1, 4, 4)
    );
}
