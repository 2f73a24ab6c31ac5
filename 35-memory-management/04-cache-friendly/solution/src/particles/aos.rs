//! An array of structs: what every field of one record needs is on one line.

use super::{LANES, Particle, Particles, add_up};

/// Particles, one behind the other.
#[derive(Debug, Clone, Default)]
pub struct Structs {
    particles: Vec<Particle>,
}

impl Particles for Structs {
    fn push(&mut self, particle: Particle) {
        self.particles.push(particle);
    }

    fn len(&self) -> usize {
        self.particles.len()
    }

    fn get(&self, index: usize) -> Option<Particle> {
        self.particles.get(index).copied()
    }

    fn set(&mut self, index: usize, particle: Particle) -> Option<Particle> {
        let place = self.particles.get_mut(index)?;
        Some(std::mem::replace(place, particle))
    }

    fn swap_remove(&mut self, index: usize) -> Option<Particle> {
        (index < self.len()).then(|| self.particles.swap_remove(index))
    }

    fn total_mass(&self) -> f64 {
        let mut sums = [0.0; LANES];
        for particles in self.particles.chunks(LANES) {
            for (sum, particle) in sums.iter_mut().zip(particles) {
                *sum += particle.mass;
            }
        }
        add_up(sums)
    }

    fn drift(&mut self, time: f64) {
        for particle in &mut self.particles {
            particle.x += particle.vx * time;
            particle.y += particle.vy * time;
            particle.z += particle.vz * time;
        }
    }
}
