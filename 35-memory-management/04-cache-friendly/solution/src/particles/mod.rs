//! The same records in three arrangements, behind one trait.
//!
//! ```text
//! aos::Structs    [x y z vx vy vz mass charge] [x y z vx vy vz mass charge] …      a record is a line
//! soa::Columns    [x x x x …] [y y y y …] … [mass mass …] [charge charge …]        a field is an array
//! blocked::Blocks [x×8 y×8 z×8 vx×8 vy×8 vz×8 mass×8 charge×8] [x×8 …] …           a block is eight lines
//! ```
//!
//! | | lines of a pass over one field of n | lines of one record |
//! |---|---|---|
//! | array of structs | n | 1 |
//! | struct of arrays | n / 8 | 8, far apart |
//! | blocks | n / 8 | 8, beside each other |

pub mod aos;
pub mod blocked;
pub mod soa;

/// Fields of a particle.
pub const FIELDS: usize = 8;

/// Running sums of [`Particles::total_mass`], and particles of a block.
pub const LANES: usize = 8;

/// A particle: eight numbers, one line.
#[repr(C, align(64))]
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Particle {
    /// Where it is.
    pub x: f64,
    /// Where it is.
    pub y: f64,
    /// Where it is.
    pub z: f64,
    /// Its velocity along x.
    pub vx: f64,
    /// Its velocity along y.
    pub vy: f64,
    /// Its velocity along z.
    pub vz: f64,
    /// Its mass.
    pub mass: f64,
    /// Its charge.
    pub charge: f64,
}

impl Particle {
    /// Its fields, in their order.
    pub fn to_array(self) -> [f64; FIELDS] {
        let Self {
            x,
            y,
            z,
            vx,
            vy,
            vz,
            mass,
            charge,
        } = self;
        [x, y, z, vx, vy, vz, mass, charge]
    }

    /// The particle with these fields.
    pub fn from_array([x, y, z, vx, vy, vz, mass, charge]: [f64; FIELDS]) -> Self {
        Self {
            x,
            y,
            z,
            vx,
            vy,
            vz,
            mass,
            charge,
        }
    }
}

/// A list of particles. All arrangements give the same numbers, bit for bit.
pub trait Particles: Default {
    /// Adds one at the end.
    fn push(&mut self, particle: Particle);

    /// How many there are.
    fn len(&self) -> usize;

    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The particle at `index`.
    fn get(&self, index: usize) -> Option<Particle>;

    /// Replaces the particle at `index`, and returns the old one; where there is none, nothing changes.
    fn set(&mut self, index: usize, particle: Particle) -> Option<Particle>;

    /// Takes the particle at `index` out and puts the last one in its place.
    fn swap_remove(&mut self, index: usize) -> Option<Particle>;

    /// The sum of the masses: eight running sums that begin at 0, of which the one of index modulo 8 gets the mass;
    /// at the end they are added up, from the first on.
    fn total_mass(&self) -> f64;

    /// Moves each particle for a time: `x = x + vx * time`, and so for y and z.
    fn drift(&mut self, time: f64);
}

/// Adds running sums up, from the first on.
pub fn add_up(sums: [f64; LANES]) -> f64 {
    sums.into_iter().fold(0.0, |total, sum| total + sum)
}
