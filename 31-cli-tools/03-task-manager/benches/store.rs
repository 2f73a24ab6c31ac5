//! The parts that every command runs through, in memory: reading a log, replaying it, filtering.
//!
//! `cargo bench -p task-manager-solution` measures the reference, `cargo bench -p task-manager` yours. The program as a
//! whole is measured from outside, beside Taskwarrior; see the README of the solution.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use task_manager::date;
use task_manager::filter::Filter;
use task_manager::log::{self, MAGIC};
use task_manager::state::{Kind, State, Transaction};
use task_manager::task::Task;

/// Tasks in the log.
const TASKS: u64 = 10_000;

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).expect("a time in this century")
}

/// A log of tasks, each added by a transaction of its own.
fn log() -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    for id in 1..=TASKS {
        let mut task = Task::new(&format!("Task number {id} of a long list"), now());
        task.id = id;
        task.due = (id % 3 == 0).then(|| now() + (id as i64 % 1000).hours());
        task.project = (id % 5 == 0).then(|| format!("project{}.part", id % 7));
        task.tags = if id % 4 == 0 {
            vec!["shop".to_owned()]
        } else {
            Vec::new()
        };
        let mut transaction = Transaction::new(Kind::Add, now());
        transaction.put.push(task);
        bytes.extend(log::encode(&transaction.to_payload()));
    }
    bytes
}

/// Runs all measurements.
pub fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let bytes = log();
    let scan = log::scan(&bytes).expect("no damage");
    let state = State::replay(&scan.records).expect("no damage");
    let now = now().to_zoned(TimeZone::UTC);

    let mut group = criterion.benchmark_group("log of 10,000 tasks");
    group
        .sample_size(20)
        .throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("scan", |bencher| {
        bencher.iter(|| log::scan(black_box(&bytes)).expect("no damage").records.len());
    });
    group.bench_function("replay", |bencher| {
        bencher.iter(|| {
            State::replay(black_box(&scan.records))
                .expect("no damage")
                .next_id
        });
    });
    group.finish();

    let mut group = criterion.benchmark_group("words");
    for text in ["+shop", "number", "due<=eow or (project:project5 and not +shop)"] {
        let filter = Filter::parse(text, &now).expect("a filter");
        group.bench_function(format!("10,000 tasks pass {text}"), |bencher| {
            bencher.iter(|| {
                state
                    .tasks
                    .values()
                    .filter(|task| filter.matches(black_box(task)))
                    .count()
            });
        });
    }
    group.bench_function("fri 17:00", |bencher| {
        bencher.iter(|| date::parse(black_box("fri 17:00"), &now).expect("a date"));
    });
    group.finish();
    criterion.final_summary();
}
