//! A report on a log in memory: yours beside the program that was given, by the clock.
//!
//! `cargo bench -p profile-and-optimize` measures yours, `cargo bench -p profile-and-optimize-solution` the reference.
//! The tests count instructions, which are the same everywhere; the clock says what they were worth.

use std::hint::black_box;
use std::io;

use criterion::{Criterion, Throughput};
use profile_and_optimize::report_stream;

#[path = "../given/lib.rs"]
#[expect(dead_code, reason = "the bench needs no program")]
mod given;
#[path = "../tests/support/log.rs"]
mod log;

/// Lines of the log: more than a second-level cache holds.
const LINES: usize = 50_000;

/// Runs both.
pub fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let log = log::Shape::day(1, LINES).log();
    let mut group = criterion.benchmark_group("a day");
    group
        .throughput(Throughput::Bytes(log.len() as u64))
        .sample_size(10);
    group.bench_function("yours", |bencher| {
        bencher.iter(|| {
            report_stream(&mut black_box(log.as_slice()), &mut io::sink()).expect("memory can be read")
        });
    });
    group.bench_function("given", |bencher| {
        bencher.iter(|| {
            given::report_stream(&mut black_box(log.as_slice()), &mut io::sink()).expect("memory can be read")
        });
    });
    group.finish();
    criterion.final_summary();
}
