//! Particles beside a model, where they lie, and what passes and reads miss.

use cache_friendly::particles::aos::Structs;
use cache_friendly::particles::blocked::Blocks;
use cache_friendly::particles::soa::Columns;
use cache_friendly::particles::{Particle, Particles};
use phase7::counting::measure;

use super::support::{Numbers, simulate};

/// Runs a check for the three arrangements.
macro_rules! for_all {
    ($check:ident) => {
        $check::<Structs>("array of structs");
        $check::<Columns>("struct of arrays");
        $check::<Blocks>("blocks");
    };
}

fn particle(numbers: &mut Numbers) -> Particle {
    Particle::from_array(std::array::from_fn(|_| numbers.below(1 << 20) as f64 / 1024.0))
}

/// All bits of all fields.
fn bits(particle: Option<Particle>) -> Option<[u64; 8]> {
    particle.map(|particle| particle.to_array().map(f64::to_bits))
}

/// Random calls, with indices beyond the end among them.
#[phase7::test(points = 2, rule = 7)]
fn particles_behave_as_a_vector_does() {
    fn check<P: Particles>(name: &str) {
        let mut numbers = Numbers(11);
        let mut list = P::default();
        let mut model: Vec<Particle> = Vec::new();
        for step in 0..4000 {
            let index = numbers.below(model.len() as u64 + 2) as usize;
            let value = particle(&mut numbers);
            match numbers.below(if step % 1000 < 500 { 5 } else { 9 }) {
                0..3 => {
                    list.push(value);
                    model.push(value);
                }
                3 | 4 => {
                    let old = model.get_mut(index).map(|place| std::mem::replace(place, value));
                    assert_eq!(list.set(index, value), old, "{name}: set {index}");
                }
                _ => {
                    let old = (index < model.len()).then(|| model.swap_remove(index));
                    assert_eq!(list.swap_remove(index), old, "{name}: swap_remove {index}");
                }
            }
            assert_eq!(
                (list.len(), list.is_empty()),
                (model.len(), model.is_empty()),
                "{name}"
            );
            assert_eq!(list.get(index), model.get(index).copied(), "{name}: get {index}");
        }
        let held: Vec<_> = (0..model.len()).filter_map(|index| list.get(index)).collect();
        assert!(held == model, "{name}: what is left differs");
    }
    for_all!(check);
}

/// The definition of rule 8, with a loop over indices.
fn total_by_definition(masses: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    for (index, mass) in masses.iter().enumerate() {
        sums[index % 8] += mass;
    }
    sums.iter().fold(0.0, |total, sum| total + sum)
}

/// Lengths around a block, taken out again, with numbers whose sums depend on the order.
#[phase7::test(points = 3, rule = 8)]
fn sums_and_drifts_agree_to_the_last_bit() {
    fn check<P: Particles>(name: &str) {
        let mut numbers = Numbers(23);
        let mut list = P::default();
        let mut model: Vec<Particle> = Vec::new();
        assert_eq!(list.total_mass().to_bits(), 0, "{name}: nothing has mass 0");
        for step in 0..60 {
            if step < 40 {
                let mut value = particle(&mut numbers);
                value.mass = (value.mass - 300.0) * 10_f64.powi((step % 17) - 8);
                list.push(value);
                model.push(value);
            } else {
                let index = numbers.below(model.len() as u64) as usize;
                list.swap_remove(index);
                model.swap_remove(index);
            }
            let time = 1.0 / f64::from(step + 3);
            list.drift(time);
            for particle in &mut model {
                particle.x += particle.vx * time;
                particle.y += particle.vy * time;
                particle.z += particle.vz * time;
            }
            let masses: Vec<f64> = model.iter().map(|particle| particle.mass).collect();
            let total = total_by_definition(&masses);
            assert_eq!(
                list.total_mass().to_bits(),
                total.to_bits(),
                "{name}: {} masses",
                model.len()
            );
            let index = numbers.below(model.len() as u64) as usize;
            assert_eq!(
                bits(list.get(index)),
                bits(Some(model[index])),
                "{name}: {index} after {step}"
            );
        }
    }
    for_all!(check);
}

/// What is left behind the last particle has no mass, even when its fields were not numbers.
#[phase7::test(points = 2, rule = 8)]
fn what_was_taken_out_has_no_mass() {
    fn check<P: Particles>(name: &str) {
        let mut list = P::default();
        for mass in [1.0, 2.0, f64::NAN] {
            list.push(Particle {
                mass,
                vx: f64::INFINITY,
                ..Particle::default()
            });
        }
        assert!(list.total_mass().is_nan(), "{name}: not a number");
        list.swap_remove(2);
        list.drift(f64::INFINITY);
        assert_eq!(list.total_mass(), 3.0, "{name}: it is gone");
        list.push(Particle {
            mass: -0.0,
            ..Particle::default()
        });
        assert_eq!(
            bits(list.get(2)),
            bits(Some(Particle {
                mass: -0.0,
                ..Particle::default()
            })),
            "{name}"
        );
        for _ in 0..3 {
            list.swap_remove(0);
        }
        assert_eq!(
            (list.len(), list.total_mass().to_bits()),
            (0, 0),
            "{name}: all are gone"
        );
    }
    for_all!(check);
}

/// One block of memory, or one for each field.
#[phase7::test(points = 2, rule = 9)]
fn arrangements_lie_in_one_block_or_eight() {
    fn check<P: Particles>(name: &str, blocks: u64, bytes: i64) {
        let (list, counts) = measure(|| {
            let mut list = P::default();
            for index in 0..4096 {
                list.push(Particle {
                    mass: f64::from(index),
                    ..Particle::default()
                });
            }
            list
        });
        assert_eq!(list.len(), 4096);
        assert_eq!(
            counts.allocations - counts.deallocations,
            blocks,
            "{name}: blocks of memory"
        );
        assert!(
            counts.live_bytes <= bytes,
            "{name}: {} bytes for 4096 particles",
            counts.live_bytes
        );
        let ((), counts) = measure(|| drop(list));
        assert_eq!(counts.deallocations, blocks, "{name}: blocks given back");
    }
    check::<Structs>("array of structs", 1, 1 << 19);
    check::<Columns>("struct of arrays", 8, 1 << 19);
    check::<Blocks>("blocks", 1, 1 << 19);
}

/// 8192 particles: misses of one more pass over the masses, and of 4096 reads in random order.
fn misses(structure: &str) -> (u64, u64) {
    let (once, before) = simulate(structure, 8192, 1, 0);
    let (twice, passed) = simulate(structure, 8192, 2, 0);
    let (read, after) = simulate(structure, 8192, 1, 4096);
    assert_eq!((once, twice), (61_440, 122_880), "{structure}: masses");
    assert_eq!(
        read, 16_509_670,
        "{structure}: masses once, and the particles that were read"
    );
    (passed - before, after - before)
}

/// A pass loads a line for eight masses, a read a line for each field.
#[phase7::test(points = 3, rule = 10, needs = "/proc, valgrind", timeout_s = 90)]
fn blocks_are_made_for_passes() {
    let (pass, reads) = misses("blocked");
    assert!(
        (900..=1100).contains(&pass),
        "{pass} misses in a pass over 8192 masses"
    );
    assert!(
        (6 * 4096..=8 * 4096).contains(&reads),
        "{reads} misses in 4096 reads"
    );
}

/// A pass loads a line for every mass, a read a line for all fields: here the array of structs wins.
#[phase7::test(points = 3, rule = 10, needs = "/proc, valgrind", timeout_s = 90)]
fn an_array_of_structs_is_made_for_single_records() {
    let (pass, reads) = misses("aos");
    assert!(
        (7800..=8400).contains(&pass),
        "{pass} misses in a pass over 8192 masses"
    );
    assert!(reads <= 4200, "{reads} misses in 4096 reads");
    let (columns_pass, columns_reads) = misses("soa");
    assert!(
        pass >= 7 * columns_pass,
        "a pass: {pass} misses, {columns_pass} in columns"
    );
    assert!(
        reads * 6 <= columns_reads,
        "reads: {reads} misses, {columns_reads} in columns"
    );
}
