//! Messages to a room of 1,000 members: deliveries a second, and CPU time per delivery, beside ngircd.
//!
//! One client speaks lines of 64 characters: in bursts of 32, two bursts under way at a time; and one by one, each when the one
//! before has been heard by all. A thousand clients read, all in one thread of the bench. CPU time is what the server's process group has spent, divided by the deliveries: a busy machine disturbs it
//! far less than the deliveries a second. Servers are started once and measured in turns. Criterion measures the time of a
//! closure in its own process, which is why it is not used here.
//!
//! ```text
//! cargo bench -p chat-protocol              your server
//! cargo bench -p chat-protocol -- ROUNDS
//! cargo bench -p chat-protocol-solution     the reference's, where it is at hand
//! ```

mod support;

use std::time::{Duration, Instant};

use phase7::Scratch;
use phase7::process::{Program, Running};
use support::load::{self, Crowd, Pace};
use support::speech::Speech;

/// Members that read.
const MEMBERS: usize = 1000;

/// How long one server is measured in one round.
const TURN: Duration = Duration::from_secs(1);

/// How the speaker speaks, by name.
const PACES: [(&str, Pace); 2] = [
    (
        "32 at once",
        Pace {
            burst: 32,
            under_way: 2,
        },
    ),
    (
        "one by one",
        Pace {
            burst: 1,
            under_way: 1,
        },
    ),
];

/// A server under measurement.
struct Contender {
    name: &'static str,
    running: Running,
    crowd: Crowd,
    /// Nanoseconds of CPU time per delivery, and deliveries a second, one pair a round of the present pace.
    rounds: Vec<(f64, f64)>,
}

/// Runs the bench.
pub fn main() {
    let mut words = std::env::args().skip(1);
    let rounds = words.find_map(|word| word.parse().ok()).unwrap_or(5);
    load::raise_descriptor_limit();
    let scratch = Scratch::new();
    let mut contenders: Vec<Contender> = Vec::new();
    let starts: [&dyn Fn() -> Option<Contender>; 3] = [
        &|| ngircd(&scratch),
        &|| Some(ours("version 1", Speech::Chat { version: 1 })),
        &|| Some(ours("version 2", Speech::Chat { version: 2 })),
    ];
    for start in starts {
        contenders.extend(start());
        tend(&mut contenders);
    }
    // The peer, which is patient, has waited first, and is what the others are compared to.
    let first_of_ours = contenders.len() - 2;
    contenders.rotate_left(first_of_ours);
    println!(
        "{:<12} {:<12} {:>16} {:>8} {:>14}",
        "messages", "server", "CPU ns/delivery", "ratio", "deliveries/s"
    );
    for (name, pace) in PACES {
        for round in 0..rounds {
            // The order turns too: whoever is measured first in a round is another one in the next.
            for at in 0..contenders.len() {
                let turn = (at + round) % contenders.len();
                contenders[turn].measure(pace);
                tend(&mut contenders);
            }
        }
        report(name, &contenders);
        for contender in &mut contenders {
            contender.rounds.clear();
        }
    }
}

/// Prints medians, and the ratio to the last contender as the median of the ratios round by round.
fn report(pace: &str, contenders: &[Contender]) {
    let last = &contenders.last().expect("somebody was measured").rounds;
    for contender in contenders {
        let cpu = median(contender.rounds.iter().map(|(cpu, _)| *cpu));
        let rate = median(contender.rounds.iter().map(|(_, rate)| *rate));
        let pairs = contender.rounds.iter().zip(last);
        let ratio = median(pairs.map(|((cpu, _), (peer, _))| cpu / peer));
        println!(
            "{pace:<12} {:<12} {cpu:>16.0} {ratio:>8.3} {rate:>14.0}",
            contender.name
        );
    }
}

/// A thousand clients take a while to enter, and the others must not be taken for dead.
fn tend(contenders: &mut [Contender]) {
    for contender in contenders {
        contender.crowd.tend();
    }
}

fn ours(name: &'static str, speech: Speech) -> Contender {
    let program = env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME")));
    let unlimited = ["--rate", "10000000", "--burst", "10000000"];
    let mut running = Program::new(program)
        .args(["serve", "--tcp", "127.0.0.1:0"])
        .args(unlimited)
        .spawn();
    let address = running
        .wait_for_line("listening on tcp ")
        .parse()
        .expect("the line ends in an address");
    Contender {
        name,
        running,
        crowd: Crowd::gather(address, MEMBERS, speech),
        rounds: Vec::new(),
    }
}

/// Debian's ngircd, if it is on this machine.
fn ngircd(scratch: &Scratch) -> Option<Contender> {
    std::process::Command::new("/usr/sbin/ngircd")
        .arg("--version")
        .output()
        .ok()?;
    let free = phase7::net::listener()
        .local_addr()
        .expect("a bound socket has an address");
    let config = format!(
        "[Global]\nName = irc.example.net\nListen = 127.0.0.1\nPorts = {}\nServerGID = nogroup\nServerUID = nobody\n\
         [Limits]\nMaxConnections = 0\nMaxConnectionsIP = 0\nMaxPenaltyTime = 0\nPingTimeout = 3600\n\
         [Options]\nDNS = no\nIdent = no\nPAM = no\nMorePrivacy = no\n",
        free.port()
    );
    let config = scratch.write("ngircd.conf", config);
    let running = Program::new("/usr/sbin/ngircd")
        .args(["-n", "-f"])
        .arg(config)
        .spawn();
    Some(Contender {
        name: "ngircd",
        running,
        crowd: Crowd::gather(free, MEMBERS, Speech::Irc),
        rounds: Vec::new(),
    })
}

impl Contender {
    fn measure(&mut self, pace: Pace) {
        let before = load::cpu_ns(self.running.id());
        let started = Instant::now();
        let deliveries = self.crowd.run(pace, TURN);
        let elapsed = started.elapsed().as_secs_f64();
        let spent = load::cpu_ns(self.running.id()) - before;
        self.rounds
            .push((spent as f64 / deliveries as f64, deliveries as f64 / elapsed));
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
