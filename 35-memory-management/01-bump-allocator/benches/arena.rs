//! The arena beside `bumpalo` and beside a box for each value.
//!
//! - `hot u64`, `hot mixed`: 1000 values, then a reset; the chunk stays in the cache
//! - `str`: 1000 strings of 5 to 20 bytes, then a reset
//! - `cold`: a new arena, a million values of 64 bytes, the end of the arena; mostly page faults

use std::hint::black_box;
use std::time::Duration;

use bump_allocator::Bump;
use criterion::{BatchSize, Criterion, Throughput};

/// Values of a hot round.
const VALUES: u64 = 1000;

/// Values of the cold round.
const COLD_VALUES: u64 = 1_000_000;

/// Runs the benches; the arguments are Criterion's.
pub fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_millis(1500))
        .sample_size(30)
        .configure_from_args();
    hot_u64(&mut criterion);
    hot_mixed(&mut criterion);
    strings(&mut criterion);
    cold(&mut criterion);
    criterion.final_summary();
}

/// Fills arenas with `$fill` in a hot loop, and boxes with `$boxes`.
macro_rules! hot {
    ($criterion:expr, $name:literal, $count:expr, |$arena:ident| $fill:block, $boxes:block) => {{
        let mut group = $criterion.benchmark_group($name);
        group.throughput(Throughput::Elements($count));
        group.bench_function("this arena", |bencher| {
            let mut arena = Bump::with_capacity(1 << 20);
            bencher.iter(|| {
                let $arena = black_box(&arena);
                $fill
                arena.reset();
            });
        });
        group.bench_function("bumpalo", |bencher| {
            let mut arena = bumpalo::Bump::with_capacity(1 << 20);
            bencher.iter(|| {
                let $arena = black_box(&arena);
                $fill
                arena.reset();
            });
        });
        group.bench_function("box", |bencher| bencher.iter(|| $boxes));
        group.finish();
    }};
}

fn hot_u64(criterion: &mut Criterion) {
    hot!(
        criterion,
        "hot u64",
        VALUES,
        |arena| {
            for number in 0..VALUES {
                black_box(arena.alloc(number));
            }
        },
        {
            for number in 0..VALUES {
                black_box(Box::new(number));
            }
        }
    );
}

fn hot_mixed(criterion: &mut Criterion) {
    hot!(
        criterion,
        "hot mixed",
        5 * (VALUES / 5),
        |arena| {
            for number in 0..VALUES / 5 {
                black_box(arena.alloc(number as u8));
                black_box(arena.alloc([number; 3]));
                black_box(arena.alloc(number as u16));
                black_box(arena.alloc([number as u32; 3]));
                black_box(arena.alloc([number; 8]));
            }
        },
        {
            for number in 0..VALUES / 5 {
                black_box(Box::new(number as u8));
                black_box(Box::new([number; 3]));
                black_box(Box::new(number as u16));
                black_box(Box::new([number as u32; 3]));
                black_box(Box::new([number; 8]));
            }
        }
    );
}

fn strings(criterion: &mut Criterion) {
    let words: Vec<String> = (0..VALUES as usize)
        .map(|index| "x".repeat(5 + index * 7 % 16))
        .collect();
    let words = black_box(&words);
    hot!(
        criterion,
        "str",
        VALUES,
        |arena| {
            for word in words {
                black_box(arena.alloc_str(word));
            }
        },
        {
            for word in words {
                black_box(Box::<str>::from(word.as_str()));
            }
        }
    );
}

fn cold(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("cold");
    group
        .throughput(Throughput::Elements(COLD_VALUES))
        .sample_size(10);
    group.bench_function("this arena", |bencher| {
        bencher.iter(|| {
            let arena = Bump::new();
            for number in 0..COLD_VALUES {
                black_box(arena.alloc([number; 8]));
            }
        });
    });
    group.bench_function("bumpalo", |bencher| {
        bencher.iter(|| {
            let arena = bumpalo::Bump::new();
            for number in 0..COLD_VALUES {
                black_box(arena.alloc([number; 8]));
            }
        });
    });
    group.bench_function("box", |bencher| {
        bencher.iter_batched(
            || Vec::with_capacity(COLD_VALUES as usize),
            |mut boxes| {
                boxes.extend((0..COLD_VALUES).map(|number| Box::new([number; 8])));
                boxes.clear();
                boxes
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}
