//! What the tests of the echo servers share: a server of either kind inside the test or as the program, and a
//! peer that speaks the wire format by hand, so that the learner's encoder is not what checks the learner's server.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

use phase7::process::{Running, Signal};
use phase7::{net, wait};
use socket2::SockRef;
use tcp_echo::limits::{Limits, Summary};
use tokio_util::sync::CancellationToken;

/// What the brief says about each refusal on the wire.
pub const BUSY: [u8; 8] = [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 1];
/// A frame is longer than allowed.
pub const TOO_LARGE: [u8; 8] = [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 2];
/// The next frame was not complete in time.
pub const TIMEOUT: [u8; 8] = [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 3];
/// The stream ended inside a frame.
pub const TRUNCATED: [u8; 8] = [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 4];
/// The server stops.
pub const STOPPING: [u8; 8] = [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 5];

/// Which of the two TCP servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Threads,
    Tokio,
}

impl Kind {
    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Threads => "threads",
            Self::Tokio => "tokio",
        }
    }
}

/// Limits that no test meets by accident, however slow the machine is.
pub fn roomy() -> Limits {
    Limits {
        max_frame: 64 << 10,
        max_connections: 100,
        read_timeout: Duration::from_secs(60),
        write_timeout: Duration::from_secs(60),
        grace: Duration::from_secs(60),
    }
}

/// A server on a thread of the test.
pub struct Echo {
    pub address: SocketAddr,
    pub stop: CancellationToken,
    server: JoinHandle<std::io::Result<Summary>>,
}

impl Echo {
    pub fn start(kind: Kind, limits: Limits) -> Self {
        Self::start_on(net::listener(), kind, limits)
    }

    /// The same on a listener that the test has prepared.
    pub fn start_on(listener: TcpListener, kind: Kind, limits: Limits) -> Self {
        let address = listener.local_addr().expect("a bound socket has an address");
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let server = std::thread::spawn(move || match kind {
            Kind::Threads => tcp_echo::threads::serve(listener, &limits, &stopped),
            Kind::Tokio => tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime can be had")
                .block_on(tcp_echo::tasks::serve(listener, limits, stopped)),
        });
        Self {
            address,
            stop,
            server,
        }
    }

    /// A new peer of it.
    #[track_caller]
    pub fn connect(&self) -> Peer {
        Peer::connect(self.address)
    }

    /// Tells the server to stop, and waits until it does not listen any more.
    #[track_caller]
    pub fn stop_listening(&self) {
        self.stop.cancel();
        wait_until_deaf(self.address);
    }

    /// Waits for the server's end.
    #[track_caller]
    pub fn summary(self) -> Summary {
        wait::until("the end of the server", Duration::from_secs(20), || {
            self.server.is_finished()
        });
        self.server
            .join()
            .expect("the server does not panic")
            .expect("the server returns its summary")
    }
}

/// Waits until nobody listens at `address`.
#[track_caller]
pub fn wait_until_deaf(address: SocketAddr) {
    wait::until(
        "the listener to be closed",
        Duration::from_secs(10),
        || matches!(TcpStream::connect(address), Err(error) if error.kind() == ErrorKind::ConnectionRefused),
    );
}

/// The program, running, and where it listens.
pub struct Daemon {
    pub running: Running,
    pub address: SocketAddr,
}

impl Daemon {
    /// Starts `tcp-echo SERVER --listen 127.0.0.1:0 OPTIONS…`.
    #[track_caller]
    pub fn start(server: &str, options: &[&str]) -> Self {
        Self::launch(phase7::program!().args(Self::arguments(server, options)))
    }

    /// The same below `ulimit LIMIT`, with one arena for all threads: the allocator's own reservations are not
    /// what a limit of the address space is to measure.
    #[track_caller]
    pub fn start_within(limit: &str, server: &str, options: &[&str]) -> Self {
        let script = format!("ulimit {limit} && exec \"$@\"");
        let path = env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME")));
        let program = phase7::Program::new("sh").args(["-c", script.as_str(), "sh", path]);
        Self::launch(
            program
                .args(Self::arguments(server, options))
                .env("MALLOC_ARENA_MAX", "1"),
        )
    }

    fn arguments<'a>(server: &'a str, options: &[&'a str]) -> Vec<&'a str> {
        [&[server, "--listen", "127.0.0.1:0"], options].concat()
    }

    #[track_caller]
    fn launch(program: phase7::Program) -> Self {
        let mut running = program.spawn();
        let address = running.wait_for_line("listening on ");
        let address = address
            .parse()
            .expect("the line `listening on` ends in an address");
        Self { running, address }
    }

    /// A new peer of it.
    #[track_caller]
    pub fn connect(&self) -> Peer {
        Peer::connect(self.address)
    }

    /// What it has used of a processor so far.
    pub fn processor_time(&self) -> Duration {
        let path = format!("/proc/{}/stat", self.running.id());
        let stat = std::fs::read_to_string(path).expect("the server runs");
        // Behind the name, which may hold blanks, come the state and 10 numbers, then user and system time in ticks.
        let (_, behind_name) = stat.rsplit_once(')').expect("a name in parentheses");
        let fields = behind_name.split_whitespace().skip(11).take(2);
        let ticks: u64 = fields.filter_map(|field| field.parse::<u64>().ok()).sum();
        let ticks_per_s = nix::unistd::sysconf(nix::unistd::SysconfVar::CLK_TCK);
        let ticks_per_s = ticks_per_s.ok().flatten().map_or(100, i64::unsigned_abs);
        Duration::from_millis(ticks * 1000 / ticks_per_s)
    }

    /// Stops it as Ctrl-Z does, and lets it go on once it stands.
    pub fn pause(&self) {
        use nix::sys::wait::{Id, WaitPidFlag, waitid};
        let pid = nix::unistd::Pid::from_raw(self.running.id());
        self.running.signal(Signal::SIGSTOP);
        waitid(Id::Pid(pid), WaitPidFlag::WSTOPPED).expect("a child can be waited for");
        self.running.signal(Signal::SIGCONT);
    }

    /// Sends SIGTERM, and checks the exit code.
    #[track_caller]
    pub fn terminate(self, code: i32) {
        self.running.signal(Signal::SIGTERM);
        self.running.wait().expect_code(code);
    }
}

/// A client that writes and reads the wire format.
pub struct Peer {
    pub stream: TcpStream,
}

impl Peer {
    #[track_caller]
    pub fn connect(address: SocketAddr) -> Self {
        Self {
            stream: net::connect(address),
        }
    }

    #[track_caller]
    pub fn send(&mut self, bytes: &[u8]) {
        self.stream
            .write_all(bytes)
            .expect("the server takes what it is sent");
    }

    /// Ends the peer's direction; the other stays open.
    #[track_caller]
    pub fn end(&mut self) {
        self.stream
            .shutdown(std::net::Shutdown::Write)
            .expect("the connection is open");
    }

    /// Reads as many bytes as `expected` has, and compares them.
    #[track_caller]
    pub fn expect(&mut self, expected: &[u8], what: &str) {
        let actual = net::read_exact(&mut self.stream, expected.len());
        assert!(actual == expected, "{what}: {}", difference(&actual, expected));
    }

    /// Sends one frame and expects its echo.
    #[track_caller]
    pub fn round_trip(&mut self, payload: &[u8]) {
        let bytes = frame(payload);
        self.send(&bytes);
        self.expect(&bytes, "the echo of a frame");
    }

    /// Reads to the end of the stream, which a reset is not, and compares what came.
    #[track_caller]
    pub fn expect_last(&mut self, expected: &[u8], what: &str) {
        let mut actual = Vec::new();
        if let Err(error) = self.stream.read_to_end(&mut actual) {
            panic!(
                "{what}: no end of the stream after {} bytes: {error}",
                actual.len()
            );
        }
        assert!(actual == expected, "{what}: {}", difference(&actual, expected));
    }

    /// Checks that nothing comes and that the connection stays, for as long as a server may need to notice a stop.
    #[track_caller]
    pub fn expect_silence(&mut self, what: &str) {
        self.stream
            .set_read_timeout(Some(Duration::from_millis(500)))
            .expect("a deadline that is not zero");
        let heard = self.stream.read(&mut [0; 8]);
        self.stream
            .set_read_timeout(Some(wait::DEADLINE))
            .expect("a deadline that is not zero");
        match heard {
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            heard => panic!("{what}: nothing was to come, and the connection was to stay: {heard:?}"),
        }
    }

    /// Makes the kernel buffer little on the peer's side.
    pub fn with_small_buffers(self) -> Self {
        let socket = SockRef::from(&self.stream);
        socket
            .set_recv_buffer_size(16 << 10)
            .expect("a buffer can be made smaller");
        socket
            .set_send_buffer_size(16 << 10)
            .expect("a buffer can be made smaller");
        self
    }
}

/// Where two runs of bytes part, in a line that can be read.
fn difference(actual: &[u8], expected: &[u8]) -> String {
    let at = actual.iter().zip(expected).take_while(|(a, b)| a == b).count();
    let show = |bytes: &[u8]| format!("{:02X?}", &bytes[at.min(bytes.len())..(at + 16).min(bytes.len())]);
    format!(
        "{} bytes where {} were expected; from byte {at} on\n  actual: {}\nexpected: {}",
        actual.len(),
        expected.len(),
        show(actual),
        show(expected)
    )
}

/// The frame of `payload`, as the brief draws it.
pub fn frame(payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 4];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::try_from(payload.len() >> (24 - 8 * at) & 0xFF).expect("masked to a byte");
    }
    bytes.extend_from_slice(payload);
    bytes
}

/// Bytes that differ from place to place, so that an echo in the wrong order shows.
pub fn pattern(count: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        u8::try_from(state >> 24).expect("the upper byte of a word")
    };
    (0..count).map(|_| next()).collect()
}

/// Lets this process, and what it starts, open as many files as the system allows.
pub fn raise_descriptor_limit() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).expect("the limit can be asked for");
    setrlimit(Resource::RLIMIT_NOFILE, hard.min(4096), hard)
        .expect("the soft limit may be raised to the hard");
}

/// A UDP peer of `address`. It is connected, so that it hears when nobody is there.
#[track_caller]
pub fn udp_peer(address: SocketAddr) -> std::net::UdpSocket {
    let peer = net::udp();
    peer.connect(address).expect("UDP connects without asking");
    peer
}

/// Runs `work` beside the test.
pub fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    std::thread::spawn(work)
}

/// Connects until there is a place, and returns a peer that was served.
#[track_caller]
pub fn until_served(address: SocketAddr) -> Peer {
    wait::until_some("a place to be free", Duration::from_secs(20), || {
        let mut peer = Peer::connect(address);
        let bytes = frame(b"room?");
        // A peer that is turned away may be so before its frame is out.
        let _ = peer.stream.write_all(&bytes);
        let mut answer = [0; 8];
        peer.stream.read_exact(&mut answer).ok()?;
        if answer == BUSY {
            return None;
        }
        assert_eq!(answer, bytes[..8], "an echo or the refusal");
        peer.expect(&bytes[8..], "the rest of the echo");
        Some(peer)
    })
}

/// A peer that writes frames and reads nothing, until the server takes no more for a second or closes.
///
/// Returns what was written, which may end inside a frame; and the error, if the connection failed.
#[track_caller]
pub fn write_without_reading(peer: &mut Peer, bytes: &[u8]) -> (usize, Option<std::io::Error>) {
    peer.stream
        .set_write_timeout(Some(Duration::from_secs(1)))
        .expect("a deadline that is not zero");
    let mut written = 0;
    while written < bytes.len() {
        match peer.stream.write(&bytes[written..]) {
            Ok(count) => written += count,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => break,
            Err(error) => return (written, Some(error)),
        }
    }
    (written, None)
}
