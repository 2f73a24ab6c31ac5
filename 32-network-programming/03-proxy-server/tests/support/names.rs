//! Name servers: dnsmasq, as Debian has it, and one that says what the test tells it to.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use phase7::process::Running;
use phase7::{Program, net, wait};

use super::wire::{self, Response};

/// A query as it came.
#[derive(Debug, Clone)]
pub struct Query {
    pub id: u16,
    /// The labels with dots between them.
    pub name: String,
    pub record_type: u16,
    pub is_tcp: bool,
    /// The port that it came from.
    pub port: u16,
    /// All of it, without the length of TCP.
    pub bytes: Vec<u8>,
}

impl Query {
    fn parse(bytes: &[u8], is_tcp: bool, port: u16) -> Option<Self> {
        let mut rest = bytes.get(12..)?;
        let mut labels = Vec::new();
        while let Some((&length, tail)) = rest.split_first() {
            rest = tail;
            if length == 0 {
                break;
            }
            let (label, tail) = rest.split_at_checked(length.into())?;
            labels.push(String::from_utf8_lossy(label).into_owned());
            rest = tail;
        }
        Some(Self {
            id: u16::from_be_bytes(*bytes.first_chunk()?),
            name: labels.join("."),
            record_type: u16::from_be_bytes(*rest.first_chunk()?),
            is_tcp,
            port,
            bytes: bytes.to_vec(),
        })
    }

    /// A response to it, without records.
    pub fn response(&self) -> Response {
        Response::to(self.id, &self.name, self.record_type)
    }

    /// A response with the address if it asks for A, without records if for anything else.
    pub fn address(&self, address: Ipv4Addr) -> Vec<u8> {
        let response = self.response();
        match self.record_type {
            wire::A => response.with(wire::A, 60, &address.octets()).bytes(),
            _ => response.bytes(),
        }
    }
}

/// A name server on UDP and TCP that sends what its script says, in that order.
pub struct NameServer {
    pub address: SocketAddr,
    queries: Arc<Mutex<Vec<Query>>>,
}

impl NameServer {
    /// Starts it. A script returns messages to send; none is silence.
    pub fn start(script: impl Fn(&Query) -> Vec<Vec<u8>> + Send + Sync + 'static) -> Self {
        // A port that is free on both.
        let (udp, tcp) = wait::until_some("a port that is free on UDP and TCP", wait::DEADLINE, || {
            let udp = net::udp();
            let tcp = TcpListener::bind(udp.local_addr().ok()?).ok()?;
            Some((udp, tcp))
        });
        udp.set_read_timeout(None).expect("no deadline is one");
        let address = udp.local_addr().expect("a bound socket has an address");
        let queries = Arc::new(Mutex::new(Vec::new()));
        let script = Arc::new(script);
        let (noted, said) = (Arc::clone(&queries), Arc::clone(&script));
        std::thread::spawn(move || serve_udp(&udp, &noted, &*said));
        let noted = Arc::clone(&queries);
        std::thread::spawn(move || {
            for stream in tcp.incoming().flatten() {
                let (noted, said) = (Arc::clone(&noted), Arc::clone(&script));
                std::thread::spawn(move || serve_tcp(stream, &noted, &*said));
            }
        });
        Self { address, queries }
    }

    /// What it was asked so far.
    pub fn queries(&self) -> Vec<Query> {
        self.queries
            .lock()
            .expect("nobody panics with the lock held")
            .clone()
    }
}

fn note(noted: &Mutex<Vec<Query>>, query: &Query) {
    noted
        .lock()
        .expect("nobody panics with the lock held")
        .push(query.clone());
}

fn serve_udp(socket: &UdpSocket, noted: &Mutex<Vec<Query>>, script: &dyn Fn(&Query) -> Vec<Vec<u8>>) {
    let mut buffer = [0; 2048];
    while let Ok((count, client)) = socket.recv_from(&mut buffer) {
        let Some(query) = Query::parse(&buffer[..count], false, client.port()) else {
            continue;
        };
        note(noted, &query);
        for message in script(&query) {
            let _ = socket.send_to(&message, client);
        }
    }
}

fn serve_tcp(mut stream: TcpStream, noted: &Mutex<Vec<Query>>, script: &dyn Fn(&Query) -> Vec<Vec<u8>>) {
    let mut length = [0; 2];
    while stream.read_exact(&mut length).is_ok() {
        let mut bytes = vec![0; u16::from_be_bytes(length).into()];
        let port = stream.peer_addr().map_or(0, |address| address.port());
        if stream.read_exact(&mut bytes).is_err() {
            return;
        }
        let Some(query) = Query::parse(&bytes, true, port) else {
            return;
        };
        note(noted, &query);
        for message in script(&query) {
            let length = u16::try_from(message.len()).expect("a message fits its length");
            let _ = stream.write_all(&[&length.to_be_bytes()[..], &message].concat());
        }
    }
}

/// dnsmasq on a port of its own, which knows the names below `test` that its options give, and asks nobody.
pub struct Dnsmasq {
    pub address: SocketAddr,
    pub running: Running,
}

impl Dnsmasq {
    #[track_caller]
    pub fn start(options: &[&str]) -> Self {
        let address = net::udp().local_addr().expect("a bound socket has an address");
        // Debian keeps it where an ordinary user's `PATH` does not lead.
        let program = std::path::Path::new("/usr/sbin/dnsmasq");
        let program = if program.exists() {
            program
        } else {
            "dnsmasq".as_ref()
        };
        let mut running = Program::new(program)
            .args([
                "--keep-in-foreground",
                "--log-facility=-",
                "--conf-file=/dev/null",
                "--pid-file=",
            ])
            .args(["--user=", "--group="])
            .args([
                "--no-resolv",
                "--no-hosts",
                "--bind-interfaces",
                "--listen-address=127.0.0.1",
                "--local=/test/",
            ])
            .arg(format!("--port={}", address.port()))
            .args(options)
            .spawn();
        let client = net::udp();
        client
            .set_read_timeout(Some(Duration::from_millis(50)))
            .expect("a deadline that is not zero");
        let query = [
            &[0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0][..],
            &wire::name("ready.test"),
            &[0, 1, 0, 1],
        ]
        .concat();
        wait::until("dnsmasq to answer", Duration::from_secs(8), || {
            assert!(!running.has_ended(), "dnsmasq ended: {}", running.stderr_so_far());
            let _ = client.send_to(&query, address);
            client.recv(&mut [0; 512]).is_ok()
        });
        Self { address, running }
    }
}
