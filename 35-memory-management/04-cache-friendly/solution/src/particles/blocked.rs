//! Blocks of eight: within a block a struct of arrays, and the blocks an array.
//!
//! A pass over one field loads one line in eight, as with columns. The eight lines of a record are neighbours: one page, one
//! stream for the hardware that fetches ahead, and eight different sets of the cache.

use super::{FIELDS, LANES, Particle, Particles, add_up};

/// The fields of eight particles; each line is one field.
#[repr(C, align(64))]
#[derive(Debug, Clone, Default)]
struct Block([[f64; LANES]; FIELDS]);

/// Particles in blocks.
#[derive(Debug, Clone, Default)]
pub struct Blocks {
    /// As few as hold `len`. The lanes behind the last particle are 0, so that sums need no special case.
    blocks: Vec<Block>,
    len: usize,
}

impl Block {
    fn get(&self, lane: usize) -> Particle {
        Particle::from_array(self.0.map(|field| field[lane]))
    }

    fn set(&mut self, lane: usize, particle: Particle) {
        for (field, value) in self.0.iter_mut().zip(particle.to_array()) {
            field[lane] = value;
        }
    }
}

impl Particles for Blocks {
    fn push(&mut self, particle: Particle) {
        let (block, lane) = (self.len / LANES, self.len % LANES);
        if lane == 0 {
            self.blocks.push(Block::default());
        }
        self.blocks[block].set(lane, particle);
        self.len += 1;
    }

    fn len(&self) -> usize {
        self.len
    }

    fn get(&self, index: usize) -> Option<Particle> {
        (index < self.len).then(|| self.blocks[index / LANES].get(index % LANES))
    }

    fn set(&mut self, index: usize, particle: Particle) -> Option<Particle> {
        let old = self.get(index)?;
        self.blocks[index / LANES].set(index % LANES, particle);
        Some(old)
    }

    fn swap_remove(&mut self, index: usize) -> Option<Particle> {
        let old = self.get(index)?;
        self.len -= 1;
        let (block, lane) = (self.len / LANES, self.len % LANES);
        let last = self.blocks[block].get(lane);
        self.blocks[index / LANES].set(index % LANES, last);
        if lane == 0 {
            self.blocks.pop();
        } else {
            self.blocks[block].set(lane, Particle::default());
        }
        Some(old)
    }

    fn total_mass(&self) -> f64 {
        let mut sums = [0.0; LANES];
        for Block([.., mass, _charge]) in &self.blocks {
            for (sum, mass) in sums.iter_mut().zip(mass) {
                *sum += mass;
            }
        }
        add_up(sums)
    }

    fn drift(&mut self, time: f64) {
        for Block([x, y, z, vx, vy, vz, ..]) in &mut self.blocks {
            for (places, velocities) in [(x, vx), (y, vy), (z, vz)] {
                for (place, velocity) in places.iter_mut().zip(velocities) {
                    *place += *velocity * time;
                }
            }
        }
    }
}
