//! Blocks of eight: within a block a struct of arrays, and the blocks an array.
//!
//! A pass over one field loads one line in eight, as with columns. The eight lines of a record are neighbours: one page, one
//! stream for the hardware that fetches ahead, and eight different sets of the cache.

use super::{FIELDS, LANES, Particle, Particles, add_up};

/// The fields of eight particles; each line is one field.
#[repr(C, align(64))]
#[derive(Debug, Clone, Default)]
#[allow(dead_code, reason = "until it is read")]
struct Block([[f64; LANES]; FIELDS]);

/// Particles in blocks.
#[derive(Debug, Clone, Default)]
pub struct Blocks {
    blocks: Vec<Block>,
    // How many of the last block's lanes are particles?
}

impl Particles for Blocks {
    fn push(&mut self, particle: Particle) {
        todo!("add {particle:?}")
    }

    fn len(&self) -> usize {
        todo!("count the particles of {:?}", self.blocks)
    }

    fn get(&self, index: usize) -> Option<Particle> {
        todo!("the particle at {index}")
    }

    fn set(&mut self, index: usize, particle: Particle) -> Option<Particle> {
        todo!("put {particle:?} at {index}")
    }

    fn swap_remove(&mut self, index: usize) -> Option<Particle> {
        todo!("take the particle at {index} out")
    }

    fn total_mass(&self) -> f64 {
        todo!("{LANES} running sums, then {:?}", add_up([0.0; LANES]))
    }

    fn drift(&mut self, time: f64) {
        todo!("move each particle for {time}")
    }
}
