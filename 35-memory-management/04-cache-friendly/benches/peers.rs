//! Each structure beside its peers, at the access that it was made for and at one that it was not: nanoseconds an access.
//!
//! - `lookup N`, `absent N`: random keys of the table, beside `hashbrown` and `std`; all hash alike
//! - `search N`, `chain N`: lower bounds, independent and each after the last, beside `BTreeMap` and a sorted vector
//! - `mass`, `records`: a pass over one field, and whole particles in random order
//! - `counters`: two threads that count, on one line and on two
//!
//! All of a row take turns, round after round, and the median counts: what disturbs one disturbs all. Measured one after
//! the other, searches of one tree took twice as long where they came first.

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

/// Keys of tables and indices. The last one is far larger than any cache.
const SIZES: [usize; 3] = [10_000, 1_000_000, 16_000_000];

/// Accesses of a turn: enough that what the others have left in the caches does not matter.
const TURN: usize = 100_000;

/// Rounds of a row.
const ROUNDS: usize = 15;

/// Particles: 64 MiB.
const PARTICLES: usize = 1 << 20;

/// What is measured: `TURN` accesses, or as many as its row says.
type Turn<'a> = Box<dyn FnMut() -> Duration + 'a>;

/// Runs the rows whose names contain one of the arguments; all without any.
pub fn main() {
    let rows = Rows {
        wanted: std::env::args()
            .skip(1)
            .filter(|argument| !argument.starts_with('-'))
            .collect(),
    };
    for size in SIZES {
        lookups(&rows, size);
        searches(&rows, size);
    }
    particles(&rows);
    rows.measure(
        "counters",
        2 * TURN,
        vec![
            ("packed", Box::new(count::<PackedCounters>)),
            ("padded", Box::new(count::<PaddedCounters>)),
        ],
    );
}

/// The rows that are asked for: those with one of these in their names, or all.
struct Rows {
    wanted: Vec<String>,
}

impl Rows {
    /// Measures a row and prints it.
    fn measure(&self, name: &str, accesses: usize, mut entrants: Vec<(&str, Turn<'_>)>) {
        if !self.wanted.is_empty() && !self.wanted.iter().any(|part| name.contains(part.as_str())) {
            return;
        }
        let mut times = vec![Vec::new(); entrants.len()];
        for _ in 0..ROUNDS {
            for ((_, turn), times) in entrants.iter_mut().zip(&mut times) {
                times.push(turn());
            }
        }
        print!("{name:<18}");
        for ((entrant, _), mut times) in entrants.into_iter().zip(times) {
            times.sort_unstable();
            let median = times[ROUNDS / 2].as_nanos() as f64 / accesses as f64;
            print!("{entrant:>18} {median:>7.2}");
        }
        println!();
    }
}

/// Numbers without a pattern (SplitMix64).
fn mix(number: u64) -> u64 {
    let number = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// Measures `access` for elements of a list; a turn goes on where the last one ended, so that none finds its lines in the
/// cache.
fn over<'a, T: Copy, R>(list: &'a [T], access: impl Fn(T) -> R + 'a) -> Turn<'a> {
    let mut start = 0;
    Box::new(move || {
        let started = Instant::now();
        for element in &list[start..start + TURN] {
            black_box(access(*element));
        }
        let taken = started.elapsed();
        start = (start + TURN) % (list.len() - TURN);
        taken
    })
}

fn lookups(rows: &Rows, size: usize) {
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
        rows.measure(
            &format!("{name} {size}"),
            TURN,
            vec![
                ("this table", over(list, |key| table.get(&key).copied())),
                ("hashbrown", over(list, |key| brown.get(&key).copied())),
                ("std", over(list, |key| std.get(&key).copied())),
            ],
        );
    }
}

fn searches(rows: &Rows, size: usize) {
    /// What comes next depends on what was found, so nothing overlaps.
    fn chain<'a>(order: &'a [u32], bound: impl Fn(u32) -> usize + 'a) -> Turn<'a> {
        let mut last = 0;
        Box::new(move || {
            let started = Instant::now();
            for key in &order[..TURN] {
                last = bound(key.wrapping_add(last as u32));
            }
            black_box(last);
            started.elapsed()
        })
    }
    let mut keys: Vec<u32> = (0..size as u64).map(|rank| mix(rank) as u32).collect();
    keys.sort_unstable();
    let order: Vec<u32> = (0..1 << 20).map(|step| mix(step) as u32).collect();
    let index = Index::new(&keys).expect("the keys ascend");
    let tree: BTreeMap<u32, usize> = keys.iter().copied().zip(0..).collect();
    let in_vector = |key: u32| keys.partition_point(|held| *held < key);
    let in_btree = |key: u32| tree.range(key..).next().map_or(size, |entry| *entry.1);
    let side_by_side = {
        let mut start = 0;
        let mut bounds = vec![0; TURN];
        let (index, order) = (&index, &order);
        move || {
            let started = Instant::now();
            index.lower_bounds(&order[start..start + TURN], &mut bounds);
            black_box(&bounds);
            let taken = started.elapsed();
            start = (start + TURN) % (order.len() - TURN);
            taken
        }
    };
    rows.measure(
        &format!("search {size}"),
        TURN,
        vec![
            ("this tree", over(&order, |key| index.lower_bound(key))),
            ("side by side", Box::new(side_by_side)),
            ("sorted vector", over(&order, in_vector)),
            ("BTreeMap", over(&order, in_btree)),
        ],
    );
    rows.measure(
        &format!("chain {size}"),
        TURN,
        vec![
            ("this tree", chain(&order, |key| index.lower_bound(key))),
            ("sorted vector", chain(&order, in_vector)),
            ("BTreeMap", chain(&order, in_btree)),
        ],
    );
}

fn particles(rows: &Rows) {
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
    fn pass<'a>(particles: &'a impl Particles) -> Turn<'a> {
        Box::new(|| {
            let started = Instant::now();
            black_box(particles.total_mass());
            started.elapsed()
        })
    }
    let (structs, columns, blocks): (Structs, Columns, Blocks) = (filled(), filled(), filled());
    rows.measure(
        "mass",
        PARTICLES,
        vec![
            ("structs", pass(&structs)),
            ("columns", pass(&columns)),
            ("blocks", pass(&blocks)),
        ],
    );
    let order: Vec<usize> = (0..1 << 20).map(|step| mix(step) as usize % PARTICLES).collect();
    rows.measure(
        "records",
        TURN,
        vec![
            ("structs", over(&order, |index| structs.get(index))),
            ("columns", over(&order, |index| columns.get(index))),
            ("blocks", over(&order, |index| blocks.get(index))),
        ],
    );
}

/// Two threads that each add to a counter, `TURN` times.
fn count<C: Counters>() -> Duration {
    let counters = C::new(2);
    let started = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..2 {
            let counters = &counters;
            scope.spawn(move || {
                for _ in 0..TURN {
                    counters.add(thread, 1);
                }
            });
        }
    });
    let taken = started.elapsed();
    assert_eq!(counters.total(), 2 * TURN as u64);
    taken
}
