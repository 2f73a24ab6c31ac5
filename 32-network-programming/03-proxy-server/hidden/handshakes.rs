//! SOCKS5 on the wire: methods, passwords, requests, replies.

use std::net::{IpAddr, Ipv6Addr, SocketAddr, TcpListener};

use phase7::net;
use proxy_server::socks::{self, SocksError};
use proxy_server::target::{Host, Target};

use super::support::names::NameServer;
use super::support::origin::Origin;
use super::support::{Proxy, connect_request, nobody};

const NO_ADDRESS: [u8; 7] = [0, 1, 0, 0, 0, 0, 0];

fn failure(code: u8) -> Vec<u8> {
    [&[5, code][..], &NO_ADDRESS, &[0]].concat()
}

/// A target is a host and a port, and there is one way to write each address.
#[phase7::test(points = 1, rule = 17)]
fn targets_are_read_strictly() {
    let host = |text: &str| Target::parse(text, Some(80)).map(|target| target.to_string());
    for (text, expected) in [
        ("Web.Test", "web.test:80"),
        ("web.test.:8080", "web.test:8080"),
        ("192.0.2.1:1", "192.0.2.1:1"),
        ("[2001:DB8::1]:443", "[2001:db8::1]:443"),
        ("[::1]", "[::1]:80"),
    ] {
        assert_eq!(host(text), Ok(expected.to_owned()), "{text:?}");
    }
    for text in [
        "",
        ":80",
        "web.test:",
        "web.test:0",
        "web.test:65536",
        "web.test:+1",
        "web.test:8a",
        "2001:db8::1",
        "[::1",
        "[127.0.0.1]",
        "127.1:80",
        "0x7f.1",
        "2130706433",
        "me@web.test",
        "web test",
    ] {
        assert!(host(text).is_err(), "{text:?} is no target");
    }
    assert!(
        Target::parse("web.test", None).is_err(),
        "no port, and no default"
    );
}

/// Methods, in any order, and none that will do.
#[phase7::test(points = 1, rule = 16, timeout_s = 30)]
fn the_wanted_method_is_chosen() {
    let open = Proxy::start(&[]);
    for (greeting, choice) in [(&[5, 1, 0][..], 0), (&[5, 3, 2, 1, 0], 0), (&[5, 2, 0, 2], 0)] {
        let mut client = open.connect();
        client.send(greeting);
        client.expect(&[5, choice], "the choice");
    }
    for greeting in [&[5, 1, 2][..], &[5, 0], &[5, 2, 1, 0xFF]] {
        let mut client = open.connect();
        client.send(greeting);
        client.expect_last(&[5, 0xFF], "the choice of nothing, then the end");
    }
    let closed = Proxy::start(&["--user", "me:key"]);
    let mut client = closed.connect();
    client.send([5, 1, 0]);
    client.expect_last(&[5, 0xFF], "no password is offered where one is wanted");
    let mut client = closed.connect();
    client.send([5, 2, 0, 2]);
    client.expect(&[5, 2], "the choice of a password");
}

/// The right password goes on, whatever is wrong gets `01 01`; in HTTP the wrong one gets 407 and a challenge.
#[phase7::test(points = 2, rule = 19, timeout_s = 30)]
fn passwords_are_checked() {
    let origin = Origin::echo();
    let proxy = Proxy::start(&["--user", "me:k:ey"]);
    let wrong = [
        &b"\x01\x02me\x04k:e_"[..],
        b"\x01\x02me\x03k:e",
        b"\x01\x02me\x05k:eyy",
        b"\x01\x02Me\x04k:ey",
        b"\x01\x00\x00",
    ];
    for wrong in wrong {
        let mut client = proxy.connect();
        client.send([5, 1, 2]);
        client.expect(&[5, 2], "the choice of a password");
        client.send(wrong);
        client.expect_last(&[1, 1], "the status of a wrong password, then the end");
    }
    let mut client = proxy.connect();
    // All at once: no message waits for the answer to the one before.
    client.send(
        [
            &[5, 1, 2],
            &b"\x01\x02me\x04k:ey"[..],
            &[5],
            &connect_request(origin.address),
            b"early",
        ]
        .concat(),
    );
    client.expect(&[5, 2, 1, 0, 5, 0, 0, 1], "method, status and reply");
    net::read_exact(&mut client.stream, 6);
    client.expect(b"early", "the echo of what was sent with the request");
    let request = |credentials: &str| {
        format!(
            "CONNECT {} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: {credentials}\r\n\r\n",
            origin.address
        )
    };
    let mut client = proxy.connect();
    client.send(request("basic bWU6azpleQ=="));
    client.expect_status(200);
    for wrong in ["Basic bWU6azpl", "Basic !", "Bearer bWU6azpleQ==", "Basic"] {
        let mut client = proxy.connect();
        client.send(request(wrong));
        let head = client.expect_status(407);
        assert!(
            head.contains("\r\nProxy-Authenticate: Basic realm=\"proxy-server\"\r\n"),
            "{head:?}"
        );
    }
}

/// IPv4, IPv6, names, and addresses as text; the reply has the proxy's end of the connection.
#[phase7::test(points = 1, rule = 17, timeout_s = 30)]
fn every_type_of_address_is_served() {
    let ends = |listener: TcpListener| {
        Origin::start_on(listener, |mut stream, _| {
            let peer = stream.peer_addr().expect("a connected socket has a peer");
            let _ = std::io::Write::write_all(&mut stream, peer.to_string().as_bytes());
        })
    };
    let v4 = ends(net::listener());
    let v6 = ends(TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).expect("a free port can be had"));
    let proxy = Proxy::start(&[]);
    let port = |origin: &Origin| origin.address.port().to_be_bytes();
    let name = |text: &str, origin: &Origin| {
        let length = u8::try_from(text.len()).expect("a short name");
        [&[1, 0, 3, length], text.as_bytes(), &port(origin)].concat()
    };
    let ipv6 = [&[1, 0, 4], &Ipv6Addr::LOCALHOST.octets()[..], &port(&v6)].concat();
    for request in [
        connect_request(v4.address),
        ipv6,
        name("localhost", &v4),
        name("127.0.0.1", &v4),
        name("::1", &v6),
        name("[::1]", &v6),
    ] {
        let mut client = proxy.connect();
        client.socks(&request);
        let reply = net::read_exact(&mut client.stream, 4);
        assert_eq!(reply[..3], [5, 0, 0], "the reply to {request:?}");
        let bound: IpAddr = match reply[3] {
            1 => <[u8; 4]>::try_from(net::read_exact(&mut client.stream, 4))
                .expect("four bytes")
                .into(),
            _ => <[u8; 16]>::try_from(net::read_exact(&mut client.stream, 16))
                .expect("sixteen bytes")
                .into(),
        };
        let port = net::read_exact(&mut client.stream, 2);
        let bound = SocketAddr::new(bound, u16::from_be_bytes([port[0], port[1]]));
        client.expect_last(bound.to_string().as_bytes(), "the address that the server sees");
    }
}

/// What cannot be done has a code, and the readers say so as soon as they can.
#[phase7::test(points = 2, rule = 18, timeout_s = 30)]
fn failures_have_their_replies() {
    let server = NameServer::start(|query| vec![query.response().code(3).bytes()]);
    let proxy = Proxy::start(&["--dns", &server.address.to_string()]);
    let cases = [
        (vec![2, 0, 1, 127, 0, 0, 1, 0, 80], 7, "BIND"),
        (
            vec![3, 0, 3, 4, b'a', b'b', b'c', b'd', 0, 80],
            7,
            "UDP ASSOCIATE",
        ),
        (vec![1, 0, 2, 1, 1], 8, "an address of type 2"),
        (vec![1, 0, 1, 127, 0, 0, 1, 0, 0], 1, "port 0"),
        (
            vec![1, 0, 3, 3, b'a', b' ', b'b', 0, 80],
            1,
            "a name with a blank",
        ),
        (vec![1, 0, 3, 0, 0, 80], 1, "no name"),
        (vec![1, 0, 1, 10, 0, 0, 1, 0, 80], 2, "a private address"),
        (
            [&[1, 0, 3, 6][..], b"a.test", &[0, 80]].concat(),
            4,
            "a name that is none",
        ),
        (connect_request(nobody()), 5, "a port that is closed"),
    ];
    for (request, code, what) in cases {
        let mut client = proxy.connect();
        client.socks(&request);
        client.expect_last(&failure(code), what);
    }
}

/// Wrong bytes are errors where they stand, however little follows.
#[phase7::test(points = 1, rule = 15)]
fn wrong_bytes_are_errors_at_once() {
    assert_eq!(socks::greeting(&[4]), Err(SocksError::Version(4)));
    assert_eq!(socks::greeting(&[]), Ok(None));
    assert_eq!(socks::credentials(&[5]), Err(SocksError::Version(5)));
    assert_eq!(socks::credentials(&[1, 1, b'a', 2, b'b']), Ok(None));
    assert_eq!(socks::request(&[1]), Err(SocksError::Version(1)));
    assert_eq!(socks::request(&[5, 1, 0, 9]), Err(SocksError::AddressType(9)));
    assert_eq!(
        socks::request(&[5, 1, 0, 1, 127, 0, 0, 1, 0, 0]),
        Err(SocksError::Target)
    );
    let (request, used) = socks::request(&[5, 1, 0, 1, 127, 0, 0, 1, 0, 80, 9, 9])
        .expect("a request")
        .expect("whole");
    assert_eq!(used, 10, "the bytes of a request");
    let host = Host::Address("127.0.0.1".parse().expect("an address"));
    assert_eq!(request.target, Some(Target { host, port: 80 }));
    let longest = [&[5, 255][..], &[7; 255]].concat();
    assert_eq!(
        socks::greeting(&longest).map(|found| found.map(|(methods, used)| (methods.len(), used))),
        Ok(Some((255, 257)))
    );
}
