//! Each structure beside its peers, at the access that it was made for and at one that it was not.
//!
//! - `lookup N`, `absent N`: random keys of the table, beside `hashbrown` and `std`; all hash alike
//! - `search N`, `searches N`: lower bounds one by one and side by side, beside `BTreeMap` and a sorted vector
//! - `mass`, `records`: a pass over one field, and whole particles in random order
//! - `counters`: two threads that count, on one line and on two

use std::collections::{BTreeMap, HashMap};
use std::hint::black_box;
use std::time::{Duration, Instant};

use cache_friendly::particles::aos::Structs;
use cache_friendly::particles::blocked::Blocks;
use cache_friendly::particles::soa::Columns;
use cache_friendly::particles::{Particle, Particles};
use cache_friendly::search::Index;
use cache_friendly::sharing::{Counters, PackedCounters, PaddedCounters};
use cache_friendly::table::Table;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};

/// Keys of tables and indices. The last one is far larger than any cache.
const SIZES: [usize; 3] = [10_000, 1_000_000, 16_000_000];

/// Accesses of a measured round.
const ROUND: usize = 10_000;

/// Particles: 64 MiB.
const PARTICLES: usize = 1 << 20;

/// Runs the benches; the arguments are Criterion's.
pub fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .sample_size(20)
        .configure_from_args();
    for size in SIZES {
        lookups(&mut criterion, size);
        searches(&mut criterion, size);
    }
    particles(&mut criterion);
    counters(&mut criterion);
    criterion.final_summary();
}

/// Numbers without a pattern (SplitMix64).
fn mix(number: u64) -> u64 {
    let number = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// Measures `access` for every element of a list that goes on where the last round ended, so that no round finds its
/// lines in the cache.
fn rounds<T: Copy, R>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    list: &[T],
    access: impl Fn(T) -> R,
) {
    group.bench_function(name, |bencher| {
        let mut start = 0;
        bencher.iter(|| {
            for element in &list[start..start + ROUND] {
                black_box(access(*element));
            }
            start = (start + ROUND) % (list.len() - ROUND);
        });
    });
}

fn lookups(criterion: &mut Criterion, size: usize) {
    let hasher = hashbrown::DefaultHashBuilder::default();
    let keys: Vec<u64> = (0..size as u64).map(mix).collect();
    let order: Vec<u64> = (0..1 << 20).map(|step| keys[mix(step) as usize % size]).collect();
    let absent: Vec<u64> = order.iter().map(|key| mix(*key)).collect();
    let mut table = Table::with_capacity_and_hasher(0, hasher.clone());
    let mut brown = hashbrown::HashMap::with_hasher(hasher.clone());
    let mut std = HashMap::with_hasher(hasher);
    for key in &keys {
        table.insert(*key, *key);
        brown.insert(*key, *key);
        std.insert(*key, *key);
    }
    for (name, list) in [("lookup", &order), ("absent", &absent)] {
        let mut group = criterion.benchmark_group(format!("{name} {size}"));
        group.throughput(Throughput::Elements(ROUND as u64));
        rounds(&mut group, "this table", list, |key| table.get(&key).copied());
        rounds(&mut group, "hashbrown", list, |key| brown.get(&key).copied());
        rounds(&mut group, "std", list, |key| std.get(&key).copied());
        group.finish();
    }
}

fn searches(criterion: &mut Criterion, size: usize) {
    let mut keys: Vec<u32> = (0..size as u64).map(|rank| mix(rank) as u32).collect();
    keys.sort_unstable();
    let order: Vec<u32> = (0..1 << 20).map(|step| mix(step) as u32).collect();
    let index = Index::new(&keys).expect("the keys ascend");
    let tree: BTreeMap<u32, usize> = keys.iter().copied().zip(0..).collect();
    let mut group = criterion.benchmark_group(format!("search {size}"));
    group.throughput(Throughput::Elements(ROUND as u64));
    rounds(&mut group, "this tree", &order, |key| index.lower_bound(key));
    rounds(&mut group, "sorted vector", &order, |key| {
        keys.partition_point(|held| *held < key)
    });
    rounds(&mut group, "std BTreeMap", &order, |key| {
        tree.range(key..).next().map(|entry| *entry.1)
    });
    group.bench_function("this tree, side by side", |bencher| {
        let mut start = 0;
        let mut bounds = vec![0; ROUND];
        bencher.iter(|| {
            index.lower_bounds(&order[start..start + ROUND], &mut bounds);
            black_box(&bounds);
            start = (start + ROUND) % (order.len() - ROUND);
        });
    });
    // What comes next depends on what was found, so nothing overlaps.
    group.bench_function("this tree, one after the other", |bencher| {
        let mut last = 0;
        bencher.iter(|| {
            for key in &order[..ROUND] {
                last = index.lower_bound(key.wrapping_add(last as u32));
            }
            last
        });
    });
    group.bench_function("sorted vector, one after the other", |bencher| {
        let mut last = 0;
        bencher.iter(|| {
            for key in &order[..ROUND] {
                let key = key.wrapping_add(last as u32);
                last = keys.partition_point(|held| *held < key);
            }
            last
        });
    });
    group.finish();
}

fn particles(criterion: &mut Criterion) {
    fn filled<P: Particles>() -> P {
        let mut particles = P::default();
        for index in 0..PARTICLES {
            particles.push(Particle {
                x: index as f64,
                mass: 1.0,
                ..Particle::default()
            });
        }
        particles
    }
    let (structs, columns, blocks): (Structs, Columns, Blocks) = (filled(), filled(), filled());
    let mut group = criterion.benchmark_group("mass");
    group.throughput(Throughput::Elements(PARTICLES as u64));
    group.bench_function("structs", |bencher| bencher.iter(|| structs.total_mass()));
    group.bench_function("columns", |bencher| bencher.iter(|| columns.total_mass()));
    group.bench_function("blocks", |bencher| bencher.iter(|| blocks.total_mass()));
    group.finish();
    let order: Vec<usize> = (0..1 << 20).map(|step| mix(step) as usize % PARTICLES).collect();
    let mut group = criterion.benchmark_group("records");
    group.throughput(Throughput::Elements(ROUND as u64));
    rounds(&mut group, "structs", &order, |index| structs.get(index));
    rounds(&mut group, "columns", &order, |index| columns.get(index));
    rounds(&mut group, "blocks", &order, |index| blocks.get(index));
    group.finish();
}

/// Two threads that each add to a counter, `rounds` times.
fn count<C: Counters>(rounds: u64) -> Duration {
    let counters = C::new(2);
    let start = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..2 {
            let counters = &counters;
            scope.spawn(move || {
                for _ in 0..rounds {
                    counters.add(thread, 1);
                }
            });
        }
    });
    assert_eq!(counters.total(), 2 * rounds);
    start.elapsed()
}

fn counters(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("counters");
    let thousand = |run: fn(u64) -> Duration| move |rounds: u64| run(rounds * 1000);
    group.throughput(Throughput::Elements(2000));
    group.bench_function("packed", |bencher| {
        bencher.iter_custom(thousand(count::<PackedCounters>))
    });
    group.bench_function("padded", |bencher| {
        bencher.iter_custom(thousand(count::<PaddedCounters>))
    });
    group.finish();
}
