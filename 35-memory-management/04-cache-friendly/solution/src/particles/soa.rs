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
        for (column, value) in self.columns.iter_mut().zip(particle.to_array()) {
            column.push(value);
        }
    }

    fn len(&self) -> usize {
        self.columns[0].len()
    }

    fn get(&self, index: usize) -> Option<Particle> {
        (index < self.len()).then(|| {
            let fields = self.columns.each_ref().map(|column| column[index]);
            Particle::from_array(fields)
        })
    }

    fn set(&mut self, index: usize, particle: Particle) -> Option<Particle> {
        let old = self.get(index)?;
        for (column, value) in self.columns.iter_mut().zip(particle.to_array()) {
            column[index] = value;
        }
        Some(old)
    }

    fn swap_remove(&mut self, index: usize) -> Option<Particle> {
        (index < self.len()).then(|| {
            let fields = self.columns.each_mut().map(|column| column.swap_remove(index));
            Particle::from_array(fields)
        })
    }

    fn total_mass(&self) -> f64 {
        let [.., mass, _charge] = &self.columns;
        let mut sums = [0.0; LANES];
        let (chunks, rest) = mass.as_chunks::<LANES>();
        for chunk in chunks {
            for (sum, mass) in sums.iter_mut().zip(chunk) {
                *sum += mass;
            }
        }
        for (sum, mass) in sums.iter_mut().zip(rest) {
            *sum += mass;
        }
        add_up(sums)
    }

    fn drift(&mut self, time: f64) {
        let [x, y, z, vx, vy, vz, ..] = &mut self.columns;
        for (places, velocities) in [(x, vx), (y, vy), (z, vz)] {
            for (place, velocity) in places.iter_mut().zip(velocities) {
                *place += *velocity * time;
            }
        }
    }
}
