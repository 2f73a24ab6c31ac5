//! A line that does what lines do, the same with every run of the same seed.
#![allow(dead_code, reason = "each test file uses a part of it")]

/// Random numbers that are not random: splitmix64.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ word >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ word >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ word >> 31
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next() as u8).collect()
    }
}

/// A line that damages one byte in so many: drops it, doubles it, flips one of its bits, or puts another before it.
pub struct Noise {
    random: Random,
    /// One byte in so many is damaged; 0: none.
    one_in: usize,
}

impl Noise {
    pub fn new(seed: u64, one_in: usize) -> Self {
        Self {
            random: Random(seed),
            one_in,
        }
    }

    /// What arrives of `bytes`.
    pub fn pass(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        for &byte in bytes {
            if self.one_in == 0 || self.random.below(self.one_in) != 0 {
                out.push(byte);
                continue;
            }
            match self.random.below(4) {
                0 => {}
                1 => out.extend([byte, byte]),
                2 => out.push(byte ^ 1 << self.random.below(8)),
                _ => out.extend([self.random.next() as u8, byte]),
            }
        }
        out
    }
}
