//! What a start costs: run by hand, `cargo test -p xtask --bins cost -- --ignored --nocapture`.

use std::process::Stdio;
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

use super::support::{SANDBOX, command, probe, wait};

const STARTS: u32 = 200;

/// Processor time of this process and all that it has waited for.
fn processor_time() -> Duration {
    let of = |who| {
        let usage = getrusage(who).unwrap();
        (usage.user_time() + usage.system_time()).num_microseconds()
    };
    let microseconds = of(UsageWho::RUSAGE_SELF) + of(UsageWho::RUSAGE_CHILDREN);
    Duration::from_micros(microseconds.unsigned_abs())
}

/// Prints what one of many costs: the least, the median, and the mean of processor time.
fn measure(name: &str, mut once: impl FnMut()) {
    let before = processor_time();
    let mut times: Vec<_> = (0..STARTS)
        .map(|_| {
            let started = Instant::now();
            once();
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    let (least, median) = (times[0], times[times.len() / 2]);
    let processor = (processor_time() - before) / STARTS;
    println!("{name}: least {least:?}, median {median:?}, processor {processor:?}");
}

#[test]
#[ignore = "a measurement"]
fn what_a_start_costs() {
    let mut minimal = probe("none");
    minimal.program = "/usr/bin/true".into();
    minimal.view.read = vec![minimal.program.clone()];
    let mut programs = command("/usr/bin/true", &[]);
    programs.view.proc = true;
    measure("plain", || {
        std::process::Command::new("/usr/bin/true").status().unwrap();
    });
    for (name, command) in [("minimal root", minimal), ("programs and /proc", programs)] {
        measure(name, || {
            let streams = [Stdio::null(), Stdio::null(), Stdio::null()];
            let [stdin, stdout, stderr] = streams;
            let mut confined = SANDBOX.start(&command, stdin, stdout, stderr).unwrap();
            assert!(wait(&mut confined).success());
        });
    }
}
