//! The server on real sockets, inside the test or as the program, and a peer that draws its frames by hand.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread::JoinHandle;

use chat_protocol::limits::Limits;
use chat_protocol::net::{Endpoint, serve};
use phase7::process::{Running, Signal};
use phase7::{Scratch, net, wait};
use tokio_util::sync::CancellationToken;

use super::draw::{describe, draw};

/// A server on a thread of the test, on plain TCP.
pub struct Chat {
    pub address: SocketAddr,
    pub stop: CancellationToken,
    server: JoinHandle<std::io::Result<()>>,
}

impl Chat {
    pub fn start(limits: Limits) -> Self {
        let listener = net::listener();
        let address = listener.local_addr().expect("a bound socket has an address");
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let server = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let serving = serve(vec![Endpoint::Tcp(listener)], limits, stopped);
            runtime.expect("a runtime can be had").block_on(serving)
        });
        Self {
            address,
            stop,
            server,
        }
    }

    /// Waits for the server's end.
    #[track_caller]
    pub fn join(self) {
        wait::until("the end of the server", wait::DEADLINE, || {
            self.server.is_finished()
        });
        let ended = self.server.join().expect("the server does not panic");
        ended.expect("the server serves");
    }
}

/// A TCP connection that speaks frames as text.
pub struct Peer {
    pub stream: TcpStream,
    bytes: Vec<u8>,
}

impl Peer {
    #[track_caller]
    pub fn connect(address: SocketAddr) -> Self {
        let stream = net::connect(address);
        Self {
            stream,
            bytes: Vec::new(),
        }
    }

    /// A session of that version, in a room.
    #[track_caller]
    pub fn enter(address: SocketAddr, nick: &str, version: u8, room: &str) -> Self {
        let mut peer = Self::connect(address);
        peer.send(&[
            &format!("Hello {version} {version} {nick}"),
            &format!("Join 1 {room}"),
        ]);
        peer.wait_for("Joined 1 ");
        peer
    }

    #[track_caller]
    pub fn send(&mut self, lines: &[&str]) {
        let bytes: Vec<u8> = lines.iter().flat_map(|line| draw(line)).collect();
        self.stream.write_all(&bytes).expect("the server reads");
    }

    /// Reads frames until one starts with `prefix`; all of them.
    #[track_caller]
    pub fn wait_for(&mut self, prefix: &str) -> Vec<String> {
        let mut heard = Vec::new();
        while !heard.iter().any(|line: &String| line.starts_with(prefix)) {
            let more = self.read();
            assert!(!more.is_empty(), "the server ended before {prefix:?}: {heard:?}");
            heard.extend(more);
        }
        heard
    }

    /// Reads until the server ends.
    #[track_caller]
    pub fn rest(&mut self) -> Vec<String> {
        let mut heard = Vec::new();
        loop {
            match self.read() {
                more if more.is_empty() => return heard,
                more => heard.extend(more),
            }
        }
    }

    /// At least one frame; none is the end.
    #[track_caller]
    pub fn read(&mut self) -> Vec<String> {
        let mut block = [0; 16 << 10];
        loop {
            let (lines, length) = describe(&self.bytes);
            self.bytes.drain(..length);
            if !lines.is_empty() {
                return lines;
            }
            match self.stream.read(&mut block) {
                Ok(0) => return Vec::new(),
                Ok(count) => self.bytes.extend_from_slice(&block[..count]),
                Err(error) => panic!("nothing comes from the server: {error}"),
            }
        }
    }
}

/// The program as a server on all three transports, and its certificate.
pub struct Daemon {
    pub running: Running,
    pub scratch: Scratch,
}

impl Daemon {
    #[track_caller]
    pub fn start() -> Self {
        let scratch = Scratch::new();
        let directory = scratch.path().display().to_string();
        phase7::program!()
            .args(["cert", "--out", &directory])
            .run()
            .expect_code(0);
        let any = "127.0.0.1:0";
        let running = phase7::program!()
            .args(["serve", "--tcp", any, "--tls", any, "--quic", any])
            .args([
                "--cert",
                &format!("{directory}/cert.pem"),
                "--key",
                &format!("{directory}/key.pem"),
            ])
            .spawn();
        Self { running, scratch }
    }

    /// `tcp`, `tls` or `quic`, and where, as the client wants it.
    #[track_caller]
    pub fn target(&mut self, transport: &str) -> String {
        let address = self.running.wait_for_line(&format!("listening on {transport} "));
        format!("{transport}://{address}")
    }

    /// The arguments of a client.
    #[track_caller]
    pub fn client(&mut self, transport: &str, nick: &str) -> Vec<String> {
        let ca = self.scratch.join("cert.pem").display().to_string();
        let target = self.target(transport);
        let words = ["connect", &target, "--nick", nick, "--room", "rust", "--ca", &ca];
        words.map(str::to_owned).to_vec()
    }

    /// Asks it to end, and waits until it has.
    #[track_caller]
    pub fn terminate(self) {
        self.running.signal(Signal::SIGTERM);
        self.running.wait().expect_code(0);
    }
}
