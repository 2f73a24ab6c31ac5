//! CPU time of a proxy per exchange, and the latency that it adds: this one, haproxy and nginx, in turns.
//!
//! Clients and servers are threads of the bench; a proxy stands between them. Time is what the proxy's process group
//! has spent on a processor, divided by the exchanges, which a busy machine disturbs far less than the rates. All proxies
//! are started once and measured in turns, so that what disturbs one round disturbs all of it.
//!
//! ```text
//! cargo bench -p proxy-server              your proxy
//! cargo bench -p proxy-server -- ROUNDS
//! cargo bench -p proxy-server-solution     the reference's, where it is at hand
//! ```

mod support;

use std::time::{Duration, Instant};

use support::load::{Load, cpu_ns};
use support::peers::{self, Peer};
use support::servers;

/// How long one proxy is measured in one round.
const TURN: Duration = Duration::from_millis(600);

/// A kind of work.
#[derive(Clone, Copy)]
struct Work {
    name: &'static str,
    connections: usize,
    /// Bytes of a message, which comes back; `None` is an HTTP request for 1 KiB.
    message_len: Option<usize>,
}

const WORKS: [Work; 4] = [
    Work {
        name: "64 B, 64 connections",
        connections: 64,
        message_len: Some(64),
    },
    Work {
        name: "64 B, 1 connection",
        connections: 1,
        message_len: Some(64),
    },
    Work {
        name: "64 KiB, 4 connections",
        connections: 4,
        message_len: Some(64 << 10),
    },
    Work {
        name: "HTTP 1 KiB, 64 connections",
        connections: 64,
        message_len: None,
    },
];

/// One proxy at one kind of work.
struct Contender {
    peer: Peer,
    load: Load,
    /// CPU nanoseconds and wall nanoseconds of an exchange, one pair a round.
    rounds: Vec<(f64, f64)>,
}

/// Runs the bench.
pub fn main() {
    let rounds = std::env::args()
        .skip(1)
        .find_map(|word| word.parse().ok())
        .unwrap_or(5);
    let (echo, http) = (servers::echo(), servers::http());
    for work in WORKS {
        let server = if work.message_len.is_some() { echo } else { http };
        let mut contenders: Vec<_> = peers::all(server, work.message_len.is_none())
            .into_iter()
            .map(|peer| Contender {
                load: Load::connect(&peer.route, work.connections, work.message_len),
                peer,
                rounds: Vec::new(),
            })
            .collect();
        for round in 0..rounds {
            // The order turns too: whoever is measured first in a round is another one in the next.
            for at in 0..contenders.len() {
                let turn = (at + round) % contenders.len();
                contenders[turn].measure(work.connections);
            }
        }
        report(work.name, &contenders);
    }
}

impl Contender {
    fn measure(&mut self, connections: usize) {
        let cpu = || {
            self.peer
                .running
                .as_ref()
                .map_or(0, |running| cpu_ns(running.id()))
        };
        let before = cpu();
        let started = Instant::now();
        let exchanges = self.load.run(TURN) as f64;
        let elapsed = started.elapsed().as_nanos() as f64;
        let spent = (cpu() - before) as f64;
        self.rounds
            .push((spent / exchanges, elapsed * connections as f64 / exchanges));
    }
}

/// Prints medians, and the ratio to the last contender as the median of the ratios round by round.
fn report(work: &str, contenders: &[Contender]) {
    println!("{work}");
    let last = contenders.last().expect("somebody was measured");
    for contender in contenders {
        let cpu = median(contender.rounds.iter().map(|(cpu, _)| *cpu));
        let wall = median(contender.rounds.iter().map(|(_, wall)| *wall));
        let pairs = contender.rounds.iter().zip(&last.rounds);
        let ratio = median(pairs.map(|((cpu, _), (last, _))| cpu / last));
        println!(
            "  {:<14} {:>9.2} µs CPU an exchange  {ratio:>6.2}  {:>10.1} µs round trip",
            contender.peer.name,
            cpu / 1000.0,
            wall / 1000.0
        );
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
