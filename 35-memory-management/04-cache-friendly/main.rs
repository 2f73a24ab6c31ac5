//! The driver: builds a structure and works on it, so that a simulated cache can count what that costs.
//!
//! ```text
//! cache-friendly aos|soa|blocked COUNT PASSES READS     passes over the masses; particles read in random order
//! cache-friendly table COUNT HITS MISSES                lookups of keys that are there, and of such that are not
//! cache-friendly index COUNT SEARCHES PLAIN             searches in the tree, and in a sorted array
//! ```
//!
//! It prints a number that depends on all results. Two calls with the same COUNT do the same but for what the last two
//! arguments say; the difference of their misses is what that costs.

use std::hash::{BuildHasherDefault, Hasher};
use std::process::ExitCode;

use cache_friendly::particles::aos::Structs;
use cache_friendly::particles::blocked::Blocks;
use cache_friendly::particles::soa::Columns;
use cache_friendly::particles::{Particle, Particles};
use cache_friendly::search::Index;
use cache_friendly::table::Table;

/// What the arguments ask for.
struct Work {
    /// Elements of the structure.
    count: u64,
    /// The last two arguments.
    first: u64,
    second: u64,
}

/// Runs it; the arguments are the program's.
pub fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((structure, work)) = parse(&arguments) else {
        eprintln!("cache-friendly: usage: aos|soa|blocked|table|index COUNT FIRST SECOND");
        return ExitCode::from(2);
    };
    let result = match structure {
        "aos" => particles::<Structs>(&work),
        "soa" => particles::<Columns>(&work),
        "blocked" => particles::<Blocks>(&work),
        "table" => table(&work),
        "index" => index(&work),
        _ => {
            eprintln!("cache-friendly: {structure}: no such structure");
            return ExitCode::from(2);
        }
    };
    println!("{result}");
    ExitCode::SUCCESS
}

fn parse(arguments: &[String]) -> Option<(&str, Work)> {
    let [structure, count, first, second] = arguments else {
        return None;
    };
    let work = Work {
        count: count.parse().ok()?,
        first: first.parse().ok()?,
        second: second.parse().ok()?,
    };
    Some((structure, work))
}

/// Numbers without a pattern, the same in every run (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }
}

/// Different numbers for different ones, with no pattern.
fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

fn particles<P: Particles>(work: &Work) -> u64 {
    let mut particles = P::default();
    for index in 0..work.count {
        particles.push(Particle {
            x: index as f64,
            mass: (index % 16) as f64,
            ..Particle::default()
        });
    }
    let mut sum = 0.0;
    for _ in 0..work.first {
        sum += particles.total_mass();
    }
    let mut numbers = Numbers(1);
    for _ in 0..work.second {
        let index = numbers.below(work.count) as usize;
        sum += particles
            .get(index)
            .map_or(0.0, |particle| particle.to_array().iter().sum());
    }
    // A whole number, for all of them are.
    sum as u64
}

/// Hashes one `u64`, by mixing it.
#[derive(Default)]
struct Mixer(u64);

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = mix(self.0 ^ number);
    }
}

fn table(work: &Work) -> u64 {
    let mut table =
        Table::with_capacity_and_hasher(work.count as usize, BuildHasherDefault::<Mixer>::default());
    // Half of what it has room for, so that next to no group is full.
    let keys = table.capacity() as u64 / 2;
    for key in 0..keys {
        table.insert(key, key);
    }
    let mut numbers = Numbers(1);
    let mut sum = 0_u64;
    for _ in 0..work.first {
        let key = numbers.below(keys);
        sum += table.get(&key).map_or(0, |value| value + 1);
    }
    for _ in 0..work.second {
        let key = keys + numbers.below(keys);
        sum += table.get(&key).map_or(1, |value| value + 2);
    }
    sum
}

fn index(work: &Work) -> u64 {
    // Sixteen apart, so that searches meet keys and gaps.
    let keys: Vec<u32> = (0..work.count).map(|rank| rank as u32 * 16).collect();
    let index = Index::new(&keys).expect("the keys ascend");
    let bound = work.count * 16;
    let mut numbers = Numbers(1);
    let mut sum = 0;
    for _ in 0..work.first {
        sum += index.lower_bound(numbers.below(bound) as u32);
    }
    for _ in 0..work.second {
        let key = numbers.below(bound) as u32;
        sum += keys.partition_point(|held| *held < key);
    }
    sum as u64
}
