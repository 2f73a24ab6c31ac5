//! Requests and responses through the proxy, with servers that do what is unusual.

use std::io::{BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use phase7::net;
use proxy_server::pool::{Pool, PoolLimits, Taken};

use super::support::origin::{Origin, get, ok, read_request};
use super::support::{Client, Proxy, pattern};

fn post(address: SocketAddr, fields: &str, body: &str) -> String {
    format!("POST http://{address}/ HTTP/1.1\r\nHost: {address}\r\n{fields}\r\n{body}")
}

/// Asks and expects `body`.
#[track_caller]
fn check_get(client: &mut Client, address: SocketAddr, body: &str) {
    client.send(get(address, "/"));
    client.expect_status(200);
    client.expect(body.as_bytes(), "the body");
}

/// Chunks pass as they are, up and down; a HEAD has a length and no body; what follows is the next message.
#[phase7::test(points = 2, rule = 23, timeout_s = 30)]
fn bodies_pass_through_as_they_are() {
    let (origin, requests) = Origin::http(|request| match request.head.split(' ').next() {
        Some("HEAD") => b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".to_vec(),
        Some("POST") => {
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n0\r\nX-Sum: 9\r\n\r\n"
                .to_vec()
        }
        Some("DELETE") => b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(),
        _ => ok("hello"),
    });
    let proxy = Proxy::start(&[]);
    let mut client = proxy.connect();
    let address = origin.address;
    let chunked = "4\r\nwiki\r\n0\r\n\r\n";
    // Four requests at once, each behind the other.
    let all = [
        post(address, "Transfer-Encoding: chunked\r\n", chunked),
        get(address, "/").replacen("GET", "HEAD", 1),
        get(address, "/").replacen("GET", "DELETE", 1),
        get(address, "/"),
    ];
    client.send(all.concat());
    let head = client.expect_status(200);
    assert!(head.contains("\r\nTransfer-Encoding: chunked\r\n"), "{head:?}");
    client.expect(
        b"3;x\r\nabc\r\n0\r\nX-Sum: 9\r\n\r\n",
        "the chunks of the response",
    );
    let head = client.expect_status(200);
    assert!(head.contains("\r\nContent-Length: 1000\r\n"), "{head:?}");
    client.expect_status(204);
    client.expect_status(200);
    client.expect(b"hello", "the body of the last response");
    let requests = requests.lock().expect("nobody panics with the lock held").clone();
    assert_eq!(
        String::from_utf8_lossy(&requests[0].body),
        chunked,
        "the chunks of the request"
    );
}

/// The client waits for `100 Continue`, and gets it before it sends the body.
#[phase7::test(points = 1, rule = 23, timeout_s = 30)]
fn interim_responses_pass() {
    let origin = Origin::start(|mut stream, _| {
        let mut reader = BufReader::new(stream.try_clone().expect("a descriptor can be duplicated"));
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            if reader.read_exact(&mut byte).is_err() {
                return;
            }
            head.push(byte[0]);
        }
        let _ = stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n");
        let mut body = [0; 5];
        let _ = reader.read_exact(&mut body);
        let _ = stream.write_all(&ok(&String::from_utf8_lossy(&body)));
        let _ = reader.read(&mut [0]);
    });
    let proxy = Proxy::start(&[]);
    let mut client = proxy.connect();
    client.send(post(
        origin.address,
        "Content-Length: 5\r\nExpect: 100-continue\r\n",
        "",
    ));
    client.expect_status(100);
    client.send("early");
    client.expect_status(200);
    client.expect(b"early", "the body");
}

/// A body without an end but the connection's; one that is cut; and 4 MiB there and back.
#[phase7::test(points = 2, rule = 23, timeout_s = 60)]
fn long_bodies_pass_both_ways() {
    const LENGTH: usize = 4 << 20;
    // Each connection has another kind of answer.
    let origin = Origin::start(|mut stream, number| {
        let mut reader = BufReader::new(stream.try_clone().expect("a descriptor can be duplicated"));
        let mut line = String::new();
        while line != "\r\n" {
            line.clear();
            if !matches!(std::io::BufRead::read_line(&mut reader, &mut line), Ok(1..)) {
                return;
            }
        }
        match number {
            1 => {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
                let _ = stream.write_all(&pattern(100_000));
            }
            2 => {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            }
            _ => {
                let mut body = vec![0; LENGTH];
                let _ = reader.read_exact(&mut body);
                let _ = stream
                    .write_all(format!("HTTP/1.1 200 OK\r\nContent-Length: {LENGTH}\r\n\r\n").as_bytes());
                let _ = stream.write_all(&body);
            }
        }
    });
    let mut proxy = Proxy::start(&[]);
    let mut client = proxy.connect();
    client.send(get(origin.address, "/"));
    let head = client.expect_status(200);
    assert!(
        head.contains("\r\nConnection: close\r\n"),
        "the end of this body is the connection's: {head:?}"
    );
    assert!(
        client.rest("a body until the end") == pattern(100_000),
        "all of it"
    );
    let mut client = proxy.connect();
    client.send(get(origin.address, "/"));
    client.expect_status(200);
    client.expect_last(b"half", "a body that is cut");
    let mut client = proxy.connect();
    let body = pattern(LENGTH);
    client.send(post(origin.address, &format!("Content-Length: {LENGTH}\r\n"), ""));
    let mut sending = client.stream.try_clone().expect("a descriptor can be duplicated");
    let sent = body.clone();
    let sender = std::thread::spawn(move || sending.write_all(&sent));
    client.expect_status(200);
    assert!(
        net::read_exact(&mut client.stream, LENGTH) == body,
        "4 MiB come back as they were"
    );
    sender
        .join()
        .expect("the sender does not panic")
        .expect("all is sent");
    drop(client);
    let ends: Vec<_> = proxy.lines(3).into_iter().map(|line| line.end).collect();
    assert_eq!(ends, ["done", "bad-answer", "done"]);
}

/// A response that comes before the request is through is the response, and the end of the connection.
#[phase7::test(points = 1, rule = 24, timeout_s = 30)]
fn an_early_response_ends_the_connection() {
    let (finish, finished) = channel::<()>();
    let finished = Mutex::new(finished);
    let origin = Origin::start(move |mut stream, _| {
        let mut buffer = [0; 100];
        let _ = stream.read(&mut buffer);
        let _ = stream.write_all(b"HTTP/1.1 413 Too Much\r\nContent-Length: 2\r\n\r\nno");
        let _ = finished.lock().expect("nobody panics with the lock held").recv();
    });
    let proxy = Proxy::start(&[]);
    let mut client = proxy.connect();
    client.send(post(
        origin.address,
        "Content-Length: 1000000\r\n",
        "the beginning",
    ));
    client.expect_status(413);
    client.expect_last(b"no", "the body of an early response, then the end");
    drop(finish);
}

/// A server that says `close`, one that says too much, and one that is not heard.
#[phase7::test(points = 2, rule = 24, timeout_s = 30)]
fn spoilt_connections_are_not_used_again() {
    let (closes, _) =
        Origin::http(|_| b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\na".to_vec());
    let (talks, _) = Origin::http(|_| [ok("a"), ok("evil")].concat());
    let proxy = Proxy::start(&[]);
    for origin in [&closes, &talks] {
        let mut client = proxy.connect();
        for count in 1..=3 {
            check_get(&mut client, origin.address, "a");
            assert_eq!(origin.connections(), count, "connections to the server");
        }
    }
    let smuggles = Origin::http(|_| {
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".to_vec()
    })
    .0;
    let upgrades = Origin::http(|_| b"HTTP/1.1 101 Other\r\n\r\n".to_vec()).0;
    let mumbles = Origin::http(|_| b"220 mail.test\r\n\r\n".to_vec()).0;
    for origin in [smuggles, upgrades, mumbles] {
        let mut client = proxy.connect();
        client.send(get(origin.address, "/"));
        client.expect_refusal(502, "bad-answer");
    }
}

/// Used again are live connections only, by what may be repeated only.
#[phase7::test(points = 2, rule = 25, timeout_s = 30)]
fn idle_connections_are_looked_at_before_use() {
    // The first connection closes behind its answer, without a word; the second behind its second request.
    let (closed, is_closed) = channel();
    let closed = Mutex::new(closed);
    let origin = Origin::start(move |mut stream, number| {
        let mut reader = BufReader::new(stream.try_clone().expect("a descriptor can be duplicated"));
        let mut count = 0;
        while read_request(&mut reader).is_some() {
            count += 1;
            if number == 2 && count == 2 {
                break;
            }
            let _ = stream.write_all(&ok(&number.to_string()));
            if number == 1 {
                break;
            }
        }
        let _ = stream.shutdown(Shutdown::Both);
        let _ = closed
            .lock()
            .expect("nobody panics with the lock held")
            .send(number);
    });
    let proxy = Proxy::start(&[]);
    let mut client = proxy.connect();
    check_get(&mut client, origin.address, "1");
    assert_eq!(
        is_closed.recv_timeout(Duration::from_secs(10)),
        Ok(1),
        "the first connection is closed"
    );
    check_get(&mut client, origin.address, "2");
    check_get(&mut client, origin.address, "3");
    assert_eq!(
        origin.connections(),
        3,
        "the request that got no answer was sent once more"
    );
    check_get(&mut client, origin.address, "3");
    client.send(post(origin.address, "Content-Length: 1\r\n", "x"));
    client.expect_status(200);
    client.expect(b"4", "a POST takes a new connection");
}

/// A POST that gets no answer is not sent twice.
#[phase7::test(points = 1, rule = 25, timeout_s = 30)]
fn a_post_is_sent_once() {
    let bodies = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&bodies);
    let origin = Origin::start(move |stream, _| {
        if read_request(&mut BufReader::new(&stream)).is_some() {
            *counted.lock().expect("nobody panics with the lock held") += 1;
        }
    });
    let proxy = Proxy::start(&[]);
    let mut client = proxy.connect();
    client.send(post(origin.address, "Content-Length: 1\r\n", "x"));
    client.expect_refusal(502, "bad-answer");
    assert_eq!(
        *bodies.lock().expect("nobody panics with the lock held"),
        1,
        "POSTs at the server"
    );
}

/// Time, age and count bound the pool, and what is not used is forgotten.
#[phase7::test(points = 2, rule = 26)]
fn the_pool_has_bounds() {
    let second = Duration::from_secs(1);
    let limits = PoolLimits {
        idle_per_upstream: 2,
        per_upstream: 3,
        idle: 30 * second,
        age: 100 * second,
    };
    let mut pool = Pool::new(limits);
    let now = Instant::now();
    for _ in 0..3 {
        assert_eq!(pool.take(&1, now, true, |_| true), Taken::Room);
    }
    assert_eq!(
        pool.take(&1, now, true, |_| true),
        Taken::Full,
        "the fourth of three"
    );
    for name in ["a", "b", "c"] {
        pool.put(&1, name, now, now);
    }
    assert_eq!(pool.idle_count(), 2, "two idle ones are kept");
    assert_eq!(
        pool.take(&1, now + 29 * second, true, |_| true),
        Taken::Idle("c", now)
    );
    pool.put(&1, "c", now, now + 29 * second);
    assert_eq!(
        pool.take(&1, now + 31 * second, true, |_| true),
        Taken::Idle("c", now),
        "idle for two seconds"
    );
    assert_eq!(pool.idle_count(), 0, "the other one was idle for too long");
    pool.put(&1, "c", now, now + 99 * second);
    assert_eq!(
        pool.take(&1, now + 100 * second, true, |_| true),
        Taken::Room,
        "it is too old"
    );
    // At its bound, an idle one gives way to a new one that must be new.
    pool.put(&1, "d", now + 100 * second, now + 100 * second);
    let later = now + 101 * second;
    for _ in 0..3 {
        assert_eq!(pool.take(&1, later, false, |_| true), Taken::Room);
    }
    assert_eq!(
        (pool.take(&1, later, false, |_| true), pool.idle_count()),
        (Taken::Full, 0)
    );
    for _ in 0..3 {
        pool.release(&1);
    }
    assert_eq!(
        pool.upstream_count(),
        0,
        "an upstream without connections is forgotten"
    );
    assert_eq!(pool.take(&2, later, true, |_| true), Taken::Room);
    pool.put(&2, "e", later, later);
    pool.sweep(later + 30 * second);
    assert_eq!((pool.idle_count(), pool.upstream_count()), (0, 0), "swept");
}

/// One connection at a time, tunnels counted; when it is free, the next may have it.
#[phase7::test(points = 1, rule = 26, timeout_s = 30)]
fn a_full_upstream_is_busy() {
    let (origin, _) = Origin::http(|_| ok("hello"));
    let mut proxy = Proxy::start(&["--upstream-connections", "1"]);
    let mut client = proxy.connect();
    check_get(&mut client, origin.address, "hello");
    drop(client);
    // The idle connection gives way to the tunnel.
    let tunnel = proxy.tunnel(origin.address);
    let mut client = proxy.connect();
    client.send(get(origin.address, "/"));
    client.expect_refusal(503, "busy");
    drop(tunnel);
    proxy.lines(3);
    check_get(&mut proxy.connect(), origin.address, "hello");
}

/// What is sent with the head of a CONNECT goes into the tunnel.
#[phase7::test(points = 1, rule = 27, timeout_s = 30)]
fn a_tunnel_starts_with_what_was_sent_early() {
    let origin = Origin::echo();
    let mut proxy = Proxy::start(&[]);
    let mut client = proxy.connect();
    let early = pattern(20_000);
    let head = format!("CONNECT {} HTTP/1.1\r\nHost: x\r\n\r\n", origin.address);
    client.send([head.as_bytes(), &early].concat());
    client.expect_status(200);
    assert!(
        net::read_exact(&mut client.stream, early.len()) == early,
        "the echo of the early bytes"
    );
    client.send("late");
    client.end();
    client.expect_last(b"late", "the echo of the late ones");
    assert_eq!(proxy.line().up, 20_004, "bytes up");
}

/// A request that has two readings goes nowhere.
#[phase7::test(points = 1, rule = 21, timeout_s = 30)]
fn smuggled_requests_go_nowhere() {
    let (origin, requests) = Origin::http(|_| ok("hello"));
    let proxy = Proxy::start(&[]);
    let smuggled = "0\r\n\r\nGET /admin HTTP/1.1\r\nHost: a\r\n\r\n";
    for fields in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding : chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 40\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
    ] {
        let mut client = proxy.connect();
        client.send(post(origin.address, fields, smuggled));
        client.expect_refusal(400, "malformed");
    }
    let mut client = proxy.connect();
    client.send(post(
        origin.address,
        "Transfer-Encoding: chunked\r\n",
        "1\r\nab\r\n0\r\n\r\n",
    ));
    client.expect_refusal(400, "malformed");
    let requests = requests.lock().expect("nobody panics with the lock held").clone();
    assert!(
        requests.iter().all(|request| !request.head.contains("/admin")),
        "{requests:?}"
    );
    check_get(&mut proxy.connect(), origin.address, "hello");
}
