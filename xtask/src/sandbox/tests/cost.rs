//! What a start costs: run by hand, `cargo test -p xtask --bins cost -- --ignored --nocapture`.

use std::process::Stdio;
use std::time::{Duration, Instant};

use super::support::{SANDBOX, command, probe, wait};

const STARTS: usize = 200;

fn median(mut measure: impl FnMut()) -> Duration {
    let mut times: Vec<_> = (0..STARTS)
        .map(|_| {
            let started = Instant::now();
            measure();
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[STARTS / 2]
}

#[test]
#[ignore = "a measurement"]
fn a_start_costs_little_more_than_a_plain_one() {
    let plain = median(|| {
        std::process::Command::new("/bin/true").status().unwrap();
    });
    let mut small = probe("none");
    small.program = "/usr/bin/true".into();
    small.view.read = vec![small.program.clone()];
    let mut full = command("/usr/bin/true", &[]);
    full.view.proc = true;
    println!("plain {plain:?}");
    for (name, command) in [("minimal root", small), ("programs and /proc", full)] {
        let confined = median(|| {
            let mut confined = SANDBOX
                .start(&command, Stdio::null(), Stdio::null(), Stdio::null())
                .unwrap();
            assert!(wait(&mut confined).success());
        });
        println!("{name} {confined:?}");
    }
}
