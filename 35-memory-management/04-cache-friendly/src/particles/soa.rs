//! A struct of arrays: a pass over one field loads nothing else, and the compiler can take several at once.

use super::{FIELDS, LANES, Particle, Particles, add_up};

/// An array for each field.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// In the order of the fields. All have the same length.
    columns: [Vec<f64>; FIELDS],
}

impl Particles for Columns {
    fn push(&mut self, particle: Particle) {
        todo!("add {particle:?}")
    }

    fn len(&self) -> usize {
        todo!("count the particles of {:?}", self.columns)
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
