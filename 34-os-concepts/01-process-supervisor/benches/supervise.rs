//! What a supervisor does often: start a process, order services, log lines.
//!
//! `cargo bench -p process-supervisor-solution` measures the reference, `cargo bench -p process-supervisor` yours. How
//! long it takes to start a hundred services is measured from outside; see the README of the solution.

use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use criterion::{Criterion, Throughput};
use nix::sys::wait::waitpid;
use nix::unistd::Pid;
use phase7::Scratch;
use process_supervisor::child;
use process_supervisor::config::{Config, LogSpec, SERVICES_MAX};
use process_supervisor::log::{LineBuffer, RotatingLog};
use process_supervisor::order::{Graph, start_order};

/// From fork to grave, beside what the standard library does without any preparation of the child.
fn spawn(criterion: &mut Criterion) {
    let text =
        "[service.a]\ncommand = [\"/bin/true\"]\nlimits = { nofile = 64, core = 0 }\numask = \"027\"\n";
    let config = Config::parse(text, Path::new("/")).expect("the configuration is right");
    let spec = &config.services["a"];
    let mut group = criterion.benchmark_group("spawn and reap");
    group.bench_function("child::spawn", |bencher| {
        bencher.iter(|| {
            let spawned = child::spawn(spec).expect("a process can be made");
            waitpid(Pid::from_raw(spawned.pid), None).expect("it ends")
        });
    });
    group.bench_function("Command::spawn", |bencher| {
        bencher.iter(|| {
            let mut command = Command::new("/bin/true");
            command
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            command.status().expect("a process can be made")
        });
    });
    group.finish();
}

/// As many services as a file may have, each with the ten before it as dependencies.
fn order(criterion: &mut Criterion) {
    let names: Vec<String> = (0..SERVICES_MAX)
        .map(|number| format!("service-{number:03}"))
        .collect();
    let graph: Graph<'_> = names
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let dependencies: BTreeSet<&str> = names[index.saturating_sub(10)..index]
                .iter()
                .map(String::as_str)
                .collect();
            (name.as_str(), dependencies)
        })
        .collect::<BTreeMap<_, _>>();
    criterion.bench_function("order 400 services", |bencher| {
        bencher.iter(|| start_order(black_box(&graph)).expect("there is no cycle"));
    });
}

/// Lines of 64 bytes in blocks as a full pipe gives them, to a log that rotates at each MiB.
fn log(criterion: &mut Criterion) {
    let scratch = Scratch::new();
    let block = format!("{:063}\n", 7).repeat(1024);
    let spec = LogSpec {
        path: scratch.join("a.log"),
        max_bytes: 1 << 20,
        keep: 3,
    };
    let mut log = RotatingLog::open(spec).expect("a log can be made");
    let mut lines = LineBuffer::default();
    let mut group = criterion.benchmark_group("log");
    group.throughput(Throughput::Bytes(block.len() as u64));
    group.bench_function("64 KiB of lines", |bencher| {
        bencher.iter(|| {
            lines.push(black_box(block.as_bytes()), |line| {
                log.append(line).expect("there is room")
            });
            log.flush().expect("there is room");
        });
    });
    group.finish();
}

/// All of them.
pub fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    spawn(&mut criterion);
    order(&mut criterion);
    log(&mut criterion);
    criterion.final_summary();
}
