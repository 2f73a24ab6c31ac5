//! What the tests of the proxy share: the proxy as a program, clients that write bytes by hand, servers behind it.
//!
//! - [`wire`]: DNS messages, byte by byte
//! - [`names`]: name servers, a real one and one that does what it is told
//! - [`origin`]: servers that the proxy connects to

pub mod names;
pub mod origin;
pub mod wire;

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use phase7::process::{Output, Running, Signal};
use phase7::{Program, net};

/// The proxy, running.
pub struct Proxy {
    pub running: Running,
    pub address: SocketAddr,
}

/// A line of the access log, its values in the order of the brief.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub protocol: String,
    pub client: String,
    pub target: String,
    pub address: String,
    pub requests: u64,
    pub up: u64,
    pub down: u64,
    pub end: String,
}

impl Proxy {
    /// Starts it on a free port; loopback addresses are allowed, unless the options start with `--closed`.
    #[track_caller]
    pub fn start(options: &[&str]) -> Self {
        let options = match options {
            ["--closed", options @ ..] => options.to_vec(),
            options => [&["--allow", "127.0.0.0/8", "--allow", "::1"], options].concat(),
        };
        // Nobody is to be asked by accident.
        let dns = if options.contains(&"--dns") {
            vec![]
        } else {
            vec!["--dns", "127.0.0.1:1"]
        };
        let mut running = phase7::program!()
            .args(["--listen", "127.0.0.1:0"])
            .args(dns)
            .args(options)
            .deadline(Duration::from_secs(20))
            .spawn();
        let address = running.wait_for_line("listening on ");
        let address = address
            .parse()
            .expect("the line `listening on` ends in an address");
        Self { running, address }
    }

    /// A new client of it.
    #[track_caller]
    pub fn connect(&self) -> Client {
        Client {
            stream: net::connect(self.address),
        }
    }

    /// A client with a tunnel to `target`.
    #[track_caller]
    pub fn tunnel(&self, target: SocketAddr) -> Client {
        let mut client = self.connect();
        client.send(format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n"));
        client.expect_status(200);
        client
    }

    /// Waits for `count` lines of the log, and returns them.
    #[track_caller]
    pub fn lines(&mut self, count: usize) -> Vec<Line> {
        self.running
            .wait_for_stdout(&format!("{count} lines of the log"), |text| {
                let complete = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
                let lines: Vec<_> = complete.lines().skip(1).map(Line::parse).collect();
                (lines.len() >= count).then_some(lines)
            })
    }

    /// Waits for the first line of the log.
    #[track_caller]
    pub fn line(&mut self) -> Line {
        self.lines(1).swap_remove(0)
    }

    /// Sends SIGTERM, and checks the exit code.
    #[track_caller]
    pub fn terminate(self, code: i32) -> Output {
        self.running.signal(Signal::SIGTERM);
        self.running.wait().expect_code(code)
    }
}

impl Line {
    #[track_caller]
    fn parse(line: &str) -> Self {
        let names = [
            "protocol", "client", "target", "address", "requests", "up", "down", "ms", "end",
        ];
        let fields: Vec<_> = line
            .split(' ')
            .map(|field| field.split_once('=').unwrap_or((field, "")))
            .collect();
        let found: Vec<_> = fields.iter().map(|(name, _)| *name).collect();
        assert_eq!(found, names, "the fields of a line of the log: {line:?}");
        let number = |at: usize| -> u64 { fields[at].1.parse().expect("a number") };
        number(7);
        Self {
            protocol: fields[0].1.into(),
            client: fields[1].1.into(),
            target: fields[2].1.into(),
            address: fields[3].1.into(),
            requests: number(4),
            up: number(5),
            down: number(6),
            end: fields[8].1.into(),
        }
    }
}

/// A client that writes and reads bytes.
pub struct Client {
    pub stream: TcpStream,
}

impl Client {
    #[track_caller]
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream
            .write_all(bytes.as_ref())
            .expect("the proxy takes what it is sent");
    }

    /// Ends the client's direction; the other stays open.
    #[track_caller]
    pub fn end(&mut self) {
        self.stream
            .shutdown(Shutdown::Write)
            .expect("the connection is open");
    }

    /// Reads as many bytes as are expected, and compares them.
    #[track_caller]
    pub fn expect(&mut self, expected: &[u8], what: &str) {
        let actual = net::read_exact(&mut self.stream, expected.len());
        assert_eq!(
            actual.escape_ascii().to_string(),
            expected.escape_ascii().to_string(),
            "{what}"
        );
    }

    /// Reads to the end of the stream, which a reset is not, and compares what came.
    #[track_caller]
    pub fn expect_last(&mut self, expected: &[u8], what: &str) {
        let actual = self.rest(what);
        assert_eq!(
            actual.escape_ascii().to_string(),
            expected.escape_ascii().to_string(),
            "{what}"
        );
    }

    /// What comes up to the end of the stream.
    #[track_caller]
    pub fn rest(&mut self, what: &str) -> Vec<u8> {
        let mut actual = Vec::new();
        if let Err(error) = self.stream.read_to_end(&mut actual) {
            panic!(
                "{what}: no end of the stream after {} bytes: {error}",
                actual.len()
            );
        }
        actual
    }

    /// Reads a head to its empty line.
    #[track_caller]
    pub fn head(&mut self) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.extend(net::read_exact(&mut self.stream, 1));
        }
        String::from_utf8(head).expect("a head is text here")
    }

    /// Reads a response's head, checks its status, and returns it.
    #[track_caller]
    pub fn expect_status(&mut self, status: u16) -> String {
        let head = self.head();
        assert_eq!(
            head.get(..12),
            Some(format!("HTTP/1.1 {status}").as_str()),
            "the status of {head:?}"
        );
        head
    }

    /// Expects an answer of the proxy's own, then the end.
    #[track_caller]
    pub fn expect_refusal(&mut self, status: u16, end: &str) {
        let head = self.expect_status(status);
        assert!(
            head.contains("\r\nConnection: close\r\n"),
            "the head of a refusal: {head:?}"
        );
        self.expect_last(
            format!("proxy-server: {end}\n").as_bytes(),
            "the body of a refusal, then the end",
        );
    }

    /// Greets as SOCKS5 without authentication, and asks for `request`, which starts with its command.
    #[track_caller]
    pub fn socks(&mut self, request: &[u8]) {
        self.send([5, 1, 0]);
        self.expect(&[5, 0], "the choice of no authentication");
        self.send([&[5], request].concat());
    }
}

/// A SOCKS request, from its command on, to connect to an IPv4 address.
pub fn connect_request(target: SocketAddr) -> Vec<u8> {
    let SocketAddr::V4(target) = target else {
        panic!("an IPv4 address")
    };
    [
        &[1, 0, 1],
        &target.ip().octets()[..],
        &target.port().to_be_bytes(),
    ]
    .concat()
}

/// curl, whose settings come from its arguments alone.
pub fn curl(arguments: &[&str]) -> Output {
    Program::new("curl")
        .args(["-q", "-sS", "--noproxy", "", "--max-time", "15"])
        .args(arguments)
        .deadline(Duration::from_secs(20))
        .run()
}

/// An address of the loopback network at which nobody listens.
pub fn nobody() -> SocketAddr {
    let listener =
        std::net::TcpListener::bind((Ipv4Addr::new(127, 0, 0, 77), 0)).expect("a free port can be had");
    listener.local_addr().expect("a bound socket has an address")
}

/// Bytes that differ from place to place.
pub fn pattern(count: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        u8::try_from(state >> 24).expect("the upper byte of a word")
    };
    (0..count).map(|_| next()).collect()
}

/// Runs a future on a runtime of its own.
pub fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime can be had").block_on(future)
}
