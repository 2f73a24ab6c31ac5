//! CPU time per echo: the program's two servers, a bare epoll loop, bare tokio and socat, in turns.
//!
//! 64 connections send 64 bytes each and wait for the echo. Time is what the server's process group has spent on a
//! processor, divided by the echoes, which a busy machine disturbs far less than the echoes a second. Servers are
//! started once and measured in turns, so that what disturbs one round disturbs all of it. Criterion measures
//! the time of a closure in its own process, which is why it is not used here.
//!
//! ```text
//! cargo bench -p tcp-echo              your servers
//! cargo bench -p tcp-echo -- ROUNDS
//! cargo bench -p tcp-echo-solution     the reference's, where it is at hand
//! ```

mod support;

use std::time::{Duration, Instant};

use phase7::process::{Program, Running};
use support::{epoll, load, plain_tokio};
use tcp_echo::frame::FrameDecoder;

/// Connections of the load.
const CONNECTIONS: usize = 64;

/// Bytes of a payload.
const PAYLOAD_LEN: usize = 64;

/// How long one server is measured in one round.
const TURN: Duration = Duration::from_millis(700);

/// A server under measurement.
struct Contender {
    name: &'static str,
    running: Running,
    load: load::Load,
    /// Nanoseconds of CPU time per echo, and echoes a second, one pair a round.
    rounds: Vec<(f64, f64)>,
}

/// Runs the bench; or a peer, when it was started as one by the bench itself.
pub fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    if let Some(is_framed) = epoll::asked_for(&arguments) {
        return epoll::serve(is_framed);
    }
    if arguments.iter().any(|word| word == plain_tokio::BARE) {
        return plain_tokio::serve();
    }
    let rounds = arguments.iter().find_map(|word| word.parse().ok()).unwrap_or(7);
    framing();

    let program = env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME")));
    let this = std::env::current_exe().expect("a running program has a path");
    let ours = |server| Program::new(program).args([server, "--listen", "127.0.0.1:0"]);
    let mut contenders = vec![
        start("epoll, bare", Program::new(&this).arg(epoll::BARE)),
        start("epoll, framed", Program::new(&this).arg(epoll::FRAMED)),
        start("tokio, bare", Program::new(&this).arg(plain_tokio::BARE)),
        start("tokio", ours("tokio")),
        start("threads", ours("threads")),
    ];
    contenders.extend(socat());
    for round in 0..rounds {
        // The order turns too: whoever is measured first in a round is another one in the next.
        for at in 0..contenders.len() {
            let turn = (at + round) % contenders.len();
            contenders[turn].measure();
        }
    }
    report(&contenders);
}

fn start(name: &'static str, program: Program) -> Contender {
    let mut running = program.spawn();
    let address = running
        .wait_for_line("listening on ")
        .parse()
        .expect("the line ends in an address");
    Contender {
        name,
        running,
        load: load::Load::connect(address, CONNECTIONS, PAYLOAD_LEN),
        rounds: Vec::new(),
    }
}

/// socat with a process for each connection, if there is one on this machine.
fn socat() -> Option<Contender> {
    let free = phase7::net::listener()
        .local_addr()
        .expect("a bound socket has an address");
    let listen = format!(
        "TCP4-LISTEN:{},bind=127.0.0.1,fork,nodelay,backlog=100",
        free.port()
    );
    std::process::Command::new("socat").arg("-V").output().ok()?;
    let running = Program::new("socat").args([&listen, "PIPE"]).spawn();
    // Connects as soon as socat listens.
    drop(phase7::net::connect(free));
    let load = load::Load::connect(free, CONNECTIONS, PAYLOAD_LEN);
    Some(Contender {
        name: "socat, forking",
        running,
        load,
        rounds: Vec::new(),
    })
}

impl Contender {
    fn measure(&mut self) {
        let before = load::cpu_ns(self.running.id());
        let started = Instant::now();
        let echoes = self.load.run(TURN);
        let elapsed = started.elapsed().as_secs_f64();
        let spent = load::cpu_ns(self.running.id()) - before;
        self.rounds
            .push((spent as f64 / echoes as f64, echoes as f64 / elapsed));
    }
}

/// Prints the medians, and the ratio to the first contender as the median of the ratios round by round.
fn report(contenders: &[Contender]) {
    println!(
        "{:<16} {:>12} {:>8} {:>10}",
        "server", "CPU µs/echo", "ratio", "echoes/s"
    );
    for contender in contenders {
        let cpu = median(contender.rounds.iter().map(|(cpu, _)| *cpu));
        let rate = median(contender.rounds.iter().map(|(_, rate)| *rate));
        let pairs = contender.rounds.iter().zip(&contenders[0].rounds);
        let ratio = median(pairs.map(|((cpu, _), (first, _))| cpu / first));
        println!(
            "{:<16} {:>12.2} {ratio:>8.3} {rate:>10.0}",
            contender.name,
            cpu / 1000.0
        );
    }
}

/// What the decoder costs by itself: a copy in, a header read, a payload lent.
fn framing() {
    let mut frame = vec![0, 0, 0, 64];
    frame.extend_from_slice(&[7; PAYLOAD_LEN]);
    let mut decoder = FrameDecoder::new(64 << 10);
    let cost = median((0..5).map(|_| {
        let started = Instant::now();
        const FRAMES: u32 = 1_000_000;
        for _ in 0..FRAMES {
            decoder.push(std::hint::black_box(&frame));
            let payload = decoder.next_frame().expect("a frame within the limit");
            std::hint::black_box(payload.expect("the frame is whole"));
        }
        started.elapsed().as_nanos() as f64 / f64::from(FRAMES)
    }));
    println!("push and next_frame of a 64 B payload: {cost:.1} ns\n");
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
