//! Which addresses are tried, and in which order they lose.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use proxy_server::eyeballs;
use proxy_server::policy::Policy;

use super::support::names::NameServer;
use super::support::origin::{Origin, get, ok};
use super::support::{Proxy, nobody, run, wire};

fn address(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

/// Notes when an attempt that is under way is dropped.
struct Dropped(Arc<AtomicUsize>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// The first connection ends the race: no attempt starts, and none goes on.
#[phase7::test(points = 1, rule = 12, timeout_s = 20)]
fn the_first_connection_ends_the_race() {
    let addresses: Vec<_> = (1..=5)
        .map(|port| SocketAddr::from(([192, 0, 2, 1], port)))
        .collect();
    let (started, dropped) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)));
    let (result, dropped) = run(async {
        let (noted, counted) = (Arc::clone(&started), Arc::clone(&dropped));
        let result = eyeballs::connect(&addresses, Duration::from_millis(150), move |address| {
            noted
                .lock()
                .expect("nobody panics with the lock held")
                .push(address.port());
            let guard = Dropped(Arc::clone(&counted));
            async move {
                match address.port() {
                    // These hang.
                    1 | 2 => {
                        let _guard = guard;
                        std::future::pending().await
                    }
                    3 => {
                        for _ in 0..20 {
                            tokio::task::yield_now().await;
                        }
                        Ok(address.port())
                    }
                    port => Ok(port),
                }
            }
        });
        let result = result.await;
        // Those that were aborted are dropped when their runtime comes round.
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        (result, dropped.load(SeqCst))
    });
    assert_eq!(result.expect("the third connects"), (3, addresses[2]));
    assert_eq!(
        *started.lock().expect("nobody panics with the lock held"),
        [1, 2, 3],
        "attempts that started"
    );
    assert!(dropped >= 2, "of two attempts that hung, {dropped} were dropped");
    let refused = run(eyeballs::connect(
        &addresses,
        Duration::from_secs(60),
        |address| async move {
            let kind = if address.port() == 5 {
                io::ErrorKind::TimedOut
            } else {
                io::ErrorKind::ConnectionRefused
            };
            Err::<(), _>(io::Error::from(kind))
        },
    ));
    assert_eq!(
        refused.expect_err("none connects").kind(),
        io::ErrorKind::TimedOut,
        "the last failure"
    );
}

/// The edges of every block, from both sides, and what carries an IPv4 address.
#[phase7::test(points = 2, rule = 13)]
fn every_special_block_is_refused() {
    let policy = Policy::new(Vec::new());
    let special = [
        "0.255.255.255",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.255.255.255",
        "169.254.0.0",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fdff::1",
        "ff02::1",
        "100::1",
        "64:ff9b:1::1",
        "2001::1",
        "2001:1ff::1",
        "2001:db8::1",
        "3fff::1",
        "4000::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::127.0.0.1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
    ];
    for text in special {
        assert!(!policy.permits(address(text)), "{text} is not public");
    }
    let public = [
        "1.0.0.0",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.1",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2001:200::1",
        "2001:db7::1",
        "2001:db9::1",
        "2606:4700::1111",
        "3ffe::1",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2002:808:808::1",
    ];
    for text in public {
        assert!(policy.permits(address(text)), "{text} is public");
    }
    let blocks = ["10.1.2.3", "172.16.0.0/13", "fd00::/9"].map(|block| block.parse().expect("a block"));
    let policy = Policy::new(blocks.to_vec());
    for (text, expected) in [
        ("10.1.2.3", true),
        ("10.1.2.2", false),
        ("172.23.255.255", true),
        ("172.24.0.0", false),
        ("::ffff:10.1.2.3", true),
        ("64:ff9b::10.1.2.3", true),
        ("fd7f::1", true),
        ("fd80::1", false),
    ] {
        assert_eq!(
            policy.permits(address(text)),
            expected,
            "{text}, with some blocks allowed"
        );
    }
    for bad in [
        "10.0.0.0/33",
        "::/129",
        "10.0.0/8",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "name/8",
    ] {
        assert!(
            bad.parse::<proxy_server::policy::Cidr>().is_err(),
            "{bad:?} is no block"
        );
    }
}

/// A name that changes its mind between two requests, and one that has addresses of both kinds.
#[phase7::test(points = 2, rule = 13, timeout_s = 30)]
fn a_name_cannot_lead_inside() {
    let (origin, _) = Origin::http(|_| ok("hello"));
    let turn = AtomicUsize::new(0);
    let server = NameServer::start(move |query| match (query.name.as_str(), query.record_type) {
        (_, wire::AAAA) => vec![query.response().bytes()],
        ("both.test", _) => {
            let response = query.response().with(wire::A, 60, &[10, 0, 0, 1]);
            vec![response.with(wire::A, 60, &[127, 0, 0, 1]).bytes()]
        }
        _ => {
            let last = if turn.fetch_add(1, SeqCst) == 0 { 1 } else { 2 };
            vec![query.response().with(wire::A, 0, &[127, 0, 0, last]).bytes()]
        }
    });
    let dns = server.address.to_string();
    let mut proxy = Proxy::start(&["--closed", "--allow", "127.0.0.1", "--dns", &dns]);
    let port = origin.address.port();
    let ask = |name: &str, status: u16| {
        let mut client = proxy.connect();
        client.send(format!(
            "GET http://{name}:{port}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        ));
        client.expect_status(status);
        client.end();
        client.rest("the rest of a response");
    };
    ask("both.test", 200);
    // The first CONNECT is let through, the second finds another address.
    let mut client = proxy.connect();
    client.send(format!("CONNECT turns.test:{port} HTTP/1.1\r\nHost: x\r\n\r\n"));
    client.expect_status(200);
    drop(client);
    ask("turns.test", 403);
    let lines = proxy.lines(3);
    let expected = origin.address.to_string();
    assert!(
        lines
            .iter()
            .any(|line| line.target.starts_with("both.test:") && line.address == expected),
        "{lines:?}"
    );
    assert_eq!(
        lines.iter().filter(|line| line.end == "denied").count(),
        1,
        "{lines:?}"
    );
}

/// The fourth connect in a row is not tried.
#[phase7::test(points = 1, rule = 14, timeout_s = 30)]
fn an_address_that_refuses_is_not_asked_for_ever() {
    let proxy = Proxy::start(&[]);
    let nobody = nobody();
    for _ in 0..3 {
        let mut client = proxy.connect();
        client.send(get(nobody, "/"));
        client.expect_refusal(502, "refused");
    }
    let mut client = proxy.connect();
    client.send(get(nobody, "/"));
    client.expect_refusal(503, "busy");
    let (origin, _) = Origin::http(|_| ok("hello"));
    let mut client = proxy.connect();
    client.send(get(origin.address, "/"));
    client.expect_status(200);
    assert_ne!(nobody.ip(), IpAddr::from(Ipv4Addr::LOCALHOST), "another address");
}
