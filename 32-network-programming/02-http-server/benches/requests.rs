//! CPU time per request: this server, nginx, and hyper without files, in turns, under `wrk`.
//!
//! Time is what the server's process group has spent on a processor, divided by the requests, which a busy machine
//! disturbs far less than the requests a second. Each server has one thread, or one worker. They are started once
//! and measured in turns, so that what disturbs one round disturbs all of it.
//!
//! ```text
//! cargo bench -p http-server              yours
//! cargo bench -p http-server -- ROUNDS
//! cargo bench -p http-server-solution     the reference's, where it is at hand
//! ```

mod support;

use std::time::Instant;

use http_server::limits::Limits;
use http_server::parser::Parser;
use phase7::Scratch;
use phase7::process::{Program, Running};
use support::{cpu_ns, nginx, plain_hyper};

/// Files, and the connections that ask for them.
const LOADS: [(&str, usize, u32); 4] = [
    ("1k.txt", 1 << 10, 1),
    ("1k.txt", 1 << 10, 64),
    ("1k.txt", 1 << 10, 256),
    ("100k.txt", 100 << 10, 64),
];

/// A server under measurement.
struct Contender {
    name: &'static str,
    running: Running,
    port: u16,
}

/// Runs the bench; or a peer, when it was started as one by the bench itself.
pub fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    if let [argument, length] = arguments.as_slice()
        && argument == plain_hyper::ARGUMENT
    {
        return plain_hyper::serve(length.parse().expect("a length"));
    }
    let rounds: usize = arguments.iter().find_map(|word| word.parse().ok()).unwrap_or(5);
    parsing();
    if std::process::Command::new("wrk").arg("-v").output().is_err() {
        println!("wrk is not installed: nothing else to measure");
        return;
    }
    println!(
        "{:<9} {:>11} {:<12} {:>14} {:>7} {:>11}",
        "file", "connections", "server", "CPU µs/request", "ratio", "requests/s"
    );
    for (file, length, connections) in LOADS {
        measure(file, length, connections, rounds);
    }
}

/// Measures all servers under one load, and prints the medians; ratios are to the first of them, round by round.
fn measure(file: &str, length: usize, connections: u32, rounds: usize) {
    let files = Scratch::new();
    files.write(file, vec![b'x'; length]);
    let this = std::env::current_exe().expect("a running program has a path");
    let server = Program::new(env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME"))));
    let server = server
        .arg(files.path())
        .args(["--listen", "127.0.0.1:0", "--threads", "1"]);
    let hyper = Program::new(this).args([plain_hyper::ARGUMENT, &length.to_string()]);
    let mut contenders = Vec::new();
    if let Some((running, port)) = nginx::start(&files) {
        contenders.push(Contender {
            name: "nginx",
            running,
            port,
        });
    }
    contenders.push(start("http-server", server));
    contenders.push(start("hyper, plain", hyper));
    let mut results = vec![Vec::new(); contenders.len()];
    for round in 0..rounds {
        for at in 0..contenders.len() {
            let turn = (at + round) % contenders.len();
            results[turn].push(contenders[turn].turn(file, connections));
        }
    }
    for (contender, result) in contenders.iter().zip(&results) {
        let cpu = median(result.iter().map(|(cpu, _)| *cpu));
        let rate = median(result.iter().map(|(_, rate)| *rate));
        let ratio = median(
            result
                .iter()
                .zip(&results[0])
                .map(|((cpu, _), (first, _))| cpu / first),
        );
        println!(
            "{file:<9} {connections:>11} {:<12} {cpu:>14.2} {ratio:>7.2} {rate:>11.0}",
            contender.name
        );
    }
}

fn start(name: &'static str, program: Program) -> Contender {
    let mut running = program.spawn();
    let address = running.wait_for_line("listening on ");
    let address: std::net::SocketAddr = address.parse().expect("the line ends in an address");
    Contender {
        name,
        running,
        port: address.port(),
    }
}

impl Contender {
    /// Microseconds of CPU time per request, and requests a second.
    fn turn(&self, file: &str, connections: u32) -> (f64, f64) {
        let url = format!("http://127.0.0.1:{}/{file}", self.port);
        let before = cpu_ns(self.running.id());
        let started = Instant::now();
        let output = Program::new("wrk")
            .args(["-t1", "-d1s", &format!("-c{connections}"), &url])
            .run()
            .expect_code(0)
            .stdout();
        let elapsed = started.elapsed().as_secs_f64();
        let spent = cpu_ns(self.running.id()) - before;
        assert!(!output.contains("Non-2xx"), "wrong answers: {output}");
        let line = output.lines().find(|line| line.contains(" requests in "));
        let count = line.and_then(|line| line.trim().split(' ').next()?.parse::<f64>().ok());
        let count = count.expect("wrk says how many requests there were");
        (spent as f64 / 1000.0 / count, count / elapsed)
    }
}

/// What the parser costs by itself, for a request as a browser sends it.
fn parsing() {
    let request = b"GET /assets/app.js?v=3 HTTP/1.1\r\nHost: example.org\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n\
        Accept: */*\r\nAccept-Language: en-US,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br\r\nConnection: keep-alive\r\n\
        Referer: https://example.org/\r\nCookie: session=0123456789abcdef0123456789abcdef\r\n\r\n";
    const REQUESTS: u32 = 200_000;
    let mut parser = Parser::new(&Limits::default());
    let cost = median((0..5).map(|_| {
        let started = Instant::now();
        for _ in 0..REQUESTS {
            parser.push(std::hint::black_box(request));
            while let Some(event) = parser.next().expect("a request that is fine") {
                std::hint::black_box(event);
            }
        }
        started.elapsed().as_nanos() as f64 / f64::from(REQUESTS)
    }));
    println!(
        "parsing a head of {} bytes and 8 fields: {cost:.0} ns\n",
        request.len()
    );
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
