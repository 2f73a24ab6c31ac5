//! An array of structs: what every field of one record needs is on one line.

use super::{LANES, Particle, Particles, add_up};

/// Particles, one behind the other.
#[derive(Debug, Clone, Default)]
pub struct Structs {
    particles: Vec<Particle>,
}

impl Particles for Structs {
    fn push(&mut self, particle: Particle) {
        todo!("add {particle:?}")
    }

    fn len(&self) -> usize {
        todo!("count the particles of {:?}", self.particles)
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
